/*
 * exim_fields - the fields of a line, in whatever order they stand.
 *
 * Exim writes " K=value" or a bare word; log_selector decides which. A field
 * that comes twice makes the line ambiguous: somebody's text looks like one.
 */
#include "exim.h"

enum { KEY_MAX = 5 };

struct key {
	enum exim_field	field;
	size_t		len;	/* with the '=' */
};

#define KEY1(a)		((uint32_t)(a))
#define KEY2(a, b)	(KEY1(a) << 8 | (uint32_t)(b))

static struct key	read_key(struct view);
static struct key	read_flag(struct view);
static enum exim_field	short_key(uint32_t name);
static bool	take_value(struct view *, enum exim_field,
		    struct exim_fields *);
static bool	take_word(struct view *, struct view *);
static bool	take_free(struct view *, struct view *);
static bool	take_other(struct view *, struct view *);
static bool	take_quoted(struct view *, struct view *);
static bool	goes_on(struct view);
static bool	take_return_path(struct view *, struct exim_fields *);
static bool	take_interface(struct view *, struct view *);
static bool	ends_flag(struct view, size_t at);

/* Take all fields at the front; before each but the first of a line a blank. */
bool
exim_fields_take(struct view *v, struct exim_fields *out)
{
	while (v->n > 1) {
		struct view	rest = *v;
		bool		blank = view_skip_byte(&rest, ' ');
		struct key	key = read_key(rest);
		uint32_t	bit = 1u << key.field;

		if (key.field == FIELD_NONE || (!blank && out->seen != 0))
			break;
		view_advance(&rest, key.len);
		if (key.field < FIELD_OTHER) {
			if ((out->seen & bit) != 0)
				return false;
			out->seen |= bit;
			if (!take_value(&rest, key.field, out))
				return false;
		} else if (key.field == FIELD_OTHER) {
			struct view ignored;

			if (!take_other(&rest, &ignored))
				return false;
		}
		*v = rest;
	}
	return true;
}

/* Does v, a blank and more, go on with a field? */
bool
exim_field_follows(struct view v)
{
	return v.n > 1 && *v.p == ' ' &&
	    read_key(view_sub(v, 1, v.n)).field != FIELD_NONE;
}

/* "T=", "DKIM=", "id*=", or a bare "PRDR". */
static struct key
read_key(struct view v)
{
	uint32_t	name = 0;
	size_t		at;

	if (v.n == 0 || ((*v.p < 'A' || *v.p > 'Z') && *v.p != 'i'))
		return (struct key){ FIELD_NONE, 0 };
	if (v.n > 1 && v.p[1] == '=' && *v.p != 'i')
		return (struct key){ short_key(KEY1(*v.p)), 2 };
	for (at = 0; at < v.n && at < KEY_MAX && v.p[at] != '='; at++) {
		unsigned char c = (unsigned char)v.p[at];

		if ((c < '0' || c > '9') && (c < 'A' || c > 'Z') &&
		    (c < 'a' || c > 'z') && c != '*')
			return read_flag(v);
		name = name << 8 | c;
	}
	if (at == v.n || v.p[at] != '=')
		return read_flag(v);
	if (*v.p == 'i' && v.p[1] != 'd')
		return (struct key){ FIELD_NONE, 0 };
	return (struct key){ at > 2 ? FIELD_OTHER : short_key(name), at + 1 };
}

static enum exim_field
short_key(uint32_t name)
{
	switch (name) {
	case KEY1('A'):
		return FIELD_AUTH;
	case KEY1('C'):
		return FIELD_CONFIRMATION;
	case KEY2('D', 'T'):
		return FIELD_DELIVER_TIME;
	case KEY1('F'):
		return FIELD_SENDER;
	case KEY1('H'):
		return FIELD_HOST;
	case KEY1('I'):
		return FIELD_INTERFACE;
	case KEY1('P'):
		return FIELD_PROTOCOL;
	case KEY2('Q', 'T'):
		return FIELD_QUEUE_TIME;
	case KEY1('R'):
		return FIELD_ROUTER;
	case KEY1('S'):
		return FIELD_SIZE;
	case KEY1('T'):
		return FIELD_TRANSPORT;
	case KEY1('U'):
		return FIELD_USER;
	default:
		return FIELD_OTHER;
	}
}

/* Words without a value: L with its marks, K, DS, ARC, PRDR, TFO, TFO*. */
static struct key
read_flag(struct view v)
{
	static const struct view flags[] = {
		VIEW("K"), VIEW("DS"), VIEW("ARC"), VIEW("PRDR"),
		VIEW("TFO*"), VIEW("TFO")
	};
	size_t		at = 1, i;

	if (*v.p == 'L') {
		while (at < v.n && (v.p[at] == '*' || v.p[at] == '.' ||
		    v.p[at] == '-'))
			at++;
		if (ends_flag(v, at))
			return (struct key){ FIELD_FLAG, at };
	}
	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (view_starts(v, flags[i]) && ends_flag(v, flags[i].n))
			return (struct key){ FIELD_FLAG, flags[i].n };
	return (struct key){ FIELD_NONE, 0 };
}

static bool
ends_flag(struct view v, size_t at)
{
	return at >= v.n || v.p[at] == ' ' || v.p[at] == ':';
}

static bool
take_value(struct view *v, enum exim_field field, struct exim_fields *out)
{
	struct view	ignored;

	switch (field) {
	case FIELD_AUTH:
		return take_free(v, &out->auth);
	case FIELD_CONFIRMATION:
		return exim_quoted_take(v, &out->confirmation);
	case FIELD_DELIVER_TIME:
		return exim_span_take(v, &out->deliver_ms);
	case FIELD_SENDER:
		out->has_sender = true;
		return exim_angle_take(v, &out->sender);
	case FIELD_HOST:
		return exim_host_take(v, &out->host);
	case FIELD_INTERFACE:
		return take_interface(v, &out->local_ip);
	case FIELD_PROTOCOL:
		return take_return_path(v, out);
	case FIELD_QUEUE_TIME:
		return exim_span_take(v, &out->queue_ms);
	case FIELD_ROUTER:
	case FIELD_SIZE:
		return take_word(v, &ignored);
	case FIELD_TRANSPORT:
		return take_other(v, &out->transport);
	case FIELD_USER:
		return take_free(v, &out->user);
	case FIELD_NONE:
	case FIELD_OTHER:
	case FIELD_FLAG:
		break;
	}
	return false;
}

/* Up to a blank, or a colon that ends the fields. Not empty. */
static bool
take_word(struct view *v, struct view *word)
{
	size_t	at = view_find(*v, ' ', 0);

	if (at > 0 && v->p[at - 1] == ':')
		at--;
	*word = view_sub(*v, 0, at);
	view_advance(v, at);
	return at > 0;
}

/* Somebody's name, which may have blanks: up to the next field. */
static bool
take_free(struct view *v, struct view *text)
{
	const char	*from = v->p;
	struct view	word;

	if (!take_word(v, &word))
		return false;
	while (v->n > 1 && *v->p == ' ' && !exim_field_follows(*v) &&
	    !view_starts(*v, VIEW(" rejected ")) &&
	    !view_starts(*v, VIEW(" temporarily rejected "))) {
		view_advance(v, 1);
		if (!take_word(v, &word))
			break;
	}
	*text = (struct view){ from, (size_t)(v->p - from) };
	return true;
}

/* A value by its first byte: "quoted", <in angles>, or a word. */
static bool
take_other(struct view *v, struct view *value)
{
	if (v->n > 0 && *v->p == '"')
		return take_quoted(v, value);
	if (v->n > 0 && *v->p == '<')
		return exim_angle_take(v, value);
	return take_word(v, value);
}

/*
 * Exim escapes quotes in a subject but not in a certificate's name: go on to
 * the quote behind which the line goes on. A message id may begin with one.
 */
static bool
take_quoted(struct view *v, struct view *value)
{
	struct view	rest = *v;
	size_t		at;

	if (!exim_quoted_take(&rest, value))
		return false;
	if (rest.n > 0 && *rest.p == '@') {
		*v = rest;
		return take_word(v, value);
	}
	for (at = value->n + 1; !goes_on(view_sub(*v, at + 1, v->n));) {
		at = view_find(*v, '"', at + 1);
		if (at == v->n)
			return false;
	}
	*value = view_sub(*v, 1, at - 1);
	view_advance(v, at + 1);
	return true;
}

/* Is this what may stand behind a quoted value? */
static bool
goes_on(struct view v)
{
	return v.n == 0 || *v.p == ':' || exim_field_follows(v) ||
	    view_starts(v, VIEW(" from <")) || view_starts(v, VIEW(" for ")) ||
	    view_starts(v, VIEW(" rejected ")) ||
	    view_starts(v, VIEW(" temporarily rejected "));
}

/* P=<return path> on deliveries, P=esmtps on arrivals. */
static bool
take_return_path(struct view *v, struct exim_fields *out)
{
	struct view	path;

	if (v->n == 0 || *v->p != '<')
		return take_word(v, &path);
	if (!exim_angle_take(v, &path))
		return false;
	if (!out->has_sender)
		out->sender = path;
	out->has_sender = true;
	return true;
}

/* "[192.0.2.1]:25" */
static bool
take_interface(struct view *v, struct view *ip)
{
	struct exim_host	host;

	if (v->n == 0 || *v->p != '[' || !exim_host_take(v, &host))
		return false;
	*ip = host.ip;
	return true;
}
