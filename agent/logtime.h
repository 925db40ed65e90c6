/*
 * logtime - a stamp as a point in time: what the line leaves out, the line
 * before it tells.
 *
 * A stamp without a year is of the year that puts it nearest to the line
 * before (the first line of a file: the latest year that does not put it
 * behind the file's own time). A stamp without a zone is in the source's; an
 * hour that the clock shows twice is resolved by continuity. A date that does
 * not exist, and a line without a stamp, get the time of the line before.
 */
#ifndef LOGTIME_H
#define LOGTIME_H

#include "stamp.h"
#include "zone.h"

struct logtime {
	const struct zone	*zone;		/* the source's; borrowed */
	int64_t			 reference;	/* time of the line before, at
						   first of the file; epoch s */
	int16_t			 year;		/* of the first line; 0: infer */
	bool			 first;		/* no line was seen yet */
	uint64_t		 invalid;	/* dates that do not exist */
	struct stamp		 minute;	/* the minute resolved last */
	int64_t			 minute_at;	/* its second 0, epoch s */
};

/* For a file from its beginning; reference is its mtime, or now. */
void	logtime_init(struct logtime *, const struct zone *, int64_t reference,
	    int year);
/* For going on behind a line of that time. */
void	logtime_resume(struct logtime *, const struct zone *,
	    int64_t reference);
int64_t	logtime_resolve(struct logtime *, const struct stamp *);

#endif
