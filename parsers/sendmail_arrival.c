#include "sendmail.h"

enum { SENDER_MAX = 200 };

static void	read_origin(struct view rest, struct mail_event *);
static bool	take_sender(struct view *, struct view *sender);
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
	if (!take_sender(&rest, &sender) || !view_take_u32(&rest, &size) ||
	    rest.n == 0)
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
 * versions say for which message; else it is the process's next ones.
 */
enum parse_result
sendmail_auth(struct view rest, struct mail_event *out)
{
	struct view	host = VIEW_NONE, ip, login;

	view_skip(&rest, VIEW("AUTH=server, "));
	if (view_skip(&rest, VIEW("relay=")))
		sendmail_take_relay(&rest, &host, &ip);
	view_skip(&rest, VIEW(", "));
	if (!view_skip(&rest, VIEW("authid=")))
		return PARSE_UNKNOWN;
	login = field(&rest);
	if (login.n == 0 || rest.n == 0)
		return PARSE_UNKNOWN;
	if (out->queue_id.n == 0 && out->pid == 0)
		return PARSE_IGNORED;
	out->kind = EVENT_ARRIVAL;
	out->client = host;
	out->login = login;
	return PARSE_EVENT;
}

/* A sender of more than 200 bytes is cut, so that no > will come. */
static bool
take_sender(struct view *rest, struct view *sender)
{
	const struct view	key = VIEW(", size=");
	size_t			at;

	if (sendmail_take_address(rest, sender))
		return view_skip(rest, key);
	at = view_search(*rest, key);
	if (at < SENDER_MAX || at == rest->n)
		return false;
	*sender = view_sub(*rest, 0, at);
	view_advance(rest, at + key.n);
	return true;
}

/* relay= is last; "user@localhost" without [ip] is a local submitter. */
static void
read_origin(struct view rest, struct mail_event *out)
{
	struct view	relay, ip, user;

	if (!sendmail_last_relay(rest, &relay))
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

/* A value up to the next comma, which is left where it is. */
static struct view
field(struct view *rest)
{
	size_t		end = view_find(*rest, ',', 0);
	struct view	value = view_sub(*rest, 0, end);

	view_advance(rest, end);
	return value;
}
