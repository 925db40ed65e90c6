#include <string.h>

#include "mask.h"
#include "profile.h"

static struct profile *begin(struct profiles *, const struct spike *,
		    uint16_t slot);
static struct profile *free_place(struct profiles *, const struct spike *);
static void	end(struct profiles *, struct profile *);
static void	keep_evidence(struct profile *, const struct verdict *);
static uint64_t	domain_hash(struct view address);

int
profiles_init(struct profiles *ps)
{
	memset(ps, 0, sizeof(*ps));
	if (region_init(&ps->region, "profile", 2,
	    sizeof(struct profile_table)) == -1)
		return -1;
	ps->table = (struct profile_table *)(void *)ps->region.base;
	return 0;
}

void
profiles_fini(struct profiles *ps)
{
	region_fini(&ps->region);
	ps->table = NULL;
}

bool
profiles_restore(struct profiles *ps)
{
	bool		sound = true;
	uint16_t	i;

	memset(ps->of_slot, 0, sizeof(ps->of_slot));
	for (i = 0; i < PROFILE_MAX; i++) {
		struct profile *p = &ps->table->profile[i];

		if (p->slot > SPIKE_CAP || p->tenants.count > SHARE_MAX ||
		    p->egresses.count > SHARE_MAX)
			sound = false;
		else if (p->slot > 0)
			ps->of_slot[p->slot - 1] = (uint16_t)(i + 1);
	}
	for (i = 0; i < PROVIDER_MAX; i++)
		sound = sound &&
		    ps->table->traffic[i].tenants.count <= SHARE_MAX &&
		    ps->table->traffic[i].egresses.count <= SHARE_MAX;
	if (!sound) {
		memset(ps->region.base, 0, ps->region.size);
		memset(ps->of_slot, 0, sizeof(ps->of_slot));
	}
	return sound;
}

void
profile_attempt(struct profiles *ps, const struct verdict *v)
{
	struct profile_traffic	*t = &ps->table->traffic[v->provider];

	share_add(&t->tenants, v->tenant, 1, 0);
	share_add(&t->egresses, v->egress, 1, 0);
	region_touch(&ps->region, t, sizeof(*t));
}

void
profile_failure(struct profiles *ps, const struct spike *sp, uint16_t slot,
    const struct verdict *v)
{
	struct profile	*p = NULL;

	if (ps->of_slot[slot] != 0)
		p = &ps->table->profile[ps->of_slot[slot] - 1];
	if (p != NULL && !spike_key_eq(&p->key, &sp->table->slot[slot].key)) {
		end(ps, p);
		p = NULL;
	}
	if (p == NULL)
		p = begin(ps, sp, slot);
	if (p == NULL)
		return;
	share_add(&p->tenants, v->tenant, 0, 1);
	share_add(&p->egresses, v->egress, 0, 1);
	p->finals += v->event->outcome == OUTCOME_BOUNCED;
	distinct_add(&p->messages, v->message);
	if (v->recipient.n > 0)
		distinct_add(&p->domains, domain_hash(v->recipient));
	keep_evidence(p, v);
	region_touch(&ps->region, p, sizeof(*p));
}

void
profiles_minute(struct profiles *ps, const struct spike *sp, int32_t minute)
{
	struct profile_table	*tab = ps->table;
	uint16_t		 i;

	for (i = 0; i < PROFILE_MAX; i++) {
		struct profile		 *p = &tab->profile[i];
		const struct spike_slot	 *slot;
		const struct profile_traffic *t;

		if (p->slot == 0 || p->since > minute)
			continue;
		slot = &sp->table->slot[p->slot - 1];
		if (slot->series.on == -1 &&
		    spike_series_score(&slot->series) <= 0) {
			end(ps, p);
			continue;
		}
		t = &tab->traffic[slot->key.provider];
		if (t->tenants.attempts == 0)
			continue;
		share_merge(&p->tenants, &t->tenants);
		share_merge(&p->egresses, &t->egresses);
		region_touch(&ps->region, p, sizeof(*p));
	}
	for (i = 0; i < PROVIDER_MAX; i++)
		if (tab->traffic[i].tenants.attempts > 0) {
			memset(&tab->traffic[i], 0, sizeof(tab->traffic[i]));
			region_touch(&ps->region, &tab->traffic[i],
			    sizeof(tab->traffic[i]));
		}
}

const struct profile *
profile_of(const struct profiles *ps, uint16_t slot)
{
	return ps->of_slot[slot] == 0 ? NULL :
	    &ps->table->profile[ps->of_slot[slot] - 1];
}

static struct profile *
begin(struct profiles *ps, const struct spike *sp, uint16_t slot)
{
	struct profile	*p = free_place(ps, sp);

	if (p == NULL)
		return NULL;
	if (p->slot != 0) {
		end(ps, p);
		ps->table->evicted++;
	}
	memset(p, 0, sizeof(*p));
	p->slot = slot + 1u;
	p->key = sp->table->slot[slot].key;
	p->since = sp->table->minute + 1;
	ps->of_slot[slot] = (uint16_t)(p - ps->table->profile + 1);
	return p;
}

/* A free one, else the one with fewest failures that no alert needs. */
static struct profile *
free_place(struct profiles *ps, const struct spike *sp)
{
	struct profile	*least = NULL;
	int		 i;

	for (i = 0; i < PROFILE_MAX; i++) {
		struct profile *p = &ps->table->profile[i];

		if (p->slot == 0)
			return p;
		if (sp->table->slot[p->slot - 1].series.on == -1 &&
		    (least == NULL ||
		    p->tenants.failures < least->tenants.failures))
			least = p;
	}
	return least;
}

static void
end(struct profiles *ps, struct profile *p)
{
	ps->of_slot[p->slot - 1] = 0;
	p->slot = 0;
	region_touch(&ps->region, p, sizeof(*p));
}

/*
 * The first replies stay, and now and then a newer one takes the last place:
 * at every doubling, so that nothing is written for most of them.
 */
static void
keep_evidence(struct profile *p, const struct verdict *v)
{
	const struct mail_event	*ev = v->event;
	struct evidence		*e;
	struct mask		 mask;
	uint32_t		 n = p->samples++;
	size_t			 len = ev->queue_id.n;

	if (n >= EVIDENCE_MAX && (n & (n - 1)) != 0)
		return;
	e = &p->evidence[n < EVIDENCE_MAX ? n : EVIDENCE_MAX - 1];
	mask_init(&mask);
	mask_add(&mask, ev->sender);
	mask_add(&mask, v->recipient);
	if (ev->recipient_count == 1)
		mask_add(&mask, ev->recipients);
	mask_add(&mask, ev->login);
	mask_add(&mask, ev->user);
	mask_add_hash(&mask, v->login);
	mask_text(&mask, ev->text, e->text, sizeof(e->text));
	if (len >= sizeof(e->queue_id))
		len = sizeof(e->queue_id) - 1;
	memcpy(e->queue_id, ev->queue_id.p == NULL ? "" : ev->queue_id.p, len);
	e->queue_id[len] = '\0';
	e->time = ev->time;
}

static uint64_t
domain_hash(struct view address)
{
	uint64_t	h = 0xcbf29ce484222325u;
	size_t		at = view_find_last(address, '@');

	for (at = at < address.n ? at + 1 : 0; at < address.n; at++)
		h = (h ^ (unsigned char)(address.p[at] | 0x20)) *
		    0x100000001b3u;
	return h;
}
