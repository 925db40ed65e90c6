/*
 * exim_inbound - messages that came in, and those that were refused.
 *
 * Between the host and the words that decide stand only fields. What a client
 * says of itself (HELO, ident) may look like fields, if the administrator
 * lets such names in; where that leaves two readings the line is unknown.
 */
#include "exim.h"

struct refused {
	struct view	what;
	enum stage	stage;
	bool		address;	/* <> follows: the recipient */
};

static const struct refused refused[] = {
	{ VIEW("RCPT "), STAGE_RCPT, true },
	{ VIEW("MAIL FROM:"), STAGE_MAIL, false },
	{ VIEW("MAIL"), STAGE_MAIL, false },
	{ VIEW("DATA"), STAGE_DATA, false },
	{ VIEW("PREDATA"), STAGE_DATA, false },
	{ VIEW("BDAT"), STAGE_DATA, false },
	{ VIEW("PRDR"), STAGE_EOD, false },
	{ VIEW("after DATA"), STAGE_EOD, false },
	{ VIEW("during MIME ACL"), STAGE_EOD, false },
	{ VIEW("after PRDR"), STAGE_EOD, false },
	{ VIEW("by local_scan()"), STAGE_EOD, false },
	{ VIEW("by non-SMTP ACL"), STAGE_NONE, false },
	{ VIEW("from <"), STAGE_EOD, false },
	{ VIEW("from "), STAGE_EOD, false },
	{ VIEW("EHLO"), STAGE_EHLO, false },
	{ VIEW("HELO"), STAGE_EHLO, false },
	{ VIEW("STARTTLS"), STAGE_STARTTLS, false },
	{ VIEW("AUTH"), STAGE_AUTH, false },
	{ VIEW("connection"), STAGE_CONNECT, false },
	{ VIEW("VRFY"), STAGE_NONE, false },
	{ VIEW("EXPN"), STAGE_NONE, false },
	{ VIEW("ETRN"), STAGE_NONE, false }
};

static struct view	login_of(struct view auth);
static bool	has_two_hosts(struct view after);
static bool	ends_arrival(struct view, const struct exim_fields *);
static bool	subject_swallows(struct view subject);
static struct view	client_of(const struct exim_host *);
static enum parse_result	read_refused(struct view, bool temporary,
		    struct scratch *, struct mail_event *);
static const struct refused	*find_refused(struct view *);
static bool	take_recipient(struct view *, struct mail_event *);
static void	put_class(struct view text, bool temporary, struct scratch *,
		    struct mail_event *);
static enum parse_result	read_failed_auth(struct view, struct scratch *,
		    struct mail_event *);
static enum parse_result	read_connection(struct view, bool temporary,
		    struct scratch *, struct mail_event *);
static enum parse_result	read_unqualified(struct view,
		    struct mail_event *);

/* SENDER FIELDS from <...> for ... */
enum parse_result
exim_arrival(struct view v, struct mail_event *out)
{
	struct exim_fields	f = { 0 };
	struct view		sender = { v.p, 0 }, rest = v;

	if (view_starts(v, VIEW("<"))) {
		if (!exim_angle_take(&rest, &sender))
			return PARSE_UNKNOWN;
	} else {
		struct view local;

		if (view_starts(v, VIEW("\"")) &&
		    !exim_quoted_take(&rest, &local))
			return PARSE_UNKNOWN;
		view_advance(&rest, view_find(rest, ' ', 0));
		sender.n = (size_t)(rest.p - v.p);
	}
	v = rest;
	if (!exim_fields_take(&v, &f) || !ends_arrival(v, &f) ||
	    subject_swallows(f.transport) ||
	    (f.host.helo.n > 0 && has_two_hosts(rest)))
		return PARSE_UNKNOWN;
	out->kind = EVENT_ARRIVAL;
	out->sender = sender;
	out->has_sender = true;
	out->login = login_of(f.auth);
	out->user = f.user;
	out->client = client_of(&f.host);
	out->local_ip = f.local_ip;
	return PARSE_EVENT;
}

/* "authenticator:login", with smtp_mailauth ":sender" behind it. */
static struct view
login_of(struct view auth)
{
	struct view	name, login;

	if (!view_cut(&auth, ':', &name))
		return VIEW_NONE;
	return view_cut(&auth, ':', &login) ? login : auth;
}

/* The size, or what stands behind it, tells that no login was cut. */
static bool
ends_arrival(struct view v, const struct exim_fields *f)
{
	if (v.n > 0)
		return view_starts(v, VIEW(" from <")) ||
		    view_starts(v, VIEW(" for "));
	return exim_has(f, FIELD_SIZE) || exim_has(f, FIELD_TRANSPORT);
}

/* Is there a second ") [ip]" behind the first, in what a client said? */
static bool
has_two_hosts(struct view v)
{
	struct exim_host	host;
	size_t			at, count = 0;

	for (at = view_find(v, ')', 0); at < v.n;
	    at = view_find(v, ')', at + 1)) {
		struct view rest = view_sub(v, at, v.n);

		if (!view_skip(&rest, VIEW(") ")) ||
		    !view_starts(rest, VIEW("[")) ||
		    !exim_host_take(&rest, &host))
			continue;
		if (view_find(host.ip, '.', 0) < host.ip.n ||
		    view_find(host.ip, ':', 0) < host.ip.n)
			count++;
	}
	return count > 1;
}

/* A subject that holds the size of the message began in somebody's name. */
static bool
subject_swallows(struct view subject)
{
	size_t	at = view_search(subject, VIEW(" S="));

	return at + 3 < subject.n && subject.p[at + 3] >= '0' &&
	    subject.p[at + 3] <= '9';
}

/* A verified name, else the address: what HELO says proves nothing. */
static struct view
client_of(const struct exim_host *host)
{
	return host->name.n > 0 ? host->name : host->ip;
}

/* Lines about a client, with or without a queue id; v starts at a word. */
enum parse_result
exim_reject(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct exim_fields	f = { 0 };

	if (view_skip(&v, VIEW("rejected ")))
		return read_refused(v, false, scratch, out);
	if (view_skip(&v, VIEW("temporarily rejected ")))
		return read_refused(v, true, scratch, out);
	if (view_skip(&v, VIEW("refused connection from ")))
		return read_connection(v, false, scratch, out);
	if (view_skip(&v, VIEW("Connection from ")))
		return read_connection(v, true, scratch, out);
	if (view_skip(&v, VIEW("temporarily refused connection from ")))
		return read_connection(v, true, scratch, out);
	if (view_skip(&v, VIEW("unqualified ")))
		return read_unqualified(v, out);
	if (!view_starts(v, VIEW("H=")) && !view_starts(v, VIEW("F=<")) &&
	    !view_starts(v, VIEW("U=")))
		return read_failed_auth(v, scratch, out);
	if (!exim_fields_take(&v, &f))
		return PARSE_UNKNOWN;
	out->sender = f.sender;
	out->has_sender = f.has_sender;
	out->client = client_of(&f.host);
	out->user = f.user;
	out->login = login_of(f.auth);
	out->local_ip = f.local_ip;
	if (view_skip(&v, VIEW(" rejected ")))
		return read_refused(v, false, scratch, out);
	if (view_skip(&v, VIEW(" temporarily rejected ")))
		return read_refused(v, true, scratch, out);
	return PARSE_UNKNOWN;
}

/* "RCPT <a@b>: TEXT", "after DATA: TEXT", "EHLO from HOST: TEXT" */
static enum parse_result
read_refused(struct view v, bool temporary, struct scratch *scratch,
    struct mail_event *out)
{
	struct view		 words = v;
	const struct refused	*what = find_refused(&v);
	struct exim_host	 host;
	size_t			 at;

	if (what == NULL || (what->address && !take_recipient(&v, out)))
		return PARSE_UNKNOWN;
	if (what->stage == STAGE_EHLO && view_skip(&v, VIEW(" from ")) &&
	    exim_host_take(&v, &host))
		out->client = client_of(&host);
	for (at = 0; at < v.n; at = view_find(v, ':', at + 1))
		if (v.p[at] == ':' && at + 1 < v.n && v.p[at + 1] == ' ')
			break;
	view_advance(&v, at + 2);
	out->kind = EVENT_REJECT;
	out->stage = what->stage;
	out->text = words;
	put_class(v, temporary, scratch, out);
	return PARSE_EVENT;
}

static const struct refused *
find_refused(struct view *v)
{
	size_t	i;

	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (view_skip(v, refused[i].what))
			return &refused[i];
	return NULL;
}

/* "<a@b>", or as the client wrote it: up to the colon. */
static bool
take_recipient(struct view *v, struct mail_event *out)
{
	out->recipient_count = 1;
	if (view_starts(*v, VIEW("<")))
		return exim_angle_take(v, &out->recipients);
	out->recipients = view_sub(*v, 0, view_search(*v, VIEW(": ")));
	view_advance(v, out->recipients.n);
	return v->n > 0 && out->recipients.n > 0;
}

/*
 * The code only if the administrator's message shows one; else the class
 * alone is known, and stands where the MTA's own enhanced code would.
 */
static void
put_class(struct view text, bool temporary, struct scratch *scratch,
    struct mail_event *out)
{
	struct reply	reply;

	if (reply_parse(text, &reply) && reply.code >= 400) {
		out->reply = reply;
		out->text = exim_unescape(text, false, scratch);
		return;
	}
	out->reply.enhanced.class = temporary ? 4 : 5;
	out->text = exim_unescape(text.n > 0 ? text : out->text, false,
	    scratch);
}

/* "NAME authenticator failed for HOST: 535 Incorrect ... (set_id=x)" */
static enum parse_result
read_failed_auth(struct view v, struct scratch *scratch,
    struct mail_event *out)
{
	struct exim_fields	f = { 0 };
	struct exim_host	host;
	struct view		name;

	if (!view_cut(&v, ' ', &name) || name.n == 0 ||
	    !view_skip(&v, VIEW("authenticator failed for ")))
		return PARSE_UNKNOWN;
	view_skip(&v, VIEW("H="));
	if (!exim_host_take(&v, &host) || !exim_fields_take(&v, &f) ||
	    !view_skip(&v, VIEW(": ")) || v.n < 3)
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->stage = STAGE_AUTH;
	out->client = client_of(&host);
	out->local_ip = f.local_ip;
	put_class(v, *v.p == '4', scratch, out);
	return PARSE_EVENT;
}

/*
 * "H=HOST [ip] (host_reject_connection)"; for now "[ip]:port refused: TEXT",
 * "HOST [ip]: not in reserve list: ..."
 */
static enum parse_result
read_connection(struct view v, bool temporary, struct scratch *scratch,
    struct mail_event *out)
{
	struct exim_fields	f = { 0 };
	struct exim_host	host;

	view_skip(&v, VIEW("H="));
	if (!exim_host_take(&v, &host) || host.ip.n == 0 ||
	    !exim_fields_take(&v, &f))
		return PARSE_UNKNOWN;
	if (temporary && !view_skip(&v, VIEW(" refused: ")) &&
	    !view_skip(&v, VIEW(" temporarily refused: ")) &&
	    !view_skip(&v, VIEW(": not in reserve list")) &&
	    !view_starts(v, VIEW(" (tcp wrappers")))
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->stage = STAGE_CONNECT;
	out->client = client_of(&host);
	out->local_ip = f.local_ip;
	put_class(view_trim(v), temporary, scratch, out);
	return PARSE_EVENT;
}

/* "recipient rejected: <x> HOST", "sender rejected: <x> HOST" */
static enum parse_result
read_unqualified(struct view v, struct mail_event *out)
{
	struct view	words = v;
	bool		sender = view_skip(&v, VIEW("sender rejected: "));

	if (!sender && !view_skip(&v, VIEW("recipient rejected: ")))
		return PARSE_UNKNOWN;
	if (!exim_angle_take(&v, sender ? &out->sender : &out->recipients))
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->stage = sender ? STAGE_MAIL : STAGE_RCPT;
	out->has_sender = sender;
	out->recipient_count = !sender;
	out->reply.enhanced.class = 5;
	out->text = words;
	return PARSE_EVENT;
}
