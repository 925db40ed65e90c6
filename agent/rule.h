/*
 * rule - thresholds that the operator writes down.
 *
 * A rule counts messages of the last minutes apart for each provider, tenant
 * or way out, or all together; it fires when its conditions have held for as
 * long as it says, and clears when they have not for as long as it says. What
 * needs only providers is taken from the detector's series once a minute;
 * only rules about tenants and ways out look at each message. Silence rules:
 * silence.h.
 */
#ifndef RULE_H
#define RULE_H

#include "config.h"
#include "spike.h"
#include "verdict.h"

enum { RULES_MAX = 32, RULE_CELLS = 256, RULE_MINUTES = 60 };

struct rule_cell {		/* one provider, tenant or way out */
	uint16_t	value;
	bool		fired;
	int32_t		since;		/* minute it began to hold; -1 */
	int32_t		held;		/* last minute it held */
	uint32_t	hits, attempts;	/* of the open minute */
	uint32_t	hit[RULE_MINUTES], attempt[RULE_MINUTES];
};

struct rule_state {
	uint64_t		identity;	/* hash of the rule as written */
	int32_t			minute;		/* closed last */
	uint32_t		count;		/* of cells in use */
	uint64_t		overflow;
	struct rule_cell	cell[RULE_CELLS];
};

struct rule_news {
	uint16_t	rule;		/* index in the configuration */
	uint16_t	value;
	bool		fired;		/* else cleared */
	bool		still;		/* no change: it is on */
	uint32_t	hits, attempts;	/* in its window */
};

enum { RULE_NEWS_MAX = 128 };

/* Names of numbers, from higher rooms. */
struct rule_names {
	const char	*(*provider)(void *, uint16_t);
	const char	*(*tenant)(void *, uint16_t);
	const char	*(*egress)(void *, uint16_t);
	void		*arg;
};

struct rules {
	struct region		 region;
	struct rule_state	*state;		/* one for each rule */
	const struct config	*config;
	struct rule_names	 names;
	bool			 by_message;	/* some rule wants messages */
};

int	rules_init(struct rules *, const struct config *,
	    const struct rule_names *);
void	rules_fini(struct rules *);
/* After the region was loaded: forget rules that were rewritten since. */
void	rules_restore(struct rules *);

/* A message was tried; key is what failed, NULL if it was delivered. */
void	rules_note(struct rules *, const struct verdict *,
	    const struct spike_key *key);
/* Close a minute, before spike_tick() takes the counts. Number of news. */
size_t	rules_minute(struct rules *, const struct spike *, int32_t minute,
	    struct rule_news news[RULE_NEWS_MAX]);
/* Does what failed fall under the rule, wherever it was? */
bool	rule_wants(const struct config_rule *, const struct spike_key *);

#endif
