#include "postfix.h"

static bool	follows(struct view, const struct view *, size_t);
static size_t	quote_end(struct view, size_t);

bool
postfix_take_address(struct view *v, const struct view *follow,
    size_t follow_count, struct view *out)
{
	struct view	rest;
	size_t		at = 1;

	if (v->n < 2 || *v->p != '<')
		return false;
	if (v->p[1] == '"')
		at = quote_end(*v, 2);
	for (; (at = view_find(*v, '>', at)) < v->n; at++) {
		rest = view_sub(*v, at + 1, v->n - at - 1);
		if (!follows(rest, follow, follow_count))
			continue;
		*out = view_sub(*v, 1, at - 1);
		*v = rest;
		return true;
	}
	return false;
}

static bool
follows(struct view rest, const struct view *follow, size_t count)
{
	size_t	i;

	for (i = 0; i < count; i++)
		if (follow[i].n == 0 ? rest.n == 0 :
		    view_starts(rest, follow[i]))
			return true;
	return false;
}

/* Behind the closing quote; v.n when it does not close. */
static size_t
quote_end(struct view v, size_t at)
{
	for (; at < v.n; at++) {
		if (v.p[at] == '\\')
			at++;
		else if (v.p[at] == '"')
			return at + 1;
	}
	return v.n;
}

bool
postfix_take_host(struct view *v, struct view *name, struct view *ip)
{
	size_t	open = view_find(*v, '[', 0), close = view_find(*v, ']', open);
	size_t	end = close + 1;

	if (close >= v->n || view_find(*v, ' ', 0) < close ||
	    view_find(*v, ')', 0) < close)
		return false;
	*name = view_sub(*v, 0, open);
	*ip = view_sub(*v, open + 1, close - open - 1);
	if (end < v->n && v->p[end] == ':') {
		size_t digit = end + 1;

		while (digit < v->n && v->p[digit] >= '0' &&
		    v->p[digit] <= '9')
			digit++;
		if (digit > end + 1)
			end = digit;
	}
	view_advance(v, end);
	return true;
}

void
postfix_set_relay(struct view relay, enum postfix_role role,
    struct mail_event *out)
{
	struct view	name, ip;

	out->relay_kind = RELAY_NONE;
	if (role == ROLE_LOCAL) {
		out->relay_kind = RELAY_LOCAL;
		return;
	}
	if (relay.n == 0 || view_eq(relay, VIEW("none")))
		return;
	if (!postfix_take_host(&relay, &name, &ip)) {
		/* without an address it is a transport, or a very old host */
		out->relay_kind = RELAY_LOCAL;
		if (role == ROLE_REMOTE) {
			out->relay_kind = RELAY_HOST;
			out->relay = relay;
		}
		return;
	}
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (view_find(ip, '/', 0) < ip.n) {
		out->relay_kind = RELAY_SOCKET;
		out->relay = name.n > 0 ? name : ip;
		return;
	}
	out->relay_kind = RELAY_HOST;
	out->relay = name.n > 0 ? name : ip;
	out->relay_ip = ip;
}
