#include <stddef.h>
#include <string.h>

#include "hold.h"

/* Every view of an event, text last: it may be cut. */
static const size_t views[] = {
	offsetof(struct mail_event, host),
	offsetof(struct mail_event, instance),
	offsetof(struct mail_event, service),
	offsetof(struct mail_event, transport),
	offsetof(struct mail_event, local_ip),
	offsetof(struct mail_event, queue_id),
	offsetof(struct mail_event, next_id),
	offsetof(struct mail_event, sender),
	offsetof(struct mail_event, recipients),
	offsetof(struct mail_event, login),
	offsetof(struct mail_event, user),
	offsetof(struct mail_event, client),
	offsetof(struct mail_event, relay),
	offsetof(struct mail_event, relay_ip),
	offsetof(struct mail_event, text),
};

enum { VIEWS = sizeof(views) / sizeof(views[0]) };

static struct view	packed(const struct held *, struct view);
static bool	says_same(const struct held *, const struct mail_event *);
static void	settle(struct hold *, struct held *);
static struct view	*view_at(struct mail_event *, size_t i);
static void		 pack(struct held *);
static struct held	*oldest(const struct hold *);
static void		 release(struct hold *, struct held *);

int
hold_init(struct hold *h)
{
	if (region_init(&h->region, "hold", 2,
	    sizeof(struct hold_table)) == -1)
		return -1;
	h->table = (struct hold_table *)(void *)h->region.base;
	return 0;
}

void
hold_fini(struct hold *h)
{
	region_fini(&h->region);
}

bool
hold_full(const struct hold *h)
{
	return h->table->count == HOLD_MAX;
}

void
hold_put(struct hold *h, const struct mail_event *ev, uint16_t source,
    uint64_t message)
{
	size_t		 i = 0;
	struct held	*held;

	while (h->table->held[i].message != 0)
		i++;
	held = &h->table->held[i];
	held->message = message;
	held->serial = ++h->table->serial;
	held->source = source;
	held->settled = false;
	held->event = *ev;
	pack(held);
	h->table->count++;
	region_touch(&h->region, h->table, sizeof(*h->table));
}

void
hold_drop(struct hold *h, uint64_t message, const struct mail_event *ev)
{
	struct held	*newest = NULL;

	for (size_t i = 0; h->table->count > 0 && i < HOLD_MAX; i++) {
		struct held	*held = &h->table->held[i];
		bool		 same;

		if (held->message != message || held->settled)
			continue;
		same = says_same(held, ev);
		if (same && (newest == NULL || held->serial > newest->serial))
			newest = held;
		if (same || view_eq(packed(held, held->event.recipients),
		    ev->recipients))
			settle(h, held);
	}
	if (newest != NULL)
		release(h, newest);
}

bool
hold_take(struct hold *h, int64_t before, struct mail_event *ev,
    uint16_t *source)
{
	struct held	*held = oldest(h);

	if (held == NULL || held->event.time >= before)
		return false;
	*ev = held->event;
	*source = held->source;
	for (size_t i = 0; i < VIEWS; i++) {
		struct view	*v = view_at(ev, i);

		v->p = held->bytes + (uintptr_t)v->p;
	}
	release(h, held);
	return true;
}

/* A view of an event that was packed. */
static struct view
packed(const struct held *held, struct view v)
{
	return (struct view){ held->bytes + (uintptr_t)v.p, v.n };
}

/* Two hosts may say the same; then both said it. */
static bool
says_same(const struct held *held, const struct mail_event *ev)
{
	struct view	ip = packed(held, held->event.relay_ip);

	if (held->event.reply.code != ev->reply.code ||
	    !view_starts(ev->text, packed(held, held->event.text)))
		return false;
	return ip.n == 0 || ev->relay_ip.n == 0 || view_eq(ip, ev->relay_ip);
}

static void
settle(struct hold *h, struct held *held)
{
	held->settled = true;
	region_touch(&h->region, &held->settled, sizeof(held->settled));
}

static struct view *
view_at(struct mail_event *ev, size_t i)
{
	return (struct view *)(void *)((char *)ev + views[i]);
}

static void
pack(struct held *held)
{
	size_t	used = 0;

	for (size_t i = 0; i < VIEWS; i++) {
		struct view	*v = view_at(&held->event, i);

		if (v->n > HOLD_BYTES - used)
			v->n = HOLD_BYTES - used;
		if (v->n > 0)
			memcpy(held->bytes + used, v->p, v->n);
		v->p = (const char *)(uintptr_t)used;
		used += v->n;
	}
}

static struct held *
oldest(const struct hold *h)
{
	struct held	*best = NULL;

	for (size_t i = 0; i < HOLD_MAX; i++) {
		struct held	*held = &h->table->held[i];

		if (held->message != 0 &&
		    (best == NULL || held->serial < best->serial))
			best = held;
	}
	return best;
}

static void
release(struct hold *h, struct held *held)
{
	held->message = 0;
	h->table->count--;
	region_touch(&h->region, h->table, sizeof(h->table->serial) +
	    sizeof(h->table->count));
	region_touch(&h->region, held, sizeof(held->message));
}
