/*
 * zone - local time of one time zone, without the process's TZ.
 *
 * Read once from tzdata (RFC 8536); the rule behind the last transition is
 * laid out until ZONE_LAST_YEAR. Afterwards pure.
 */
#ifndef ZONE_H
#define ZONE_H

#include <stdint.h>

enum { ZONE_TRANSITIONS = 1024, ZONE_LAST_YEAR = 2120 };

struct zone {
	int64_t		at[ZONE_TRANSITIONS];	/* epoch s, ascending */
	int32_t		offset[ZONE_TRANSITIONS];/* s east from then on */
	int32_t		first_offset;		/* before at[0] */
	unsigned	count;
};

/*
 * By name ("Europe/Berlin"), by path, or as a POSIX rule ("CET-1CEST,...").
 * NULL is the system's: $TZ, else /etc/localtime, else UTC. -1 with errno.
 */
int	zone_load(struct zone *, const char *name);
int32_t	zone_offset(const struct zone *, int64_t utc);
/*
 * The time that a clock of this zone shows as local (seconds since 1970 as if
 * it were UTC). Of two, the one nearer to the reference; a time that the clock
 * skipped is taken as one before the gap.
 */
int64_t	zone_resolve(const struct zone *, int64_t local, int64_t reference);

/* Days since 1970 of a date of the Gregorian calendar. */
int64_t	zone_days(int64_t year, unsigned month, unsigned day);
/* Days of a month, 28 to 31. */
unsigned zone_month_days(int64_t year, unsigned month);
int64_t	zone_year(int64_t epoch);

#endif
