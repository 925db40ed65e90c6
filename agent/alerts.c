#include <stdlib.h>
#include <string.h>

#include "alert_json.h"
#include "alert_life.h"
#include "alerts.h"

static bool	key_of(const struct verdict *, struct spike_key *);
static uint64_t	identity(const struct verdict *, const struct spike_key *);
static void	settle(struct alerts *, const struct verdict *);
static void	judge_spikes(struct alerts *, int32_t minute);
static void	judge_silence(struct alerts *, int32_t minute);
static bool	waits(void *alerts, uint16_t provider);

int
alerts_init(struct alerts *a, const struct config *config,
    const struct alert_ties *ties)
{
	memset(a, 0, sizeof(*a));
	a->config = config;
	a->ties = *ties;
	if (spike_init(&a->spike,
	    config->spike_sensitivity == SPIKE_SENSITIVE) == -1 ||
	    seen_init(&a->seen) == -1 || profiles_init(&a->profiles) == -1 ||
	    rules_init(&a->rules, config, &ties->names) == -1 ||
	    silence_init(&a->silence) == -1 ||
	    incidents_init(&a->incidents) == -1 ||
	    region_init(&a->region, "alerts", 2,
	    sizeof(struct alert_table)) == -1) {
		alerts_fini(a);
		return -1;
	}
	a->table = (struct alert_table *)(void *)a->region.base;
	return 0;
}

void
alerts_fini(struct alerts *a)
{
	region_fini(&a->region);
	incidents_fini(&a->incidents);
	silence_fini(&a->silence);
	rules_fini(&a->rules);
	profiles_fini(&a->profiles);
	seen_fini(&a->seen);
	spike_fini(&a->spike);
}

struct region *
alerts_region(struct alerts *a, int i)
{
	struct region	*all[ALERT_REGIONS] = {
		&a->spike.region, &a->seen.region, &a->profiles.region,
		&a->rules.region, &a->silence.region, &a->incidents.region,
		&a->region
	};

	return all[i];
}

/* What is not sound is learnt anew; incidents must fit to their series. */
void
alerts_restore(struct alerts *a)
{
	bool		sound = spike_restore(&a->spike);
	uint16_t	i;

	seen_restore(&a->seen);
	if (!profiles_restore(&a->profiles) || !sound) {
		memset(a->profiles.region.base, 0, a->profiles.region.size);
		profiles_restore(&a->profiles);
	}
	rules_restore(&a->rules);
	silence_restore(&a->silence);
	if (!incidents_restore(&a->incidents))
		sound = false;
	for (i = 0; i < SPIKE_CAP; i++)
		if (!sound || a->table->place_of_slot[i] > INCIDENT_MAX)
			a->table->place_of_slot[i] = 0;
}

void
alerts_note(struct alerts *a, const struct verdict *v)
{
	const struct mail_event	*ev = v->event;
	struct spike_key	 key = { 0 };
	bool			 failed;
	uint16_t		 slot;

	if (ev->kind == EVENT_REJECT || v->provider == PROVIDER_LOCAL ||
	    v->provider == PROVIDER_INTERNAL)
		return;
	settle(a, v);
	if (ev->kind == EVENT_DELIVERY && !ev->attempt) {
		if (ev->outcome == OUTCOME_DEFERRED)
			spike_held(&a->spike, v->provider);
		return;
	}
	/* a series born before the first minute closes begins in it */
	if (a->spike.table->minute == -1)
		a->spike.table->minute = (int32_t)(ev->time / 60) - 1;
	failed = key_of(v, &key);
	if (v->message != 0 && !seen_first(&a->seen, identity(v, &key)))
		return;
	spike_attempts(&a->spike, v->provider, 1);
	profile_attempt(&a->profiles, v);
	rules_note(&a->rules, v, failed ? &key : NULL);
	if (!failed)
		return;
	slot = spike_failures(&a->spike, &key, 1, v->message);
	a->table->mta[v->provider] = (uint8_t)ev->mta;
	if (slot != SPIKE_NO_SLOT)
		profile_failure(&a->profiles, &a->spike, slot, v);
}

void
alerts_minute(struct alerts *a, int64_t minute)
{
	struct rule_news	 news[RULE_NEWS_MAX];
	int32_t			 m = (int32_t)minute;
	size_t			 i, count;

	a->news_count = 0;
	if (minute <= a->table->minute)
		return;
	if (a->table->minute == 0)
		a->spike.table->minute = m - 1;
	a->table->minute = minute;
	alert_life_begin(a);
	count = rules_minute(&a->rules, &a->spike, m, news);
	judge_silence(a, m);
	judge_spikes(a, m);
	for (i = 0; i < count; i++)
		if (news[i].fired)
			alert_life_rule(a, &news[i], m);
	alert_life_end(a, m);
	seen_clear(&a->seen);
	memset(a->table->recovered, 0, sizeof(a->table->recovered));
	memset(a->table->lost, 0, sizeof(a->table->lost));
	region_touch(&a->region, a->table, sizeof(*a->table));
	if (minute % (24 * 60) == 0)
		incidents_expire(&a->incidents, 60 * minute);
}

void
alerts_provider_left(struct alerts *a, uint16_t provider)
{
	spike_forget(&a->spike, provider);
}

const struct incident *
alerts_news(const struct alerts *a, size_t i)
{
	return &a->incidents.table->incident[a->news[i]];
}

const struct incident *
alerts_next(const struct alerts *a, size_t *at, int64_t resolved_since)
{
	while (*at < (size_t)a->incidents.table->used) {
		const struct incident *i =
		    &a->incidents.table->incident[(*at)++];

		if (i->id != 0 &&
		    (i->firing || i->cleared_at >= resolved_since))
			return i;
	}
	return NULL;
}

const struct incident *
alerts_by_id(const struct alerts *a, const char *id)
{
	char	text[INCIDENT_ID_CHARS + 1];
	size_t	at = 0;
	const struct incident *i;

	while ((i = alerts_next(a, &at, 0)) != NULL) {
		incident_id_text(i, text);
		if (strcmp(text, id) == 0)
			return i;
	}
	return NULL;
}

bool
alerts_names(const struct alerts *a, const char *provider)
{
	const struct incident	*i;
	size_t			 at = 0;
	uint32_t		 n;

	while ((i = alerts_next(a, &at, INT64_MAX)) != NULL) {
		if (strcmp(i->provider, provider) == 0)
			return true;
		for (n = 0; n < i->member_count; n++)
			if (strcmp(i->member[n], provider) == 0)
				return true;
	}
	return false;
}

/* What failed; false if it was delivered. */
static bool
key_of(const struct verdict *v, struct spike_key *key)
{
	enum reply_class	class = v->class;
	enum outcome		outcome = v->event->outcome;

	if (class == CLASS_NONE && outcome == OUTCOME_DEFERRED)
		class = CLASS_4XX;
	else if (class == CLASS_NONE && outcome == OUTCOME_BOUNCED)
		class = CLASS_5XX;
	key->provider = v->provider;
	if (class != CLASS_4XX && class != CLASS_5XX)
		return false;
	key->class = (uint8_t)class;
	key->code = v->reply.code;
	key->enhanced = v->reply.enhanced;
	key->reason = (uint8_t)(v->diagnosis.reason == REASON_NONE ?
	    REASON_UNKNOWN : v->diagnosis.reason);
	return true;
}

/* A message with the same reply counts once a minute. */
static uint64_t
identity(const struct verdict *v, const struct spike_key *key)
{
	uint64_t	h = v->message ^ spike_key_hash(key);

	h ^= h >> 29;
	h *= 0xbf58476d1ce4e5b9u;
	return h ^ (h >> 32);
}

/* What became of recipients that had to wait. */
static void
settle(struct alerts *a, const struct verdict *v)
{
	if (!v->final || v->first_deferred == 0)
		return;
	if (v->event->outcome == OUTCOME_DELIVERED)
		a->table->recovered[v->provider] += v->recipients;
	else
		a->table->lost[v->provider] += v->recipients;
	region_touch(&a->region, a->table, sizeof(*a->table));
}

static void
judge_spikes(struct alerts *a, int32_t minute)
{
	struct spike_news	news[SPIKE_NEWS_MAX];
	size_t			i, count = spike_tick(&a->spike, minute, news);
	int			whole;

	profiles_minute(&a->profiles, &a->spike, minute);
	if (a->config->spike_sensitivity == SPIKE_OFF)
		return;
	/* a whole class last: it may be part of what a reason has opened */
	for (whole = 0; whole < 2; whole++)
		for (i = 0; i < count; i++)
			if (news[i].change != SPIKE_CLEARED && whole ==
			    spike_key_is_class(&a->spike.table->
			    slot[news[i].slot].key))
				alert_life_raise(a, news[i].slot, minute);
}

/* The habits are learnt with and without a rule. */
static void
judge_silence(struct alerts *a, int32_t minute)
{
	struct rule_news	news[RULE_NEWS_MAX];
	size_t			i, r, count;

	silence_minute(&a->silence, &a->spike, minute);
	for (r = 0; r < a->config->rule_count; r++) {
		const struct config_rule *rule = &a->config->rule[r];

		if (!rule->enabled || !rule->silence)
			continue;
		count = silence_judge(&a->silence, &a->spike, rule, news,
		    waits, a);
		for (i = 0; i < count; i++) {
			news[i].rule = (uint16_t)r;
			alert_life_rule(a, &news[i], minute);
		}
	}
}

static bool
waits(void *alerts, uint16_t provider)
{
	struct alerts		*a = alerts;
	struct alert_facts	 facts = { 0 };

	if (a->ties.facts != NULL)
		a->ties.facts(a->ties.names.arg, provider, &facts);
	return facts.waiting > 0;
}
