#include "postfix.h"

enum {
	SUFFIX_MAX = 48,	/* "(in reply to XFORWARD name/address command" */
	OWN_WORDS_MIN = 40	/* a cut text this long shows what it is */
};

#define V(text)	{ text, sizeof(text) - 1 }

/*
 * Who says "a reply follows": before the host, behind it, and how far the
 * dialogue was. With an open stage it stands at the end of the text.
 */
static const struct speaker {
	struct view	before, behind;
	enum stage	stage;
} speakers[] = {
	{ V("host "), V(" said: "), STAGE_NONE },
	/* the greeting's reply and EHLO's cannot be told apart */
	{ V("host "), V(" refused to talk to me: "), STAGE_CONNECT },
	{ V("SASL authentication failed; server "), V(" said: "), STAGE_AUTH },
	{ V("TLS is required, but host "), V(" refused to start TLS: "),
	    STAGE_STARTTLS }
};

/* "(in reply to X command)", and what a lost connection was in the midst of. */
static const struct stage_word {
	struct view	word;
	enum stage	stage;
} stage_words[] = {
	{ V("RCPT TO"), STAGE_RCPT },
	{ V("end of DATA"), STAGE_EOD },
	{ V("end of data"), STAGE_EOD },
	{ V("MAIL FROM"), STAGE_MAIL },
	{ V("DATA"), STAGE_DATA },
	{ V("BDAT"), STAGE_EOD },
	{ V("message body"), STAGE_EOD },
	{ V("EHLO"), STAGE_EHLO },
	{ V("HELO"), STAGE_EHLO },
	{ V("LHLO"), STAGE_EHLO },
	{ V("the EHLO"), STAGE_EHLO },
	{ V("the HELO"), STAGE_EHLO },
	{ V("the LHLO"), STAGE_EHLO },
	{ V("the initial protocol"), STAGE_EHLO },
	{ V("the initial server greeting"), STAGE_CONNECT },
	{ V("the STARTTLS"), STAGE_STARTTLS },
	{ V("STARTTLS"), STAGE_STARTTLS },
	{ V("AUTH"), STAGE_AUTH },
	{ V("SASL"), STAGE_AUTH }
};

/* Texts without a reply: how far the dialogue was. */
static const struct stage_word silences[] = {
	{ V("connect to "), STAGE_CONNECT },
	{ V("SASL authentication failed"), STAGE_AUTH },
	{ V("TLS is required"), STAGE_STARTTLS },
	{ V("Cannot start TLS"), STAGE_STARTTLS },
	{ V("Server certificate not "), STAGE_STARTTLS },
	{ V("lost connection with "), STAGE_NONE },
	{ V("conversation with "), STAGE_NONE }
};

static bool		take_speaker(struct view *, const struct speaker **);
static bool		is_cut(struct view reply);
static bool		read_silence(struct view, bool whole,
			    struct mail_event *);
static enum stage	stage_of(struct view words);
static enum stage	stage_of_silence(struct view);
static enum stage	take_suffix(struct view *);
static struct view	next_id_of(struct view);

bool
postfix_read_reply(struct view text, bool whole,
    enum postfix_role role, struct mail_event *out)
{
	const struct speaker	*who = NULL;
	struct view		 reply = text;
	struct reply		 own = out->reply;

	out->text = text;
	if (role == ROLE_LOCAL)
		return read_silence(text, whole, out);
	view_skip(&reply, VIEW("delivery temporarily suspended: "));
	view_skip(&reply, VIEW("Protocol error: "));
	if (!take_speaker(&reply, &who) && (reply.n == 0 || *reply.p < '0' ||
	    *reply.p > '9'))
		return read_silence(reply, whole, out);
	if (!whole && is_cut(reply))
		return false;
	if (who != NULL)
		out->stage = who->stage;
	if (who == &speakers[0])
		out->stage = take_suffix(&reply);
	if (!reply_parse(reply, &own))
		return reply.n > 3;
	/* 3xx is out of step: what the MTA made of it counts */
	if (own.enhanced.class == 0 || own.code / 100 == 3)
		own.enhanced = out->reply.enhanced;
	out->reply = own;
	if (who == NULL && own.code / 100 == 2) {
		out->stage = STAGE_EOD;
		out->next_id = whole ? next_id_of(reply) : VIEW_NONE;
	}
	out->text = reply;
	return true;
}

/* "host NAME[ip] said: ": step over it. */
static bool
take_speaker(struct view *text, const struct speaker **who)
{
	struct view	rest, name, ip;
	size_t		i;

	for (i = 0; i < sizeof(speakers) / sizeof(speakers[0]); i++) {
		rest = *text;
		if (!view_skip(&rest, speakers[i].before) ||
		    !postfix_take_host(&rest, &name, &ip) ||
		    !view_skip(&rest, speakers[i].behind))
			continue;
		*who = &speakers[i];
		*text = rest;
		return true;
	}
	return false;
}

/* Does the text end within the code or the word behind it? */
static bool
is_cut(struct view reply)
{
	return view_find(reply, ' ', 4) >= reply.n;
}

/* No host's reply: the MTA's own words. */
static bool
read_silence(struct view text, bool whole, struct mail_event *out)
{
	size_t	i;

	if (view_skip(&text, VIEW("forwarded as ")) && whole)
		out->next_id = text;
	for (i = 0; !whole && i < sizeof(speakers) / sizeof(speakers[0]); i++)
		if (view_starts(text, speakers[i].before))
			return false;
	for (i = 0; i < sizeof(silences) / sizeof(silences[0]); i++) {
		if (!view_starts(text, silences[i].word))
			continue;
		out->stage = silences[i].stage;
		if (out->stage == STAGE_NONE)
			out->stage = stage_of_silence(text);
		break;
	}
	return whole || text.n >= OWN_WORDS_MIN;
}

static enum stage
stage_of(struct view words)
{
	size_t	i;

	for (i = 0; i < sizeof(stage_words) / sizeof(stage_words[0]); i++)
		if (view_starts(words, stage_words[i].word))
			return stage_words[i].stage;
	return STAGE_NONE;
}

/* "lost connection with H[ip] while sending RCPT TO" */
static enum stage
stage_of_silence(struct view text)
{
	struct view	name, ip, gerund;
	size_t		with = view_search(text, VIEW("with "));

	view_advance(&text, with + 5);
	if (!postfix_take_host(&text, &name, &ip))
		return STAGE_NONE;
	view_skip(&text, VIEW(" timed out"));
	if (!view_skip(&text, VIEW(" while ")) ||
	    !view_cut(&text, ' ', &gerund))
		return STAGE_NONE;
	return stage_of(text);
}

/*
 * Cut "(in reply to RCPT TO command)" off the end. Only the last one is
 * Postfix's: a reply may hold the same words.
 */
static enum stage
take_suffix(struct view *text)
{
	struct view	words = *text;
	size_t		at, least;

	if (words.n > 0 && words.p[words.n - 1] == ')')
		words.n--;
	if (!view_ends(words, VIEW(" command")))
		return STAGE_NONE;
	least = words.n > SUFFIX_MAX ? words.n - SUFFIX_MAX : 0;
	for (at = words.n; at > least && words.p[at - 1] != '('; at--)
		;
	if (at == least)
		return STAGE_NONE;
	text->n = at - 1;
	view_advance(&words, at);
	if (!view_skip(&words, VIEW("in reply to "))) {
		text->n = (size_t)(words.p + words.n - text->p);
		return STAGE_NONE;
	}
	*text = view_trim(*text);
	return stage_of(words);
}

/* "... queued as NEXT" at the end of a reply, or Exim's "OK id=NEXT". */
static struct view
next_id_of(struct view reply)
{
	struct view	id;
	size_t		at = reply.n;

	while (at > 0 && reply.p[at - 1] != ' ')
		at--;
	id = view_sub(reply, at, reply.n - at);
	reply.n = at;
	if (view_ends(reply, VIEW("queued as ")))
		return id;
	if (view_ends(reply, VIEW(" OK ")) && view_skip(&id, VIEW("id=")))
		return id;
	return VIEW_NONE;
}
