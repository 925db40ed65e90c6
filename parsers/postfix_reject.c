#include "postfix.h"

#define V(text)	{ text, sizeof(text) - 1 }

/* Where in the dialogue the client was refused. */
static const struct where {
	struct view	word;
	enum stage	stage;
} places[] = {
	{ V("RCPT"), STAGE_RCPT },
	{ V("MAIL"), STAGE_MAIL },
	{ V("CONNECT"), STAGE_CONNECT },
	{ V("EHLO"), STAGE_EHLO },
	{ V("HELO"), STAGE_EHLO },
	{ V("DATA"), STAGE_DATA },
	{ V("BDAT"), STAGE_EOD },
	{ V("END-OF-MESSAGE"), STAGE_EOD },
	{ V("STARTTLS"), STAGE_STARTTLS },
	{ V("AUTH"), STAGE_AUTH }
};

static const struct view contents[] = {
	V("header "), V("body "), V("mime-header "), V("nested-header "),
	V("content "), V("mime-error ")
};

/* Fields behind the reply: smtpd parts them by a blank, postscreen by ", ". */
static const struct view behind_from[] = {
	V(" to="), V(", to="), V(" proto="), V(", proto="), V("")
};
static const struct view behind_to[] = {
	V(" proto="), V(", proto="), V(" helo="), V("")
};

static bool	take_place(struct view *, enum stage *);
static bool	take_client(struct view *, struct view *client);
static bool	read_code(struct view, struct reply *);
static void	take_envelope(struct view *text, struct mail_event *);
static size_t	text_end(struct view);

enum parse_result
postfix_reject(const struct postfix_line *line, struct mail_event *out)
{
	struct view	rest = line->rest, verb;
	size_t		i;

	out->kind = EVENT_REJECT;
	if (!view_cut(&rest, ':', &verb) || !view_skip_byte(&rest, ' '))
		return PARSE_UNKNOWN;
	/* The refused header or body line comes first, code or text behind it
	   and behind other words of the client: nothing there can be trusted */
	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		if (!view_starts(rest, contents[i]))
			continue;
		out->stage = STAGE_EOD;
		return PARSE_EVENT;
	}
	if (!take_place(&rest, &out->stage))
		return PARSE_UNKNOWN;
	if (view_skip(&rest, VIEW(" from ")) &&
	    !take_client(&rest, &out->client))
		return PARSE_UNKNOWN;
	if (!view_skip(&rest, VIEW(": ")) || !read_code(rest, &out->reply))
		return PARSE_UNKNOWN;
	take_envelope(&rest, out);
	out->text = rest;
	return PARSE_EVENT;
}

/* Any word will do: VRFY and the like are at no stage of a delivery. */
static bool
take_place(struct view *rest, enum stage *stage)
{
	size_t	i, n = 0;

	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ':')
		n++;
	if (n == 0 || n == rest->n)
		return false;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (view_eq(view_sub(*rest, 0, n), places[i].word))
			*stage = places[i].stage;
	view_advance(rest, n);
	return true;
}

static bool
take_client(struct view *rest, struct view *client)
{
	struct view	name, ip;

	if (!postfix_take_host(rest, &name, &ip))
		return false;
	*client = name.n == 0 || view_eq(name, VIEW("unknown")) ? ip : name;
	return true;
}

/*
 * "550 5.1.1 text"; of a milter also "5.7.1 text"; of postscreen at CONNECT
 * no code at all. False when the line ends within the code.
 */
static bool
read_code(struct view text, struct reply *reply)
{
	bool	blank = view_find(text, ' ', 0) < text.n;

	if (text.n == 0 || (*text.p >= '0' && *text.p <= '9' && !blank))
		return false;
	if (!reply_parse(text, reply))
		reply_take_enhanced(&text, &reply->enhanced);
	return true;
}

/* Cut "; from=<s> to=<r> proto=ESMTP helo=<h>" off the text. */
static void
take_envelope(struct view *text, struct mail_event *out)
{
	size_t		end = text_end(*text);
	struct view	rest = view_sub(*text, end, text->n - end);

	text->n = end;
	view_skip(&rest, VIEW("; "));
	if (view_skip(&rest, VIEW("from=")))
		out->has_sender = postfix_take_address(&rest, behind_from,
		    sizeof(behind_from) / sizeof(behind_from[0]),
		    &out->sender);
	view_skip_byte(&rest, ',');
	view_skip_byte(&rest, ' ');
	if (view_skip(&rest, VIEW("to=")) && postfix_take_address(&rest,
	    behind_to, sizeof(behind_to) / sizeof(behind_to[0]),
	    &out->recipients))
		out->recipient_count = out->recipients.n > 0;
}

/*
 * Where the envelope begins. The reply may open with the refused address or
 * HELO name in <>: what stands in there is the client's.
 */
static size_t
text_end(struct view text)
{
	static const struct view colon[] = { V(": ") };
	static const struct view starts[] = {
		V("; from=<"), V("; to=<"), V("; proto=")
	};
	struct view	rest = text, refused;
	size_t		open = view_find(text, '<', 0), end, at, i;

	if (open < 20) {
		view_advance(&rest, open);
		if (!postfix_take_address(&rest, colon, 1, &refused))
			rest = text;
	}
	end = rest.n;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		at = view_search(view_sub(rest, 0, end), starts[i]);
		if (at < end)
			end = at;
	}
	return (size_t)(rest.p - text.p) + end;
}
