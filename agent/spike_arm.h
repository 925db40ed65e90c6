/*
 * spike_arm - one CUSUM of a series: for "R times the baseline".
 *
 * It takes a minute's log likelihood ratio and bounds what one minute and any
 * three in a row may add, so that a burst alone is never enough, whatever its
 * size. Plain data.
 */
#ifndef SPIKE_ARM_H
#define SPIKE_ARM_H

#include <stdbool.h>
#include <stdint.h>

struct spike_arm {
	double		score;		/* 0: no excursion */
	float		recent[3];	/* added in this minute, before */
	float		peak;		/* most in three minutes */
	int32_t		onset;		/* first minute of the excursion */
	uint32_t	count;		/* failures during it */
	uint32_t	minutes;	/* with a failure */
	uint32_t	burst;		/* most failures in three minutes */
};

struct spike_dose {		/* what a minute brought */
	int32_t		minute;
	uint32_t	failures;
	uint32_t	burst;		/* failures of the last three minutes */
	bool		telling;	/* rarely happens without a cause */
	double		threshold;	/* h: raise at this score */
};

void	spike_arm_take(struct spike_arm *, double evidence,
	    const struct spike_dose *);
bool	spike_arm_is_enough(const struct spike_arm *,
	    const struct spike_dose *);
/* So many minutes later. */
void	spike_arm_pass(struct spike_arm *, int32_t minutes);
/* What brought most of it is over and all is well: half of that is left. */
void	spike_arm_relent(struct spike_arm *, int32_t minute);
/* No excursion: the next one starts a minute later at the earliest. */
void	spike_arm_rest(struct spike_arm *, int32_t minute);

#endif
