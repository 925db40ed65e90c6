#include "postfix.h"

enum { QUEUE_ID_MIN = 5, QUEUE_ID_MAX = 32 };

/* A queue id with another letter needs a digit, too. */
enum { ID_DIGIT = 1, ID_HEX = 2, ID_OTHER = 4, ID_MIXED = ID_HEX | ID_OTHER };

static const unsigned char id_bytes[256] = {
	['0' ... '9'] = ID_DIGIT, ['A' ... 'F'] = ID_HEX,
	['G' ... 'Z'] = ID_OTHER, ['a' ... 'z'] = ID_OTHER
};

#define VERB(word, fn)	{ { word, sizeof(word) - 1 }, fn }

/*
 * The first word behind the queue id; the busiest first. One that is NULL is so
 * frequent that it is not looked for among the quiet ones.
 */
static const struct verb {
	struct view		word;
	enum parse_result	(*parse)(const struct postfix_line *,
				    struct mail_event *);
} verbs[] = {
	VERB("to=", postfix_delivery),
	VERB("client=", postfix_client),
	VERB("from=", postfix_from),
	VERB("message-id=", NULL),
	VERB("removed", postfix_removed),
	VERB("uid=", postfix_uid),
	VERB("host ", postfix_hop),
	VERB("connect to ", postfix_hop),
	VERB("lost connection with ", postfix_hop),
	VERB("conversation with ", postfix_hop),
	VERB("SASL authentication failed", postfix_hop),
	VERB("Protocol error: ", postfix_hop),
	VERB("TLS is required, but ", postfix_hop),
	VERB("Cannot start TLS: ", postfix_hop),
	VERB("Server certificate not ", postfix_hop),
	VERB("local data error while talking to ", postfix_hop),
	VERB("reject: ", postfix_reject),
	VERB("milter-reject: ", postfix_reject),
	VERB("proxy-reject: ", postfix_reject)
};

static bool			 owns(const struct head *);
static enum parse_result	 parse(const struct head *, struct scratch *,
				    struct mail_event *);
static enum parse_result	 parse_body(const struct head *,
				    struct mail_event *);
static const struct verb	*verb_of(struct view);
static void			 begin(const struct head *,
				    const struct postfix_line *,
				    struct view id, struct mail_event *);
static bool			 take_queue_id(struct view *, struct view *);
static size_t			 take_eight(struct view, unsigned *seen);
static bool			 lacks_to(struct view);

const struct parser parser_postfix = {
	.name = "postfix",
	.mta = MTA_POSTFIX,
	.owns = owns,
	.parse = parse
};

/*
 * Ours is the tag postfix, also alone as RFC 5424 cuts it, postfix-NAME/x, and
 * NAME/x where x is a daemon of ours: syslog_name may be anything.
 */
static bool
owns(const struct head *head)
{
	struct view	tag = head->tag, id, body = head->body;

	if (view_skip(&tag, VIEW("postfix"))) {
		if (tag.n == 0 || *tag.p == '/' ||
		    view_find(tag, '/', 0) < tag.n)
			return true;
		return (*tag.p == '-' || *tag.p == '.' ||
		    (*tag.p >= '0' && *tag.p <= '9')) &&
		    take_queue_id(&body, &id);
	}
	if (view_find(tag, '/', 0) == tag.n)
		return false;
	switch (postfix_role(tag)) {
	case ROLE_UNSAID:
	case ROLE_FOREIGN:
		return false;
	case ROLE_REMOTE:
	case ROLE_LOCAL:
	case ROLE_MAIL:
	case ROLE_QUIET:
		return true;
	}
	return false;
}

static enum parse_result
parse(const struct head *head, struct scratch *scratch,
    struct mail_event *out)
{
	enum parse_result	result = parse_body(head, out);

	(void)scratch;
	/* Told to read a mixed log: another program's line is no riddle. */
	if (result == PARSE_UNKNOWN && ((head->tag.n > 0 && !owns(head)) ||
	    postfix_is_quiet_within(head->body)))
		return PARSE_IGNORED;
	return result;
}

static enum parse_result
parse_body(const struct head *head, struct mail_event *out)
{
	struct postfix_line	 line = { .rest = head->body };
	const struct verb	*verb;
	struct view		 id;
	bool			 has_id;

	line.service = head->tag;
	if (!view_skip(&line.service, VIEW("postfix/")) &&
	    !view_cut(&line.service, '/', &id))
		line.service = VIEW_NONE;
	view_skip_byte(&line.rest, ' ');
	has_id = take_queue_id(&line.rest, &id);
	/* each first asks for what it mostly sees */
	if (!has_id && postfix_is_quiet(&line, false))
		return PARSE_IGNORED;
	verb = line.rest.n == 0 ? NULL : verb_of(line.rest);
	if (verb == NULL ? has_id && postfix_is_quiet(&line, true) :
	    verb->parse == NULL)
		return PARSE_IGNORED;
	begin(head, &line, has_id ? id : VIEW_NONE, out);
	if (verb != NULL)
		return verb->parse(&line, out);
	if (has_id && lacks_to(line.rest))
		return postfix_delivery(&line, out);
	return PARSE_UNKNOWN;
}

/* The instance is what stands before the service, or a tag without one. */
static void
begin(const struct head *head, const struct postfix_line *line,
    struct view id, struct mail_event *out)
{
	parser_begin(MTA_POSTFIX, head, out);
	out->queue_id = id;
	out->service = line->service;
	out->instance = head->tag;
	if (line->service.p != NULL)
		out->instance.n -= line->service.n + 1;
}

static const struct verb *
verb_of(struct view text)
{
	size_t	i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (*text.p == *verbs[i].word.p &&
		    view_starts(text, verbs[i].word))
			return &verbs[i];
	return NULL;
}

/*
 * Take "4F1A2B3C4D5: " off the front, and "NOQUEUE: " as an empty id. Short
 * ids are hex in capitals, long ones begin with a digit: a word is neither.
 */
static bool
take_queue_id(struct view *rest, struct view *id)
{
	unsigned	kind, seen = 0;
	size_t		n, most = QUEUE_ID_MAX + 1;

	if (rest->n == 0 || (*rest->p >= 'a' && *rest->p <= 'z'))
		return false;
	if (*rest->p == 'N' && view_skip(rest, VIEW("NOQUEUE: "))) {
		*id = VIEW_NONE;
		return true;
	}
	if (most > rest->n)
		most = rest->n;
	for (n = take_eight(*rest, &seen); n < most; n++) {
		kind = id_bytes[(unsigned char)rest->p[n]];
		if (kind == 0)
			break;
		seen |= kind;
	}
	if (n == most || n < QUEUE_ID_MIN || rest->p[n] != ':' ||
	    seen == ID_MIXED || seen == ID_OTHER)
		return false;
	*id = view_sub(*rest, 0, n);
	view_advance(rest, n + 1);
	view_skip_byte(rest, ' ');
	return true;
}

/*
 * Eight bytes of an id in hex at once: 8 and what was seen, else 0. A sum has
 * its top bit set from the byte on that, with what is added, makes 0x80.
 */
static size_t
take_eight(struct view v, unsigned *seen)
{
	uint64_t	ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t	x, digits, letters;

	if (v.n < sizeof(x))
		return 0;
	memcpy(&x, v.p, sizeof(x));
	digits = (x + ones * (0x80 - '0')) & ~(x + ones * (0x7f - '9'));
	letters = (x + ones * (0x80 - 'A')) & ~(x + ones * (0x7f - 'F'));
	if ((x & tops) != 0 || ((digits | letters) & tops) != tops)
		return 0;
	*seen = ((digits & tops) != 0 ? ID_DIGIT : 0) |
	    ((letters & tops) != 0 ? ID_HEX : 0);
	return sizeof(x);
}

/* "user@example.com, relay=": some write the recipient without to=. */
static bool
lacks_to(struct view rest)
{
	size_t	comma = view_find(rest, ',', 0);

	return view_find(rest, '@', 0) < comma &&
	    view_find(rest, ' ', 0) == comma + 1 &&
	    view_starts(view_sub(rest, comma, rest.n - comma),
	    VIEW(", relay="));
}
