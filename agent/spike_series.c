#include <math.h>
#include <string.h>

#include "spike_series.h"

static const double	ratios[SPIKE_ARMS] = { 3, 12, 60, 250 };

/* Reasons for the numbers: the simulator, tests/sim/sim.py score. */
static const double	PRIOR_FAILS = 0.5, PRIOR_ATTEMPTS = 25;
static const double	HALF_MIN = 720, HALF_RARE_MIN = 14 * 1440;
static const double	KNOWN_ATTEMPTS = 100;	/* what is normal, to 1 % */
static const double	RARE_ATTEMPTS = 3000;	/* fewer: half-life 14 days */
static const double	FAST_HALF_MIN = 120, FAST_FAILS_MIN = 40;
static const double	HOUR_HALF_DAYS = 7, HOUR_RATIO_MIN = 1.2;
static const double	NOISE_PRIOR = 0.09, NOISE_WEIGHT = 30,
			NOISE_FLOOR = 0.01, NOISE_DECAY = 0.999;
static const double	DRIFT_PRIOR = 0.03, DRIFT_WEIGHT = 12,
			DRIFT_FLOOR = 0.002, DRIFT_DECAY = 0.995;
static const double	RATE_MAX = 0.95;
static const double	SUSPECT = 0.4;	/* of h: learn no noise from here */
static const double	WINSOR = 3;
static const double	CALM = 6;	/* evidence of the end: clear */
static const double	LEAK = 1 / 360.0, LEAK_COLD = 1 / 30.0;
enum {
	COLD_MIN = 360,		/* a provider's first six hours */
	NEAR_MIN = 15,		/* neighbours of the hour of day */
	REOPEN_MIN = 60, QUIET_MIN = 90, GAP_MIN = 360,
	LEARN_HOURS = 6,
	BURST_MIN = 4		/* failures: fewer are no burst */
};

/* One minute as judged: what was expected. */
struct minute {
	const struct spike_input *in;
	double	n, k, q0, mu, c2;
	double	top;		/* highest score after it */
	bool	fire;
};

static void	new_day(struct spike_series *, int32_t day);
static void	new_hour(struct spike_series *, const struct spike_tuning *,
		    int32_t hour);
static void	decay(struct spike_series *, int32_t minutes);
static void	decay_long(struct spike_series *, int32_t minutes);
static void	note_message(struct spike_series *, const struct spike_input *);
static void	gather(struct spike_series *, struct minute *);
static void	settle(struct spike_series *, const struct minute *);
static void	measure(struct spike_series *, const struct minute *);
static void	relent(struct spike_series *, int32_t t);
static bool	ended(const struct spike_series *, int32_t t);
static void	learn(struct spike_series *, const struct minute *,
		    bool raised);
static double	bounded(double, double low, double high);

void
spike_series_init(struct spike_series *s, int32_t minute, int32_t born,
    const struct spike_tuning *tuning)
{
	int	i;

	memset(s, 0, sizeof(*s));
	s->fails = PRIOR_FAILS;
	s->attempts = PRIOR_ATTEMPTS;
	s->fast_attempts = 1e-9;
	s->noise = NOISE_PRIOR * NOISE_WEIGHT;
	s->noise_weight = NOISE_WEIGHT;
	s->drift = DRIFT_PRIOR * DRIFT_WEIGHT;
	s->drift_weight = DRIFT_WEIGHT;
	s->gate = tuning->gate;
	for (i = 0; i < SPIKE_ARMS; i++)
		s->arm[i].onset = minute;
	s->born = born;
	s->day = minute / 1440;
	s->hour = minute / 60;
	s->last = minute - 1;
	s->fail = s->seen = minute;
	s->on = s->cleared = -1;
}

void
spike_series_inherit(struct spike_series *s, double attempts,
    const float hour_attempts[SPIKE_HOURS])
{
	s->attempts += attempts < RARE_ATTEMPTS ? attempts : RARE_ATTEMPTS;
	memcpy(s->hour_attempts, hour_attempts, sizeof(s->hour_attempts));
}

enum spike_change
spike_series_minute(struct spike_series *s, const struct spike_tuning *tuning,
    const struct spike_input *in)
{
	struct minute	  m = { .in = in, .n = in->attempts,
			      .k = in->failures };
	enum spike_change change = SPIKE_SAME;
	int32_t		  t = in->minute;
	int		  i;

	if (t / 1440 != s->day)
		new_day(s, t / 1440);
	if (t / 60 != s->hour)
		new_hour(s, tuning, t / 60);
	if (t - s->last > 1)
		decay(s, t - s->last - 1);
	for (i = 0; i < SPIKE_ARMS; i++)
		spike_arm_pass(&s->arm[i], t - s->last);
	s->before[1] = t - s->last == 1 ? s->before[0] :
	    t - s->last == 2 ? s->now : 0;
	s->before[0] = t - s->last == 1 ? s->now : 0;
	s->now = in->failures;
	s->last = t;
	m.top = spike_series_score(s);
	if (in->held)
		s->fail = s->seen = t;
	if (in->attempts > 0) {
		note_message(s, in);
		gather(s, &m);
		if (m.fire && s->on == -1) {
			change = s->cleared != -1 &&
			    t - s->cleared <= REOPEN_MIN ?
			    SPIKE_REOPENED : SPIKE_RAISED;
			s->on = t;
			s->on_fails = s->on_attempts = s->calm = 0;
		}
		settle(s, &m);
		if (s->on == -1 && s->calm >= CALM &&
		    s->on_fails >= BURST_MIN)
			relent(s, t);
	}
	if (s->on != -1 && ended(s, t)) {
		change = SPIKE_CLEARED;
		s->on = -1;
		s->cleared = t;
		for (i = 0; i < SPIKE_ARMS; i++)
			spike_arm_rest(&s->arm[i], t);
	}
	decay(s, 1);
	if (s->on != -1)
		s->hour_bad = true;
	if (in->attempts > 0)
		learn(s, &m, change == SPIKE_RAISED ||
		    change == SPIKE_REOPENED);
	return change;
}

double
spike_series_baseline(const struct spike_series *s, int32_t minute)
{
	double	q, fast, weight, best = 0;
	int	i;

	/* A young baseline is given the benefit of the doubt: + sqrt. */
	q = (s->fails + sqrt(s->fails)) / s->attempts;
	if (s->fast_fails > FAST_FAILS_MIN) {
		fast = s->fast_fails / s->fast_attempts;
		q = q > fast ? q : fast;
	}
	weight = 4.0 / (q > 1e-4 ? q : 1e-4);
	for (i = -1; i <= 1; i++) {
		int	b = (minute + i * NEAR_MIN) / 60 % SPIKE_HOURS;
		double	f = (double)s->hour_fails[b];
		double	r = (f + sqrt(f) + 4.0) /
		    ((double)s->hour_attempts[b] + weight);

		best = best > r ? best : r;
	}
	if (best > HOUR_RATIO_MIN * q)
		q = best;
	return bounded(q, 1e-5, 0.9);
}

double
spike_series_score(const struct spike_series *s)
{
	double	top = 0;
	int	i;

	for (i = 0; i < SPIKE_ARMS; i++)
		if (s->arm[i].score > top)
			top = s->arm[i].score;
	return top;
}

bool
spike_series_is_known(const struct spike_series *s)
{
	return s->attempts >= KNOWN_ATTEMPTS;
}

/* An arm for small changes may have begun with chance failures long before. */
int32_t
spike_series_onset(const struct spike_series *s, double threshold)
{
	int32_t	onset = -1;
	int	i;

	for (i = 0; i < SPIKE_ARMS; i++)
		if (s->arm[i].score >= threshold && s->arm[i].onset > onset)
			onset = s->arm[i].onset;
	return onset == -1 ? spike_series_oldest(s)->onset : onset;
}

const struct spike_arm *
spike_series_oldest(const struct spike_series *s)
{
	const struct spike_arm	*oldest = &s->arm[0];
	int			 i;

	for (i = 1; i < SPIKE_ARMS; i++)
		if (s->arm[i].onset < oldest->onset)
			oldest = &s->arm[i];
	return oldest;
}

static void
new_day(struct spike_series *s, int32_t day)
{
	float	f = (float)pow(0.5, (day - s->day) / HOUR_HALF_DAYS);
	int	i;

	for (i = 0; i < SPIKE_HOURS; i++) {
		s->hour_fails[i] *= f;
		s->hour_attempts[i] *= f;
	}
	s->day = day;
}

/* Whole hours without an alert tell how restless the rate is. */
static void
new_hour(struct spike_series *s, const struct spike_tuning *tuning,
    int32_t hour)
{
	double	x, weight, gate;

	if (!s->hour_bad && s->hour_expected > 0 && s->hours >= LEARN_HOURS) {
		weight = s->hour_expected / (s->hour_expected + 10);
		x = s->hour_count / s->hour_expected - 1;
		x = fmin(x * x - 1 / s->hour_expected,
		    9 * s->drift / s->drift_weight);
		s->drift = s->drift * DRIFT_DECAY + weight * x;
		s->drift_weight = s->drift_weight * DRIFT_DECAY + weight;
		s->drift = fmax(s->drift, DRIFT_FLOOR * s->drift_weight);
	}
	gate = exp(tuning->gate_sd * sqrt(log1p(s->drift / s->drift_weight)));
	s->gate = fmax(tuning->gate, gate);
	s->hours += hour - s->hour;
	s->hour = hour;
	s->hour_count = s->hour_expected = 0;
	s->hour_bad = false;
}

static void
decay(struct spike_series *s, int32_t minutes)
{
	double	d;

	decay_long(s, minutes);
	d = exp2(-minutes / FAST_HALF_MIN);
	s->fast_fails *= d;
	s->fast_attempts = s->fast_attempts * d + 1e-9;
}

/* A busy baseline forgets sooner; it may become a rare one on the way. */
static void
decay_long(struct spike_series *s, int32_t minutes)
{
	double	above = s->attempts - PRIOR_ATTEMPTS, d;
	double	rare = RARE_ATTEMPTS - PRIOR_ATTEMPTS;
	int32_t	busy = 0;

	if (above > rare) {
		busy = minutes == 1 ? 1 :
		    (int32_t)fmin(minutes, ceil(HALF_MIN * log2(above / rare)));
		d = exp2(-busy / HALF_MIN);
		s->fails = s->fails * d + PRIOR_FAILS * (1 - d);
		s->attempts = s->attempts * d + PRIOR_ATTEMPTS * (1 - d);
	}
	if (minutes > busy) {
		d = exp2(-(minutes - busy) / HALF_RARE_MIN);
		s->fails = s->fails * d + PRIOR_FAILS * (1 - d);
		s->attempts = s->attempts * d + PRIOR_ATTEMPTS * (1 - d);
	}
}

/* One stuck message is tried for days and must not raise an alert alone. */
static void
note_message(struct spike_series *s, const struct spike_input *in)
{
	if (in->failures == 0)
		return;
	if (spike_series_score(s) <= 0) {
		s->message = 0;
		s->several = false;
	}
	if (in->several || (s->message != 0 && s->message != in->message))
		s->several = true;
	s->message = in->message;
}

/* Take the minute's evidence into the four CUSUMs. */
static void
gather(struct spike_series *s, struct minute *m)
{
	const struct spike_input *in = m->in;
	struct spike_dose	  dose = { in->minute, in->failures,
				      in->failures + s->before[0] +
				      s->before[1], in->telling,
				      in->threshold };
	double			  low = 1.2 * s->gate * s->gate, R, g, r;
	int			  j;

	m->q0 = spike_series_baseline(s, in->minute);
	m->mu = m->n * m->q0;
	m->c2 = fmax(s->noise / s->noise_weight, NOISE_FLOOR);
	m->top = 0;
	r = 1 / m->c2;
	for (j = 0; j < SPIKE_ARMS; j++) {
		R = fmax(low, fmin(ratios[j], RATE_MAX / m->q0));
		g = m->k * log(R) -
		    (m->k + r) * log((r + m->mu * R) / (r + m->mu));
		spike_arm_take(&s->arm[j], g, &dose);
		m->top = fmax(m->top, s->arm[j].score);
		m->fire |= s->several &&
		    spike_arm_is_enough(&s->arm[j], &dose);
	}
	if (in->failures > 0)
		s->fail = in->minute;
	s->seen = in->minute;
}

/* Is the rate still the excursion's, or the baseline's again? */
static void
settle(struct spike_series *s, const struct minute *m)
{
	double	qa, ma, g, r = 1 / m->c2;

	if (s->on == -1 && m->top <= 0) {
		s->on_fails = s->on_attempts = s->calm = 0;
		return;
	}
	measure(s, m);
	qa = 0.5 * s->on_fails / fmax(s->on_attempts, 1);
	qa = fmin(RATE_MAX, fmax(fmax(2 * m->q0, qa), 1e-4));
	ma = m->n * qa;
	g = (m->k + r) * log((r + ma) / (r + m->mu)) - m->k * log(qa / m->q0);
	s->calm = fmax(0, s->calm + bounded(g, -CALM / 2, CALM / 5));
}

/* The rate of the alert; before one, that of the worst burst. */
static void
measure(struct spike_series *s, const struct minute *m)
{
	double	d = 1;

	if (s->on != -1)
		d = exp2(-1 / 30.0);
	else if (m->k > 0 && m->k >= s->on_fails)
		d = 0;
	else if (m->k <= 0 || s->before[0] == 0)
		return;
	s->on_fails = s->on_fails * d + m->k;
	s->on_attempts = s->on_attempts * d + m->n;
}

/*
 * A blip, so far. If it comes again it will be enough, but it shall not take
 * much else to make an alert of what is over.
 */
static void
relent(struct spike_series *s, int32_t t)
{
	int	i;

	for (i = 0; i < SPIKE_ARMS; i++)
		spike_arm_relent(&s->arm[i], t);
	s->on_fails = s->on_attempts = s->calm = 0;
}

static bool
ended(const struct spike_series *s, int32_t t)
{
	return s->calm >= CALM ||
	    (t - s->fail >= QUIET_MIN && t - s->seen < QUIET_MIN) ||
	    t - s->seen >= GAP_MIN;
}

/* An excursion waits until it is judged, so that incidents stay out. */
static void
learn(struct spike_series *s, const struct minute *m, bool raised)
{
	double	k, n, share = 1.0, noise;
	int	b = m->in->minute / 60 % SPIKE_HOURS;
	bool	on = s->on != -1;

	s->wait_fails += on ? fmin(m->k, WINSOR * m->mu) : m->k;
	s->wait_attempts += m->n;
	s->hour_count += m->k;
	s->hour_expected += m->mu;
	if (raised)
		s->wait_fails = fmin(s->wait_fails,
		    WINSOR * m->q0 * s->wait_attempts);
	if (!on && m->top > 0)
		share = m->in->minute - s->born < COLD_MIN ? LEAK_COLD : LEAK;
	k = s->wait_fails * share;
	n = s->wait_attempts * share;
	s->wait_fails -= k;
	s->wait_attempts -= n;
	s->fails += k;
	s->attempts += n;
	s->fast_fails += k;
	s->fast_attempts += n;
	s->hour_fails[b] += (float)k;
	s->hour_attempts[b] += (float)n;
	if (m->mu <= 1 || on || m->top > SUSPECT * m->in->threshold)
		return;
	noise = (m->k - m->mu) * (m->k - m->mu) - m->mu;
	noise = fmin(noise, 9 * (m->mu + m->c2 * m->mu * m->mu));
	s->noise = s->noise * NOISE_DECAY + noise;
	s->noise_weight = s->noise_weight * NOISE_DECAY + m->mu * m->mu;
	if (s->noise_weight > 1e12) {
		s->noise *= 1e-6;
		s->noise_weight *= 1e-6;
	}
}

static double
bounded(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}
