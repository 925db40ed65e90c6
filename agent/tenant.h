/*
 * tenant - whose mail it is, and which of them have series of their own.
 *
 * All names seen live in one fixed table that is a Space-Saving sketch
 * (Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k
 * Elements in Data Streams", ICDT 2005): when it is full, a rare name gives
 * up its entry and its count is inherited. The busiest get a place among the
 * top, which is kept for a day of log time; counting there is exact from 0.
 */
#ifndef TENANT_H
#define TENANT_H

#include <stdbool.h>

#include "region.h"
#include "view.h"

enum {
	TENANT_NAMES = 4096,	/* entries; 0 stands for "no tenant" */
	TENANT_PLACES = 200,	/* at most; config tenant.top */
	TENANT_NAME_BYTES = 72,
	TENANT_PLACE_S = 86400	/* how long a place is kept for its owner */
};

struct tenant {
	uint64_t	hash;		/* keyed hash of the name; 0: free */
	uint64_t	count;		/* the sketch's, not an exact one */
	int64_t		seen;		/* log time of its last mail */
	int64_t		placed;		/* log time when it got its place */
	uint16_t	next;		/* chain of its bucket */
	uint16_t	place;		/* 1..TENANT_PLACES; 0: none */
	char		name[TENANT_NAME_BYTES];
};

struct tenant_table {
	uint16_t	bucket[TENANT_NAMES];
	uint16_t	owner[TENANT_PLACES + 1];	/* of each place */
	uint16_t	used, hand;
	struct tenant	entry[TENANT_NAMES];
};

struct tenants {
	struct region		 region;
	struct tenant_table	*table;
	const uint8_t		*key;	/* 16 bytes, the owner's */
	uint16_t		 top;	/* places in use */
	/* told before a place changes hands, so that its series can fold */
	void			(*leaves)(void *arg, uint16_t place);
	void			*arg;
};

int	tenants_init(struct tenants *, uint16_t top, const uint8_t key[16]);
void	tenants_fini(struct tenants *);

/* The number of that name, made if need be; 0 for an empty name. */
uint16_t	 tenant_id(struct tenants *, struct view name, int64_t time);
/* n recipients of that tenant were tried: it may win a place. */
void		 tenant_count(struct tenants *, uint16_t id, int64_t time,
		    uint32_t n);
/* Is the number still the one of that name? */
bool		 tenant_is(const struct tenants *, uint16_t id, uint64_t hash);
uint64_t	 tenant_hash(const struct tenants *, uint16_t id);
/* The place as a label value: LABEL_OTHER without one. */
uint16_t	 tenant_place(const struct tenants *, uint16_t id);
const char	*tenant_name(const struct tenants *, uint16_t id);
const char	*tenant_place_name(const struct tenants *, uint16_t place);

#endif
