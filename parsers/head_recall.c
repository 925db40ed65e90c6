#include "head_recall.h"

#define MIXER	UINT64_C(0x9e3779b97f4a7c15)

enum {
	SLOT_BITS = 10,
	TAIL_BYTES = 8,
	EXIM_MINUTE_BYTES = 17,	/* "2026-11-01 12:00:" */
	PAST_MINUTE = 4,	/* from the colon behind the hour */
	PID_DIGITS = 9		/* any number of them is a pid */
};

_Static_assert(HEAD_ORIGINS == 1 << SLOT_BITS, "one slot for each number");

static inline bool recall_minute(const struct head_minute *, struct view *,
		    struct stamp *out);
static bool	is_origin(const struct head_origin *, const char *text,
		    size_t n);
static inline size_t origin_length(struct view, size_t *known);
static uint32_t	pid_at(struct view, size_t at);
static size_t	slot_of(struct view, size_t n);

bool
head_recall_stamp(const struct head_memory *memory, struct view *v,
    struct stamp *out)
{
	return recall_minute(&memory->minute, v, out);
}

bool
head_recall_exim(const struct head_memory *memory, struct view *v,
    struct stamp *out)
{
	struct view	rest = *v;

	/* a zone or a fraction may follow, and may be missing in the next */
	if (!recall_minute(&memory->exim, &rest, out) || rest.n == 0 ||
	    *rest.p == '+' || *rest.p == '-')
		return false;
	*v = rest;
	return true;
}

static inline bool
recall_minute(const struct head_minute *m, struct view *v, struct stamp *out)
{
	struct view	rest = *v;

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
	size_t				 n, length, slot;

	length = origin_length(*v, &n);
	if (length == 0)
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
	out->pid = n == length ? o->pid : pid_at(*v, n);
	view_advance(v, length);
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
head_keep_exim(struct head_memory *memory, struct view line, struct view rest,
    const struct stamp *stamp)
{
	struct head_minute	*m = &memory->exim;
	struct view		 second;
	struct stamp		 ignored;

	m->n = 0;
	if (stamp->has_zone || line.n < EXIM_MINUTE_BYTES + 3)
		return;
	second = view_sub(line, EXIM_MINUTE_BYTES, line.n);
	if (!stamp_take_second(&second, &ignored) ||
	    !view_skip_byte(&second, ' ') || second.p != rest.p)
		return;
	memcpy(m->text, line.p, EXIM_MINUTE_BYTES);
	m->n = EXIM_MINUTE_BYTES;
	m->zone_n = 0;
	m->stamp = *stamp;
}

void
head_keep_origin(struct head_memory *memory, struct view v, struct view rest,
    const struct head *head)
{
	struct head_origin	*o;
	size_t			 n, length = origin_length(v, &n);

	/* CRI writes its stream's name where others write the host */
	if (length == 0 || v.p + length != rest.p || head->host.p != v.p ||
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

/*
 * Up to and with the first ": "; 0 when it is not near or too near. Known by
 * its bytes is what stands before the pid, or all of it without one.
 */
static inline size_t
origin_length(struct view v, size_t *known)
{
	size_t	most = v.n < HEAD_ORIGIN_BYTES ? v.n : HEAD_ORIGIN_BYTES;
	size_t	colon = view_find((struct view){ v.p, most }, ':', 0);
	size_t	at;

	if (colon < TAIL_BYTES || colon + 1 >= most || v.p[colon + 1] != ' ')
		return 0;
	*known = colon + 2;
	if (v.p[colon - 1] != ']')
		return colon + 2;
	for (at = colon - 1; at > TAIL_BYTES && v.p[at - 1] >= '0' &&
	    v.p[at - 1] <= '9'; at--)
		;
	if (v.p[at - 1] == '[' && v.p[at - 2] != ' ' && at < colon - 1 &&
	    at + PID_DIGITS >= colon - 1)
		*known = at;
	return colon + 2;
}

static uint32_t
pid_at(struct view v, size_t at)
{
	uint32_t	pid = 0;

	for (; v.p[at] != ']'; at++)
		pid = pid * 10 + (uint32_t)(v.p[at] - '0');
	return pid;
}

/* Two places share what falls on either. */
static size_t
slot_of(struct view v, size_t n)
{
	uint64_t	sum = n, word;
	size_t		i;

	for (i = 0; i + sizeof(word) < n; i += sizeof(word)) {
		memcpy(&word, v.p + i, sizeof(word));
		sum = (sum ^ word) * MIXER;
	}
	memcpy(&word, v.p + n - sizeof(word), sizeof(word));
	return (size_t)((sum ^ word) * MIXER >> (64 - SLOT_BITS));
}
