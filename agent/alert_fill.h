/*
 * alert_fill - copy into an incident what the other rooms know about it.
 */
#ifndef ALERT_FILL_H
#define ALERT_FILL_H

#include "alert.h"

/* Evidence of the series that speaks for it; counts and shares of it, or of
   the whole outbreak if the incident is that of several providers. */
void	alert_fill_series(struct alerts *, struct incident *,
	    const struct outbreak *, int32_t minute);
/*
 * Of a class, the series that rises most: it speaks for it. Failures alone
 * would let greylisting, which never ends, speak for a new trouble.
 */
uint16_t alert_fill_leading(const struct alerts *, uint16_t slot);
/* What waits at its providers, and what became of mail this minute. */
void	alert_fill_facts(struct alerts *, struct incident *);
/* A name that may be shown: logins lose what stands before the @. */
void	alert_fill_name(char out[INCIDENT_NAME_BYTES], const char *name);

#endif
