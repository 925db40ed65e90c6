/*
 * head - what stands in front of an MTA's own words.
 *
 * One scanner for RFC 3164, RFC 3339 and RFC 5424 heads, <pri>, Solaris tags,
 * Exim's own stamp (also behind a syslog head), and for the wrappings of
 * rsyslog JSON, journalctl -o json, Docker json-file and CRI. The parsers see
 * only the result.
 */
#ifndef HEAD_H
#define HEAD_H

#include "head_memory.h"
#include "scratch.h"
#include "stamp.h"
#include "view.h"

struct head {
	struct stamp	stamp;		/* month 0 when there is none */
	struct view	host;
	struct view	tag;		/* program without [pid], e.g.
					   "postfix/smtp"; empty in Exim's own
					   files */
	uint32_t	pid;		/* 0 when there is none */
	uint32_t	repeat;		/* N of "message repeated N times", at
					   least 1, at most HEAD_REPEAT_MAX */
	bool		exim_stamp;	/* body followed Exim's own stamp */
	struct view	body;		/* the MTA's own words */
};

enum { HEAD_REPEAT_MAX = 1000000 };

/*
 * Read the head of one line (without its LF). The caller has reset *scratch.
 * The views point into line or, when the line was wrapped or escaped, into
 * *scratch. The memory, which may be NULL, makes it faster. False: no known
 * head; *out then holds the whole line as body.
 */
bool	head_parse(struct view line, struct scratch *, struct head_memory *,
	    struct head *out);
/* Step over Exim's own stamp and [pid] at the front of the body, if any. */
void	head_take_exim(struct head *);

#endif
