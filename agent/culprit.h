/*
 * culprit - is it the provider, or one tenant, or one way out?
 *
 * Without the suspect, would things be normal? The others' failures are
 * compared with two guesses: they fail as the suspect does, or as always. Only
 * clear evidence names somebody; when the suspect is all the traffic there is
 * none. And who else is ill at the same time: the scope.
 */
#ifndef CULPRIT_H
#define CULPRIT_H

#include "incident.h"

struct culprit {
	enum incident_cause	cause;
	uint16_t		id;	/* of the tenant or way out */
};

/* The series that fail for one reason at the same time. */
struct outbreak {
	uint16_t	slot[INCIDENT_MEMBERS];	/* one for each provider */
	uint32_t	count;
	uint32_t	active;		/* providers with traffic since */
	double		ill, all;	/* their traffic */
	enum incident_scope scope;
	struct culprit	culprit;	/* what its members have in common */
};

/* The outbreak that the series is part of; maybe it is the only one. */
void	outbreak_find(const struct spike *, const struct profiles *,
	    uint16_t slot, int32_t minute, struct outbreak *);
/* Is it one incident of us all, or of somebody, and not one of providers? */
bool	outbreak_is_one(const struct spike *, const struct outbreak *);

#endif
