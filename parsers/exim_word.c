/*
 * exim_word - the smallest pieces of a line: hosts, brackets, quotes, spans
 * of time, and the escapes Exim writes.
 */
#include "exim.h"

enum { IP_MAX = 64, WEEK_S = 604800 };

static bool	take_helo(struct view *, struct view *);
static bool	take_ip(struct view *, struct view *);
static size_t	quoted_len(struct view);
static bool	take_unit(struct view *, int64_t *unit_s);
static size_t	unescape_one(struct view, size_t at, bool quoted, char *to);
static bool	is_octal(char);

bool
exim_host_take(struct view *v, struct exim_host *out)
{
	struct view	rest = *v;
	size_t		at;

	*out = (struct exim_host){ 0 };
	if (rest.n == 0)
		return false;
	if (*rest.p != '(' && *rest.p != '[') {
		at = view_find(rest, ' ', 0);
		if (at > 1 && rest.p[at - 1] == ':')
			at--;
		out->name = view_sub(rest, 0, at);
		view_advance(&rest, at);
		if (rest.n > 2 && *rest.p == ' ' && (rest.p[1] == '(' ||
		    rest.p[1] == '['))
			view_advance(&rest, 1);
		else if (view_starts(rest, VIEW(" DS [")))
			view_advance(&rest, 4);
	}
	if (rest.n > 0 && *rest.p == '(' && !take_helo(&rest, &out->helo))
		return false;
	if (rest.n > 0 && *rest.p == '[') {
		if (!take_ip(&rest, &out->ip))
			return false;
		if (rest.n > 1 && *rest.p == ':' && rest.p[1] >= '0' &&
		    rest.p[1] <= '9') {
			view_advance(&rest, 1);
			while (rest.n > 0 && *rest.p >= '0' && *rest.p <= '9')
				view_advance(&rest, 1);
		}
		view_skip_byte(&rest, '*');
	}
	*v = rest;
	return true;
}

/* "(what the client said)"; the address follows it. */
static bool
take_helo(struct view *v, struct view *helo)
{
	size_t	at = 1;

	for (;;) {
		at = view_find(*v, ')', at);
		if (at + 2 >= v->n)
			return false;
		if (v->p[at + 1] == ' ' && v->p[at + 2] == '[')
			break;
		at++;
	}
	*helo = view_sub(*v, 1, at - 1);
	view_advance(v, at + 2);
	return true;
}

/* "[192.0.2.1]"; the bracket may stay open before a colon. */
static bool
take_ip(struct view *v, struct view *ip)
{
	size_t	at;

	for (at = 1; at < v->n && at < IP_MAX; at++)
		if (v->p[at] == ']' || v->p[at] == ' ')
			break;
	if (at == v->n || at == IP_MAX)
		return false;
	if (v->p[at] == ']') {
		*ip = view_sub(*v, 1, at - 1);
		view_advance(v, at + 1);
		return ip->n > 0;
	}
	if (at < 3 || v->p[at - 1] != ':')
		return false;
	*ip = view_sub(*v, 1, at - 2);
	view_advance(v, at - 1);
	return true;
}

/* "<address>"; a quoted local part may hold anything. */
bool
exim_angle_take(struct view *v, struct view *inside)
{
	size_t	end, from = 1;

	if (v->n < 2 || *v->p != '<')
		return false;
	if (v->p[1] == '"') {
		size_t quoted = quoted_len(view_sub(*v, 1, v->n));

		if (quoted == 0)
			return false;
		from += quoted;
	}
	end = view_find(*v, '>', from);
	if (end == v->n)
		return false;
	*inside = view_sub(*v, 1, end - 1);
	view_advance(v, end + 1);
	return true;
}

bool
exim_quoted_take(struct view *v, struct view *inside)
{
	size_t	n = quoted_len(*v);

	if (n == 0)
		return false;
	*inside = view_sub(*v, 1, n - 2);
	view_advance(v, n);
	return true;
}

/* Length of the quoted string at the front, quotes included; 0: not closed. */
static size_t
quoted_len(struct view v)
{
	size_t	at = 0, back;

	if (v.n == 0 || *v.p != '"')
		return 0;
	for (;;) {
		at = view_find(v, '"', at + 1);
		if (at == v.n)
			return 0;
		for (back = at; back > 1 && v.p[back - 1] == '\\'; back--)
			;
		if ((at - back) % 2 == 0)
			return at + 1;
	}
}

/* "1h2m3s", "0.227s": whole or decimal numbers with units. */
bool
exim_span_take(struct view *v, int32_t *ms)
{
	struct view	rest = *v;
	int64_t		total = 0, number, unit_s;

	if (view_skip_byte(&rest, '-'))
		return false;
	do {
		if (!view_take_milli(&rest, &number) ||
		    !take_unit(&rest, &unit_s))
			return false;
		if (number > INT32_MAX)
			number = INT32_MAX;
		total += number * unit_s;
	} while (rest.n > 0 && *rest.p >= '0' && *rest.p <= '9');
	*ms = total > INT32_MAX ? INT32_MAX : (int32_t)total;
	*v = rest;
	return true;
}

static bool
take_unit(struct view *v, int64_t *unit_s)
{
	if (v->n == 0)
		return false;
	switch (*v->p) {
	case 's':
		*unit_s = 1;
		break;
	case 'm':
		*unit_s = 60;
		break;
	case 'h':
		*unit_s = 3600;
		break;
	case 'd':
		*unit_s = 86400;
		break;
	case 'w':
		*unit_s = WEEK_S;
		break;
	default:
		return false;
	}
	view_advance(v, 1);
	return true;
}

/* Sets *torn when v ends before it can be told from phrase. */
bool
exim_starts_or_torn(struct view v, struct view phrase, bool *torn)
{
	if (view_starts(v, phrase))
		return true;
	if (v.n < phrase.n && view_starts(phrase, v))
		*torn = true;
	return false;
}

/*
 * Undo "\n" and octal, and in C="" the backslash before quote and backslash
 * that was put over them. Lines are joined by LF. Without a backslash, or
 * without room, it is the text itself.
 */
struct view
exim_unescape(struct view v, bool quoted, struct scratch *scratch)
{
	size_t	at = view_find(v, '\\', 0), n = at;
	char	*room;

	if (at == v.n)
		return v;
	room = scratch_room(scratch, v.n);
	if (room == NULL)
		return v;
	memcpy(room, v.p, at);
	while (at < v.n) {
		if (v.p[at] == '\\')
			at += unescape_one(v, at, quoted, room + n);
		else
			room[n] = v.p[at++];
		n++;
	}
	scratch_keep(scratch, n);
	return (struct view){ room, n };
}

/* Decode what starts with the backslash at; how many bytes it took. */
static size_t
unescape_one(struct view v, size_t at, bool quoted, char *to)
{
	size_t	used = 1;
	char	c;

	if (quoted && at + 1 < v.n && v.p[at + 1] == '"') {
		*to = '"';
		return 2;
	}
	if (quoted && at + 1 < v.n && v.p[at + 1] == '\\')
		used = 2;
	c = at + used < v.n ? v.p[at + used] : '\0';
	if (c == 'n' || c == 'r' || c == 't') {
		*to = c == 'n' ? '\n' : ' ';
		return used + 1;
	}
	if (c >= '0' && c <= '3' && at + used + 2 < v.n &&
	    is_octal(v.p[at + used + 1]) && is_octal(v.p[at + used + 2])) {
		*to = (char)((c - '0') << 6 | (v.p[at + used + 1] - '0') << 3 |
		    (v.p[at + used + 2] - '0'));
		return used + 3;
	}
	*to = '\\';
	return used;
}

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}
