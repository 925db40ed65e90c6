/*
 * view - text that belongs to somebody else.
 *
 * A pointer and a length into a buffer of the line's owner, not ended by a
 * NUL. A view may be read, cut and passed down; it may not be kept longer
 * than the line. No function here reads beyond p + n or allocates.
 */
#ifndef VIEW_H
#define VIEW_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {
	const char	*p;
	size_t		 n;
};

#define VIEW(lit)	((struct view){ (lit), sizeof(lit) - 1 })
#define VIEW_NONE	((struct view){ NULL, 0 })

/* The view of a NUL-terminated string of our own (never of log text). */
static inline struct view
view_of(const char *s)
{
	return (struct view){ s, s == NULL ? 0 : strlen(s) };
}

/* memcmp() == 0 of a few dozen bytes, which is sooner done than called. */
static inline bool
view_same(const char *a, const char *b, size_t n)
{
	uint64_t	x, y;

	if (n < sizeof(x))
		return n == 0 || memcmp(a, b, n) == 0;
	for (size_t i = 0; i < n - sizeof(x); i += sizeof(x)) {
		memcpy(&x, a + i, sizeof(x));
		memcpy(&y, b + i, sizeof(y));
		if (x != y)
			return false;
	}
	memcpy(&x, a + n - sizeof(x), sizeof(x));
	memcpy(&y, b + n - sizeof(y), sizeof(y));
	return x == y;
}

static inline bool
view_eq(struct view a, struct view b)
{
	return a.n == b.n && view_same(a.p, b.p, a.n);
}

static inline bool
view_starts(struct view v, struct view prefix)
{
	if (v.n < prefix.n)
		return false;
	if (__builtin_constant_p(prefix.n))
		return prefix.n == 0 || memcmp(v.p, prefix.p, prefix.n) == 0;
	return view_same(v.p, prefix.p, prefix.n);
}

static inline bool
view_ends(struct view v, struct view suffix)
{
	return suffix.n == 0 || (v.n >= suffix.n &&
	    memcmp(v.p + v.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* Step over n bytes, at most all of them. */
static inline void
view_advance(struct view *v, size_t n)
{
	if (n > v->n)
		n = v->n;
	if (n == 0)		/* NULL + 0 is not C */
		return;
	v->p += n;
	v->n -= n;
}

/* If *v starts with prefix, step over it. */
static inline bool
view_skip(struct view *v, struct view prefix)
{
	if (!view_starts(*v, prefix))
		return false;
	view_advance(v, prefix.n);
	return true;
}

static inline bool
view_skip_byte(struct view *v, char c)
{
	if (v->n == 0 || *v->p != c)
		return false;
	view_advance(v, 1);
	return true;
}

/* At most len bytes from there on. */
static inline struct view
view_sub(struct view v, size_t from, size_t len)
{
	view_advance(&v, from);
	if (len < v.n)
		v.n = len;
	return v;
}

enum { VIEW_NEAR = 8 };

/* Place of the first c in the eight bytes from there on, VIEW_NEAR if none. */
static inline size_t
view_near(const char *p, char c)
{
	uint64_t	word, ones = UINT64_C(0x0101010101010101), zeros;

	memcpy(&word, p, sizeof(word));
	word = le64toh(word) ^ ones * (unsigned char)c;
	zeros = (word - ones) & ~word & ones << 7;
	return zeros == 0 ? VIEW_NEAR :
	    (size_t)__builtin_ctzll(zeros) / 8;
}

/* Position of the first c at or after from; v.n when there is none. */
static inline size_t
view_find(struct view v, char c, size_t from)
{
	const char	*hit;

	if (from >= v.n)
		return v.n;
	if (v.n - from >= VIEW_NEAR) {
		size_t	at = view_near(v.p + from, c);

		if (at < VIEW_NEAR)
			return from + at;
		from += VIEW_NEAR;
	}
	hit = memchr(v.p + from, c, v.n - from);
	return hit == NULL ? v.n : (size_t)(hit - v.p);
}

/* Position of the last c; v.n when there is none. */
static inline size_t
view_find_last(struct view v, char c)
{
	const char	*hit = v.n == 0 ? NULL : memrchr(v.p, c, v.n);

	return hit == NULL ? v.n : (size_t)(hit - v.p);
}

/*
 * Move what stands before the first c from *v to *head and step over c.
 * Without a c nothing changes and the answer is false.
 */
static inline bool
view_cut(struct view *v, char c, struct view *head)
{
	size_t	at = view_find(*v, c, 0);

	if (at == v->n)
		return false;
	*head = (struct view){ v->p, at };
	view_advance(v, at + 1);
	return true;
}

struct view	view_trim(struct view);		/* blanks and tabs, both ends */
bool		view_eq_nocase(struct view, struct view);
bool		view_starts_nocase(struct view, struct view prefix);
/* Position of the first needle, ASCII case kept; v.n when there is none. */
size_t		view_search(struct view, struct view needle);
/* Step over a run of decimal digits; false if none or above UINT32_MAX. */
bool		view_take_u32(struct view *, uint32_t *out);
/*
 * Step over "123", "1.5" or ".02": a number with at most three decimals kept,
 * in thousandths. False if there is no number or it does not fit.
 */
bool		view_take_milli(struct view *, int64_t *out);

#endif
