/*
 * Sendmail: `QID: to=..., delay=..., stat=...`. What a remote party says stands
 * behind the fields that Sendmail wrote itself, so reading from the left is
 * reading what can be trusted first.
 */
#include "sendmail.h"

#define V(text)	{ text, sizeof(text) - 1 }

static bool	owns(const struct head *);
static enum parse_result parse(const struct head *, struct scratch *,
		    struct mail_event *out);
static enum parse_result parse_notice(struct view rest, struct mail_event *);
static enum parse_result parse_removal(struct view rest, struct mail_event *);

const struct parser	parser_sendmail = {
	.name = "sendmail",
	.mta = MTA_SENDMAIL,
	.owns = owns,
	.parse = parse,
};

/* By the first word behind the queue id; to= is handled before. */
static const struct {
	struct view		word;
	enum parse_result	(*parse)(struct view rest, struct mail_event *);
} verbs[] = {
	{ V("from="), sendmail_from },
	{ V("ruleset="), sendmail_ruleset },
	{ V("Milter: "), sendmail_milter },
	{ V("<"), sendmail_address },
	{ V("done; delay="), parse_removal },
	{ V("AUTH=server, "), sendmail_auth },
	{ V("AUTH failure "), sendmail_auth_failure },
	{ V("rejecting commands from "), sendmail_pregreet },
};

/* What a notice says when the queue's patience is at its end. */
static const struct view expiries[] = {
	V("Cannot send message "),
	V("Cannot send within "),
	V("timeout, message too old")
};

static bool
owns(const struct head *head)
{
	return view_starts(head->tag, VIEW("sendmail")) ||
	    view_starts(head->tag, VIEW("sm-"));
}

static enum parse_result
parse(const struct head *head, struct scratch *scratch, struct mail_event *out)
{
	struct view	rest = head->body;
	size_t		i;

	if (head->tag.n > 0 && !owns(head))
		return PARSE_IGNORED;
	parser_begin(MTA_SENDMAIL, head, out);
	/* the submission queue's runner works on the submitter's messages */
	out->instance = view_starts(head->tag, VIEW("sm-msp")) ?
	    VIEW("sendmail") : head->tag;
	sendmail_take_id(&rest, &out->queue_id);
	if (view_skip(&rest, VIEW("to=")))
		return sendmail_delivery(rest, scratch, out);
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (view_starts(rest, verbs[i].word))
			return verbs[i].parse(rest, out);
	if (out->queue_id.n > 0 && rest.n > 0) {
		enum parse_result result = parse_notice(rest, out);

		if (result != PARSE_UNKNOWN)
			return result;
	}
	if (sendmail_is_quiet(rest))
		return PARSE_IGNORED;
	return sendmail_peer(rest, out);
}

/*
 * "NEWID: return to sender: Cannot send message for 5 days": a bounce was made.
 * Which recipients failed was said before, but not when they expired: then it
 * is this line that tells, for all that are left.
 */
static enum parse_result
parse_notice(struct view rest, struct mail_event *out)
{
	struct view	id, label;
	size_t		i;

	if (!sendmail_take_id(&rest, &id) || id.n == 0 ||
	    !view_cut(&rest, ':', &label) || !view_skip_byte(&rest, ' ') ||
	    rest.n == 0)
		return PARSE_UNKNOWN;
	for (i = 0; i < sizeof(expiries) / sizeof(expiries[0]); i++) {
		if (sendmail_is_torn(rest, expiries[i]))
			return PARSE_UNKNOWN;
		if (!view_starts(rest, expiries[i]))
			continue;
		out->kind = EVENT_DELIVERY;
		out->outcome = OUTCOME_EXPIRED;
		out->text = rest;
		return PARSE_EVENT;
	}
	return PARSE_IGNORED;
}

/* The envelope is dropped: delivered, bounced or discarded as a whole. */
static enum parse_result
parse_removal(struct view rest, struct mail_event *out)
{
	(void)rest;
	if (out->queue_id.n == 0)
		return PARSE_IGNORED;
	out->kind = EVENT_REMOVAL;
	return PARSE_EVENT;
}
