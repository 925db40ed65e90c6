/*
 * spike_series - does one kind of failure happen far above its own normal?
 *
 * A series is one reply of one provider. Each minute of log time it takes n
 * attempts and k failures and judges the rate k/n: four CUSUMs of negative
 * binomial log likelihood ratios, one for each size of change, against a
 * learnt baseline. Plain data, no allocation, no clock; minutes without
 * traffic may be left out. tests/sim/pulse_ref.py says the same in Python.
 */
#ifndef SPIKE_SERIES_H
#define SPIKE_SERIES_H

#include "spike_arm.h"

enum { SPIKE_ARMS = 4, SPIKE_HOURS = 24 };
enum spike_change {
	SPIKE_SAME,
	SPIKE_RAISED,
	SPIKE_REOPENED,		/* within an hour of being cleared */
	SPIKE_CLEARED
};
struct spike_tuning {
	double	gate;		/* smallest change worth an alert: factor, */
	double	gate_sd;	/* and in deviations of the hourly rate */
};

struct spike_series {		/* times: minutes since the epoch, -1 never */
	/* baseline: discounted; half-life 12 h, or 14 days if rare */
	double		fails, attempts;
	double		fast_fails, fast_attempts;	/* 2 h */
	double		wait_fails, wait_attempts;	/* not yet judged */
	float		hour_fails[SPIKE_HOURS], hour_attempts[SPIKE_HOURS];
	/* restlessness: squared CV between minutes, and between hours */
	double		noise, noise_weight;
	double		drift, drift_weight;
	double		hour_count, hour_expected;	/* of this hour */
	double		gate;
	struct spike_arm arm[SPIKE_ARMS];
	/* of an excursion: its rate, the evidence of its end */
	double		on_fails, on_attempts, calm;
	uint64_t	message;	/* the excursion's first, as a hash */
	int32_t		born, day, hour, hours;
	int32_t		on;		/* raised in this minute, or -1 */
	int32_t		cleared, last;	/* minute taken last */
	int32_t		fail, seen;	/* last failure, last traffic */
	uint32_t	now, before[2];	/* failures: last minute, two before */
	bool		hour_bad;	/* an alert was on in this hour */
	bool		several;	/* more than one message failed */
};

struct spike_input {
	int32_t		minute;
	uint32_t	attempts, failures;
	bool		held;	/* mail is held back without a try */
	uint64_t	message;	/* one that failed, 0 unknown */
	bool		several;	/* failures are of several messages */
	bool		telling;	/* rarely happens without a cause */
	double		threshold;	/* h: raise at this score */
};

void		  spike_series_init(struct spike_series *, int32_t minute,
		      int32_t born, const struct spike_tuning *);
void		  spike_series_inherit(struct spike_series *, double attempts,
		      const float hour_attempts[SPIKE_HOURS]);
enum spike_change spike_series_minute(struct spike_series *,
		      const struct spike_tuning *, const struct spike_input *);
/* The rate that is normal now. */
double		  spike_series_baseline(const struct spike_series *,
		      int32_t minute);
double		  spike_series_score(const struct spike_series *);
/* Has it seen enough to say what is normal? */
bool		  spike_series_is_known(const struct spike_series *);
/* When what is a spike by this threshold began. */
int32_t		  spike_series_onset(const struct spike_series *,
		      double threshold);
/* The excursion that began first, and so has seen most. */
const struct spike_arm *spike_series_oldest(const struct spike_series *);

#endif
