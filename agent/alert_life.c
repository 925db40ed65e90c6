#include <stdio.h>
#include <string.h>

#include "alert_fill.h"
#include "alert_life.h"
#include "alert_words.h"

enum {
	YOUNG_S = 45 * 60,	/* may still turn out to be a larger one */
	DIAGNOSE_S = 60 * 60	/* after that who is to blame is settled */
};

static struct incident *belongs_to(struct alerts *, const struct spike_key *,
		    const struct outbreak *);
static struct incident *open_for_rule(struct alerts *,
		    const struct config_rule *, uint16_t value,
		    const struct spike_key *, const char *provider);
static void	name_culprit(const struct alerts *, struct incident *,
		    enum config_per, uint16_t value);
static bool	is_member(const struct alerts *, const struct incident *,
		    const struct spike_key *, const struct outbreak *);
static bool	is_same(const struct alerts *, const struct incident *,
		    const struct spike_key *, const char *provider);
static struct incident *young_member(struct alerts *,
		    const struct outbreak *, uint8_t reason, int64_t now);
static struct incident *open_or_again(struct alerts *,
		    const struct spike_key *, const char *provider,
		    const char *rule, int64_t onset);
static void	diagnose(struct alerts *, struct incident *, uint16_t slot,
		    int32_t minute);
static void	widen(struct alerts *, struct incident *,
		    const struct outbreak *);
static void	add_member(struct incident *, const char *provider);
static void	fire(struct alerts *, struct incident *, int64_t now);
static void	resolve(struct alerts *, struct incident *, int64_t now);
static void	update(struct alerts *, struct incident *, int32_t minute);
static void	tell(struct alerts *, const struct incident *);
static uint16_t	speaker(const struct alerts *, const struct incident *);
static uint16_t	worst_series(const struct alerts *,
		    const struct config_rule *, uint16_t value);
static uint32_t	place(const struct alerts *, const struct incident *);
static const char *provider_name(const struct alerts *, uint16_t);
static bool	concerns(const struct alerts *, const struct incident *,
		    uint16_t provider);

void
alert_life_begin(struct alerts *a)
{
	int	n;

	for (n = 0; n < a->incidents.table->used; n++)
		a->incidents.table->incident[n].holders = 0;
}

void
alert_life_raise(struct alerts *a, uint16_t slot, int32_t minute)
{
	const struct spike_slot	*s = &a->spike.table->slot[slot];
	struct outbreak		 o;
	struct incident		*i;
	int64_t			 now = 60 * ((int64_t)minute + 1);
	int64_t			 onset;

	outbreak_find(&a->spike, &a->profiles, slot, minute, &o);
	i = belongs_to(a, &s->key, &o);
	if (i == NULL && outbreak_is_one(&a->spike, &o))
		i = young_member(a, &o, s->key.reason, now);
	if (i == NULL) {
		onset = 60 * (int64_t)spike_series_oldest(&s->series)->onset;
		i = open_or_again(a, &s->key, outbreak_is_one(&a->spike, &o) ?
		    "" : provider_name(a, s->key.provider), "", onset);
		if (i == NULL)
			return;
	}
	a->table->place_of_slot[slot] = place(a, i) + 1;
	if (i->firing) {
		diagnose(a, i, slot, minute);
		return;
	}
	a->table->spikes++;
	diagnose(a, i, slot, minute);
	fire(a, i, now);
}

void
alert_life_rule(struct alerts *a, const struct rule_news *news,
    int32_t minute)
{
	const struct config_rule *rule = &a->config->rule[news->rule];
	uint16_t		 slot = worst_series(a, rule, news->value);
	struct spike_key	 key = { .class = (uint8_t)rule->class,
				    .code = rule->code };
	const char		*provider = "";
	int64_t			 now = 60 * ((int64_t)minute + 1);
	struct incident		*i;

	if (slot != SPIKE_NO_SLOT)
		key = a->spike.table->slot[slot].key;
	if (rule->per == PER_PROVIDER || rule->silence)
		provider = provider_name(a, news->value);
	i = open_for_rule(a, rule, news->value, &key, provider);
	if (i == NULL) {
		i = open_or_again(a, &key, provider, rule->name,
		    now - rule->window_s);
		if (i == NULL)
			return;
	}
	if (i->rule[0] == '\0')
		snprintf(i->rule, sizeof(i->rule), "%s", rule->name);
	i->rule_value = news->value;
	i->holders++;
	if (i->firing)
		return;
	i->silence = rule->silence;
	if (slot != SPIKE_NO_SLOT && !rule->silence)
		diagnose(a, i, slot, minute);
	name_culprit(a, i, rule->per, news->value);
	if (!rule->silence && news->attempts > 0) {
		i->count = news->hits;
		i->attempts = news->attempts;
		i->rate = (double)news->hits / news->attempts;
		i->window_s = rule->window_s;
	}
	fire(a, i, now);
	if (rule->severity != -1)
		i->severity = i->labels.severity = (uint8_t)rule->severity;
}

void
alert_life_end(struct alerts *a, int32_t minute)
{
	const struct spike_table *tab = a->spike.table;
	int64_t			  now = 60 * ((int64_t)minute + 1);
	uint32_t		  k, at;
	int		 n;

	for (k = 0; k < tab->count; k++) {
		at = a->table->place_of_slot[k];
		if (at != 0 && tab->slot[k].shown &&
		    tab->slot[k].series.on != -1)
			a->incidents.table->incident[at - 1].holders++;
	}
	for (n = 0; n < a->incidents.table->used; n++) {
		struct incident *i = &a->incidents.table->incident[n];

		if (i->id == 0 || !i->firing)
			continue;
		if (i->holders == 0)
			resolve(a, i, now);
		else
			update(a, i, minute);
		region_touch(&a->incidents.region, i, sizeof(*i));
	}
}

/* The rule's own open incident, or the detector's about the same. */
static struct incident *
open_for_rule(struct alerts *a, const struct config_rule *rule,
    uint16_t value, const struct spike_key *key, const char *provider)
{
	int	n;

	for (n = 0; n < a->incidents.table->used; n++) {
		struct incident *i = &a->incidents.table->incident[n];

		if (i->id == 0 || !i->firing)
			continue;
		if (strcmp(i->rule, rule->name) == 0 ?
		    strcmp(i->provider, provider) == 0 &&
		    i->rule_value == value :
		    provider[0] != '\0' && !rule->silence && !i->silence &&
		    is_same(a, i, key, provider))
			return i;
	}
	return NULL;
}

/* A rule that counts tenants or ways out apart knows whom it means. */
static void
name_culprit(const struct alerts *a, struct incident *i, enum config_per per,
    uint16_t value)
{
	const struct rule_names	*n = &a->ties.names;

	if (per == PER_TENANT) {
		i->cause = CAUSE_TENANT;
		i->tenant_count = 1;
		alert_fill_name(i->tenant[0].name, n->tenant(n->arg, value));
	} else if (per == PER_EGRESS) {
		i->cause = CAUSE_EGRESS;
		i->egress_count = 1;
		alert_fill_name(i->egress[0].name, n->egress(n->arg, value));
	}
}

/* An open incident that this is only another sign of. */
static struct incident *
belongs_to(struct alerts *a, const struct spike_key *key,
    const struct outbreak *o)
{
	const char	*provider = provider_name(a, key->provider);
	int		 n;

	for (n = 0; n < a->incidents.table->used; n++) {
		struct incident *i = &a->incidents.table->incident[n];

		if (i->id == 0 || !i->firing || i->silence)
			continue;
		if (i->provider[0] == '\0' ? is_member(a, i, key, o) :
		    is_same(a, i, key, provider))
			return i;
	}
	return NULL;
}

/* Of an incident of several: for the same cause. */
static bool
is_member(const struct alerts *a, const struct incident *i,
    const struct spike_key *key, const struct outbreak *o)
{
	const struct rule_names	*n = &a->ties.names;
	char			 name[INCIDENT_NAME_BYTES];

	if (spike_key_is_class(key) && concerns(a, i, key->provider))
		return i->key.class == key->class;
	if (i->rule[0] != '\0' || i->key.reason != key->reason)
		return false;
	/* all fail, and whom to blame is not to be seen from here */
	if (o->culprit.cause == CAUSE_SELF)
		return true;
	switch ((enum incident_cause)i->cause) {
	case CAUSE_TENANT:
		if (o->culprit.cause != CAUSE_TENANT)
			return false;
		alert_fill_name(name, n->tenant(n->arg, o->culprit.id));
		return strcmp(name, i->tenant[0].name) == 0;
	case CAUSE_EGRESS:
		return o->culprit.cause == CAUSE_EGRESS &&
		    strcmp(i->egress[0].name,
		    n->egress(n->arg, o->culprit.id)) == 0;
	case CAUSE_SELF:
	case CAUSE_PROVIDER:
		return true;
	}
	return false;
}

/* At this provider, for the same reason or under the same code. */
static bool
is_same(const struct alerts *a, const struct incident *i,
    const struct spike_key *key, const char *provider)
{
	size_t	r;

	if (strcmp(i->provider, provider) != 0)
		return false;
	if (i->key.reason != REASON_NONE && i->key.reason == key->reason)
		return true;
	if (i->key.code != 0 && i->key.code == key->code)
		return true;
	for (r = 0; r < a->config->rule_count; r++)
		if (strcmp(a->config->rule[r].name, i->rule) == 0 &&
		    a->config->rule[r].per == PER_PROVIDER)
			return rule_wants(&a->config->rule[r], key);
	return i->key.class == key->class && (spike_key_is_class(key) ||
	    i->key.reason == REASON_NONE);
}

/* One of the outbreak's alerts is out already: it becomes that of all. */
static struct incident *
young_member(struct alerts *a, const struct outbreak *o, uint8_t reason,
    int64_t now)
{
	uint32_t	k;
	int		n;

	for (n = 0; n < a->incidents.table->used; n++) {
		struct incident *i = &a->incidents.table->incident[n];

		if (i->id == 0 || !i->firing || i->silence ||
		    i->key.reason != reason || now - i->fired_at > YOUNG_S)
			continue;
		for (k = 0; k < o->count; k++)
			if (strcmp(i->provider, provider_name(a, a->spike.table
			    ->slot[o->slot[k]].key.provider)) == 0)
				return i;
	}
	return NULL;
}

static struct incident *
open_or_again(struct alerts *a, const struct spike_key *key,
    const char *provider, const char *rule, int64_t onset)
{
	int64_t		 now = 60 * (a->table->minute + 1);
	struct incident	*i = incident_lately(&a->incidents, key, provider,
			    rule, now);

	if (i == NULL)
		return incident_open(&a->incidents, key, provider, rule,
		    onset);
	i->flaps++;
	i->flapping |= now - i->cleared_at > INCIDENT_REOPEN_S ||
	    i->flaps > 1;
	return i;
}

/* Scope, cause and numbers, as far as they are known now. */
static void
diagnose(struct alerts *a, struct incident *i, uint16_t slot, int32_t minute)
{
	struct outbreak	 o;
	bool		 one, changed;

	outbreak_find(&a->spike, &a->profiles, slot, minute, &o);
	one = outbreak_is_one(&a->spike, &o);
	changed = one && i->provider[0] != '\0' && i->rule[0] == '\0';
	if (changed || i->provider[0] == '\0')
		widen(a, i, &o);
	if (o.scope > i->scope) {
		i->scope = (uint8_t)o.scope;
		changed = true;
	}
	/* once a tenant or a way out is named it stays so */
	if (o.culprit.cause != CAUSE_PROVIDER && i->cause != o.culprit.cause &&
	    (i->cause == CAUSE_PROVIDER || i->cause == CAUSE_SELF ||
	    !i->firing)) {
		i->cause = (uint8_t)o.culprit.cause;
		changed = true;
	}
	alert_fill_series(a, i, slot, &o.culprit, minute);
	if (!i->firing || !changed)
		return;
	alert_weigh(i);
	if (i->provider[0] == '\0' && i->labels.provider[0] != '\0')
		alert_label(i);
	tell(a, i);
}

/* It is no longer one provider's. */
static void
widen(struct alerts *a, struct incident *i, const struct outbreak *o)
{
	const struct spike_slot	*slot = a->spike.table->slot;
	uint32_t		 k;

	if (i->rule[0] != '\0')
		return;
	if (i->provider[0] != '\0')
		add_member(i, i->provider);
	i->provider[0] = '\0';
	for (k = 0; k < o->count; k++) {
		const struct spike_key *key = &slot[o->slot[k]].key;

		add_member(i, provider_name(a, key->provider));
		if (spike_key_is_class(key))
			continue;
		if (key->code != i->key.code)
			i->key.code = 0;
		if (key->enhanced.subject != i->key.enhanced.subject ||
		    key->enhanced.detail != i->key.enhanced.detail)
			memset(&i->key.enhanced, 0, sizeof(i->key.enhanced));
	}
}

static void
add_member(struct incident *i, const char *provider)
{
	uint32_t	n;

	for (n = 0; n < i->member_count; n++)
		if (strcmp(i->member[n], provider) == 0)
			return;
	if (n < INCIDENT_MEMBERS)
		snprintf(i->member[i->member_count++], INCIDENT_NAME_BYTES,
		    "%s", provider);
}

static void
fire(struct alerts *a, struct incident *i, int64_t now)
{
	i->firing = true;
	i->at = i->fired_at = now;
	i->cleared_at = 0;
	i->waiting_peak = i->recovered = i->lost = 0;
	if (i->provider[0] != '\0')
		add_member(i, i->provider);
	alert_fill_facts(a, i, concerns);
	alert_weigh(i);
	alert_label(i);
	tell(a, i);
	region_touch(&a->incidents.region, i, sizeof(*i));
}

static void
resolve(struct alerts *a, struct incident *i, int64_t now)
{
	alert_fill_facts(a, i, concerns);
	i->firing = false;
	i->cleared_at = now;
	tell(a, i);
}

static void
update(struct alerts *a, struct incident *i, int32_t minute)
{
	int64_t		now = 60 * ((int64_t)minute + 1);
	uint16_t	slot = speaker(a, i);

	alert_fill_facts(a, i, concerns);
	if (slot != SPIKE_NO_SLOT && !i->silence && now > i->fired_at &&
	    now - i->fired_at <= DIAGNOSE_S)
		diagnose(a, i, slot, minute);
}

static void
tell(struct alerts *a, const struct incident *i)
{
	uint16_t	at = (uint16_t)place(a, i);
	size_t		n;

	for (n = 0; n < a->news_count; n++)
		if (a->news[n] == at)
			return;
	if (a->news_count < ALERT_NEWS_MAX)
		a->news[a->news_count++] = at;
}

/* The incident's series with most failures. */
static uint16_t
speaker(const struct alerts *a, const struct incident *i)
{
	uint32_t	at = place(a, i) + 1, most = 0, k;
	uint16_t	best = SPIKE_NO_SLOT;

	for (k = 0; k < a->spike.table->count; k++) {
		const struct profile *p;

		if (a->table->place_of_slot[k] != at ||
		    a->spike.table->slot[k].series.on == -1)
			continue;
		p = profile_of(&a->profiles, (uint16_t)k);
		if (best == SPIKE_NO_SLOT ||
		    (p != NULL && p->tenants.failures > most)) {
			best = (uint16_t)k;
			most = p == NULL ? 0 : p->tenants.failures;
		}
	}
	return best;
}

/* What the rule is about, where it is worst just now. */
static uint16_t
worst_series(const struct alerts *a, const struct config_rule *rule,
    uint16_t value)
{
	uint16_t	best = SPIKE_NO_SLOT;
	uint32_t	k, most = 0;

	for (k = 0; k < a->spike.table->count; k++) {
		const struct spike_slot	*s = &a->spike.table->slot[k];
		const struct profile	*p = profile_of(&a->profiles,
					    (uint16_t)k);

		if (p == NULL || p->tenants.failures <= most ||
		    !rule_wants(rule, &s->key) ||
		    (rule->per == PER_PROVIDER && s->key.provider != value))
			continue;
		best = (uint16_t)k;
		most = p->tenants.failures;
	}
	return best;
}

static uint32_t
place(const struct alerts *a, const struct incident *i)
{
	return (uint32_t)(i - a->incidents.table->incident);
}

static const char *
provider_name(const struct alerts *a, uint16_t provider)
{
	return a->ties.names.provider(a->ties.names.arg, provider);
}

static bool
concerns(const struct alerts *a, const struct incident *i, uint16_t provider)
{
	const char	*name = provider_name(a, provider);
	uint32_t	 n;

	for (n = 0; n < i->member_count; n++)
		if (strcmp(i->member[n], name) == 0)
			return true;
	return strcmp(i->provider, name) == 0;
}
