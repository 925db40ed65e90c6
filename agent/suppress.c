#include <stdlib.h>

#include "suppress.h"

static bool	learns(struct suppress *, const struct verdict *);
static bool	kind_of(const struct verdict *, enum suppress_kind *);
static bool	is_open(const struct verdict *);
static void	look(struct suppress *, const struct verdict *, bool refused);
static void	withdraw(struct suppress *, uint16_t provider, int64_t since);
static void	keep(struct suppress *, const struct verdict *,
		    enum suppress_kind);
static size_t	home_of(const struct suppress *, struct view address);
static size_t	place_of(const struct suppress *, struct view address);
static void	take_out(struct suppress *, size_t);
static void	mark(struct suppress *, size_t);
static struct view address_of(const struct suppress_entry *);

int
suppress_init(struct suppress *s, size_t cap)
{
	*s = (struct suppress){ .cap = cap };
	s->entry = calloc(cap, sizeof(*s->entry));
	s->changed = calloc(cap / SUPPRESS_BLOCK + 1, 1);
	s->gone = calloc(SUPPRESS_GONE, sizeof(*s->gone));
	return s->entry == NULL || s->changed == NULL || s->gone == NULL ?
	    -1 : 0;
}

void
suppress_fini(struct suppress *s)
{
	free(s->gone);
	free(s->changed);
	free(s->entry);
	*s = (struct suppress){ 0 };
}

void
suppress_note(struct suppress *s, const struct verdict *v)
{
	enum suppress_kind	kind;
	bool			refused;

	if (v->event->kind != EVENT_DELIVERY || v->recipient.n == 0)
		return;
	if (v->event->time > s->now)
		s->now = v->event->time;
	if (v->diagnosis.reason == REASON_NONE) {
		look(s, v, false);
		suppress_forget(s, v->recipient);
		return;
	}
	refused = kind_of(v, &kind);
	look(s, v, refused && kind == SUPPRESS_PERMANENT);
	if (refused && learns(s, v))
		keep(s, v, kind);
}

void
suppress_pause(struct suppress *s, uint16_t provider, int64_t onset)
{
	if (provider >= PROVIDER_MAX || s->paused[provider])
		return;
	s->paused[provider] = true;
	withdraw(s, provider, onset);
}

void
suppress_resume(struct suppress *s, uint16_t provider)
{
	if (provider < PROVIDER_MAX)
		s->paused[provider] = false;
}

void
suppress_expire(struct suppress *s, int64_t before)
{
	size_t	i = 0;

	while (i < s->cap) {
		if (s->entry[i].len > 0 && s->entry[i].last < before)
			take_out(s, i);
		else
			i++;
	}
}

void
suppress_left(struct suppress *s, uint16_t provider)
{
	size_t	i;

	for (i = 0; i < s->cap; i++) {
		if (s->entry[i].len == 0 || s->entry[i].provider != provider)
			continue;
		s->entry[i].provider = PROVIDER_OTHER;
		mark(s, i);
	}
	suppress_resume(s, provider);
}

bool
suppress_forget(struct suppress *s, struct view address)
{
	size_t	i = place_of(s, address);

	if (s->entry[i].len == 0)
		return false;
	take_out(s, i);
	return true;
}

const struct suppress_entry *
suppress_next(const struct suppress *s, size_t *at)
{
	for (; *at < s->cap; (*at)++) {
		const struct suppress_entry	*e = &s->entry[*at];

		if (e->len == 0 || !suppress_is_due(e))
			continue;
		(*at)++;
		return e;
	}
	return NULL;
}

bool
suppress_is_due(const struct suppress_entry *e)
{
	int64_t	lasted = e->last - e->first;

	switch (e->kind) {
	case SUPPRESS_TEMPORARY:
		return lasted >= SUPPRESS_TEMPORARY_S;
	case SUPPRESS_FULL:
		return lasted >= SUPPRESS_FULL_S;
	case SUPPRESS_PERMANENT:
		break;
	}
	return true;
}

void
suppress_restore(struct suppress *s, const struct suppress_entry *kept)
{
	size_t	i = place_of(s, address_of(kept));

	if (s->entry[i].len > 0 || s->used + s->cap / 8 >= s->cap)
		return;
	s->entry[i] = *kept;
	s->entry[i].kept = true;
	s->entry[i].changed = false;
	s->used++;
	if (kept->last > s->now)
		s->now = kept->last;
}

void
suppress_clean(struct suppress *s)
{
	size_t	i;

	for (i = 0; i < s->cap; i++) {
		if (s->changed[i / SUPPRESS_BLOCK] == 0) {
			i |= SUPPRESS_BLOCK - 1;
			continue;
		}
		s->entry[i].kept = s->entry[i].len > 0;
		s->entry[i].changed = false;
	}
	memset(s->changed, 0, s->cap / SUPPRESS_BLOCK + 1);
	s->gone_count = 0;
	s->gone_lost = false;
}

static bool
learns(struct suppress *s, const struct verdict *v)
{
	return v->provider < PROVIDER_MAX && !s->paused[v->provider] &&
	    !s->burst[v->provider].now;
}

/* Only a server's own reply counts: what an MTA thinks may be our fault. */
static bool
kind_of(const struct verdict *v, enum suppress_kind *out)
{
	enum reason	r = v->diagnosis.reason;

	if (v->reply.code == 0 || !v->counts)
		return false;
	if (r == REASON_MAILBOX_FULL) {
		*out = SUPPRESS_FULL;
		return true;
	}
	if (is_open(v)) {
		*out = SUPPRESS_TEMPORARY;
		return true;
	}
	if (r != REASON_BAD_RECIPIENT && r != REASON_INACTIVE_RECIPIENT &&
	    r != REASON_BAD_DOMAIN)
		return false;
	*out = v->class == CLASS_5XX ? SUPPRESS_PERMANENT :
	    SUPPRESS_TEMPORARY;
	return true;
}

/*
 * 450 is said of the mailbox (RFC 5321), x.1 of the address and x.2 of the
 * mailbox (RFC 3463): when such a reply without a cause goes on for days, it
 * is about the recipient. 451 and 421 are about their server.
 */
static bool
is_open(const struct verdict *v)
{
	enum reason	r = v->diagnosis.reason;
	uint16_t	subject = v->reply.enhanced.subject;

	if (v->class != CLASS_4XX ||
	    (r != REASON_SERVER_ERROR && r != REASON_UNKNOWN))
		return false;
	return v->reply.enhanced.class == 0 ? v->reply.code == 450 :
	    subject == 1 || subject == 2;
}

/*
 * A provider that refuses half of what it gets has a fault of its own, or we
 * write to a bad list: nothing to be learnt about single people.
 */
static void
look(struct suppress *s, const struct verdict *v, bool refused)
{
	struct suppress_burst	*b;
	int64_t			 now = v->event->time;

	/* "other" is many: one of them in trouble says nothing of the rest */
	if (v->provider >= PROVIDER_MAX || v->provider == PROVIDER_OTHER)
		return;
	b = &s->burst[v->provider];
	if (now - b->begin >= SUPPRESS_BURST_S || now < b->begin)
		*b = (struct suppress_burst){ .begin = now };
	b->attempts++;
	b->refused += refused;
	if (b->now || b->refused < SUPPRESS_BURST_COUNT ||
	    b->refused * 2 < b->attempts)
		return;
	b->now = true;
	withdraw(s, v->provider, b->begin);
}

static void
withdraw(struct suppress *s, uint16_t provider, int64_t since)
{
	size_t	i = 0;

	while (i < s->cap) {
		const struct suppress_entry	*e = &s->entry[i];

		/* another may have moved to this place: look again */
		if (e->len > 0 && e->provider == provider && e->last >= since)
			take_out(s, i);
		else
			i++;
	}
}

static void
keep(struct suppress *s, const struct verdict *v, enum suppress_kind kind)
{
	size_t			 i = place_of(s, v->recipient);
	struct suppress_entry	*e = &s->entry[i];

	if (e->len == 0) {
		if (v->recipient.n > SUPPRESS_ADDRESS_BYTES ||
		    view_find(v->recipient, '\0', 0) < v->recipient.n ||
		    s->used + s->cap / 8 >= s->cap) {
			s->dropped++;
			return;
		}
		s->used++;
		memcpy(e->address, v->recipient.p, v->recipient.n);
		e->len = (uint16_t)v->recipient.n;
		e->count = 0;
	}
	if (e->count == 0 || e->kind != kind) {
		e->kind = kind;
		e->first = v->event->time;
		e->count = 0;
	}
	e->reason = v->diagnosis.reason;
	e->reply = v->reply;
	e->provider = v->provider;
	e->last = v->event->time;
	e->count++;
	mark(s, i);
}

/* FNV-1a over small letters: the domain's case does not matter. */
static size_t
home_of(const struct suppress *s, struct view address)
{
	uint64_t	h = 14695981039346656037U;
	size_t		i;

	for (i = 0; i < address.n; i++) {
		unsigned char	c = (unsigned char)address.p[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		h = (h ^ c) * 1099511628211U;
	}
	return (size_t)(h ^ h >> 32) & (s->cap - 1);
}

/* Where it is, or the free place where it would be. */
static size_t
place_of(const struct suppress *s, struct view address)
{
	size_t	i = home_of(s, address);

	while (s->entry[i].len > 0 &&
	    !view_eq_nocase(address_of(&s->entry[i]), address))
		i = (i + 1) & (s->cap - 1);
	return i;
}

/* Close the gap, so that a search never ends too early. */
static void
take_out(struct suppress *s, size_t gap)
{
	size_t	mask = s->cap - 1, i = gap;

	if (s->entry[gap].kept && s->gone_count < SUPPRESS_GONE)
		s->gone[s->gone_count++] = s->entry[gap];
	else if (s->entry[gap].kept)
		s->gone_lost = true;
	s->used--;
	for (;;) {
		size_t	home;

		i = (i + 1) & mask;
		if (s->entry[i].len == 0)
			break;
		home = home_of(s, address_of(&s->entry[i]));
		if (((i - home) & mask) < ((i - gap) & mask))
			continue;
		s->entry[gap] = s->entry[i];
		if (s->entry[gap].changed)
			mark(s, gap);
		gap = i;
	}
	s->entry[gap] = (struct suppress_entry){ 0 };
}

static void
mark(struct suppress *s, size_t i)
{
	s->entry[i].changed = true;
	s->changed[i / SUPPRESS_BLOCK] = 1;
}

static struct view
address_of(const struct suppress_entry *e)
{
	return (struct view){ e->address, e->len };
}
