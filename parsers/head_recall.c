#include "head_recall.h"

#define MIXER	UINT64_C(0x9e3779b97f4a7c15)

enum {
	SLOT_BITS = 10,
	TAIL_BYTES = 8,
	PAST_MINUTE = 4		/* from the colon behind the hour */
};

_Static_assert(HEAD_ORIGINS == 1 << SLOT_BITS, "one slot for each number");

static bool	is_origin(const struct head_origin *, const char *text,
		    size_t n);
static size_t	origin_length(struct view);
static size_t	slot_of(struct view, size_t n);

bool
head_recall_stamp(const struct head_memory *memory, struct view *v,
    struct stamp *out)
{
	const struct head_minute	*m = &memory->minute;
	struct view			 rest = *v;

	if (m->n == 0 || rest.n <= m->n || !view_same(rest.p, m->text, m->n))
		return false;
	rest.p += m->n;
	rest.n -= m->n;
	*out = m->stamp;
	if (!stamp_take_second(&rest, out) || rest.n <= m->zone_n ||
	    !view_same(rest.p, m->zone, m->zone_n) ||
	    rest.p[m->zone_n] != ' ')
		return false;
	rest.p += m->zone_n + 1;
	rest.n -= m->zone_n + 1u;
	*v = rest;
	return true;
}

bool
head_recall_origin(const struct head_memory *memory, struct view *v,
    struct head *out)
{
	const struct head_origin	*o;
	size_t				 n = origin_length(*v), slot;

	if (n == 0)
		return false;
	slot = slot_of(*v, n);
	o = &memory->origin[slot];
	if (!is_origin(o, v->p, n)) {
		o = &memory->origin[slot ^ 1];
		if (!is_origin(o, v->p, n))
			return false;
	}
	out->host = (struct view){ v->p, o->host_n };
	out->tag = (struct view){ v->p + o->tag_at, o->tag_n };
	out->pid = o->pid;
	view_advance(v, n);
	return true;
}

void
head_keep_minute(struct head_memory *memory, struct view line,
    struct view rest, const struct stamp *stamp)
{
	struct head_minute	*m = &memory->minute;
	size_t			 n = view_find(line, ':', 0) + PAST_MINUTE;
	struct stamp		 ignored;
	struct view		 zone;

	m->n = 0;
	if (n > HEAD_MINUTE_BYTES || n >= line.n || line.p[n - 1] != ':')
		return;
	zone = view_sub(line, n, (size_t)(rest.p - line.p) - n);
	if (!stamp_take_second(&zone, &ignored) || zone.n > HEAD_ZONE_BYTES)
		return;
	memcpy(m->text, line.p, n);
	if (zone.n > 0)
		memcpy(m->zone, zone.p, zone.n);
	m->n = (uint8_t)n;
	m->zone_n = (uint8_t)zone.n;
	m->stamp = *stamp;
}

void
head_keep_origin(struct head_memory *memory, struct view v, struct view rest,
    const struct head *head)
{
	struct head_origin	*o;
	size_t			 n = origin_length(v);

	/* CRI writes its stream's name where others write the host */
	if (n == 0 || v.p + n != rest.p || head->host.p != v.p ||
	    view_starts(head->host, VIEW("std")))
		return;
	o = &memory->origin[slot_of(v, n)];
	memory->origin[slot_of(v, n) ^ 1] = *o;
	o->n = (uint8_t)n;
	o->host_n = (uint8_t)head->host.n;
	o->tag_at = (uint8_t)(head->tag.p - v.p);
	o->tag_n = (uint8_t)head->tag.n;
	o->pid = head->pid;
	memcpy(o->text, v.p, n);
}

static inline bool
is_origin(const struct head_origin *o, const char *text, size_t n)
{
	return o->n == n && view_same(o->text, text, n);
}

/* Up to and with the first ": "; 0 when it is not near or too near. */
static size_t
origin_length(struct view v)
{
	size_t	most = v.n < HEAD_ORIGIN_BYTES ? v.n : HEAD_ORIGIN_BYTES;
	size_t	colon = view_find((struct view){ v.p, most }, ':', 0);

	if (colon < TAIL_BYTES || colon + 1 >= most || v.p[colon + 1] != ' ')
		return 0;
	return colon + 2;
}

/* By the last bytes before the colon: there stands the pid. Two share it. */
static size_t
slot_of(struct view v, size_t n)
{
	uint64_t	tail;

	memcpy(&tail, v.p + n - 2 - TAIL_BYTES, sizeof(tail));
	tail ^= tail >> 32;
	return (size_t)(tail * MIXER >> (64 - SLOT_BITS));
}
