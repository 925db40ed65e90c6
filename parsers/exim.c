/*
 * exim - its log lines as events: mainlog, rejectlog, paniclog, syslog.
 *
 * Behind the head stands a message id, or none; behind the id a flag or a
 * word, which decides who reads the rest. Exim marks no line's end, so a cut
 * line may pass for a whole one; the rooms below let it pass only while
 * outcome and class of reply cannot be others than the whole line's.
 *
 * "*>" (delivery suppressed by -N) is no delivery and ignored.
 */
#include "exim.h"

enum { SHORT_ID = 16, LONG_ID = 23 };

#define FLAG(a, b)	((a) << 8 | (b))

/* Base 62, and what stands between the parts. */
static const bool	id_byte[256] = {
	['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,
	['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1, ['A'] = 1, ['B'] = 1,
	['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1,
	['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,
	['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
	['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
	['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,
	['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1,
	['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1,
	['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,
	['y'] = 1, ['z'] = 1, ['-'] = 1
};

static bool	owns(const struct head *);
static enum parse_result parse(const struct head *, struct scratch *,
		    struct mail_event *out);
static size_t	id_len(struct view);
static bool	is_id(struct view, size_t middle, size_t total);
static enum parse_result	read_flagged(struct view, struct scratch *,
		    struct mail_event *);
static enum parse_result	read_words(struct view, struct scratch *,
		    struct mail_event *);
static enum parse_result	read_completed(struct view,
		    struct mail_event *);
static enum parse_result	read_others(struct view, struct scratch *,
		    struct mail_event *);
static bool	is_continued(struct view);

const struct parser	parser_exim = {
	.name = "exim",
	.mta = MTA_EXIM,
	.owns = owns,
	.parse = parse,
};

static bool
owns(const struct head *head)
{
	if (head->tag.n > 0)
		return view_starts(head->tag, VIEW("exim"));
	return head->exim_stamp ||
	    (head->stamp.month == 0 && is_continued(head->body));
}

static enum parse_result
parse(const struct head *head, struct scratch *scratch, struct mail_event *out)
{
	struct view	v = head->body;
	size_t		id = id_len(v);

	parser_begin(MTA_EXIM, head, out);
	if (id > 0) {
		out->queue_id = view_sub(v, 0, id);
		view_advance(&v, id + 1);
		return read_flagged(v, scratch, out);
	}
	if (head->stamp.month == 0 && head->tag.n == 0)
		return is_continued(v) ? PARSE_IGNORED : PARSE_UNKNOWN;
	return read_others(v, scratch, out);
}

/* Length of the message id at the front: 6-6-2 or, from 4.97, 6-11-4. */
static size_t
id_len(struct view v)
{
	if (v.n < SHORT_ID + 2 || v.p[6] != '-')
		return 0;
	if (is_id(v, 13, SHORT_ID))
		return SHORT_ID;
	return v.n > LONG_ID + 1 && is_id(v, 18, LONG_ID) ? LONG_ID : 0;
}

static bool
is_id(struct view v, size_t middle, size_t total)
{
	size_t	i;

	if (v.p[middle] != '-' || v.p[total] != ' ')
		return false;
	for (i = 0; i < total; i++)
		if (!id_byte[(unsigned char)v.p[i]])
			return false;
	return true;
}

static enum parse_result
read_flagged(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct view	rest = view_sub(v, 3, v.n);

	if (v.n < 4 || v.p[2] != ' ')
		return read_words(v, scratch, out);
	switch (FLAG((unsigned char)v.p[0], (unsigned char)v.p[1])) {
	case FLAG('=', '>'):
	case FLAG('-', '>'):
	case FLAG('>', '>'):
		return exim_delivered(rest, scratch, out);
	case FLAG('=', '='):
		return exim_deferred(rest, scratch, out);
	case FLAG('*', '*'):
		return exim_bounced(rest, scratch, out);
	case FLAG('<', '='):
	case FLAG('(', '='):
		return exim_arrival(rest, out);
	case FLAG('*', '>'):
		return PARSE_IGNORED;
	default:
		return read_words(v, scratch, out);
	}
}

static enum parse_result
read_words(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct view	rest = v;

	if (view_skip(&rest, VIEW("Completed")))
		return read_completed(rest, out);
	if (view_skip(&rest, VIEW("removed by "))) {
		out->kind = EVENT_REMOVAL;
		return rest.n > 0 ? PARSE_EVENT : PARSE_UNKNOWN;
	}
	if (exim_hop(v, scratch, out) == PARSE_EVENT)
		return PARSE_EVENT;
	return read_others(v, scratch, out);
}

/* What a line begins with decides; only then what stands somewhere in it. */
static enum parse_result
read_others(struct view v, struct scratch *scratch, struct mail_event *out)
{
	if (exim_quiet(v))
		return PARSE_IGNORED;
	if (exim_reject(v, scratch, out) == PARSE_EVENT)
		return PARSE_EVENT;
	return exim_quiet_within(v) ? PARSE_IGNORED : PARSE_UNKNOWN;
}

/* "Completed", "Completed QT=4s" */
static enum parse_result
read_completed(struct view v, struct mail_event *out)
{
	struct exim_fields	f = { .queue_ms = -1 };

	if (!exim_fields_take(&v, &f) || v.n > 0)
		return PARSE_UNKNOWN;
	out->kind = EVENT_REMOVAL;
	out->delay_ms = f.queue_ms;
	return PARSE_EVENT;
}

/*
 * Lines without a head: the rest of a reply that Exim wrote with its line
 * ends, and rejectlog's headers of a refused message.
 */
static bool
is_continued(struct view v)
{
	static const struct view starts[] = {
		VIEW("Envelope-from: "), VIEW("Envelope-to: "), VIEW(" "),
		VIEW("\t"), VIEW("-----"), VIEW("...")
	};
	struct reply	reply;
	size_t		i;

	/* three bytes may be a year's */
	if (v.n > 3 && reply_parse(v, &reply))
		return true;
	for (i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (view_starts(v, starts[i]))
			return true;
	/* "F From: x": what kind of header it is stands before it */
	return v.n > 2 && v.p[1] == ' ' && ((*v.p >= 'A' && *v.p <= 'Z') ||
	    *v.p == '*') && view_find(v, ':', 0) < v.n;
}
