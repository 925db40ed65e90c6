#include "json.h"

enum { SURROGATE = 0xd800, SURROGATE_LOW = 0xdc00, SURROGATE_END = 0xe000,
	REPLACEMENT = '?' };

static void	skip_space(struct view *);
static bool	take_string(struct view *, struct view *raw);
static bool	take_nested(struct view *, struct view *raw);
static bool	take_scalar(struct view *, struct view *raw);
static bool	take_value(struct view *, struct json_member *);
static size_t	decode_escape(struct view *, char *to);
static uint32_t	take_unit(struct view *);
static size_t	put_utf8(uint32_t, char *to);

bool
json_next(struct view *rest, struct json_member *out)
{
	skip_space(rest);
	if (view_skip_byte(rest, ','))
		skip_space(rest);
	if (!take_string(rest, &out->key))
		return false;
	skip_space(rest);
	if (!view_skip_byte(rest, ':'))
		return false;
	skip_space(rest);
	return take_value(rest, out);
}

bool
json_string(struct view raw, struct scratch *scratch, struct view *out)
{
	size_t	plain = view_find(raw, '\\', 0), n = 0;
	char	*room;

	if (plain == raw.n) {
		*out = raw;
		return true;
	}
	room = scratch_room(scratch, raw.n);
	if (room == NULL)
		return false;
	while (raw.n > 0) {
		memcpy(room + n, raw.p, plain);
		n += plain;
		view_advance(&raw, plain);
		if (raw.n > 0)
			n += decode_escape(&raw, room + n);
		plain = view_find(raw, '\\', 0);
	}
	scratch_keep(scratch, n);
	*out = (struct view){ room, n };
	return true;
}

bool
json_bytes(struct view raw, struct scratch *scratch, struct view *out)
{
	char	*room = scratch_room(scratch, raw.n);
	size_t	 n = 0;
	uint32_t value;

	if (room == NULL)
		return false;
	for (skip_space(&raw); raw.n > 0; skip_space(&raw)) {
		if (!view_take_u32(&raw, &value) || value > UINT8_MAX)
			return false;
		room[n++] = (char)value;
		skip_space(&raw);
		if (raw.n > 0 && !view_skip_byte(&raw, ','))
			return false;
	}
	scratch_keep(scratch, n);
	*out = (struct view){ room, n };
	return true;
}

static void
skip_space(struct view *v)
{
	while (v->n > 0 && (*v->p == ' ' || *v->p == '\t' || *v->p == '\n' ||
	    *v->p == '\r'))
		view_advance(v, 1);
}

static bool
take_string(struct view *v, struct view *raw)
{
	struct view	rest = *v;
	const char	*start;

	if (!view_skip_byte(&rest, '"'))
		return false;
	start = rest.p;
	while (rest.n > 0 && *rest.p != '"')
		view_advance(&rest, *rest.p == '\\' ? 2 : 1);
	if (rest.n == 0)
		return false;
	*raw = (struct view){ start, (size_t)(rest.p - start) };
	view_advance(&rest, 1);
	*v = rest;
	return true;
}

/* An array or object, with whatever is in it. */
static bool
take_nested(struct view *v, struct view *raw)
{
	struct view	rest = *v, ignored;
	const char	*start = v->p + 1;
	size_t		depth = 0;

	while (rest.n > 0) {
		char c = *rest.p;

		if (c == '"') {
			if (!take_string(&rest, &ignored))
				return false;
			continue;
		}
		view_advance(&rest, 1);
		if (c == '[' || c == '{')
			depth++;
		if ((c == ']' || c == '}') && --depth == 0)
			break;
	}
	if (depth != 0)
		return false;
	*raw = (struct view){ start, (size_t)(rest.p - start) - 1 };
	*v = rest;
	return true;
}

static bool
take_scalar(struct view *v, struct view *raw)
{
	struct view	rest = *v;

	while (rest.n > 0 && *rest.p != ',' && *rest.p != '}' &&
	    *rest.p != ' ' && *rest.p != '"')
		view_advance(&rest, 1);
	*raw = (struct view){ v->p, (size_t)(rest.p - v->p) };
	/* a number that ends with the line may have been cut */
	if (raw->n == 0 || rest.n == 0)
		return false;
	*v = rest;
	return true;
}

static bool
take_value(struct view *v, struct json_member *out)
{
	if (v->n == 0)
		return false;
	switch (*v->p) {
	case '"':
		out->kind = JSON_STRING;
		return take_string(v, &out->value);
	case '[':
		out->kind = JSON_ARRAY;
		return take_nested(v, &out->value);
	case '{':
		out->kind = JSON_OBJECT;
		return take_nested(v, &out->value);
	}
	out->kind = JSON_SCALAR;
	return take_scalar(v, &out->value);
}

/* One escape at the front of *v; never writes more bytes than it takes. */
static size_t
decode_escape(struct view *v, char *to)
{
	static const char	from[] = "bfnrt", into[] = "\b\f\n\r\t";
	const char		*hit;
	char			c;

	view_advance(v, 1);
	if (v->n == 0)
		return 0;
	c = *v->p;
	view_advance(v, 1);
	if (c == 'u')
		return put_utf8(take_unit(v), to);
	hit = c == '\0' ? NULL : strchr(from, c);
	*to = hit == NULL ? c : into[hit - from];
	return 1;
}

/* What follows "\u": four digits, or two halves of a pair. */
static uint32_t
take_unit(struct view *v)
{
	uint32_t	half[2] = { 0, 0 };
	int		i, k;

	for (k = 0; k < 2; k++) {
		if (v->n < 4)
			return REPLACEMENT;
		for (i = 0; i < 4; i++) {
			char c = v->p[i];
			char low = (char)(c | 0x20);

			if (c >= '0' && c <= '9')
				half[k] = half[k] * 16 + (uint32_t)(c - '0');
			else if (low >= 'a' && low <= 'f')
				half[k] = half[k] * 16 +
				    (uint32_t)(low - 'a') + 10;
			else
				return REPLACEMENT;
		}
		view_advance(v, 4);
		if (half[0] < SURROGATE || half[0] >= SURROGATE_END)
			return half[0];
		if (k == 0 && !view_skip(v, VIEW("\\u")))
			return REPLACEMENT;
	}
	if (half[0] >= SURROGATE_LOW || half[1] < SURROGATE_LOW ||
	    half[1] >= SURROGATE_END)
		return REPLACEMENT;
	return 0x10000 + ((half[0] - SURROGATE) << 10) +
	    (half[1] - SURROGATE_LOW);
}

static size_t
put_utf8(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}
