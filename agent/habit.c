#include "habit.h"

static const float	NEWEST = 0.3f;	/* weight of the last day */

void
habit_init(struct habit *h)
{
	int	i;

	for (i = 0; i < SPIKE_HOURS; i++)
		h->usual[i] = -1;
	h->hour_attempts = 0;
	h->hour = h->seen = -1;
}

void
habit_minute(struct habit *h, int32_t minute, uint32_t attempts)
{
	float	*usual;

	if (h->seen == -1 && attempts == 0)
		return;
	if (h->hour != -1 && minute / 60 != h->hour) {
		usual = &h->usual[h->hour % SPIKE_HOURS];
		if (*usual < 0)
			*usual = (float)h->hour_attempts;
		else
			*usual += NEWEST * ((float)h->hour_attempts - *usual);
		h->hour_attempts = 0;
	}
	h->hour = minute / 60;
	h->hour_attempts += attempts;
	if (attempts > 0)
		h->seen = minute;
}

double
habit_expected(const struct habit *h, int32_t from, int32_t to)
{
	double	sum = 0;
	int32_t	m = from, end;

	if (to - from > SPIKE_HOURS * 60)
		m = to - SPIKE_HOURS * 60;
	for (; m < to; m = end) {
		float	usual = h->usual[m / 60 % SPIKE_HOURS];

		end = (m / 60 + 1) * 60;
		end = end > to ? to : end;
		if (usual < 0)
			return -1;
		sum += (double)usual * (end - m) / 60.0;
	}
	return sum;
}
