/*
 * alerts - from verdicts to incidents.
 *
 * Owns the detector, the rules and the book of incidents. Each verdict is
 * noted; each closed minute of log time is judged, and what fired, changed or
 * was resolved can be read until the next one. Time is the log's; names and
 * what waits in the queue come from the rooms above through struct
 * alert_ties. No allocation after alerts_init().
 */
#ifndef ALERTS_H
#define ALERTS_H

#include "alert.h"

int	alerts_init(struct alerts *, const struct config *,
	    const struct alert_ties *);
void	alerts_fini(struct alerts *);
/* What a commit saves; i below ALERT_REGIONS. Then alerts_restore(). */
struct region *alerts_region(struct alerts *, int i);
void	alerts_restore(struct alerts *);

/* A delivery, hop or reject. */
void	alerts_note(struct alerts *, const struct verdict *);
/* This minute (epoch s / 60) is complete; every one in turn. */
void	alerts_minute(struct alerts *, int64_t minute);
/* A provider's number will mean somebody else. */
void	alerts_provider_left(struct alerts *, uint16_t provider);

/* What the last minute brought; i below news_count. */
const struct incident	*alerts_news(const struct alerts *, size_t i);
/* Walk through firing ones and those resolved since; start with *at = 0. */
const struct incident	*alerts_next(const struct alerts *, size_t *at,
			    int64_t resolved_since);
const struct incident	*alerts_by_id(const struct alerts *, const char *id);
/* Is an incident open that names the provider? */
bool	alerts_names(const struct alerts *, const char *provider);

#endif
