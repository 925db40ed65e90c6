#include <math.h>
#include <string.h>

#include "label.h"
#include "render_spikes.h"

enum { KEY_LABELS = 5, INFO_LABELS = 8, TEXT_BYTES = 12 };

struct key_labels {
	struct expose_label	label[INFO_LABELS];
	char			code[TEXT_BYTES], enhanced[TEXT_BYTES];
};

/* What all slots with the same labels come to. */
struct sum {
	bool		active;
	double		score;
	uint64_t	raises;
	uint16_t	slot;
};

static void	put_slots(struct expose *, enum metric, const struct alerts *);
static void	put_info(struct expose *, const struct alerts *);
static bool	is_first(const struct spike_table *, uint32_t slot);
static struct sum add_up(const struct spike_table *, uint32_t slot);
static bool	same_labels(const struct spike_key *,
		    const struct spike_key *);
static void	put_key(struct key_labels *, const struct alerts *,
		    const struct spike_key *);
static uint64_t	spiking(const struct spike_table *);

void
render_spikes(struct expose *e, enum metric m, const struct alerts *a)
{
	if (a == NULL)
		return;
	if (m == METRIC_PROVIDERS_SPIKING)
		expose_u64(e, NULL, 0, spiking(a->spike.table), NULL);
	else if (m == METRIC_SPIKE_INFO)
		put_info(e, a);
	else
		put_slots(e, m, a);
}

void
render_notifications(struct expose *e, enum metric m, const struct notify *n)
{
	size_t	i;
	int	o;

	for (i = 0; n != NULL && i < n->count; i++) {
		struct expose_label	label[2] = {
			{ "receiver", view_of(n->receiver[i].config->name) }
		};

		if (m == METRIC_NOTIFICATION_QUEUE) {
			expose_u64(e, label, 1, notify_queue_length(n, i),
			    NULL);
			continue;
		}
		for (o = 0; o < NOTIFY_OUTCOME_COUNT; o++) {
			label[1] = (struct expose_label){ "outcome", view_of(
			    notify_outcome_name((enum notify_outcome)o)) };
			expose_u64(e, label, 2, n->receiver[i].outcome[o],
			    NULL);
		}
	}
}

static void
put_slots(struct expose *e, enum metric m, const struct alerts *a)
{
	const struct spike_table *tab = a->spike.table;
	uint32_t		  i;

	for (i = 0; i < tab->count; i++) {
		struct key_labels	k;
		struct sum		s;

		if (tab->slot[i].key.provider == PROVIDER_MAX ||
		    !is_first(tab, i))
			continue;
		s = add_up(tab, i);
		put_key(&k, a, &tab->slot[i].key);
		if (m == METRIC_SPIKE_SCORE)
			expose_double(e, k.label, KEY_LABELS,
			    round(s.score * 100) / 100);
		else
			expose_u64(e, k.label, KEY_LABELS,
			    m == METRIC_SPIKES ? s.raises : s.active, NULL);
	}
}

/* Only while it spikes: scope and severity come and go with the incident. */
static void
put_info(struct expose *e, const struct alerts *a)
{
	const struct spike_table *tab = a->spike.table;
	uint32_t		  i;

	for (i = 0; i < tab->count; i++) {
		uint32_t		 place = a->table->place_of_slot[i];
		const struct incident	*in;
		struct key_labels	 k;
		struct sum		 s;

		if (tab->slot[i].key.provider == PROVIDER_MAX || place == 0 ||
		    !is_first(tab, i))
			continue;
		s = add_up(tab, i);
		in = &a->incidents.table->incident[place - 1];
		if (!s.active || !in->firing)
			continue;
		put_key(&k, a, &tab->slot[i].key);
		k.label[5] = (struct expose_label){ "action", view_of(
		    action_name((enum action)in->action)) };
		k.label[6] = (struct expose_label){ "scope", view_of(
		    incident_scope_name((enum incident_scope)in->scope)) };
		k.label[7] = (struct expose_label){ "severity", view_of(
		    severity_name((enum config_severity)in->severity)) };
		expose_u64(e, k.label, INFO_LABELS, 1, NULL);
	}
}

static bool
is_first(const struct spike_table *tab, uint32_t slot)
{
	const struct spike_key	*key = &tab->slot[slot].key;
	uint32_t		 i;

	if (label_of_code(key->code) != LABEL_OTHER &&
	    label_of_enhanced(key->enhanced) != LABEL_OTHER)
		return true;
	for (i = 0; i < slot; i++)
		if (same_labels(&tab->slot[i].key, key))
			return false;
	return true;
}

static struct sum
add_up(const struct spike_table *tab, uint32_t slot)
{
	const struct spike_key	*key = &tab->slot[slot].key;
	struct sum		 s = { .slot = (uint16_t)slot };
	uint32_t		 i, end = slot + 1;

	if (label_of_code(key->code) == LABEL_OTHER ||
	    label_of_enhanced(key->enhanced) == LABEL_OTHER)
		end = tab->count;
	for (i = slot; i < end; i++) {
		const struct spike_slot *o = &tab->slot[i];

		if (!same_labels(&o->key, key))
			continue;
		s.active |= o->shown && o->series.on != -1;
		s.score = fmax(s.score, spike_series_score(&o->series));
		s.raises += o->raises;
	}
	return s;
}

static bool
same_labels(const struct spike_key *a, const struct spike_key *b)
{
	return a->provider == b->provider && a->class == b->class &&
	    a->reason == b->reason &&
	    label_of_code(a->code) == label_of_code(b->code) &&
	    label_of_enhanced(a->enhanced) == label_of_enhanced(b->enhanced);
}

static void
put_key(struct key_labels *k, const struct alerts *a,
    const struct spike_key *key)
{
	const struct rule_names	*n = &a->ties.names;
	bool			 fine = !spike_key_is_class(key);
	uint16_t		 enhanced = label_of_enhanced(key->enhanced);

	k->label[0] = (struct expose_label){ "provider",
	    view_of(n->provider(n->arg, key->provider)) };
	k->label[1] = (struct expose_label){ "class",
	    view_of(reply_class_name((enum reply_class)key->class)) };
	k->label[2] = (struct expose_label){ "code", !fine ? VIEW_NONE :
	    view_of(label_code_print(label_of_code(key->code), k->code)) };
	k->label[3] = (struct expose_label){ "enhanced", !fine ||
	    enhanced == 0 ? VIEW_NONE :
	    view_of(label_enhanced_print(enhanced, k->enhanced)) };
	k->label[4] = (struct expose_label){ "reason", !fine ? VIEW_NONE :
	    view_of(reason_name((enum reason)key->reason)) };
}

static uint64_t
spiking(const struct spike_table *tab)
{
	bool		on[PROVIDER_MAX] = { false };
	uint64_t	count = 0;
	uint32_t	i;

	for (i = 0; i < tab->count; i++) {
		const struct spike_slot *s = &tab->slot[i];

		if (s->key.provider == PROVIDER_MAX || !s->shown ||
		    s->series.on == -1 || on[s->key.provider])
			continue;
		on[s->key.provider] = true;
		count++;
	}
	return count;
}
