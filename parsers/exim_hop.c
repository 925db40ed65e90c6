/*
 * exim_hop - one host's answer or silence while a delivery goes on.
 *
 * "H=NAME [ip]: TEXT" and the older forms without H=. The last host's answer
 * stands again in the "==" or "**" line of the same message: who counts must
 * take one of the two.
 */
#include "exim.h"

static enum parse_result	read_host_line(struct view, struct scratch *,
		    struct mail_event *);
static enum parse_result	read_bare_text(struct view, struct scratch *,
		    struct mail_event *);
static enum parse_result	read_bare_host(struct view,
		    struct mail_event *);
static enum parse_result	read_client_auth(struct view, struct scratch *,
		    struct mail_event *);
static void	put(const struct exim_host *, const struct exim_error *,
		    struct view text, struct scratch *, struct mail_event *);
static bool	is_system_error(struct view);
static bool	is_inbound_or_torn(struct view);

enum parse_result
exim_hop(struct view v, struct scratch *scratch, struct mail_event *out)
{
	if (view_starts(v, VIEW("H=")))
		return read_host_line(v, scratch, out);
	if (view_starts(v, VIEW("SMTP error from ")) ||
	    view_starts(v, VIEW("SMTP timeout ")) ||
	    view_starts(v, VIEW("Malformed SMTP reply ")) ||
	    view_starts(v, VIEW("Remote host ")))
		return read_bare_text(v, scratch, out);
	if (read_bare_host(v, out) == PARSE_EVENT)
		return PARSE_EVENT;
	return read_client_auth(v, scratch, out);
}

/* "H=NAME [ip]: TEXT", "H=NAME [ip]:25 TEXT", "H=NAME [ip] SYSTEM ERROR" */
static enum parse_result
read_host_line(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct exim_fields	f = { 0 };
	struct exim_error	error;

	if (!exim_fields_take(&v, &f) || f.host.name.n == 0 ||
	    f.host.ip.n == 0 || f.has_sender ||
	    exim_has(&f, FIELD_USER) || exim_has(&f, FIELD_PROTOCOL) ||
	    exim_has(&f, FIELD_ROUTER))
		return PARSE_UNKNOWN;
	if (!view_skip(&v, VIEW(": ")) && (!view_skip(&v, VIEW(" ")) ||
	    is_inbound_or_torn(v)))
		return PARSE_UNKNOWN;
	if (!exim_error_read(v, true, &error))
		return PARSE_UNKNOWN;
	put(&f.host, &error, v, scratch, out);
	out->local_ip = f.local_ip;
	return PARSE_EVENT;
}

/* "SMTP error from remote mail server after COMMAND: host NAME [ip]: REPLY" */
static enum parse_result
read_bare_text(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct exim_error	error;

	if (!exim_error_read(v, false, &error))
		return PARSE_UNKNOWN;
	put(&error.host, &error, v, scratch, out);
	return PARSE_EVENT;
}

/* "NAME [ip] Operation timed out" */
static enum parse_result
read_bare_host(struct view v, struct mail_event *out)
{
	struct exim_host	host;
	struct exim_error	error = { .stage = STAGE_CONNECT };

	if (v.n == 0 || *v.p == '(' || *v.p == '[' ||
	    !exim_host_take(&v, &host) || host.ip.n == 0 || host.helo.n > 0 ||
	    !view_skip(&v, VIEW(" ")) || !is_system_error(v))
		return PARSE_UNKNOWN;
	put(&host, &error, v, NULL, out);
	return PARSE_EVENT;
}

/* "NAME authenticator failed H=HOST [ip] REPLY": our login at the next hop */
static enum parse_result
read_client_auth(struct view v, struct scratch *scratch,
    struct mail_event *out)
{
	struct exim_host	host;
	struct exim_error	error = { .stage = STAGE_AUTH };
	struct view		name;

	if (!view_cut(&v, ' ', &name) || name.n == 0 ||
	    !view_skip(&v, VIEW("authenticator failed H=")) ||
	    !exim_host_take(&v, &host) || host.ip.n == 0 ||
	    !view_skip(&v, VIEW(" ")) || v.n < 3)
		return PARSE_UNKNOWN;
	error.reply = v;
	put(&host, &error, v, scratch, out);
	return PARSE_EVENT;
}

static void
put(const struct exim_host *host, const struct exim_error *error,
    struct view text, struct scratch *scratch, struct mail_event *out)
{
	out->kind = EVENT_HOP;
	out->stage = error->stage;
	out->recipients = error->recipient;
	out->recipient_count = error->recipient.n > 0;
	out->relay_ip = host->ip;
	out->relay = host->name.n > 0 ? host->name : host->ip;
	if (out->relay.n > 1 && out->relay.p[out->relay.n - 1] == '.')
		out->relay.n--;
	if (out->relay.n > 0)
		out->relay_kind = RELAY_HOST;
	out->text = error->reply;
	if (error->reply.n > 0)
		out->text = exim_unescape(error->reply, false, scratch);
	if (error->reply.n == 0 || !reply_parse(out->text, &out->reply))
		out->text = text;
}

/* What connect() and its kin say on Linux and BSD. */
static bool
is_system_error(struct view v)
{
	static const struct view texts[] = {
		VIEW("Connection "), VIEW("Operation "), VIEW("No route to "),
		VIEW("Network "), VIEW("Broken pipe"), VIEW("Host is down"),
		VIEW("Invalid argument"), VIEW("Permission denied"),
		VIEW("Cannot assign "), VIEW("Can't assign "),
		VIEW("Address family "), VIEW("Address already "),
		VIEW("Protocol "), VIEW("No buffer space "), VIEW("Resource "),
		VIEW("Software caused "), VIEW("Input/output error"),
		VIEW("Interrupted system call"), VIEW("Socket "),
		VIEW("Unknown error"), VIEW("Undefined error"),
		VIEW("Bad file descriptor"), VIEW("Cannot allocate memory"),
		VIEW("Too many open files"), VIEW("Transport endpoint ")
	};
	size_t	i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (view_starts(v, texts[i]))
			return true;
	return false;
}

/* Is it, or might it have become, a line about a client of ours? */
static bool
is_inbound_or_torn(struct view v)
{
	static const struct view texts[] = {
		VIEW("rejected "), VIEW("temporarily rejected "),
		VIEW("Warning: "), VIEW("sender verify "), VIEW("F=<"),
		VIEW("U="), VIEW("P="), VIEW("X="), VIEW("I=["), VIEW("A="),
		VIEW("CV="), VIEW("incomplete transaction"),
		VIEW("discarded by "), VIEW("SMTP data timeout"),
		VIEW("RCPT "), VIEW("sent "), VIEW("NULL ")
	};
	bool	torn = v.n == 0;
	size_t	i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (exim_starts_or_torn(v, texts[i], &torn))
			return true;
	return torn;
}
