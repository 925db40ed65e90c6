#include <stdio.h>
#include <string.h>

#include "alert_fill.h"

/* What is counted of an incident, maybe at several providers. */
struct tally {
	struct share	tenants, egresses;
	uint32_t	count, finals, messages, domains;
	int32_t		since;		/* minute */
};

/* How long MTAs keep mail: Postfix and Sendmail five days, Exim four. */
enum { QUEUE_LIFETIME_S = 5 * 86400 };

static void	fill_counts(const struct alerts *, struct incident *,
		    const struct outbreak *, const struct profile *,
		    int32_t minute);
static void	tally_add(struct tally *, const struct profile *,
		    uint32_t count);
static void	fill_shares(struct incident_share *, uint32_t *count,
		    const struct share *, const char *(*name)(void *,
		    uint16_t), void *arg);
static uint32_t	failures(const struct alerts *, uint16_t slot);
static bool	is_part(const struct alerts *, uint16_t slot, uint32_t other);
static void	lead(struct incident_share *, uint32_t count,
		    const char *name);

void
alert_fill_series(struct alerts *a, struct incident *i,
    const struct outbreak *o, int32_t minute)
{
	uint16_t		 slot = o->slot[0];
	uint16_t		 led = alert_fill_leading(a, slot);
	const struct spike_slot	*s = &a->spike.table->slot[slot];
	const struct profile	*p = profile_of(&a->profiles, led);

	if (i->lead.class == CLASS_NONE ||
	    !spike_key_is_class(&a->spike.table->slot[led].key))
		i->lead = a->spike.table->slot[led].key;
	i->mta = a->table->mta[s->key.provider];
	/* what was normal before it: the incident colours what comes later */
	if (!i->firing && i->baseline_rate <= 0 &&
	    spike_series_is_known(&s->series))
		i->baseline_rate = spike_series_baseline(&s->series, minute);
	i->traffic_ratio = silence_traffic_ratio(&a->silence, &a->spike,
	    s->key.provider);
	if (s->series.on == minute) {
		i->score = spike_series_score(&s->series);
		i->threshold = spike_threshold(&a->spike, &s->key);
	}
	if (p == NULL)
		return;
	fill_counts(a, i, o, p, minute);
	memcpy(i->evidence, p->evidence, sizeof(i->evidence));
}

void
alert_fill_facts(struct alerts *a, struct incident *i)
{
	struct alert_facts	facts;
	int64_t			oldest = 0;
	uint16_t		p;

	i->waiting = 0;
	for (p = 0; p < PROVIDER_MAX; p++) {
		if (a->spike.table->provider[p].born == -1 ||
		    !alert_concerns(a, i, p))
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

uint16_t
alert_fill_leading(const struct alerts *a, uint16_t slot)
{
	const struct spike_table *tab = a->spike.table;
	uint16_t		  best = slot;
	uint32_t		  k, failed, most_failed = 0;
	double			  score, most = 0;

	for (k = 0; k < tab->count; k++) {
		const struct profile *p = profile_of(&a->profiles,
		    (uint16_t)k);

		if (p == NULL || !is_part(a, slot, k))
			continue;
		score = spike_series_score(&tab->slot[k].series) /
		    spike_threshold(&a->spike, &tab->slot[k].key);
		failed = p->tenants.failures;
		if (score < most || (score <= most && failed <= most_failed))
			continue;
		best = (uint16_t)k;
		most = score;
		most_failed = failed;
	}
	return best;
}

/* At one provider the profile tells; of several, all of them together. */
static void
fill_counts(const struct alerts *a, struct incident *i,
    const struct outbreak *o, const struct profile *p, int32_t minute)
{
	const struct rule_names	*n = &a->ties.names;
	struct tally		 t = { .since = minute };
	uint32_t		 k;

	tally_add(&t, p, failures(a, o->slot[0]));
	for (k = 1; k < o->count && i->provider[0] == '\0'; k++) {
		p = profile_of(&a->profiles, o->slot[k]);
		if (p != NULL)
			tally_add(&t, p, p->tenants.failures);
	}
	/* members that are well again are no longer counted: keep the most */
	if (i->firing && t.count < i->count)
		return;
	i->count = t.count;
	i->attempts = t.tenants.attempts;
	i->rate = i->attempts > 0 ? (double)i->count / i->attempts : 0;
	if (i->rate > 1)
		i->rate = 1;
	i->window_s = 60u * (uint32_t)(minute + 1 - t.since);
	i->messages = t.messages;
	i->domains = t.domains;
	i->final = 2 * t.finals > t.tenants.failures;
	i->tenants_affected = 0;
	for (k = 0; k < t.tenants.count; k++)
		i->tenants_affected += t.tenants.entry[k].failures > 0;
	if (t.tenants.count == SHARE_MAX)
		i->tenants_affected = t.tenants.seen;
	fill_shares(i->tenant, &i->tenant_count, &t.tenants, n->tenant,
	    n->arg);
	fill_shares(i->egress, &i->egress_count, &t.egresses, n->egress,
	    n->arg);
	if (o->culprit.cause == CAUSE_TENANT)
		lead(i->tenant, i->tenant_count,
		    n->tenant(n->arg, o->culprit.id));
	else if (o->culprit.cause == CAUSE_EGRESS)
		lead(i->egress, i->egress_count,
		    n->egress(n->arg, o->culprit.id));
}

static void
tally_add(struct tally *t, const struct profile *p, uint32_t count)
{
	share_merge(&t->tenants, &p->tenants);
	share_merge(&t->egresses, &p->egresses);
	t->count += count;
	t->finals += p->finals;
	t->messages += distinct_count(&p->messages);
	t->domains += distinct_count(&p->domains);
	if (p->since < t->since)
		t->since = p->since;
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
