/*
 * alert_fill - copy into an incident what the other rooms know about it.
 */
#ifndef ALERT_FILL_H
#define ALERT_FILL_H

#include "alert.h"

/* Rates, shares, evidence of the series that speaks for it. */
void	alert_fill_series(struct alerts *, struct incident *, uint16_t slot,
	    const struct culprit *, int32_t minute);
/* What waits at its providers, and what became of mail this minute. */
void	alert_fill_facts(struct alerts *, struct incident *,
	    bool (*concerns)(const struct alerts *, const struct incident *,
	    uint16_t provider));
/* A name that may be shown: logins lose what stands before the @. */
void	alert_fill_name(char out[INCIDENT_NAME_BYTES], const char *name);

#endif
