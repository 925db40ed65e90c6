/*
 * Whom our own Sendmail refused, and what rule sets and filters said to it.
 */
#include "sendmail.h"

#define V(text)	{ text, sizeof(text) - 1 }

/*
 * Rule sets that judge a client. Those for the server we deliver to are no
 * rejects; names that are not here are of rule sets for headers.
 */
static const struct {
	struct view	name;
	enum stage	stage;
	bool		ours;
} rulesets[] = {
	{ V("check_relay"), STAGE_CONNECT, true },
	{ V("check_mail"), STAGE_MAIL, true },
	{ V("check_rcpt"), STAGE_RCPT, true },
	{ V("check_compat"), STAGE_RCPT, true },
	{ V("check_data"), STAGE_DATA, true },
	{ V("check_vrfy"), STAGE_NONE, true },
	{ V("check_expn"), STAGE_NONE, true },
	{ V("check_etrn"), STAGE_NONE, true },
	{ V("check_other"), STAGE_NONE, true },
	{ V("check_helo"), STAGE_EHLO, true },
	{ V("tls_client"), STAGE_STARTTLS, true },
	{ V("trust_auth"), STAGE_AUTH, true },
	{ V("tls_server"), STAGE_NONE, false },
	{ V("tls_rcpt"), STAGE_NONE, false },
	{ V("try_tls"), STAGE_NONE, false },
	{ V("clt_features"), STAGE_NONE, false },
	{ V("authinfo"), STAGE_NONE, false },
};

/* The word after "Milter: ". */
static const struct {
	struct view	word;
	enum stage	stage;
} milter_stages[] = {
	{ V("connect"), STAGE_CONNECT },
	{ V("helo"), STAGE_EHLO },
	{ V("from"), STAGE_MAIL },
	{ V("to"), STAGE_RCPT },
	{ V("cmd"), STAGE_DATA },
	{ V("data"), STAGE_EOD },
};

/* What a filter made of a connection, or of one it gave up. */
static const struct {
	struct view	words;
	struct reply	reply;
} milter_results[] = {
	{ V(" rejecting commands"), { 554, { 5, 7, 1 } } },
	{ V(" temp failing commands"), { 451, { 4, 3, 2 } } },
	{ V(" shutdown"), { 421, { 4, 7, 0 } } },
	{ V(" reject=421, errormode="), { 421, { 4, 7, 0 } } },
};

/* "<addr>... words": the reply is known from the words. */
static const struct {
	struct view	words;
	struct reply	reply;
} refusals[] = {
	{ V("User unknown"), { 550, { 5, 1, 1 } } },
	{ V("No such user here"), { 550, { 5, 1, 1 } } },
	{ V("Relaying denied"), { 550, { 5, 7, 1 } } },
	{ V("Access denied"), { 550, { 5, 7, 1 } } },
	{ V("Domain name required"), { 553, { 5, 5, 4 } } },
	{ V("Domain of sender address "), { 553, { 5, 1, 8 } } },
	{ V("Mailbox disabled for this recipient"), { 550, { 5, 2, 1 } } },
	{ V("Too many recipients"), { 452, { 4, 5, 3 } } },
};

static void	set_party(enum stage, struct view address,
		    struct mail_event *);
static bool	take_argument(struct view *, struct view *value);
static size_t	end_of_argument(struct view);
static enum parse_result set_reject(struct view text, struct mail_event *);
static enum parse_result milter_result(struct view rest, struct mail_event *);
static struct view take_lower(struct view *);
static bool	milter_stage(struct view word, enum stage *);
static bool	take_peer(struct view *, struct mail_event *);

/*
 * "ruleset=check_rcpt, arg1=<a@b>, relay=host [ip], reject=550 5.7.1 text":
 * the arguments are the client's own words.
 */
enum parse_result
sendmail_ruleset(struct view rest, struct mail_event *out)
{
	struct view	name, arg = VIEW_NONE, value, ip;
	bool		ours = true;
	size_t		i;

	view_skip(&rest, VIEW("ruleset="));
	if (!view_cut(&rest, ',', &name))
		return PARSE_UNKNOWN;
	out->stage = STAGE_EOD;
	for (i = 0; i < sizeof(rulesets) / sizeof(rulesets[0]); i++)
		if (view_eq(name, rulesets[i].name)) {
			out->stage = rulesets[i].stage;
			ours = rulesets[i].ours;
		}
	if (view_skip(&rest, VIEW(" arg1="))) {
		if (!take_argument(&rest, &arg))
			return PARSE_UNKNOWN;
		if (view_skip(&rest, VIEW(", arg2=")) &&
		    !take_argument(&rest, &value))
			return PARSE_UNKNOWN;
		view_skip_byte(&rest, ',');
	}
	if (view_skip(&rest, VIEW(" relay="))) {
		sendmail_take_relay(&rest, &out->client, &ip);
		view_skip_byte(&rest, ',');
	}
	if (!view_skip(&rest, VIEW(" reject="))) {
		/* quarantine=, discard; or a header's or TLS rule set */
		return view_starts(rest, VIEW(" discard")) ||
		    view_starts(rest, VIEW(" quarantine=")) ?
		    PARSE_IGNORED : PARSE_UNKNOWN;
	}
	if (!ours)		/* the delivery's own line follows */
		return rest.n > 0 ? PARSE_IGNORED : PARSE_UNKNOWN;
	if (arg.n > 0 && *arg.p == '<')
		set_party(out->stage, sendmail_bare(arg), out);
	return set_reject(rest, out);
}

/*
 * "Milter: to=<a@b>, reject=550 5.1.1 text", "Milter: data, reject=511 text",
 * "Milter: connect: host=h, addr=ip, reject=...". What stands between is the
 * client's own word. At higher log levels "milter=name, action=rcpt,
 * reject=..." says the same before it, with the filter's name.
 */
enum parse_result
sendmail_milter(struct view rest, struct mail_event *out)
{
	struct view	word;

	view_skip(&rest, VIEW("Milter: "));
	word = take_lower(&rest);
	if (!milter_stage(word, &out->stage))
		return rest.n > 0 ? PARSE_IGNORED : PARSE_UNKNOWN;
	if (view_skip_byte(&rest, '=')) {
		if (!sendmail_take_address(&rest, &word))
			return PARSE_UNKNOWN;
		set_party(out->stage, sendmail_bare(word), out);
	} else if (view_skip(&rest, VIEW(": host="))) {
		if (!view_cut(&rest, ',', &out->client) ||
		    !view_skip(&rest, VIEW(" addr=")))
			return PARSE_UNKNOWN;
		view_advance(&rest, view_find(rest, ',', 0));
	} else if (rest.n > 0 && *rest.p != ',') {
		/* "Milter: connect to filters" */
		return rest.n > 1 && *rest.p != ':' ? PARSE_IGNORED :
		    PARSE_UNKNOWN;
	}
	view_skip_byte(&rest, ',');
	return milter_result(rest, out);
}

/* "<nobody@b>... User unknown"; the brackets may be missing */
enum parse_result
sendmail_address(struct view rest, struct mail_event *out)
{
	struct view	address;
	size_t		end, i;

	if (view_starts(rest, VIEW("<-- ")))	/* what a client said */
		return PARSE_IGNORED;
	if (!sendmail_take_address(&rest, &address))
		return PARSE_UNKNOWN;
	if (!view_ends(address, VIEW("...")) ||
	    view_find(address, '@', 0) == address.n)
		return PARSE_UNKNOWN;
	end = address.n - 3;
	view_skip_byte(&rest, ' ');
	if (rest.n == 0)
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->stage = STAGE_RCPT;
	out->recipients = sendmail_bare(view_sub(address, 0, end));
	out->recipient_count = 1;
	out->text = rest;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (sendmail_is_torn(rest, refusals[i].words))
			return PARSE_UNKNOWN;
		if (view_starts(rest, refusals[i].words))
			out->reply = refusals[i].reply;
	}
	return PARSE_EVENT;
}

/*
 * "AUTH failure (PLAIN): authentication failure (-13) SASL(-13): ..., user=u,
 * relay=host [ip]". The client hears 535 5.7.0; the user is its own word.
 */
enum parse_result
sendmail_auth_failure(struct view rest, struct mail_event *out)
{
	struct view	relay = VIEW_NONE, ip;

	if (!view_starts(rest, VIEW("AUTH failure (")) ||
	    !sendmail_last_relay(rest, &relay))
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->stage = STAGE_AUTH;
	out->reply = (struct reply){ 535, { 5, 7, 0 } };
	out->text = view_sub(rest, 0, rest.n - relay.n - sizeof(", relay=") +
	    1);
	sendmail_take_relay(&relay, &out->client, &ip);
	return PARSE_EVENT;
}

/* "rejecting commands from host [ip] due to pre-greeting traffic" */
enum parse_result
sendmail_pregreet(struct view rest, struct mail_event *out)
{
	struct view	text = rest, ip;

	view_skip(&rest, VIEW("rejecting commands from "));
	sendmail_take_relay(&rest, &out->client, &ip);
	if (!view_starts(rest, VIEW(" due to pre-greeting traffic")))
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->stage = STAGE_CONNECT;
	out->reply = (struct reply){ 554, { 5, 5, 0 } };
	out->text = text;
	return PARSE_EVENT;
}

/* "host [ip] did not issue ...", "host [ip]: VRFY root [rejected]" */
enum parse_result
sendmail_peer(struct view rest, struct mail_event *out)
{
	static const struct view	quiet[] = {
		V(" did not issue "), V(": probable open proxy"),
		V(": possible SMTP attack"), V(": Possible SMTP RCPT flood"),
		V(": possible"), V(": Possible"), V(": bogus HELO"),
		V(" badly formatted"), V(": DEBUG"), V(": client "),
		V(": SMTP violation"), V(" too old (require ")
	};
	static const struct view	refused[] = {
		V(": VRFY "), V(": EXPN "), V(": ETRN "), V(": vrfy "),
		V(": expn "), V(": etrn ")
	};
	struct view			text = rest;
	size_t				i;

	if (!take_peer(&rest, out)) {
		out->client = VIEW_NONE;
		return sendmail_address(text, out);
	}
	for (i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (view_starts(rest, quiet[i]))
			return PARSE_IGNORED;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (!view_starts(rest, refused[i]))
			continue;
		if (!view_ends(rest, VIEW(" [rejected]")))
			return PARSE_UNKNOWN;
		out->kind = EVENT_REJECT;
		out->text = text;
		return PARSE_EVENT;
	}
	return PARSE_UNKNOWN;
}

/* Whom the client named when it was refused at that stage. */
static void
set_party(enum stage stage, struct view address, struct mail_event *out)
{
	if (stage == STAGE_MAIL) {
		out->sender = address;
		out->has_sender = true;
	} else if (stage == STAGE_RCPT) {
		out->recipients = address;
		out->recipient_count = 1;
	}
}

/*
 * An address in <>, or words: a host, or a header's, that may hold anything
 * but end before the last relay= there is.
 */
static bool
take_argument(struct view *rest, struct view *value)
{
	struct view	relay = VIEW_NONE, two;
	size_t		end;

	if (rest->n > 0 && *rest->p == '<')
		return sendmail_take_address(rest, value);
	if (sendmail_last_relay(*rest, &relay))
		end = rest->n - relay.n - sizeof(", relay=") + 1;
	else
		end = end_of_argument(*rest);
	two = view_sub(*rest, 0, end);
	end = view_search(two, VIEW(", arg2="));
	*value = view_sub(*rest, 0, end);
	view_advance(rest, end);
	return rest->n > 0;
}

/* Without a relay=, what was decided ends it. */
static size_t
end_of_argument(struct view v)
{
	static const struct view	ends[] = {
		V(", reject="), V(", discard"), V(", quarantine=")
	};
	size_t				i, end = v.n;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]) && end == v.n; i++)
		end = view_search(v, ends[i]);
	return end;
}

/* A text that begins with a code; less than a whole code is a torn line. */
static enum parse_result
set_reject(struct view text, struct mail_event *out)
{
	if (!reply_parse(text, &out->reply) &&
	    (text.n == 0 || (*text.p >= '0' && *text.p <= '9')))
		return PARSE_UNKNOWN;
	out->kind = EVENT_REJECT;
	out->text = text;
	return PARSE_EVENT;
}

/* " reject=text", or " discard" and others that do not refuse. */
static enum parse_result
milter_result(struct view rest, struct mail_event *out)
{
	static const struct view	quiet[] = {
		V(" discard"), V(" accept"), V(" skip"), V(" quarantine=")
	};
	size_t				i;

	for (i = 0; i < sizeof(milter_results) / sizeof(milter_results[0]);
	    i++)
		if (view_starts(rest, milter_results[i].words)) {
			out->kind = EVENT_REJECT;
			out->reply = milter_results[i].reply;
			out->text = view_sub(rest, 1, rest.n);
			return PARSE_EVENT;
		}
	if (view_skip(&rest, VIEW(" reject=")))
		return set_reject(rest, out);
	out->stage = STAGE_NONE;
	for (i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (view_starts(rest, quiet[i]))
			return PARSE_IGNORED;
	return PARSE_UNKNOWN;
}

static struct view
take_lower(struct view *rest)
{
	struct view	word;
	size_t		end = 0;

	while (end < rest->n && rest->p[end] >= 'a' && rest->p[end] <= 'z')
		end++;
	word = view_sub(*rest, 0, end);
	view_advance(rest, end);
	return word;
}

static bool
milter_stage(struct view word, enum stage *stage)
{
	size_t	i;

	for (i = 0; i < sizeof(milter_stages) / sizeof(milter_stages[0]); i++)
		if (view_eq(word, milter_stages[i].word)) {
			*stage = milter_stages[i].stage;
			return true;
		}
	return false;
}

/* "host [ip] (may be forged)" or "[ip]" */
static bool
take_peer(struct view *rest, struct mail_event *out)
{
	struct view	ip;

	sendmail_take_relay(rest, &out->client, &ip);
	return ip.n > 0;
}
