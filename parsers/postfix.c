/*
 * postfix - its log lines as events.
 */
#include "parser.h"

static bool	owns(const struct head *);
static enum parse_result parse(const struct head *, struct scratch *,
		    struct mail_event *out);

const struct parser	parser_postfix = {
	.name = "postfix",
	.mta = MTA_POSTFIX,
	.owns = owns,
	.parse = parse,
};

static bool
owns(const struct head *head)
{
	return view_starts(head->tag, VIEW("postfix"));
}

static enum parse_result
parse(const struct head *head, struct scratch *scratch, struct mail_event *out)
{
	(void)head;
	(void)scratch;
	(void)out;
	return PARSE_UNKNOWN;
}
