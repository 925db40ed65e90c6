#include "sendmail.h"

#define V(text)	{ text, sizeof(text) - 1 }

/* What a to= line holds, in its order; all but stat= may be missing. */
struct fields {
	struct view	ctladdr, delay, xdelay, mailer, dsn, reply, stat;
	struct view	relay, relay_ip;
	bool		has_relay;
};

/*
 * Phrases of stat= that Sendmail chooses by the exit code of the delivery. Only
 * EX_TEMPFAIL, EX_OSERR and EX_IOERR are tried again.
 */
static const struct phrase {
	struct view	text;
	enum outcome	outcome;
} phrases[] = {
	{ V("Sent"), OUTCOME_DELIVERED },
	{ V("Deferred"), OUTCOME_DEFERRED },
	{ V("queued"), OUTCOME_DEFERRED },
	{ V("Operating system error"), OUTCOME_DEFERRED },
	{ V("I/O error"), OUTCOME_DEFERRED },
	{ V("quarantined"), OUTCOME_DEFERRED },
	{ V("User unknown"), OUTCOME_BOUNCED },
	{ V("Service unavailable"), OUTCOME_BOUNCED },
	{ V("Host unknown"), OUTCOME_BOUNCED },
	{ V("Data format error"), OUTCOME_BOUNCED },
	{ V("Local configuration error"), OUTCOME_BOUNCED },
	{ V("Remote protocol error"), OUTCOME_BOUNCED },
	{ V("Insufficient permission"), OUTCOME_BOUNCED },
	{ V("Internal error"), OUTCOME_BOUNCED },
	{ V("Can't create output"), OUTCOME_BOUNCED },
	{ V("Cannot open input"), OUTCOME_BOUNCED },
	{ V("Command line usage error"), OUTCOME_BOUNCED },
	{ V("System file missing"), OUTCOME_BOUNCED },
	{ V("unknown mailer error"), OUTCOME_BOUNCED },
	{ V("timeout, message too old"), OUTCOME_EXPIRED },
};

/* Mailers that deliver on this machine and name no relay. */
static const struct view local_mailers[] = {
	V("local"), V("prog"), V("procmail"), V("maildrop"), V("discard"),
	V("error"), V("bsmtp"), V("uucp")
};

static bool	take_recipients(struct view *, struct mail_event *);
static bool	take_fields(struct view, struct fields *);
static bool	take_field(struct view *, struct fields *);
static void	take_ctladdr(struct view *, struct view *out);
static struct view take_value(struct view *);
static void	set_relay(const struct fields *, struct mail_event *);
static bool	is_local_mailer(struct view);
static bool	set_outcome(const struct fields *, struct mail_event *);
static bool	outcome_of(struct view stat, enum outcome *);
static bool	is_torn_code(struct view stat);
static bool	is_attempt(const struct fields *, const struct mail_event *);
static void	set_reply(const struct fields *, struct scratch *,
		    struct mail_event *);
static bool	set_remote_reply(struct view text, struct scratch *,
		    struct mail_event *);
static void	set_sent(struct view stat, struct scratch *,
		    struct mail_event *);
static void	set_next_id(struct view text, struct mail_event *);
static void	set_stage(const struct fields *, struct mail_event *);
static bool	says(const struct fields *, struct view words);
static bool	is_connection(struct view stat);

enum parse_result
sendmail_delivery(struct view rest, struct scratch *scratch,
    struct mail_event *out)
{
	struct fields	f = { 0 };
	struct view	user;

	out->kind = EVENT_DELIVERY;
	if (!take_recipients(&rest, out) || !take_fields(rest, &f) ||
	    !set_outcome(&f, out))
		return PARSE_UNKNOWN;
	out->delay_ms = sendmail_duration(f.delay);
	out->transaction_ms = sendmail_duration(f.xdelay);
	out->transport = f.mailer;
	out->user = f.ctladdr;
	if (view_cut(&out->user, '@', &user))
		out->user = user;
	set_relay(&f, out);
	set_reply(&f, scratch, out);
	set_stage(&f, out);
	out->attempt = is_attempt(&f, out);
	return PARSE_EVENT;
}

/* "<a>,<b>" and ", [more]" when the list goes on in another line. */
static bool
take_recipients(struct view *rest, struct mail_event *out)
{
	struct view	list, one, walk, first = VIEW_NONE;
	uint32_t	count = 0;

	if (view_starts(*rest, VIEW("|")) || view_starts(*rest, VIEW("\"|"))) {
		/* a program with its arguments */
		size_t end = view_search(*rest, VIEW(", delay="));

		end = view_search(view_sub(*rest, 0, end),
		    VIEW(", ctladdr="));
		if (end == rest->n)
			return false;
		out->recipients = view_sub(*rest, 0, end);
		out->recipient_count = 1;
		view_advance(rest, end);
		return true;
	}
	if (!sendmail_take_address(rest, &list) || list.n == 0)
		return false;
	view_skip(rest, VIEW(", [more]"));
	view_skip(rest, VIEW(" [more]"));
	/* as long as the count is not known to be one, this is a list */
	for (walk = list; recipient_next(out, &walk, &one); count++)
		if (count == 0)
			first = one;
	out->recipients = count == 1 ? first : list;
	out->recipient_count = count;
	return true;
}

static bool
take_fields(struct view rest, struct fields *f)
{
	while (f->stat.p == NULL)
		if (!take_field(&rest, f))
			return false;
	return true;
}

/* One ", key=value"; old versions forget the comma behind relay=. */
static bool
take_field(struct view *rest, struct fields *f)
{
	size_t	at;

	if (!view_skip(rest, VIEW(", ")) && !view_skip_byte(rest, ' '))
		return false;
	if (view_skip(rest, VIEW("delay=")))
		f->delay = take_value(rest);
	else if (view_skip(rest, VIEW("xdelay=")))
		f->xdelay = take_value(rest);
	else if (view_skip(rest, VIEW("mailer=")))
		f->mailer = take_value(rest);
	else if (view_skip(rest, VIEW("dsn=")))
		f->dsn = take_value(rest);
	else if (view_skip(rest, VIEW("ctladdr=")))
		take_ctladdr(rest, &f->ctladdr);
	else if (view_skip(rest, VIEW("relay="))) {
		sendmail_take_relay(rest, &f->relay, &f->relay_ip);
		f->has_relay = true;
	} else if (view_skip(rest, VIEW("reply="))) {
		/* the remote text may hold this, too: then it is shorter */
		at = view_search(*rest, VIEW(", stat="));
		f->reply = view_sub(*rest, 0, at);
		view_advance(rest, at);
	} else if (view_skip(rest, VIEW("stat="))) {
		f->stat = *rest;
	} else {		/* pri=, tls_verify=, cipher=, ntries= ... */
		at = 0;
		while (at < rest->n && ((rest->p[at] >= 'a' &&
		    rest->p[at] <= 'z') || rest->p[at] == '_'))
			at++;
		if (at == 0 || at == rest->n || rest->p[at] != '=')
			return false;
		take_value(rest);
	}
	return true;
}

/* "<root@host> (0/0)" */
static void
take_ctladdr(struct view *rest, struct view *out)
{
	struct view	id = *rest, address;
	size_t		end;

	if (!sendmail_take_address(rest, &address))
		return;
	*out = sendmail_bare(address);
	id = *rest;
	end = view_find(id, ')', 0);
	if (end < id.n && view_skip(&id, VIEW(" (")))
		view_advance(rest, end + 1);
}

static struct view
take_value(struct view *rest)
{
	size_t		end = view_find(*rest, ',', 0);
	struct view	value = view_sub(*rest, 0, end);

	view_advance(rest, end);
	return value;
}

static void
set_relay(const struct fields *f, struct mail_event *out)
{
	if (!f->has_relay) {
		if (is_local_mailer(f->mailer))
			out->relay_kind = RELAY_LOCAL;
		return;
	}
	if (view_starts(f->relay, VIEW("/")) ||
	    view_starts(f->relay_ip, VIEW("UNIX:"))) {
		out->relay_kind = RELAY_SOCKET;
		out->relay = f->relay;
		return;
	}
	if (f->relay.n == 0)
		return;
	out->relay_kind = RELAY_HOST;
	out->relay = f->relay;
	out->relay_ip = f->relay_ip;
}

static bool
is_local_mailer(struct view mailer)
{
	size_t	i;

	if (mailer.n > 0 && *mailer.p == '*')	/* *file*, *include* */
		return true;
	for (i = 0; i < sizeof(local_mailers) / sizeof(local_mailers[0]); i++)
		if (view_eq(mailer, local_mailers[i]))
			return true;
	return false;
}

/*
 * dsn= stands before any remote text, so where there is one, it decides. Old
 * versions have none: then the phrase tells the class. False when the line was
 * cut before one could know.
 */
static bool
set_outcome(const struct fields *f, struct mail_event *out)
{
	static const uint8_t	class_of[OUTCOME_COUNT] = {
		[OUTCOME_DELIVERED] = 2, [OUTCOME_DEFERRED] = 4,
		[OUTCOME_BOUNCED] = 5, [OUTCOME_EXPIRED] = 4
	};
	struct view		dsn = f->dsn;

	if (!outcome_of(f->stat, &out->outcome))
		return false;
	if (!reply_take_enhanced(&dsn, &out->reply.enhanced)) {
		out->reply.enhanced.class = class_of[out->outcome];
		return true;
	}
	if (out->outcome == OUTCOME_EXPIRED)
		return true;
	if (out->reply.enhanced.class == 2)
		out->outcome = OUTCOME_DELIVERED;
	else if (out->reply.enhanced.class == 4)
		out->outcome = OUTCOME_DEFERRED;
	else
		out->outcome = OUTCOME_BOUNCED;
	return true;
}

/*
 * By the words of stat=; false when they are torn. What Sendmail's own table
 * does not have comes from a rule set or a filter that refused.
 */
static bool
outcome_of(struct view stat, enum outcome *outcome)
{
	struct reply	reply;
	size_t		i;

	if (stat.n == 0 || is_torn_code(stat))
		return false;
	for (i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (view_starts(stat, phrases[i].text)) {
			*outcome = phrases[i].outcome;
			return true;
		}
		if (sendmail_is_torn(stat, phrases[i].text))
			return false;
	}
	*outcome = OUTCOME_BOUNCED;
	if (reply_parse(stat, &reply) && reply.code < 500)
		*outcome = reply.code < 300 ? OUTCOME_DELIVERED :
		    OUTCOME_DEFERRED;
	return true;
}

/* "Deferred: 45", "451": the rest of the code or what follows it is missing. */
static bool
is_torn_code(struct view stat)
{
	size_t		whole = view_skip(&stat, VIEW("Deferred: ")) ? 3 : 4;
	uint32_t	code;

	return stat.n < whole && view_take_u32(&stat, &code) && stat.n == 0;
}

/*
 * A transaction was begun: then there is xdelay=. But when an earlier failure
 * of the host is still remembered, none is, and the old words are said again:
 * nothing took time, and no address stands behind the relay's name, because no
 * socket was made.
 */
static bool
is_attempt(const struct fields *f, const struct mail_event *out)
{
	if (f->xdelay.n == 0 || view_eq(f->stat, VIEW("queued")))
		return false;
	if (out->relay_kind != RELAY_HOST || f->relay_ip.n > 0 ||
	    out->transaction_ms > 0 || out->reply.code != 0 ||
	    out->outcome != OUTCOME_DEFERRED)
		return true;
	return !is_connection(f->stat);
}

/*
 * A failure whose reply= has another class than dsn= shows the reply of an
 * earlier recipient or host that was settled already. Of the same class, it is
 * what an earlier host said before the last one could not be reached.
 */
static void
set_reply(const struct fields *f, struct scratch *scratch,
    struct mail_event *out)
{
	struct view	stat = f->stat;
	struct reply	reply;

	if (out->outcome == OUTCOME_DELIVERED) {
		set_sent(stat, scratch, out);
		return;
	}
	view_skip(&stat, VIEW("Deferred: "));
	out->text = stat;
	if (reply_parse(f->reply, &reply) &&
	    (out->reply.enhanced.class == 0 ||
	    out->reply.enhanced.class == reply.code / 100)) {
		if (is_connection(f->stat))
			out->reply.enhanced = (struct enhanced){ 0 };
		set_remote_reply(f->reply, scratch, out);
		return;
	}
	set_remote_reply(stat, scratch, out);
}

static bool
set_remote_reply(struct view text, struct scratch *scratch,
    struct mail_event *out)
{
	struct reply	reply;

	if (!reply_parse(text, &reply))
		return false;
	if (reply.enhanced.class == 0)
		reply.enhanced = out->reply.enhanced;
	out->reply = reply;
	out->text = reply_fold(text, &reply, scratch);
	return true;
}

/*
 * "Sent (Ok: queued as X)": the code is not logged; a host that took a message
 * said 250.
 */
static void
set_sent(struct view stat, struct scratch *scratch, struct mail_event *out)
{
	struct view	text = stat;

	if (view_skip(&text, VIEW("Sent (")) && text.n > 0) {
		if (text.p[text.n - 1] == ')')
			text.n--;
		set_next_id(text, out);
	} else {
		text = stat;
	}
	out->text = text;
	if (set_remote_reply(text, scratch, out) ||
	    out->relay_kind != RELAY_HOST)
		return;
	out->reply.code = 250;
}

/* What the next hop calls it: Sendmail's, Postfix' and Exim's ways to say so. */
static void
set_next_id(struct view text, struct mail_event *out)
{
	struct view	id = text, rest = text;
	struct enhanced	ignored;

	if (view_cut(&rest, ' ', &id) &&
	    view_eq(rest, VIEW("Message accepted for delivery"))) {
		out->next_id = id;
		return;
	}
	if (reply_take_enhanced(&text, &ignored))
		view_skip_byte(&text, ' ');
	if (!view_skip(&text, VIEW("Ok: queued as ")) &&
	    !view_skip(&text, VIEW("OK id=")))
		return;
	if (view_find(text, ' ', 0) == text.n)
		out->next_id = text;
}

/*
 * Sendmail does not name the command, but some follow from what it makes of
 * the answer: its own x.5.0 stands for greeting and EHLO, x.0.0 in place of
 * the reply's code for DATA; EX_NOUSER is RCPT's, EX_DATAERR with 501 or 553
 * MAIL's; the first line of a longer reply keeps its dash after RCPT only.
 */
static void
set_stage(const struct fields *f, struct mail_event *out)
{
	struct view	dsn = f->dsn;
	struct enhanced	made = { 0 };
	struct reply	said;
	bool		replaced;

	if (out->relay_kind != RELAY_HOST || out->reply.code == 0)
		return;
	if (out->outcome == OUTCOME_DELIVERED) {
		out->stage = STAGE_EOD;
		return;
	}
	if (!reply_parse(out->text, &said) || is_connection(f->stat))
		return;
	reply_take_enhanced(&dsn, &made);
	replaced = made.class != 0 && made.detail == 0 &&
	    !enhanced_eq(said.enhanced, made);
	if (replaced && made.subject == 5)
		out->stage = STAGE_CONNECT;
	else if ((f->reply.n > 3 && f->reply.p[3] == '-') ||
	    (says(f, VIEW("User unknown")) && (said.code == 550 ||
	    said.code == 551 || said.code == 553)))
		out->stage = STAGE_RCPT;
	else if (said.code == 530 || (says(f, VIEW("Data format error")) &&
	    (said.code == 501 || said.code == 553)))
		out->stage = STAGE_MAIL;
	else if (replaced && made.subject == 0 && said.enhanced.class != 0)
		out->stage = STAGE_DATA;
}

/* Are these the words of stat=? Not sure when reply= holds a stat=, too. */
static bool
says(const struct fields *f, struct view words)
{
	return view_starts(f->stat, words) &&
	    view_search(f->stat, VIEW(", stat=")) == f->stat.n;
}

static bool
is_connection(struct view stat)
{
	if (!view_skip(&stat, VIEW("Deferred")))
		return false;
	if (stat.n == 0 || !view_skip(&stat, VIEW(": ")))
		return true;
	return !view_starts(stat, VIEW("Name server")) &&
	    (stat.n == 0 || *stat.p < '0' || *stat.p > '9');
}
