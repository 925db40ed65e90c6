#include <string.h>

#include "alert_fill.h"
#include "alert_kin.h"

enum {
	YOUNG_S = 45 * 60,	/* may still turn out to be a larger one */
	CODE_CLOSING = 421
};

static bool	is_member(const struct alerts *, const struct incident *,
		    const struct spike_key *, const struct outbreak *);
static bool	is_same(const struct alerts *, const struct incident *,
		    const struct spike_key *, const char *provider,
		    int64_t now);
static struct incident *young_member(struct alerts *,
		    const struct outbreak *, uint8_t reason, int64_t now);

struct incident *
alert_kin_of_series(struct alerts *a, const struct spike_key *key,
    const struct outbreak *o, int64_t now)
{
	const char	*provider = alert_provider(a, key->provider);
	int		 n;

	for (n = 0; n < a->incidents.table->used; n++) {
		struct incident *i = &a->incidents.table->incident[n];

		if (i->id == 0 || !i->firing || i->silence)
			continue;
		if (i->provider[0] == '\0' ? is_member(a, i, key, o) :
		    is_same(a, i, key, provider, now))
			return i;
	}
	return outbreak_is_one(&a->spike, o) ?
	    young_member(a, o, key->reason, now) : NULL;
}

struct incident *
alert_kin_of_rule(struct alerts *a, const struct config_rule *rule,
    uint16_t value, const struct spike_key *key, const char *provider)
{
	int64_t	now = 60 * (a->table->minute + 1);
	int	n;

	for (n = 0; n < a->incidents.table->used; n++) {
		struct incident *i = &a->incidents.table->incident[n];

		if (i->id == 0 || !i->firing)
			continue;
		if (strcmp(i->rule, rule->name) == 0 ?
		    strcmp(i->provider, provider) == 0 &&
		    i->rule_value == value :
		    provider[0] != '\0' && !rule->silence && !i->silence &&
		    is_same(a, i, key, provider, now))
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

	if (spike_key_is_class(key) && alert_concerns(a, i, key->provider))
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

/*
 * At this provider, for the same reason. A code says little: 550 may be a bad
 * list today and a blocklist tomorrow. But 421 is "go away" in any words.
 */
static bool
is_same(const struct alerts *a, const struct incident *i,
    const struct spike_key *key, const char *provider, int64_t now)
{
	size_t	r;

	if (strcmp(i->provider, provider) != 0)
		return false;
	if (i->key.reason != REASON_NONE && i->key.reason == key->reason)
		return true;
	if (i->key.code == CODE_CLOSING && key->code == CODE_CLOSING)
		return true;
	for (r = 0; r < a->config->rule_count; r++)
		if (strcmp(a->config->rule[r].name, i->rule) == 0 &&
		    a->config->rule[r].per == PER_PROVIDER &&
		    rule_wants(&a->config->rule[r], key))
			return true;
	if (i->key.class != key->class)
		return false;
	return spike_key_is_class(key) || (i->key.reason == REASON_NONE &&
	    (incident_reason(i) == key->reason ||
	    now - i->fired_at <= YOUNG_S));
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
		    (uint8_t)incident_reason(i) != reason ||
		    now - i->fired_at > YOUNG_S)
			continue;
		for (k = 0; k < o->count; k++)
			if (strcmp(i->provider, alert_provider(a, a->spike.table
			    ->slot[o->slot[k]].key.provider)) == 0)
				return i;
	}
	return NULL;
}
