/*
 * silence - a provider that should get mail gets none.
 *
 * Mail waits there, the usual amount for this hour would be some dozens of
 * messages, others are served, and still nothing was tried: the MTA or its
 * queue manager gave up on it. Only for rules with silence = true.
 */
#ifndef SILENCE_H
#define SILENCE_H

#include "habit.h"
#include "rule.h"

enum { SILENCE_LEAST = 20 };	/* messages expected in the meantime */

struct silence_table {
	int32_t		minute;			/* closed last, -1 */
	struct habit	habit[PROVIDER_MAX];
};

struct silence {
	struct region		 region;
	struct silence_table	*table;
};

int	silence_init(struct silence *);
void	silence_fini(struct silence *);
void	silence_restore(struct silence *);

typedef bool (*silence_waits_fn)(void *, uint16_t provider);

/* Before spike_tick() takes the counts: learn. */
void	silence_minute(struct silence *, const struct spike *, int32_t minute);
/* Who is silent now by that rule. Number of news, all of them fired. */
size_t	silence_judge(const struct silence *, const struct spike *,
	    const struct config_rule *, struct rule_news news[RULE_NEWS_MAX],
	    silence_waits_fn, void *);
/* Attempts now against the usual; 0 when that is unknown. */
double	silence_traffic_ratio(const struct silence *, const struct spike *,
	    uint16_t provider);

#endif
