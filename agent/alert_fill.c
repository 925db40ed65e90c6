#include <stdio.h>
#include <string.h>

#include "alert_fill.h"

/* How long MTAs keep mail: Postfix and Sendmail five days, Exim four. */
enum { QUEUE_LIFETIME_S = 5 * 86400 };

static void	fill_shares(struct incident_share *, uint32_t *count,
		    const struct share *, const char *(*name)(void *,
		    uint16_t), void *arg);
static uint16_t	leading(const struct alerts *, uint16_t slot);
static uint32_t	failures(const struct alerts *, uint16_t slot);
static bool	is_part(const struct alerts *, uint16_t slot, uint32_t other);
static void	lead(struct incident_share *, uint32_t count,
		    const char *name);

void
alert_fill_series(struct alerts *a, struct incident *i, uint16_t slot,
    const struct culprit *c, int32_t minute)
{
	const struct spike_slot	*s = &a->spike.table->slot[slot];
	uint16_t		 led = leading(a, slot);
	const struct profile	*p = profile_of(&a->profiles, led);
	const struct rule_names	*n = &a->ties.names;
	uint32_t		 k;

	i->lead = a->spike.table->slot[led].key.reason;

	i->mta = a->table->mta[s->key.provider];
	i->baseline_rate = spike_series_baseline(&s->series, minute);
	i->traffic_ratio = silence_traffic_ratio(&a->silence, &a->spike,
	    s->key.provider);
	if (s->series.on == minute) {
		i->score = spike_series_score(&s->series);
		i->threshold = spike_threshold(&a->spike, &s->key);
	}
	if (p == NULL)
		return;
	i->count = failures(a, slot);
	i->attempts = p->tenants.attempts;
	i->rate = i->attempts > 0 ? (double)i->count / i->attempts : 0;
	if (i->rate > 1)
		i->rate = 1;
	i->window_s = 60u * (uint32_t)(minute + 1 - p->since);
	i->messages = distinct_count(&p->messages);
	i->domains = distinct_count(&p->domains);
	i->tenants_affected = 0;
	for (k = 0; k < p->tenants.count; k++)
		i->tenants_affected += p->tenants.entry[k].failures > 0;
	if (p->tenants.count == SHARE_MAX)
		i->tenants_affected = p->tenants.seen;
	fill_shares(i->tenant, &i->tenant_count, &p->tenants, n->tenant,
	    n->arg);
	fill_shares(i->egress, &i->egress_count, &p->egresses, n->egress,
	    n->arg);
	if (c->cause == CAUSE_TENANT)
		lead(i->tenant, i->tenant_count, n->tenant(n->arg, c->id));
	else if (c->cause == CAUSE_EGRESS)
		lead(i->egress, i->egress_count, n->egress(n->arg, c->id));
	memcpy(i->evidence, p->evidence, sizeof(i->evidence));
}

void
alert_fill_facts(struct alerts *a, struct incident *i,
    bool (*concerns)(const struct alerts *, const struct incident *,
    uint16_t provider))
{
	struct alert_facts	facts;
	int64_t			oldest = 0;
	uint16_t		p;

	i->waiting = 0;
	for (p = 0; p < PROVIDER_MAX; p++) {
		if (a->spike.table->provider[p].born == -1 ||
		    !concerns(a, i, p))
			continue;
		i->recovered += a->table->recovered[p];
		i->lost += a->table->lost[p];
		if (a->ties.facts == NULL)
			continue;
		memset(&facts, 0, sizeof(facts));
		a->ties.facts(a->ties.names.arg, p, &facts);
		i->waiting += facts.waiting;
		if (facts.oldest_deferred != 0 &&
		    (oldest == 0 || facts.oldest_deferred < oldest))
			oldest = facts.oldest_deferred;
	}
	i->first_bounce = oldest == 0 ? 0 : oldest + QUEUE_LIFETIME_S;
	if (a->ties.zone != NULL) {
		i->east_s = zone_offset(a->ties.zone, i->onset);
		i->bounce_east_s = zone_offset(a->ties.zone, i->first_bounce);
	}
	if (i->waiting > i->waiting_peak)
		i->waiting_peak = i->waiting;
}

void
alert_fill_name(char out[INCIDENT_NAME_BYTES], const char *name)
{
	const char	*at = strrchr(name, '@');

	if (at != NULL)
		snprintf(out, INCIDENT_NAME_BYTES, "[...]%s", at);
	else
		snprintf(out, INCIDENT_NAME_BYTES, "%s", name);
}

/* Of a class, the series with most failures: it speaks for it. */
static uint16_t
leading(const struct alerts *a, uint16_t slot)
{
	const struct profile	*p;
	uint16_t		 best = slot;
	uint32_t		 k, most = 0;

	for (k = 0; k < a->spike.table->count; k++) {
		p = profile_of(&a->profiles, (uint16_t)k);
		if (p == NULL || !is_part(a, slot, k) ||
		    p->tenants.failures <= most)
			continue;
		best = (uint16_t)k;
		most = p->tenants.failures;
	}
	return best;
}

static uint32_t
failures(const struct alerts *a, uint16_t slot)
{
	const struct profile	*p;
	uint32_t		 k, sum = 0;

	for (k = 0; k < a->spike.table->count; k++) {
		p = profile_of(&a->profiles, (uint16_t)k);
		if (p != NULL && is_part(a, slot, k))
			sum += p->tenants.failures;
	}
	return sum;
}

/* Is it the series, or one of the class that the series stands for? */
static bool
is_part(const struct alerts *a, uint16_t slot, uint32_t other)
{
	const struct spike_key	*key = &a->spike.table->slot[slot].key;
	const struct spike_key	*part = &a->spike.table->slot[other].key;

	if (!spike_key_is_class(key))
		return other == slot;
	return part->provider == key->provider && part->class == key->class;
}

/* The most failing ones first. */
static void
fill_shares(struct incident_share *out, uint32_t *count,
    const struct share *s, const char *(*name)(void *, uint16_t), void *arg)
{
	bool		done[SHARE_MAX] = { false };
	uint32_t	k, best;

	for (*count = 0; *count < INCIDENT_SHARES; (*count)++) {
		const struct share_entry *e;

		best = SHARE_MAX;
		for (k = 0; k < s->count; k++)
			if (!done[k] && s->entry[k].failures > 0 &&
			    (best == SHARE_MAX || s->entry[k].failures >
			    s->entry[best].failures))
				best = k;
		if (best == SHARE_MAX)
			return;
		done[best] = true;
		e = &s->entry[best];
		alert_fill_name(out[*count].name, name(arg, e->id));
		out[*count].share = (float)e->failures / (float)s->failures;
		out[*count].traffic_share = s->attempts == 0 ? 0 :
		    (float)e->attempts / (float)s->attempts;
	}
}

/* Who is named comes first, even if another one fails more just now. */
static void
lead(struct incident_share *s, uint32_t count, const char *name)
{
	struct incident_share	first;
	char			shown[INCIDENT_NAME_BYTES];
	uint32_t		k;

	alert_fill_name(shown, name);
	for (k = 0; k < count && strcmp(s[k].name, shown) != 0; k++)
		;
	if (k == 0 || k == count)
		return;
	first = s[k];
	memmove(&s[1], &s[0], k * sizeof(*s));
	s[0] = first;
}
