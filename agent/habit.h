/*
 * habit - how much mail a provider usually gets at this hour of the day.
 *
 * Learnt from the days before, the last ones counting most; unknown until a
 * day has passed.
 */
#ifndef HABIT_H
#define HABIT_H

#include "spike.h"

struct habit {
	float		usual[SPIKE_HOURS];	/* attempts; -1 unknown */
	uint32_t	hour_attempts;		/* of the hour that runs */
	int32_t		hour;			/* its number */
	int32_t		seen;			/* last minute with mail; -1 */
};

void	habit_init(struct habit *);
void	habit_minute(struct habit *, int32_t minute, uint32_t attempts);
/* Expected from minute from up to and without to; -1 when unknown. */
double	habit_expected(const struct habit *, int32_t from, int32_t to);

#endif
