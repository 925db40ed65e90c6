/*
 * exim - its log lines as events.
 */
#include "parser.h"

static bool	owns(const struct head *);
static enum parse_result parse(const struct head *, struct scratch *,
		    struct mail_event *out);

const struct parser	parser_exim = {
	.name = "exim",
	.mta = MTA_EXIM,
	.owns = owns,
	.parse = parse,
};

static bool
owns(const struct head *head)
{
	return head->tag.n == 0 ? head->exim_stamp :
	    view_starts(head->tag, VIEW("exim"));
}

static enum parse_result
parse(const struct head *head, struct scratch *scratch, struct mail_event *out)
{
	(void)head;
	(void)scratch;
	(void)out;
	return PARSE_UNKNOWN;
}
