/*
 * recent - what happened how often during the last hour of log time.
 *
 * Counts by 64-bit keys in a table of fixed size: slices of five minutes for
 * each key. When there is no room near a key's place, the key that happened
 * least gives way; so a flood of keys that come once leaves the frequent ones
 * alone. For people to look at, not for counting: design.md 4 has counters.
 */
#ifndef RECENT_H
#define RECENT_H

#include <stddef.h>
#include <stdint.h>

enum {
	RECENT_ENTRIES = 2048,		/* power of two */
	RECENT_SLICE_S = 300,
	RECENT_SLICES = 12		/* an hour */
};

struct recent_entry {
	uint64_t	key;		/* 0: free */
	int64_t		head;		/* number of the newest slice */
	uint32_t	count[RECENT_SLICES];
};

struct recent {
	struct recent_entry	*entry;	/* RECENT_ENTRIES of them */
};

int		recent_init(struct recent *);
void		recent_fini(struct recent *);
/* key is not 0. */
void		recent_add(struct recent *, uint64_t key, int64_t time,
		    uint32_t n);
/* How often within the hour that ends at now. */
uint64_t	recent_sum(const struct recent_entry *, int64_t now);
/* Forget the keys for which match says so. */
void		recent_forget(struct recent *,
		    int (*match)(uint64_t key, uint64_t what), uint64_t what);

#endif
