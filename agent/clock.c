#include <time.h>

#include "clock.h"

int64_t
clock_mono_us(void)
{
	struct timespec	ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

struct clock_now
clock_read(void)
{
	struct clock_now	now;
	struct timespec		ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	now.wall_s = ts.tv_sec;
	now.wall_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	now.mono_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	return now;
}
