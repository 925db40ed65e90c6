#include "postfix.h"

#define V(text)	{ text, sizeof(text) - 1 }

/* The words of status=. SOFTBOUNCE: soft_bounce made a deferral of it. */
static const struct status {
	struct view	word;
	bool		probe;	/* an address check: nothing is delivered */
	enum outcome	outcome;
} statuses[] = {
	{ V("sent"), false, OUTCOME_DELIVERED },
	{ V("deferred"), false, OUTCOME_DEFERRED },
	{ V("bounced"), false, OUTCOME_BOUNCED },
	{ V("expired"), false, OUTCOME_EXPIRED },
	{ V("SOFTBOUNCE"), false, OUTCOME_DEFERRED },
	{ V("deliverable"), true, OUTCOME_NONE },
	{ V("undeliverable"), true, OUTCOME_NONE },
	{ V("undeliverable-but-not-cached"), true, OUTCOME_NONE }
};

static const struct view behind_to[] = { V(", orig_to="), V(", relay=") };
static const struct view behind_orig_to[] = { V(", relay=") };

/* Failures of the smtp client before it knew a host. */
static const struct view client_failures[] = {
	V("Host or domain name not found"), V("Host found but no data record"),
	V("Domain "), V("mail for "), V("unable to look up host ")
};

/* The fields before status=, as they stand in the line. */
struct fields {
	struct view	to, relay, delay, delays, dsn;
};

static enum parse_result as_probe(struct mail_event *);
static bool	take_recipient(struct view *, struct view *to);
static bool	take_bare(struct view *, struct view *to);
static bool	take_fields(struct view *, struct fields *);
static bool	take_field(struct view *, struct view key, struct view *value);
static bool	take_other(struct view *);
static const struct status *take_status(struct view *);
static bool	take_closing(struct view *text);
static bool	is_ambiguous(struct view to, struct view text);
static bool	is_attempt(enum postfix_role, struct view text,
		    const struct mail_event *);
static bool	is_client_failure(struct view);
static int32_t	milli_of(struct view);
static int32_t	transaction_of(struct view delays);

enum parse_result
postfix_delivery(const struct postfix_line *line, struct mail_event *out)
{
	struct view		 rest = line->rest;
	struct fields		 f = { .to = VIEW_NONE };
	enum postfix_role	 role = postfix_role(line->service);
	const struct status	*status;
	bool			 whole;

	if (!take_recipient(&rest, &f.to) || f.to.n == 0 ||
	    !take_fields(&rest, &f))
		return PARSE_UNKNOWN;
	status = take_status(&rest);
	if (status == NULL || is_ambiguous(f.to, rest))
		return PARSE_UNKNOWN;
	whole = take_closing(&rest);
	reply_take_enhanced(&f.dsn, &out->reply.enhanced);
	postfix_set_relay(f.relay, role, out);
	if (!postfix_read_reply(rest, whole, role, out))
		return PARSE_UNKNOWN;
	out->recipients = f.to;
	out->recipient_count = 1;
	if (status->probe)
		return as_probe(out);
	out->kind = EVENT_DELIVERY;
	out->outcome = status->outcome;
	out->attempt = is_attempt(role, rest, out);
	out->delay_ms = milli_of(f.delay);
	out->transaction_ms = transaction_of(f.delays);
	return PARSE_EVENT;
}

/*
 * An address check delivers nothing. When a host refused, that is its reply
 * to us all the same.
 */
static enum parse_result
as_probe(struct mail_event *out)
{
	enum reply_class	class = reply_class_of(&out->reply);

	if (out->reply.code == 0 || class == CLASS_2XX)
		return PARSE_IGNORED;
	out->kind = EVENT_HOP;
	return PARSE_EVENT;
}

/* to=<a>, orig_to=<b>, up to relay= */
static bool
take_recipient(struct view *rest, struct view *to)
{
	struct view	orig_to;

	view_skip(rest, VIEW("to="));
	if (!postfix_take_address(rest, behind_to, 2, to) &&
	    !take_bare(rest, to))
		return false;
	view_skip(rest, VIEW(", "));
	if (!view_skip(rest, VIEW("orig_to=")))
		return true;
	if (!postfix_take_address(rest, behind_orig_to, 1, &orig_to) &&
	    !take_bare(rest, &orig_to))
		return false;
	return view_skip(rest, VIEW(", "));
}

/* An address without <>, as it was before Postfix 2.0. */
static bool
take_bare(struct view *rest, struct view *to)
{
	if (rest->n == 0 || *rest->p == '<')
		return false;
	to->p = rest->p;
	to->n = view_find(*rest, ',', 0);
	if (to->n == rest->n || view_find(*to, ' ', 0) < to->n)
		return false;
	view_advance(rest, to->n);
	return true;
}

/*
 * The pairs up to status=, in Postfix's order; every version writes relay and
 * delay. Postfix itself writes all of them, so a key to come, as tls= once
 * was, is stepped over.
 */
static bool
take_fields(struct view *rest, struct fields *f)
{
	struct view	other;

	if (!take_field(rest, VIEW("relay="), &f->relay))
		return false;
	take_field(rest, VIEW("conn_use="), &other);
	if (!take_field(rest, VIEW("delay="), &f->delay))
		return false;
	take_field(rest, VIEW("delays="), &f->delays);
	take_field(rest, VIEW("tls="), &other);
	take_field(rest, VIEW("dsn="), &f->dsn);
	while (!view_skip(rest, VIEW("status=")))
		if (!take_other(rest) && !take_field(rest, VIEW("dsn="),
		    &f->dsn))
			return false;
	return true;
}

/* "key=value, "; nothing is taken when another key stands there. */
static inline bool
take_field(struct view *rest, struct view key, struct view *value)
{
	struct view	v = *rest;

	if (!view_skip(&v, key) || !view_cut(&v, ',', value) ||
	    !view_skip_byte(&v, ' '))
		return false;
	*rest = v;
	return true;
}

/* A key in small letters that we do not know. */
static bool
take_other(struct view *rest)
{
	struct view	v = *rest;
	size_t		n = 0;

	while (n < v.n && (v.p[n] == '_' || (v.p[n] >= 'a' && v.p[n] <= 'z')))
		n++;
	if (n == 0 || view_starts(v, VIEW("dsn=")) ||
	    view_starts(v, VIEW("status=")))
		return false;
	return take_field(rest, view_sub(v, 0, n + 1), &v) &&
	    view_find(v, ' ', 0) == v.n;
}

/* The word and the parenthesis behind it. */
static const struct status *
take_status(struct view *rest)
{
	struct view	word;
	size_t		i;

	if (!view_cut(rest, ' ', &word) || !view_skip_byte(rest, '('))
		return NULL;
	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (view_eq(word, statuses[i].word))
			return &statuses[i];
	return NULL;
}

/*
 * The parenthesis that ends the text; some collectors put a number behind it.
 * Without it the line was cut.
 */
static bool
take_closing(struct view *text)
{
	size_t	n = text->n;

	while (n > 0 && ((text->p[n - 1] >= '0' && text->p[n - 1] <= '9') ||
	    text->p[n - 1] == ' '))
		n--;
	if (n == 0 || text->p[n - 1] != ')')
		return false;
	text->n = n - 1;
	return true;
}

/*
 * Before 3.5 an address was logged without the quotes it needs, and
 * "a>, relay=..., status=sent (250"@example.com could pass for a whole
 * delivery. Postfix completes each address to one with a domain; when it has
 * none and a second relay= follows, nobody can tell the two apart.
 */
static bool
is_ambiguous(struct view to, struct view text)
{
	return view_find(to, '@', 0) == to.n &&
	    view_search(text, VIEW(">, relay=")) < text.n;
}

/*
 * The smtp client's own failures (DNS, null MX, a loop) count as attempts: it
 * set out to deliver, and the recipient got no mail. Only what error(8) and
 * the queue manager repeat from an earlier failure does not.
 */
static bool
is_attempt(enum postfix_role role, struct view text,
    const struct mail_event *out)
{
	if (view_starts(text, VIEW("delivery temporarily suspended")))
		return false;
	switch (role) {
	case ROLE_REMOTE:
	case ROLE_LOCAL:
		return true;
	case ROLE_UNSAID:
		return out->relay_kind != RELAY_NONE ||
		    out->stage != STAGE_NONE || is_client_failure(text);
	case ROLE_MAIL:
	case ROLE_QUIET:
	case ROLE_FOREIGN:
		return false;
	}
	return false;
}

/* With relay=none: is it smtp that found no way? */
static bool
is_client_failure(struct view text)
{
	size_t	i;

	for (i = 0; i < sizeof(client_failures) / sizeof(client_failures[0]);
	    i++)
		if (view_starts(text, client_failures[i]))
			return true;
	return false;
}

static int32_t
milli_of(struct view v)
{
	int64_t	ms;

	if (!view_take_milli(&v, &ms))
		return -1;
	return ms > INT32_MAX ? INT32_MAX : (int32_t)ms;
}

/* delays=a/b/c/d: c is connection set-up, d is transmission. */
static int32_t
transaction_of(struct view delays)
{
	struct view	head;
	int32_t		connection, transmission;

	for (int i = 0; i < 3; i++)
		if (!view_cut(&delays, '/', &head))
			return -1;
	connection = milli_of(head);
	transmission = milli_of(delays);
	if (connection < 0 || transmission < 0 ||
	    connection > INT32_MAX - transmission)
		return -1;
	return connection + transmission;
}
