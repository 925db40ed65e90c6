/*
 * clock - the clocks, read once per turn of the loop.
 *
 * Everyone else is given now. Durations are monotonic (they include the time
 * a machine was suspended), timestamps are wall time.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

struct clock_now {
	int64_t	wall_s;		/* epoch seconds */
	int64_t	wall_ms;
	int64_t	mono_ms;	/* CLOCK_BOOTTIME */
};

struct clock_now	clock_read(void);
/* For how long something took. */
int64_t			clock_mono_us(void);

/* Nanoseconds of a file's time. */
static inline int64_t
clock_ns(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
