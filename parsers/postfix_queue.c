#include "postfix.h"

#define V(text)	{ text, sizeof(text) - 1 }

static const struct view behind_from[] = { V(", size="), V(", status=") };
static const struct view expiries[] = {
	V(", status=expired, returned to sender"),
	V(", status=force-expired, returned to sender")
};
/* What may follow a login; Postfix writes these fields in this order. */
static const struct view behind_login[] = {
	V(", sasl_sender="), V(", orig_queue_id="), V(", orig_client=")
};

static bool	is_expiry(struct view);
static struct view login_of(struct view);
static bool	ends_login(struct view);

/*
 * qmgr's line about a message it starts to deliver, or gave up. It comes
 * again with every retry.
 */
enum parse_result
postfix_from(const struct postfix_line *line, struct mail_event *out)
{
	struct view	rest = line->rest;

	view_skip(&rest, VIEW("from="));
	if (!postfix_take_address(&rest, behind_from, 2, &out->sender)) {
		if (rest.n == 0 || *rest.p == '<' ||
		    !view_cut(&rest, ',', &out->sender))
			return PARSE_UNKNOWN;
		rest.p--;
		rest.n++;
	}
	out->has_sender = true;
	if (out->queue_id.n == 0)
		return PARSE_IGNORED;
	if (view_starts(rest, VIEW(", size="))) {
		out->kind = EVENT_ARRIVAL;
		return PARSE_EVENT;
	}
	if (!is_expiry(rest))
		return PARSE_UNKNOWN;
	out->kind = EVENT_DELIVERY;
	out->outcome = OUTCOME_EXPIRED;
	out->text = rest;
	view_skip(&out->text, VIEW(", "));
	return PARSE_EVENT;
}

/* The whole of it, to the end of the line: an address may hold the words. */
static bool
is_expiry(struct view rest)
{
	size_t	i;

	for (i = 0; i < sizeof(expiries) / sizeof(expiries[0]); i++)
		if (view_eq(rest, expiries[i]))
			return true;
	return false;
}

/* smtpd's first line about a message: who hands it in. */
enum parse_result
postfix_client(const struct postfix_line *line, struct mail_event *out)
{
	struct view	rest = line->rest, name, ip;

	view_skip(&rest, VIEW("client="));
	if (!postfix_take_host(&rest, &name, &ip))
		return PARSE_UNKNOWN;
	/* before a proxy filter there is no queue id yet */
	if (out->queue_id.n == 0)
		return PARSE_IGNORED;
	out->kind = EVENT_ARRIVAL;
	out->client = view_eq(name, VIEW("unknown")) ? ip : name;
	out->login = login_of(rest);
	return PARSE_EVENT;
}

static struct view
login_of(struct view rest)
{
	struct view	method;
	size_t		at;

	if (!view_skip(&rest, VIEW(", ")))
		return VIEW_NONE;
	if (view_skip(&rest, VIEW("sasl_method=")) &&
	    (!view_cut(&rest, ',', &method) || !view_skip_byte(&rest, ' ')))
		return VIEW_NONE;
	if (!view_skip(&rest, VIEW("sasl_username=")))
		return VIEW_NONE;
	for (at = view_find(rest, ',', 0); at < rest.n;
	    at = view_find(rest, ',', at + 1))
		if (ends_login(view_sub(rest, at, rest.n - at)))
			break;
	return view_sub(rest, 0, at);
}

static bool
ends_login(struct view rest)
{
	size_t	i;

	for (i = 0; i < sizeof(behind_login) / sizeof(behind_login[0]); i++)
		if (view_starts(rest, behind_login[i]))
			return true;
	return false;
}

/* pickup: a message handed in on this machine. */
enum parse_result
postfix_uid(const struct postfix_line *line, struct mail_event *out)
{
	struct view	rest = line->rest, uid = rest;
	uint32_t	number;

	view_skip(&uid, VIEW("uid="));
	rest = uid;
	if (!view_take_u32(&rest, &number))
		return PARSE_UNKNOWN;
	uid.n -= rest.n;
	if (!view_skip(&rest, VIEW(" from=")))
		return PARSE_UNKNOWN;
	if (out->queue_id.n == 0)
		return PARSE_IGNORED;
	out->kind = EVENT_ARRIVAL;
	out->user = uid;
	return PARSE_EVENT;
}

/* By qmgr when all is delivered, by postsuper when somebody deletes it. */
enum parse_result
postfix_removed(const struct postfix_line *line, struct mail_event *out)
{
	if (!view_eq(view_trim(line->rest), VIEW("removed")))
		return PARSE_UNKNOWN;
	if (out->queue_id.n == 0)
		return PARSE_UNKNOWN;
	out->kind = EVENT_REMOVAL;
	return PARSE_EVENT;
}
