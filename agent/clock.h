/*
 * clock - the clocks, read once per turn of the loop.
 *
 * Everyone else is given now. Durations are monotonic (they include the time
 * a machine was suspended), timestamps are wall time.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

struct clock_now {
	int64_t	wall_s;		/* epoch seconds */
	int64_t	wall_ms;
	int64_t	mono_ms;	/* CLOCK_BOOTTIME */
};

struct clock_now	clock_read(void);

#endif
