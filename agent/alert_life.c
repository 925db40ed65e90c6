#include <stdio.h>

#include "alert_diagnosis.h"
#include "alert_fill.h"
#include "alert_kin.h"
#include "alert_life.h"
#include "alert_words.h"

enum { DIAGNOSE_S = 60 * 60 };	/* after that who is to blame is settled */

static struct incident *again(struct alerts *, const struct spike_key *,
		    const char *provider, const char *rule);
static struct incident *open_for_series(struct alerts *, uint16_t slot,
		    const char *provider);
static void	fire(struct alerts *, struct incident *, int64_t now);
static void	resolve(struct alerts *, struct incident *, int64_t now);
static void	update(struct alerts *, struct incident *, int32_t minute);

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

	outbreak_find(&a->spike, &a->profiles, slot, minute, &o);
	i = alert_kin_of_series(a, &s->key, &o, now);
	if (i == NULL)
		i = open_for_series(a, slot, outbreak_is_one(&a->spike, &o) ?
		    "" : alert_provider(a, s->key.provider));
	if (i == NULL)
		return;
	a->table->place_of_slot[slot] = alert_place(a, i) + 1;
	if (i->firing) {
		alert_diagnose(a, i, slot, minute);
		return;
	}
	a->table->spikes++;
	alert_diagnose(a, i, slot, minute);
	fire(a, i, now);
}

void
alert_life_rule(struct alerts *a, const struct rule_news *news,
    int32_t minute)
{
	const struct config_rule *rule = &a->config->rule[news->rule];
	uint16_t		 slot = alert_worst_series(a, rule,
				    news->value);
	struct spike_key	 key = { .class = (uint8_t)rule->class,
				    .code = rule->code };
	const char		*provider = "";
	int64_t			 now = 60 * ((int64_t)minute + 1);
	struct incident		*i;

	if (slot != SPIKE_NO_SLOT)
		key = a->spike.table->slot[slot].key;
	if (rule->per == PER_PROVIDER || rule->silence)
		provider = alert_provider(a, news->value);
	i = alert_kin_of_rule(a, rule, news->value, &key, provider);
	if (i == NULL)
		i = again(a, &key, provider, rule->name);
	if (i == NULL)
		i = incident_open(&a->incidents, &key, provider, rule->name,
		    alert_began(a, rule, slot, now));
	if (i == NULL)
		return;
	if (i->rule[0] == '\0')
		snprintf(i->rule, sizeof(i->rule), "%s", rule->name);
	i->rule_value = news->value;
	i->holders++;
	if (i->firing)
		return;
	i->silence = rule->silence;
	if (slot != SPIKE_NO_SLOT && !rule->silence)
		alert_diagnose(a, i, slot, minute);
	alert_blame(a, i, rule->per, news->value);
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
	int			  n;

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

/* The like was over lately: the episode goes on. */
static struct incident *
again(struct alerts *a, const struct spike_key *key, const char *provider,
    const char *rule)
{
	int64_t		 now = 60 * (a->table->minute + 1);
	struct incident	*i = incident_lately(&a->incidents, key, provider,
			    rule, now);

	if (i == NULL)
		return NULL;
	i->flaps++;
	i->flapping |= now - i->cleared_at > INCIDENT_REOPEN_S ||
	    i->flaps > 1;
	return i;
}

/* A class that rises may be what its leading series was before. */
static struct incident *
open_for_series(struct alerts *a, uint16_t slot, const char *provider)
{
	const struct spike_slot	*tab = a->spike.table->slot;
	uint16_t		 led = alert_fill_leading(a, slot);
	struct incident		*i = again(a, &tab[slot].key, provider, "");
	int32_t			 onset;

	if (i == NULL && led != slot)
		i = again(a, &tab[led].key, provider, "");
	if (i != NULL)
		return i;
	onset = spike_series_onset(&tab[slot].series,
	    spike_threshold(&a->spike, &tab[slot].key));
	return incident_open(&a->incidents, &tab[slot].key, provider, "",
	    60 * (int64_t)onset);
}

static void
fire(struct alerts *a, struct incident *i, int64_t now)
{
	i->firing = true;
	i->at = i->fired_at = now;
	i->cleared_at = 0;
	i->waiting_peak = i->recovered = i->lost = 0;
	if (i->provider[0] != '\0')
		incident_add_member(i, i->provider);
	alert_fill_facts(a, i);
	alert_weigh(i);
	alert_label(i);
	alert_tell(a, i);
	region_touch(&a->incidents.region, i, sizeof(*i));
}

static void
resolve(struct alerts *a, struct incident *i, int64_t now)
{
	alert_fill_facts(a, i);
	i->firing = false;
	i->cleared_at = now;
	alert_tell(a, i);
}

static void
update(struct alerts *a, struct incident *i, int32_t minute)
{
	int64_t		now = 60 * ((int64_t)minute + 1);
	uint16_t	slot = alert_speaker(a, i);

	alert_fill_facts(a, i);
	if (slot != SPIKE_NO_SLOT && !i->silence && now > i->fired_at &&
	    now - i->fired_at <= DIAGNOSE_S)
		alert_diagnose(a, i, slot, minute);
}
