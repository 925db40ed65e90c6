#include <math.h>

#include "spike_arm.h"

enum {
	MINUTES_MIN = 3,
	BURST_PART = 5		/* of its worst three minutes must be outside */
};
static const double	SCORE_MOST = 1.5;	/* of h */

/* What one minute and any three in a row may add, of h. */
static const struct {
	double		minute, three;
	uint32_t	count;		/* failures at least */
} bounds[] = {
	{ 0.30, 0.75, 4 },		/* restless */
	{ 0.40, 0.605, 3 }		/* telling */
};

void
spike_arm_take(struct spike_arm *arm, double evidence,
    const struct spike_dose *d)
{
	double	h = d->threshold, g = evidence;

	g = fmin(g, bounds[d->telling].minute * h);
	g = fmin(g, fmax(0, bounds[d->telling].three * h -
	    (double)arm->recent[1] - (double)arm->recent[2]));
	arm->recent[0] = (float)fmax(0, g);
	arm->peak = fmaxf(arm->peak, arm->recent[0] + arm->recent[1] +
	    arm->recent[2]);
	g += arm->score;
	if (g <= 0) {
		spike_arm_rest(arm, d->minute);
		return;
	}
	arm->score = fmin(g, SCORE_MOST * h);
	arm->count += d->failures;
	arm->minutes += d->failures > 0;
	if (d->burst > arm->burst)
		arm->burst = d->burst > arm->count ? arm->count : d->burst;
}

bool
spike_arm_is_enough(const struct spike_arm *arm, const struct spike_dose *d)
{
	return arm->score >= d->threshold &&
	    arm->count >= bounds[d->telling].count &&
	    arm->minutes >= MINUTES_MIN &&
	    BURST_PART * (arm->count - arm->burst) >= arm->burst;
}

void
spike_arm_pass(struct spike_arm *arm, int32_t minutes)
{
	arm->recent[2] = minutes == 1 ? arm->recent[1] :
	    minutes == 2 ? arm->recent[0] : 0;
	arm->recent[1] = minutes == 1 ? arm->recent[0] : 0;
	arm->recent[0] = 0;
}

void
spike_arm_relent(struct spike_arm *arm, int32_t minute)
{
	arm->score -= (double)arm->peak / 2;
	arm->peak = 0;
	if (arm->score <= 0)
		spike_arm_rest(arm, minute);
}

void
spike_arm_rest(struct spike_arm *arm, int32_t minute)
{
	*arm = (struct spike_arm){ .onset = minute + 1 };
}
