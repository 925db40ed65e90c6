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

/* The fields before status=, as they stand in the line. */
struct fields {
	struct view	to, relay, delay, delays, dsn;
};

static bool	take_recipient(struct view *, struct view *to);
static bool	take_bare(struct view *, struct view *to);
static bool	take_fields(struct view *, struct fields *);
static const struct status *take_status(struct view *);
static bool	is_ambiguous(struct view to, struct view text);
static bool	is_attempt(const struct postfix_line *, struct view text,
		    const struct mail_event *);
static int32_t	milli_of(struct view);
static int32_t	transaction_of(struct view delays);

enum parse_result
postfix_delivery(const struct postfix_line *line, struct mail_event *out)
{
	struct view		 rest = line->rest;
	struct fields		 f = { .to = VIEW_NONE };
	const struct status	*status;
	bool			 whole;

	if (!take_recipient(&rest, &f.to) || !take_fields(&rest, &f))
		return PARSE_UNKNOWN;
	status = take_status(&rest);
	if (status == NULL || is_ambiguous(f.to, rest))
		return PARSE_UNKNOWN;
	whole = view_ends(rest, VIEW(")"));
	if (whole)
		rest.n--;
	reply_take_enhanced(&f.dsn, &out->reply.enhanced);
	postfix_set_relay(f.relay, line->role, out);
	if (!postfix_read_reply(rest, whole, line, out))
		return PARSE_UNKNOWN;
	if (status->probe)
		return PARSE_IGNORED;
	out->kind = EVENT_DELIVERY;
	out->outcome = status->outcome;
	out->attempt = is_attempt(line, rest, out);
	out->recipients = f.to;
	out->recipient_count = 1;
	out->delay_ms = milli_of(f.delay);
	out->transaction_ms = transaction_of(f.delays);
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
 * key=value pairs up to status=. Postfix itself writes all of them, so a new
 * key, as tls= was one, is stepped over. Every version writes relay, delay.
 */
static bool
take_fields(struct view *rest, struct fields *f)
{
	const struct { struct view key; struct view *to; } known[] = {
		{ VIEW("relay"), &f->relay }, { VIEW("delay"), &f->delay },
		{ VIEW("delays"), &f->delays }, { VIEW("dsn"), &f->dsn }
	};
	struct view	value, key;
	size_t		i;

	while (!view_skip(rest, VIEW("status="))) {
		if (!view_cut(rest, ',', &value) ||
		    !view_skip_byte(rest, ' ') ||
		    !view_cut(&value, '=', &key) || key.n == 0 ||
		    view_find(value, ' ', 0) < value.n)
			return false;
		for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (view_eq(key, known[i].key))
				*known[i].to = value;
	}
	return f->relay.n > 0 && f->delay.n > 0;
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
is_attempt(const struct postfix_line *line, struct view text,
    const struct mail_event *out)
{
	if (view_starts(text, VIEW("delivery temporarily suspended")))
		return false;
	switch (line->role) {
	case ROLE_REMOTE:
	case ROLE_LOCAL:
		return true;
	case ROLE_UNSAID:
		return out->relay_kind != RELAY_NONE ||
		    out->stage != STAGE_NONE ||
		    view_starts(text, VIEW("Host or domain name not found"));
	case ROLE_MAIL:
	case ROLE_QUIET:
	case ROLE_FOREIGN:
		return false;
	}
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

	if (!view_cut(&delays, '/', &head) || !view_cut(&delays, '/', &head) ||
	    !view_cut(&delays, '/', &head))
		return -1;
	connection = milli_of(head);
	transmission = milli_of(delays);
	if (connection < 0 || transmission < 0 ||
	    connection > INT32_MAX - transmission)
		return -1;
	return connection + transmission;
}
