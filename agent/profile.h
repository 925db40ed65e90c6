/*
 * profile - who is behind the failures of one series since they began to rise.
 *
 * Tenants and ways out with their attempts and failures, different messages
 * and recipient domains, and a few replies as evidence, masked before they
 * are kept. A profile begins with the excursion of its series and ends with
 * it. The pool is fixed; when it is full the least failing one goes.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include "region.h"
#include "share.h"
#include "spike.h"
#include "distinct.h"
#include "verdict.h"

enum {
	PROFILE_MAX = 256, EVIDENCE_MAX = 5,
	EVIDENCE_ID_BYTES = 32, EVIDENCE_TEXT_BYTES = 200
};

struct evidence {
	int64_t	time;			/* epoch s; 0: free */
	char	queue_id[EVIDENCE_ID_BYTES];
	char	text[EVIDENCE_TEXT_BYTES];
};

struct profile {
	uint32_t	slot;		/* of the series, + 1; 0: free */
	struct spike_key key;		/* a slot may change hands */
	int32_t		since;		/* minute */
	struct share	tenants, egresses;
	struct distinct	messages, domains;
	uint32_t	finals;		/* failures that are not tried again */
	uint32_t	samples;	/* offered to evidence[] so far */
	struct evidence	evidence[EVIDENCE_MAX];
};

/* One provider's attempts in the open minute. */
struct profile_traffic {
	struct share	tenants, egresses;
};

struct profile_table {
	uint32_t		evicted;
	struct profile		profile[PROFILE_MAX];
	struct profile_traffic	traffic[PROVIDER_MAX];
};

struct profiles {
	struct region		 region;
	struct profile_table	*table;
	uint16_t		 of_slot[SPIKE_CAP];	/* profile + 1; 0 none */
};

int	profiles_init(struct profiles *);
void	profiles_fini(struct profiles *);
/* After the region was loaded; false, and empty again, if it is not sound. */
bool	profiles_restore(struct profiles *);

/* A message was tried at a provider. */
void	profile_attempt(struct profiles *, const struct verdict *);
/* It failed, and this is the series' slot. */
void	profile_failure(struct profiles *, const struct spike *,
	    uint16_t slot, const struct verdict *);
/* After spike_tick(): take the minute's traffic, end what is calm again. */
void	profiles_minute(struct profiles *, const struct spike *,
	    int32_t minute);
/* The series' profile, or NULL. */
const struct profile *profile_of(const struct profiles *, uint16_t slot);

#endif
