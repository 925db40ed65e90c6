/*
 * spike - which replies of which providers come far above their normal?
 *
 * Holds the series of spike_series.h: one for each (provider, class, code,
 * enhanced, reason) seen, and one for each (provider, class). Whoever counts
 * tells it attempts and failures, in messages; once a minute of log time
 * spike_tick() judges them. A finer and a coarser series that rise together
 * are one piece of news. All state lies in a region.
 */
#ifndef SPIKE_H
#define SPIKE_H

#include "region.h"
#include "spike_key.h"
#include "spike_series.h"

enum {
	SPIKE_CAP = 2000,		/* series */
	SPIKE_NEWS_MAX = 256,		/* in one minute */
	SPIKE_NO_SLOT = UINT16_MAX
};

struct spike_slot {
	struct spike_key	key;
	bool			shown;	/* its alert is its own */
	bool			several;
	uint32_t		raises;	/* ever */
	uint32_t		failures;	/* of the open minute */
	uint64_t		message;
	int32_t			raised;	/* minute; -1 never */
	struct spike_series	series;
};

/* What a provider's series to come will inherit. */
struct spike_history {
	double		attempts;
	double		recent;		/* discounted, half-life an hour */
	float		hour_attempts[SPIKE_HOURS];
	int32_t		born;		/* first minute, -1: never seen */
	uint32_t	now;		/* attempts of the open minute */
	bool		held;		/* mail held back without a try */
};

struct spike_table {
	int32_t			minute;		/* closed last, -1: none */
	uint32_t		count;		/* of slots in use */
	uint64_t		overflow;	/* failures without a slot */
	uint64_t		raised;		/* alerts ever */
	struct spike_history	provider[PROVIDER_MAX];
	struct spike_slot	slot[SPIKE_CAP];
};

struct spike {
	struct region		 region;
	struct spike_table	*table;		/* in the region */
	struct spike_tuning	 tuning;
	uint16_t		 index[4 * 1024];	/* slot + 1; 0 free */
};
struct spike_news {
	enum spike_change	change;
	uint16_t		slot;
};
int	 spike_init(struct spike *, bool sensitive);
void	 spike_fini(struct spike *);
/* After the region was loaded; false, and empty again, if it is not sound. */
bool	 spike_restore(struct spike *);

void	 spike_attempts(struct spike *, uint16_t provider, uint32_t count);
/* A failed message, or several when message is 0. Its slot, or none. */
uint16_t spike_failures(struct spike *, const struct spike_key *,
	     uint32_t count, uint64_t message);
void	 spike_forget(struct spike *, uint16_t provider);
void	 spike_held(struct spike *, uint16_t provider);
/* Close a minute; every minute in turn, also empty ones. Number of news. */
size_t	 spike_tick(struct spike *, int32_t minute,
	     struct spike_news news[SPIKE_NEWS_MAX]);
double	 spike_threshold(const struct spike *, const struct spike_key *);
double	 spike_recent(const struct spike *, uint16_t provider);	/* a minute */

#endif
