#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "utf8.h"

enum { FIRST_BYTES = 256 };

/* Whole numbers below 2^53 are written as such: all of them are exact. */
static const double exact = 9007199254740992.0;

static bool	room(struct buf *, size_t);
static size_t	escape_json(uint32_t, char[8]);
static size_t	escape_html(uint32_t, char[8]);
static size_t	copy(char[8], struct view);
static bool	turns_text_around(uint32_t);

void
buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

void
buf_fini(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .failed = true };
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

void
buf_put(struct buf *b, struct view v)
{
	if (v.n == 0 || !room(b, v.n))
		return;
	memcpy(b->p + b->len, v.p, v.n);
	b->len += v.n;
}

void
buf_text(struct buf *b, const char *s)
{
	buf_put(b, view_of(s));
}

void
buf_byte(struct buf *b, char c)
{
	if (!room(b, 1))
		return;
	b->p[b->len++] = c;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list	ap;
	int	n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	/* one more, for the NUL that vsnprintf insists on */
	if (n < 0 || !room(b, (size_t)n + 1)) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_u64(struct buf *b, uint64_t value)
{
	char	digit[20];
	size_t	at = sizeof(digit);

	do {
		digit[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	buf_put(b, (struct view){ digit + at, sizeof(digit) - at });
}

void
buf_i64(struct buf *b, int64_t value)
{
	if (value < 0)
		buf_byte(b, '-');
	buf_u64(b, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
buf_double(struct buf *b, double value)
{
	char	text[32];
	int	n;

	if (isnan(value) || isinf(value)) {
		buf_text(b, isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
		return;
	}
	if (fabs(value) < exact && trunc(value) - value == 0.0) {
		buf_i64(b, (int64_t)value);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) - value == 0.0)
			break;
	}
	buf_put(b, (struct view){ text, (size_t)n });
}

void
buf_escaped(struct buf *b, struct view v, buf_escape_fn escape)
{
	uint32_t	point;
	bool		valid;
	size_t		len, n;
	char		out[8];

	for (; v.n > 0; view_advance(&v, len)) {
		len = utf8_next(v, &point, &valid);
		n = escape(point, out);
		if (n > 0)
			buf_put(b, (struct view){ out, n });
		else if (valid)
			buf_put(b, (struct view){ v.p, len });
		else
			buf_put(b, VIEW("\xef\xbf\xbd"));
	}
}

void
buf_json_string(struct buf *b, struct view v)
{
	buf_byte(b, '"');
	buf_escaped(b, v, escape_json);
	buf_byte(b, '"');
}

void
buf_html(struct buf *b, struct view v)
{
	buf_escaped(b, v, escape_html);
}

/* False, with the flag up, when n more bytes cannot be had. */
static bool
room(struct buf *b, size_t n)
{
	size_t	cap = b->cap > 0 ? b->cap : FIRST_BYTES;
	char	*p;

	if (n <= b->cap - b->len)
		return true;
	if (n > b->limit || b->len > b->limit - n) {
		b->failed = true;
		return false;
	}
	while (cap - b->len < n)
		cap = cap > b->limit / 2 ? b->limit : cap * 2;
	if (cap > b->limit)
		cap = b->limit;
	p = realloc(b->p, cap);
	if (p == NULL) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

static size_t
escape_json(uint32_t point, char out[8])
{
	switch (point) {
	case '"':
		return copy(out, VIEW("\\\""));
	case '\\':
		return copy(out, VIEW("\\\\"));
	case '\n':
		return copy(out, VIEW("\\n"));
	case '\t':
		return copy(out, VIEW("\\t"));
	}
	if (point >= ' ' && point != 0x7f)
		return 0;
	return (size_t)snprintf(out, 8, "\\u%04x", (unsigned)point);
}

static size_t
escape_html(uint32_t point, char out[8])
{
	switch (point) {
	case '&':
		return copy(out, VIEW("&amp;"));
	case '<':
		return copy(out, VIEW("&lt;"));
	case '>':
		return copy(out, VIEW("&gt;"));
	case '"':
		return copy(out, VIEW("&quot;"));
	case '\'':
		return copy(out, VIEW("&#39;"));
	case '\n':
	case '\t':
		return 0;
	}
	if (point < ' ' || (point >= 0x7f && point < 0xa0) ||
	    turns_text_around(point))
		return copy(out, VIEW("\xef\xbf\xbd"));
	return 0;
}

static size_t
copy(char out[8], struct view v)
{
	memcpy(out, v.p, v.n);
	return v.n;
}

/* Bidirectional controls: a name that holds one rewrites what is around it. */
static bool
turns_text_around(uint32_t point)
{
	return (point >= 0x202a && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069) ||
	    point == 0x200e || point == 0x200f || point == 0x061c;
}
