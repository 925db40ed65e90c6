/*
 * stamp - the time of a line as it is written there.
 *
 * Not yet a point in time: RFC 3164 has no year, and it and Exim have no
 * zone. What is missing is found by agent/logtime.c, which knows the line
 * before and the source's zone.
 */
#ifndef STAMP_H
#define STAMP_H

#include "view.h"

struct stamp {
	int16_t		year;		/* 0: the line names none */
	uint8_t		month;		/* 1..12; 0: the line has no stamp */
	uint8_t		day;		/* 1..31 */
	uint8_t		hour;		/* 0..23 */
	uint8_t		minute;		/* 0..59 */
	uint8_t		second;		/* 0..60 */
	bool		has_zone;
	int32_t		zone_s;		/* seconds east of UTC */
	uint32_t	us;		/* 0..999999; 0 if not written */
};

/*
 * Each takes a stamp off the front of *v, up to but without the blank behind
 * it, and leaves *v alone when there is none.
 */
bool	stamp_take_rfc3164(struct view *v, struct stamp *out);
bool	stamp_take_rfc3339(struct view *v, struct stamp *out);
bool	stamp_take_exim(struct view *v, struct stamp *out);
/*
 * Only "17" or "17.123456" of a stamp whose rest is known: sets second and us.
 */
bool	stamp_take_second(struct view *v, struct stamp *);
/* A point in time that came as a number: microseconds since 1970, UTC. */
void	stamp_of_epoch(int64_t us, struct stamp *out);

#endif
