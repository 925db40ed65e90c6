#include <stdio.h>
#include <string.h>

#include "incidents.h"

static struct incident *free_place(struct incident_table *);
static bool	same(const struct incident *, const struct spike_key *,
		    const char *provider, const char *rule);
static bool	sound(const struct incident *);
static bool	is_bool(const bool *);
static bool	labels_sound(const struct incident_labels *);
static bool	texts_end(const struct incident *);
static void	recall(const struct incident_table *, struct incident *);
static uint64_t	make_id(const struct incident *);
static uint64_t	mix(uint64_t h, const void *, size_t);

int
incidents_init(struct incidents *in)
{
	if (region_init(&in->region, "incidents", 4,
	    sizeof(struct incident_table)) == -1)
		return -1;
	in->table = (struct incident_table *)(void *)in->region.base;
	return 0;
}

void
incidents_fini(struct incidents *in)
{
	region_fini(&in->region);
	in->table = NULL;
}

bool
incidents_restore(struct incidents *in)
{
	bool	good = in->table->used >= 0 &&
		    in->table->used <= INCIDENT_MAX;
	int	i;

	for (i = 0; good && i < in->table->used; i++)
		good = in->table->incident[i].id == 0 ||
		    sound(&in->table->incident[i]);
	if (!good)
		memset(in->region.base, 0, in->region.size);
	return good;
}

struct incident *
incident_open(struct incidents *in, const struct spike_key *key,
    const char *provider, const char *rule, int64_t onset)
{
	struct incident	*i = free_place(in->table);

	if (i == NULL) {
		in->table->refused++;
		return NULL;
	}
	memset(i, 0, sizeof(*i));
	i->key = *key;
	i->onset = onset;
	snprintf(i->provider, sizeof(i->provider), "%s", provider);
	snprintf(i->rule, sizeof(i->rule), "%s", rule);
	i->id = make_id(i);
	recall(in->table, i);
	region_touch(&in->region, &in->table->used, sizeof(in->table->used));
	region_touch(&in->region, i, sizeof(*i));
	return i;
}

struct incident *
incident_lately(struct incidents *in, const struct spike_key *key,
    const char *provider, const char *rule, int64_t now)
{
	struct incident	*found = NULL;
	int		 n;

	for (n = 0; n < in->table->used; n++) {
		struct incident *i = &in->table->incident[n];

		if (i->id != 0 && !i->firing &&
		    now - i->cleared_at <= INCIDENT_EPISODE_S &&
		    same(i, key, provider, rule) &&
		    (found == NULL || i->cleared_at > found->cleared_at))
			found = i;
	}
	return found;
}

struct incident *
incident_by_id(struct incidents *in, uint64_t id)
{
	int	n;

	for (n = 0; n < in->table->used; n++)
		if (id != 0 && in->table->incident[n].id == id)
			return &in->table->incident[n];
	return NULL;
}

void
incidents_expire(struct incidents *in, int64_t now)
{
	int	n;

	for (n = 0; n < in->table->used; n++) {
		struct incident *i = &in->table->incident[n];

		if (i->id == 0 || i->firing ||
		    now - i->cleared_at <= INCIDENT_KEEP_S)
			continue;
		i->id = 0;
		region_touch(&in->region, i, sizeof(*i));
	}
}

static struct incident *
free_place(struct incident_table *tab)
{
	struct incident	*oldest = NULL;
	int		 n;

	for (n = 0; n < tab->used; n++) {
		struct incident *i = &tab->incident[n];

		if (i->id == 0)
			return i;
		if (!i->firing && (oldest == NULL ||
		    i->cleared_at < oldest->cleared_at))
			oldest = i;
	}
	return tab->used < INCIDENT_MAX ? &tab->incident[tab->used++] :
	    oldest;
}

static bool
same(const struct incident *i, const struct spike_key *key,
    const char *provider, const char *rule)
{
	struct spike_key	k = *key;

	k.provider = i->key.provider;
	return strcmp(i->provider, provider) == 0 && (rule[0] != '\0' ?
	    strcmp(i->rule, rule) == 0 : spike_key_eq(&i->key, &k));
}

static bool
sound(const struct incident *i)
{
	return is_bool(&i->firing) && is_bool(&i->flapping) &&
	    is_bool(&i->silence) && is_bool(&i->final) &&
	    i->tenant_count <= INCIDENT_SHARES &&
	    i->egress_count <= INCIDENT_SHARES &&
	    i->member_count <= INCIDENT_MEMBERS &&
	    i->cause <= CAUSE_SELF && i->scope <= SCOPE_ALL &&
	    i->severity <= SEVERITY_CRITICAL && i->action < ACTION_COUNT &&
	    i->mta <= MTA_COUNT &&
	    i->key.reason < REASON_COUNT && i->key.class < CLASS_COUNT &&
	    i->lead.reason < REASON_COUNT && i->lead.class < CLASS_COUNT &&
	    labels_sound(&i->labels) &&
	    texts_end(i);
}

/* Any other byte than 0 and 1 there is neither true nor false. */
static bool
is_bool(const bool *b)
{
	return *(const unsigned char *)b <= 1;
}

static bool
labels_sound(const struct incident_labels *l)
{
	return l->class < CLASS_COUNT && l->reason < REASON_COUNT &&
	    l->cause <= CAUSE_SELF && l->severity <= SEVERITY_CRITICAL &&
	    l->alertname[INCIDENT_ALERTNAME_BYTES - 1] == '\0' &&
	    l->provider[INCIDENT_NAME_BYTES - 1] == '\0';
}

static bool
texts_end(const struct incident *i)
{
	bool	all = i->provider[INCIDENT_NAME_BYTES - 1] == '\0' &&
		    i->rule[INCIDENT_NAME_BYTES - 1] == '\0';
	int	n;

	for (n = 0; n < INCIDENT_SHARES; n++)
		all = all && i->tenant[n].name[INCIDENT_NAME_BYTES - 1] ==
		    '\0' && i->egress[n].name[INCIDENT_NAME_BYTES - 1] ==
		    '\0';
	for (n = 0; n < INCIDENT_MEMBERS; n++)
		all = all && i->member[n][INCIDENT_NAME_BYTES - 1] == '\0';
	for (n = 0; n < EVIDENCE_MAX; n++)
		all = all && i->evidence[n].queue_id[EVIDENCE_ID_BYTES - 1] ==
		    '\0' && i->evidence[n].text[EVIDENCE_TEXT_BYTES - 1] ==
		    '\0';
	return all;
}

/* When did the like happen before? Newest first. */
static void
recall(const struct incident_table *tab, struct incident *i)
{
	int	n, at, k;

	for (n = 0; n < tab->used; n++) {
		const struct incident *o = &tab->incident[n];

		if (o->id == 0 || o == i || o->key.reason != i->key.reason ||
		    strcmp(o->provider, i->provider) != 0)
			continue;
		for (at = 0; at < INCIDENT_PREVIOUS &&
		    i->previous[at] >= o->onset; at++)
			;
		if (at == INCIDENT_PREVIOUS)
			continue;
		for (k = INCIDENT_PREVIOUS - 1; k > at; k--)
			i->previous[k] = i->previous[k - 1];
		i->previous[at] = o->onset;
	}
}

/* From what it is and when: a crash before it was sent makes the same id. */
static uint64_t
make_id(const struct incident *i)
{
	uint64_t	h = 0xcbf29ce484222325u;

	h = mix(h, i->provider, strlen(i->provider) + 1);
	h = mix(h, i->rule, strlen(i->rule) + 1);
	h = mix(h, &i->key.class, sizeof(i->key.class));
	h = mix(h, &i->key.reason, sizeof(i->key.reason));
	h = mix(h, &i->key.code, sizeof(i->key.code));
	h = mix(h, &i->key.enhanced.subject, sizeof(i->key.enhanced.subject));
	h = mix(h, &i->key.enhanced.detail, sizeof(i->key.enhanced.detail));
	h = mix(h, &i->onset, sizeof(i->onset));
	return h == 0 ? 1 : h;
}

static uint64_t
mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char	*c = p;

	while (n-- > 0)
		h = (h ^ *c++) * 0x100000001b3u;
	return h;
}
