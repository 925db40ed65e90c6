#include <string.h>

#include "alert_diagnosis.h"
#include "alert_fill.h"
#include "alert_words.h"

static uint16_t	sharpen(struct alerts *, struct incident *, uint16_t slot);
static void	widen(struct alerts *, struct incident *,
		    const struct outbreak *);

void
alert_diagnose(struct alerts *a, struct incident *i, uint16_t slot,
    int32_t minute)
{
	struct outbreak	 o;
	bool		 one, wider, changed;

	changed = spike_key_is_class(&i->key);
	slot = sharpen(a, i, slot);
	changed = changed && !spike_key_is_class(&i->key);
	outbreak_find(&a->spike, &a->profiles, slot, minute, &o);
	one = outbreak_is_one(&a->spike, &o);
	wider = one && i->provider[0] != '\0' && i->rule[0] == '\0';
	if (wider || i->provider[0] == '\0')
		widen(a, i, &o);
	changed |= wider;
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
	alert_fill_series(a, i, &o, minute);
	if (!i->firing || !changed)
		return;
	alert_weigh(i);
	if (i->provider[0] == '\0' && i->labels.provider[0] != '\0')
		alert_label(i);
	alert_tell(a, i);
}

void
alert_blame(const struct alerts *a, struct incident *i, enum config_per per,
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

uint16_t
alert_speaker(const struct alerts *a, const struct incident *i)
{
	uint32_t	at = alert_place(a, i) + 1, most = 0, k;
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

uint16_t
alert_worst_series(const struct alerts *a, const struct config_rule *rule,
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

int64_t
alert_began(const struct alerts *a, const struct config_rule *rule,
    uint16_t slot, int64_t now)
{
	const struct spike_slot	*s;
	int64_t			 onset = now - rule->window_s, rose;

	if (slot == SPIKE_NO_SLOT)
		return onset;
	s = &a->spike.table->slot[slot];
	rose = 60 * (int64_t)spike_series_onset(&s->series,
	    spike_threshold(&a->spike, &s->key));
	return rose > onset ? rose : onset;
}

/* The alert of a class becomes that of the series that has risen in it. */
static uint16_t
sharpen(struct alerts *a, struct incident *i, uint16_t slot)
{
	const struct spike_slot	*tab = a->spike.table->slot;
	uint16_t		 led = alert_fill_leading(a, slot);

	if (led == slot || tab[led].series.on == -1)
		return slot;
	if (spike_key_is_class(&i->key))
		i->key = tab[led].key;
	a->table->place_of_slot[led] = alert_place(a, i) + 1;
	return led;
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
		incident_add_member(i, i->provider);
	i->provider[0] = '\0';
	if (spike_key_is_class(&i->key))
		i->key = slot[o->slot[0]].key;
	for (k = 0; k < o->count; k++) {
		const struct spike_key *key = &slot[o->slot[k]].key;

		incident_add_member(i, alert_provider(a, key->provider));
		if (spike_key_is_class(key))
			continue;
		if (key->code != i->key.code)
			i->key.code = 0;
		if (key->enhanced.subject != i->key.enhanced.subject ||
		    key->enhanced.detail != i->key.enhanced.detail)
			memset(&i->key.enhanced, 0, sizeof(i->key.enhanced));
	}
}
