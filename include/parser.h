/*
 * parser - one MTA's log language.
 *
 * Pure: no I/O, clock, allocation, logging, and no state between lines. It
 * reads by position from the left and never searches a text for fields.
 */
#ifndef PARSER_H
#define PARSER_H

#include "head.h"
#include "mail_event.h"

enum parse_result {
	PARSE_EVENT,	/* *out is filled */
	PARSE_IGNORED,	/* a known shape that means nothing to us */
	PARSE_UNKNOWN	/* not understood, or torn */
};

struct parser {
	const char		*name;	/* as written in agent.conf */
	enum mta		 mta;
	/* Is this head one that this MTA writes? Cheap: tag and shape only. */
	bool			(*owns)(const struct head *);
	enum parse_result	(*parse)(const struct head *,
				    struct scratch *, struct mail_event *out);
};

extern const struct parser parser_postfix;
extern const struct parser parser_exim;
extern const struct parser parser_sendmail;

/* The parser of that kind; NULL for MTA_AUTO. */
const struct parser	*parser_of(enum mta);
/* By name ("postfix"); MTA_AUTO for "auto", -1 when there is none such. */
int			 parser_mta_by_name(struct view name);
/*
 * Whose line is it? want, unless that is MTA_AUTO: then by tag and shape,
 * MTA_COUNT when it is no MTA's.
 */
enum mta		 parser_choose(enum mta want, const struct head *);
/* How a parser begins an event: cleared, with what the head says. */
static inline void
parser_begin(enum mta mta, const struct head *head, struct mail_event *out)
{
	*out = (struct mail_event){
		.mta = mta,
		.stamp = head->stamp,
		.host = head->host,
		.pid = head->pid,
		.count = head->repeat,
		.delay_ms = -1,
		.transaction_ms = -1,
	};
}

/* Parse what head_parse() read; *out holds something only for PARSE_EVENT. */
enum parse_result	 parser_run(enum mta, const struct head *,
			    struct scratch *, struct mail_event *out);

#endif
