/*
 * topk - the busiest names of a stream, in a fixed number of places.
 *
 * Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient Computation of
 * Frequent and Top-k Elements in Data Streams", 2005) over many counters
 * decides who is admitted; a name that holds a place is counted exactly and
 * keeps it for a day of log time. Then a busier one may take it: whoever
 * counts by place must fold the old counts away when topk_offer() says so.
 * Counts are halved each day, so that yesterday fades. Everything lies in a
 * region; no allocation after init.
 */
#ifndef TOPK_H
#define TOPK_H

#include "region.h"
#include "siphash.h"
#include "view.h"

enum {
	TOPK_PLACES = 200,
	TOPK_COUNTERS = 1024,		/* five candidates for each place */
	TOPK_INDEX = 4096,		/* power of two, a quarter full */
	TOPK_NAME_BYTES = 128
};

struct topk_place {
	char		name[TOPK_NAME_BYTES];	/* ends in NUL */
	int64_t		since;			/* log time it was taken */
	uint32_t	counter;		/* its counter, + 1; 0: free */
	uint32_t	unused;
};

struct topk_counter {
	uint64_t	key;
	uint64_t	count, error;	/* the true count is in between
					   count - error and count */
	uint32_t	place;		/* + 1; 0: a candidate, in the heap */
	uint32_t	heap_at;
};

struct topk_data {
	uint8_t		hash_key[SIPHASH_KEY_BYTES];
	int64_t		day, next_scan;
	uint32_t	counters, places, candidates, weakest;
	struct topk_place	place[TOPK_PLACES];
	struct topk_counter	counter[TOPK_COUNTERS];
	uint16_t	heap[TOPK_COUNTERS];	/* lowest count first */
	uint16_t	index[TOPK_INDEX];	/* counter + 1, by key */
};

struct topk {
	struct topk_data	*data;
	struct region		 region;
	uint32_t		 limit;		/* places in use */
};

/* 0, or -1 with errno. At most limit names get a place. */
int		 topk_init(struct topk *, const char *name, uint32_t limit);
void		 topk_fini(struct topk *);
/* After the region was loaded: places above the limit are given up. */
void		 topk_loaded(struct topk *);
uint64_t	 topk_key(const struct topk *, struct view name);
/*
 * Count one for the name with that key. Its place, 1 to limit, or 0 when it
 * has none. *taken tells whether the place was somebody else's until now.
 */
uint32_t	 topk_offer(struct topk *, uint64_t key, struct view name,
		    int64_t now, bool *taken);
/* Whose place it is; "" when nobody's. */
const char	*topk_name(const struct topk *, uint32_t place);

#endif
