#include <math.h>
#include <string.h>

#include "culprit.h"

enum { TOGETHER_MIN = 45 };

static const double	EVIDENCE = 4;	/* 50:1 that the others are well */
static const double	SHARE_LEAST = 0.6;	/* of the failures */
static const double	RESTLESS = 5;	/* 1 / squared CV of others' rates */
static const double	ILL_SCORE = 0.35;	/* of h: already suspicious */
static const double	ACTIVE_LEAST = 2;	/* attempts since the onset */
static const double	ALL_COUNT = 0.75, ALL_TRAFFIC = 0.8;

static void	add_member(const struct spike *, uint16_t slot, int32_t minute,
		    struct outbreak *);
static bool	is_ill(const struct spike *, const struct spike_slot *,
		    const struct spike_slot *with, int32_t minute);
static void	weigh(const struct spike *, int32_t since, int32_t minute,
		    struct outbreak *);
static enum incident_scope judge_scope(const struct outbreak *);
static struct culprit judge_culprit(const struct spike *,
		    const struct profiles *, const struct outbreak *,
		    int32_t minute);
static double	evidence(const struct share *, double baseline,
		    bool zero_counts, uint16_t *id);
static bool	is_about_us(uint8_t reason);

void
outbreak_find(const struct spike *sp, const struct profiles *ps,
    uint16_t slot, int32_t minute, struct outbreak *out)
{
	const struct spike_slot	*with = &sp->table->slot[slot];
	uint32_t		 i;

	memset(out, 0, sizeof(*out));
	out->slot[out->count++] = slot;
	for (i = 0; i < sp->table->count; i++)
		if (i != slot && is_ill(sp, &sp->table->slot[i], with, minute))
			add_member(sp, (uint16_t)i, minute, out);
	weigh(sp, spike_series_oldest(&with->series)->onset, minute, out);
	out->scope = judge_scope(out);
	out->culprit = judge_culprit(sp, ps, out, minute);
}

bool
outbreak_is_one(const struct spike *sp, const struct outbreak *o)
{
	uint8_t	reason = sp->table->slot[o->slot[0]].key.reason;

	if (o->count < 2)
		return false;
	return o->scope == SCOPE_ALL || o->culprit.cause != CAUSE_PROVIDER ||
	    (o->count >= 3 && is_about_us(reason));
}

/* One series for each provider: the one with the most to say. */
static void
add_member(const struct spike *sp, uint16_t slot, int32_t minute,
    struct outbreak *out)
{
	const struct spike_slot	*tab = sp->table->slot;
	uint32_t		 i;

	(void)minute;
	for (i = 0; i < out->count; i++) {
		if (tab[out->slot[i]].key.provider != tab[slot].key.provider)
			continue;
		if (i > 0 && spike_series_score(&tab[slot].series) >
		    spike_series_score(&tab[out->slot[i]].series))
			out->slot[i] = slot;
		return;
	}
	if (out->count < INCIDENT_MEMBERS)
		out->slot[out->count++] = slot;
}

static bool
is_ill(const struct spike *sp, const struct spike_slot *s,
    const struct spike_slot *with, int32_t minute)
{
	int32_t	onset = spike_series_oldest(&s->series)->onset;
	int32_t	ours = spike_series_oldest(&with->series)->onset;
	int32_t	near = minute - ours;

	if (s->key.reason != with->key.reason || spike_key_is_class(&s->key))
		return false;
	if (s->series.on == -1 && spike_series_score(&s->series) <
	    ILL_SCORE * spike_threshold(sp, &s->key))
		return false;
	if (near < TOGETHER_MIN)
		near = TOGETHER_MIN;
	return onset - ours <= near && ours - onset <= near;
}

/* How much traffic there was since, and how much of it at ill providers. */
static void
weigh(const struct spike *sp, int32_t since, int32_t minute,
    struct outbreak *out)
{
	double		minutes = minute - since + 1, traffic;
	uint32_t	i;
	uint16_t	p;
	bool		ill;

	for (p = 0; p < PROVIDER_MAX; p++) {
		traffic = spike_recent(sp, p) * (minutes < 1 ? 1 : minutes);
		ill = false;
		for (i = 0; i < out->count; i++)
			ill |= sp->table->slot[out->slot[i]].key.provider == p;
		if (!ill && traffic < ACTIVE_LEAST)
			continue;
		out->active++;
		out->all += traffic;
		out->ill += ill ? traffic : 0;
	}
}

static enum incident_scope
judge_scope(const struct outbreak *o)
{
	if (o->count < 2)
		return SCOPE_ISOLATED;
	if (o->count >= ALL_COUNT * o->active &&
	    o->ill >= ALL_TRAFFIC * o->all)
		return SCOPE_ALL;
	return SCOPE_SEVERAL;
}

static struct culprit
judge_culprit(const struct spike *sp, const struct profiles *ps,
    const struct outbreak *o, int32_t minute)
{
	struct share		 tenants = { 0 }, egresses = { 0 };
	const struct profile	*p;
	struct culprit		 c = { CAUSE_PROVIDER, 0 };
	double			 normal = 0, by_tenant, by_egress;
	uint16_t		 tenant = 0, egress = 0;
	uint32_t		 i;

	for (i = 0; i < o->count; i++) {
		p = profile_of(ps, o->slot[i]);
		if (p == NULL)
			continue;
		share_merge(&tenants, &p->tenants);
		share_merge(&egresses, &p->egresses);
		normal += p->tenants.attempts * spike_series_baseline(
		    &sp->table->slot[o->slot[i]].series, minute);
	}
	normal /= tenants.attempts > 0 ? tenants.attempts : 1;
	by_tenant = evidence(&tenants, normal, false, &tenant);
	by_egress = evidence(&egresses, normal, true, &egress);
	if (by_tenant >= EVIDENCE && by_tenant >= by_egress)
		c = (struct culprit){ CAUSE_TENANT, tenant };
	else if (by_egress >= EVIDENCE)
		c = (struct culprit){ CAUSE_EGRESS, egress };
	else if (o->scope == SCOPE_ALL || (o->count >= 3 &&
	    is_about_us(sp->table->slot[o->slot[0]].key.reason)))
		c.cause = CAUSE_SELF;
	return c;
}

/*
 * Log likelihood ratio, negative binomial: the others fail as always, against
 * they fail as the suspect does. Number 0 is nobody in particular, unless it
 * has a name of its own (the default way out).
 */
static double
evidence(const struct share *s, double baseline, bool zero_counts,
    uint16_t *id)
{
	const struct share_entry *e = share_most_failing(s);
	double			  q, others, failed, ill, well;

	if (e == NULL || (e->id == 0 && !zero_counts) ||
	    e->failures < SHARE_LEAST * s->failures || e->attempts == 0)
		return 0;
	*id = e->id;
	q = fmin(1, (double)e->failures / e->attempts);
	others = s->attempts - e->attempts;
	failed = s->failures - e->failures;
	ill = others * q;
	well = others * baseline;
	if (q <= 2 * baseline || well <= 0)
		return 0;
	return (failed + RESTLESS) * log((RESTLESS + ill) /
	    (RESTLESS + well)) - failed * log(ill / well);
}

/* Reasons that judge the sender and not the recipient or the moment. */
static bool
is_about_us(uint8_t reason)
{
	switch (reason) {
	case REASON_REPUTATION:
	case REASON_AUTH_FAIL:
	case REASON_BAD_SENDER:
	case REASON_LOGIN:
	case REASON_TLS:
	case REASON_NETWORK:
	case REASON_PROTOCOL:
		return true;
	default:
		return false;
	}
}
