/*
 * exim_error - what the text of a deferral, a bounce or a host's line says.
 *
 * Exim's own words come first and tell where the server's begin; those are
 * never searched. A text that ends before its meaning is certain is torn.
 */
#include "exim.h"

enum phrase_kind {
	PHRASE_REPLY,		/* after COMMAND: REPLY */
	PHRASE_DIALOGUE,	/* in response to COMMAND, without reply */
	PHRASE_STAGE,		/* the phrase itself tells the stage */
	PHRASE_WAIT,		/* no host was tried */
	PHRASE_ALL_HOSTS,	/* all hosts [for 'X'] have been failing */
	PHRASE_EXPIRED,
	PHRASE_OLD_CLOSED,	/* Remote host NAME [ip] closed connection */
	PHRASE_OLD_HOST		/* NAME [ip] after COMMAND */
};

struct phrase {
	struct view		text;
	enum phrase_kind	kind;
	enum stage		stage;
};

struct command {
	struct view	text;
	enum stage	stage;
};

static const struct phrase phrases[] = {
	{ VIEW("SMTP error from remote mail server after "), PHRASE_REPLY, 0 },
	{ VIEW("SMTP error from remote mailer after "), PHRASE_REPLY, 0 },
	{ VIEW("LMTP error after "), PHRASE_REPLY, 0 },
	{ VIEW("PRDR error after "), PHRASE_REPLY, 0 },
	{ VIEW("Remote host closed connection in response to "),
	    PHRASE_DIALOGUE, 0 },
	{ VIEW("Remote host "), PHRASE_OLD_CLOSED, 0 },
	{ VIEW("SMTP timeout after "), PHRASE_DIALOGUE, 0 },
	{ VIEW("SMTP timeout while connected to "), PHRASE_OLD_HOST, 0 },
	{ VIEW("LMTP timeout after "), PHRASE_DIALOGUE, 0 },
	{ VIEW("LMTP connection closed after "), PHRASE_DIALOGUE, 0 },
	{ VIEW("Malformed SMTP reply (an empty line) in response to "),
	    PHRASE_DIALOGUE, 0 },
	{ VIEW("Malformed SMTP reply in response to "), PHRASE_DIALOGUE, 0 },
	{ VIEW("Malformed SMTP reply from "), PHRASE_OLD_HOST, 0 },
	{ VIEW("Malformed LMTP response after "), PHRASE_DIALOGUE, 0 },
	{ VIEW("a TLS session is required"), PHRASE_STAGE, STAGE_STARTTLS },
	{ VIEW("TLS "), PHRASE_STAGE, STAGE_STARTTLS },
	{ VIEW("(certificate verification failed)"), PHRASE_STAGE,
	    STAGE_STARTTLS },
	{ VIEW("(TLS"), PHRASE_STAGE, STAGE_STARTTLS },
	{ VIEW("(DANE"), PHRASE_STAGE, STAGE_STARTTLS },
	{ VIEW("DANE "), PHRASE_STAGE, STAGE_STARTTLS },
	{ VIEW("bad first read from TLS conn"), PHRASE_STAGE, STAGE_STARTTLS },
	{ VIEW("failure while setting up TLS session"), PHRASE_STAGE,
	    STAGE_STARTTLS },
	{ VIEW("authentication required but"), PHRASE_STAGE, STAGE_AUTH },
	{ VIEW("authentication failed"), PHRASE_STAGE, STAGE_AUTH },
	{ VIEW("Connection refused"), PHRASE_STAGE, STAGE_CONNECT },
	{ VIEW("Connection timed out"), PHRASE_STAGE, STAGE_CONNECT },
	{ VIEW("Operation timed out"), PHRASE_STAGE, STAGE_CONNECT },
	{ VIEW("No route to host"), PHRASE_STAGE, STAGE_CONNECT },
	{ VIEW("Network is unreachable"), PHRASE_STAGE, STAGE_CONNECT },
	{ VIEW("retry time not reached"), PHRASE_WAIT, 0 },
	{ VIEW("Retry time not yet reached"), PHRASE_WAIT, 0 },
	{ VIEW("domain matches queue_smtp_domains"), PHRASE_WAIT, 0 },
	{ VIEW("domain matches queue_domains"), PHRASE_WAIT, 0 },
	{ VIEW("domain is held"), PHRASE_WAIT, 0 },
	{ VIEW("local-only delivery"), PHRASE_WAIT, 0 },
	{ VIEW("concurrency limit reached"), PHRASE_WAIT, 0 },
	{ VIEW("connection limit reached"), PHRASE_WAIT, 0 },
	{ VIEW("delivery cancelled by administrator"), PHRASE_WAIT, 0 },
	{ VIEW("retry timeout exceeded"), PHRASE_EXPIRED, 0 },
	{ VIEW("all hosts "), PHRASE_ALL_HOSTS, 0 }
};

static const struct command commands[] = {
	{ VIEW("initial connection"), STAGE_CONNECT },
	{ VIEW("EHLO "), STAGE_EHLO },
	{ VIEW("HELO "), STAGE_EHLO },
	{ VIEW("LHLO "), STAGE_EHLO },
	{ VIEW("STARTTLS"), STAGE_STARTTLS },
	{ VIEW("AUTH"), STAGE_AUTH },
	{ VIEW("MAIL FROM:"), STAGE_MAIL },
	{ VIEW("RCPT TO:"), STAGE_RCPT },
	{ VIEW("DATA"), STAGE_DATA },
	{ VIEW("BDAT"), STAGE_EOD },
	{ VIEW("end of data"), STAGE_EOD },
	{ VIEW("sending data block"), STAGE_EOD },
	{ VIEW("RSET"), STAGE_NONE },
	{ VIEW("NOOP"), STAGE_NONE },
	{ VIEW("QUIT"), STAGE_NONE }
};

static const struct phrase	*find_phrase(struct view *, bool *torn);
static bool	read_phrase(const struct phrase *, struct view rest,
		    bool has_host, struct exim_error *);
static bool	read_reply(struct view, bool has_host, struct exim_error *);
static bool	take_old_host(struct view *, struct exim_host *);
static bool	read_dialogue(struct view, struct exim_error *);
static bool	read_old_closed(struct view, struct exim_error *);
static bool	read_old_host(struct view, struct exim_error *);
static bool	read_all_hosts(struct view, struct exim_error *);
static bool	take_command(struct view *, struct exim_error *);

/* False: torn. has_host: the line named the host before the text. */
bool
exim_error_read(struct view text, bool has_host, struct exim_error *out)
{
	const struct phrase	*phrase;
	struct view		 rest = text;
	bool			 torn = text.n == 0;

	*out = (struct exim_error){ 0 };
	phrase = find_phrase(&rest, &torn);
	if (torn)
		return false;
	if (phrase == NULL)
		return true;
	if (!read_phrase(phrase, rest, has_host, out))
		return false;
	/* "Connection timed out: SMTP timeout after ...": the latter is why */
	if (phrase->stage != STAGE_CONNECT || !view_skip(&rest, VIEW(": ")))
		return true;
	phrase = find_phrase(&rest, &torn);
	if (phrase != NULL)
		return read_phrase(phrase, rest, has_host, out);
	return !torn;
}

static const struct phrase *
find_phrase(struct view *v, bool *torn)
{
	const struct phrase	*p = phrases;
	size_t			 i;

	if (v->n == 0)
		return NULL;
	for (i = 0; i < sizeof(phrases) / sizeof(*phrases); i++, p++) {
		if (*p->text.p != *v->p)
			continue;
		if (exim_starts_or_torn(*v, p->text, torn)) {
			view_advance(v, p->text.n);
			*torn = false;
			return p;
		}
	}
	return NULL;
}

static bool
read_phrase(const struct phrase *phrase, struct view rest, bool has_host,
    struct exim_error *out)
{
	out->stage = phrase->stage;
	switch (phrase->kind) {
	case PHRASE_REPLY:
		if (!take_command(&rest, out))
			return false;
		/* what LMTP and PRDR answer for each recipient */
		if (*phrase->text.p != 'S' && out->stage == STAGE_DATA)
			out->stage = STAGE_EOD;
		return read_reply(rest, has_host, out);
	case PHRASE_DIALOGUE:
		return read_dialogue(rest, out);
	case PHRASE_OLD_CLOSED:
		return read_old_closed(rest, out);
	case PHRASE_OLD_HOST:
		return read_old_host(rest, out);
	case PHRASE_ALL_HOSTS:
		return read_all_hosts(rest, out);
	case PHRASE_WAIT:
		out->waits = true;
		return true;
	case PHRASE_EXPIRED:
		out->waits = out->expired = true;
		return true;
	case PHRASE_STAGE:
		break;
	}
	return true;
}

/* ": REPLY", in the old form ": host NAME [ip]: REPLY" */
static bool
read_reply(struct view v, bool has_host, struct exim_error *out)
{
	bool	torn = false;

	if (!view_skip(&v, VIEW(": ")))
		return false;
	if (!has_host && exim_starts_or_torn(v, VIEW("host "), &torn)) {
		view_advance(&v, sizeof("host ") - 1);
		if (!take_old_host(&v, &out->host) ||
		    !view_skip(&v, VIEW(": ")))
			return false;
	}
	out->reply = v;
	return v.n > 2 && !torn;
}

/* "NAME [ip]" */
static bool
take_old_host(struct view *v, struct exim_host *host)
{
	return exim_host_take(v, host) && host->ip.n > 0;
}

/*
 * "COMMAND", "COMMAND (N bytes written)", "COMMAND: garbage", and the one
 * with a reply: "HELO NAME (EHLO response was: REPLY)". A bare "HELO NAME" is
 * where that one may be torn.
 */
static bool
read_dialogue(struct view v, struct exim_error *out)
{
	bool	helo = view_starts(v, VIEW("HELO ")), torn = false;

	if (!take_command(&v, out))
		return false;
	if (!helo)
		return true;
	if (!exim_starts_or_torn(v, VIEW(" (EHLO response was: "), &torn))
		return !torn;
	view_advance(&v, sizeof(" (EHLO response was: ") - 1);
	if (v.n > 0 && v.p[v.n - 1] == ')')
		v.n--;
	out->reply = v;
	return v.n > 2;
}

/* "NAME [ip] closed connection in response to COMMAND" */
static bool
read_old_closed(struct view v, struct exim_error *out)
{
	return take_old_host(&v, &out->host) &&
	    view_skip(&v, VIEW(" closed connection in response to ")) &&
	    read_dialogue(v, out);
}

/* "NAME [ip] after COMMAND" or "... in response to COMMAND" */
static bool
read_old_host(struct view v, struct exim_error *out)
{
	return take_old_host(&v, &out->host) &&
	    (view_skip(&v, VIEW(" after ")) ||
	    view_skip(&v, VIEW(" in response to "))) &&
	    take_command(&v, out);
}

/* "for 'X' have been failing for a long time", "have been failing ..." */
static bool
read_all_hosts(struct view v, struct exim_error *out)
{
	bool	torn = false;

	if (exim_starts_or_torn(v, VIEW("for '"), &torn)) {
		size_t at = view_find(v, '\'', sizeof("for '") - 1);

		if (at == v.n)
			return false;
		view_advance(&v, at + 1);
		view_skip_byte(&v, ' ');
	}
	if (exim_starts_or_torn(v, VIEW("have been failing for a long time"),
	    &torn))
		out->waits = out->expired = true;
	return !torn && v.n > 0;
}

/*
 * "pipelined RCPT TO:<a@b> ORCPT=..." up to the colon or bracket behind it.
 * Its arguments are ours, the local part in its quotes.
 */
static bool
take_command(struct view *v, struct exim_error *out)
{
	struct view	address = VIEW_NONE;
	size_t		i, at;

	view_skip(v, VIEW("pipelined "));
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (view_skip(v, commands[i].text))
			break;
	if (i == sizeof(commands) / sizeof(*commands))
		return false;
	out->stage = commands[i].stage;
	if (v->n > 0 && *v->p == '<' && !exim_angle_take(v, &address))
		return false;
	if (out->stage == STAGE_RCPT)
		out->recipient = address;
	if (out->stage == STAGE_EHLO) {
		at = view_find(*v, ' ', 0);
		if (at > 0 && v->p[at - 1] == ':')
			at--;
		view_advance(v, at);
		return at > 0;
	}
	for (at = 0; at < v->n; at = view_find(*v, ':', at + 1))
		if (v->p[at] == ':' && (at + 1 == v->n || v->p[at + 1] == ' '))
			break;
	view_advance(v, at);
	return true;
}
