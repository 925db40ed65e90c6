#include "sendmail.h"

enum { ID_MIN = 5, ID_MAX = 24 };

static inline bool is_alnum(unsigned char);

bool
sendmail_take_id(struct view *v, struct view *id)
{
	struct view	rest = *v, word;
	bool		digit = false;
	size_t		i, most = rest.n <= ID_MAX ? rest.n : ID_MAX + 1;

	*id = VIEW_NONE;
	if (view_skip(v, VIEW("NOQUEUE: ")) || view_skip(v, VIEW(": ")))
		return true;
	for (i = 0; i < most && is_alnum((unsigned char)rest.p[i]); i++)
		digit |= rest.p[i] <= '9';
	word = view_sub(rest, 0, i);
	view_advance(&rest, i);
	if (i < ID_MIN || i > ID_MAX || !digit || !view_skip_byte(&rest, ':'))
		return false;
	view_skip_byte(&rest, ' ');
	*id = word;
	*v = rest;
	return true;
}

bool
sendmail_take_address(struct view *v, struct view *out)
{
	bool	quoted = false, angle = false;
	size_t	i;

	for (i = 0; i < v->n; i++) {
		char c = v->p[i];

		/* what all names and addresses are mostly made of */
		if (c > '>' && c != '\\')
			continue;
		if (c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '<')
			angle = true;
		else if (c == '>')
			angle = false;
		else if ((c == ' ' || (c == ',' && i + 1 < v->n &&
		    v->p[i + 1] == ' ')) && !angle)
			break;
	}
	if (i >= v->n)
		return false;
	*out = view_sub(*v, 0, i);
	view_advance(v, i);
	return true;
}

struct view
sendmail_bare(struct view address)
{
	if (address.n > 0 && *address.p == '<') {
		view_advance(&address, 1);
		if (address.n > 0 && address.p[address.n - 1] == '>')
			address.n--;
	}
	return address;
}

void
sendmail_take_relay(struct view *v, struct view *host, struct view *ip)
{
	size_t		end = view_find(*v, ' ', 0), close;
	struct view	name;

	if (end > 0 && (v->p[end - 1] == ',' || v->p[end - 1] == ':'))
		end--;
	name = view_sub(*v, 0, end);
	view_advance(v, end);
	*ip = VIEW_NONE;
	close = view_find(*v, ']', 0);
	if (close < v->n && view_skip(v, VIEW(" ["))) {
		*ip = view_sub(*v, 0, close - 2);
		view_advance(v, close - 1);
		view_skip(ip, VIEW("IPv6:"));
	}
	view_skip(v, VIEW(" (may be forged)"));
	if (view_skip_byte(&name, '[') && name.n > 0 &&
	    name.p[name.n - 1] == ']') {
		name.n--;
		view_skip(&name, VIEW("IPv6:"));
		if (ip->n == 0)
			*ip = name;
	}
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	*host = name.n > 0 ? name : *ip;
}

bool
sendmail_last_relay(struct view rest, struct view *relay)
{
	const struct view	key = VIEW(", relay="), whole = rest;
	const char		*end;

	while (rest.n > 0 &&
	    (end = memrchr(rest.p, '=', rest.n)) != NULL) {
		size_t	n = (size_t)(end - rest.p) + 1;

		if (n >= key.n && memcmp(end + 1 - key.n, key.p, key.n) == 0) {
			*relay = view_sub(whole, n, whole.n);
			return true;
		}
		rest.n = n - 1;
	}
	return false;
}

int32_t
sendmail_duration(struct view v)
{
	uint32_t	part[4] = { 0 };	/* days, hours, minutes, seconds */
	uint64_t	seconds;
	struct view	days = v;
	size_t		i;

	if (view_take_u32(&days, &part[0]) && view_skip_byte(&days, '+'))
		v = days;
	else
		part[0] = 0;
	for (i = 1; i < 4; i++)
		if (!view_take_u32(&v, &part[i]) || part[i] > 59 ||
		    (i < 3 && !view_skip_byte(&v, ':')))
			return -1;
	seconds = part[0] * UINT64_C(86400) + part[1] * 3600 + part[2] * 60 +
	    part[3];
	return v.n > 0 ? -1 : seconds > INT32_MAX / 1000 ? INT32_MAX :
	    (int32_t)seconds * 1000;
}

bool
sendmail_is_torn(struct view v, struct view whole)
{
	return v.n < whole.n && view_starts(whole, v);
}

static inline bool
is_alnum(unsigned char c)
{
	return (unsigned)c - '0' < 10 || ((unsigned)c | 0x20) - 'a' < 26;
}
