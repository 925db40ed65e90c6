/*
 * registry - the MTAs we understand: one row each.
 */
#include "parser.h"

static const struct parser	*const parsers[MTA_COUNT] = {
	[MTA_POSTFIX] = &parser_postfix,
	[MTA_EXIM] = &parser_exim,
	[MTA_SENDMAIL] = &parser_sendmail,
};

const struct parser *
parser_of(enum mta mta)
{
	return mta == MTA_AUTO ? NULL : parsers[mta];
}

int
parser_mta_by_name(struct view name)
{
	int	i;

	for (i = 0; i < MTA_COUNT; i++)
		if (view_eq(name, view_of(parsers[i]->name)))
			return i;
	return view_eq(name, VIEW("auto")) ? MTA_AUTO : -1;
}

enum mta
parser_choose(enum mta want, const struct head *head)
{
	int	i;

	if (want != MTA_AUTO)
		return want;
	for (i = 0; i < MTA_COUNT; i++)
		if (parsers[i]->owns(head))
			return (enum mta)i;
	return MTA_COUNT;
}

enum parse_result
parser_run(enum mta mta, const struct head *head, struct scratch *scratch,
    struct mail_event *out)
{
	return parsers[mta]->parse(head, scratch, out);
}
