#include "sendmail.h"

static void	read_origin(struct view rest, struct mail_event *);
static bool	last_relay(struct view rest, struct view *relay);
static struct view field(struct view *rest);

/*
 * "from=<a@b>, size=1, class=0, nrcpts=1, msgid=<..>, proto=ESMTP, daemon=MTA,
 * relay=host [ip]". The message id is the sender's own text.
 */
enum parse_result
sendmail_from(struct view rest, struct mail_event *out)
{
	struct view	sender;
	uint32_t	size;

	view_skip(&rest, VIEW("from="));
	if (!sendmail_take_address(&rest, &sender) ||
	    !view_skip(&rest, VIEW(", size=")) ||
	    !view_take_u32(&rest, &size) || rest.n == 0)
		return PARSE_UNKNOWN;
	if (out->queue_id.n == 0)
		return PARSE_IGNORED;
	out->kind = EVENT_ARRIVAL;
	out->sender = sendmail_bare(sender);
	out->has_sender = true;
	read_origin(rest, out);
	return PARSE_EVENT;
}

/*
 * "AUTH=server, relay=host [ip], authid=shop, mech=PLAIN, bits=0": newer
 * versions say for which message; without that we cannot know.
 */
enum parse_result
sendmail_auth(struct view rest, struct mail_event *out)
{
	struct view	host = VIEW_NONE, ip, login;

	view_skip(&rest, VIEW("AUTH=server, "));
	if (view_skip(&rest, VIEW("relay=")))
		sendmail_take_relay(&rest, &host, &ip);
	view_skip(&rest, VIEW(", "));
	if (out->queue_id.n == 0)
		return PARSE_IGNORED;
	if (!view_skip(&rest, VIEW("authid=")))
		return PARSE_UNKNOWN;
	login = field(&rest);
	if (login.n == 0 || rest.n == 0)
		return PARSE_UNKNOWN;
	out->kind = EVENT_ARRIVAL;
	out->client = host;
	out->login = login;
	return PARSE_EVENT;
}

/* relay= is last; "user@localhost" without [ip] is a local submitter. */
static void
read_origin(struct view rest, struct mail_event *out)
{
	struct view	relay, ip, user;

	if (!last_relay(rest, &relay))
		return;
	sendmail_take_relay(&relay, &out->client, &ip);
	/* RFC 1413 puts a user in front of a remote host, too */
	if (!view_cut(&out->client, '@', &user))
		return;
	if (ip.n > 0)
		return;
	out->user = user;
	out->client = VIEW_NONE;
}

static bool
last_relay(struct view rest, struct view *relay)
{
	const struct view	key = VIEW(", relay=");
	size_t			at = view_search(rest, key);

	if (at == rest.n)
		return false;
	while (at < rest.n) {
		view_advance(&rest, at + key.n);
		*relay = rest;
		at = view_search(rest, key);
	}
	return true;
}

/* A value up to the next comma, which is left where it is. */
static struct view
field(struct view *rest)
{
	size_t		end = view_find(*rest, ',', 0);
	struct view	value = view_sub(*rest, 0, end);

	view_advance(rest, end);
	return value;
}
