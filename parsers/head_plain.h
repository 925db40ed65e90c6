/*
 * head_plain - the heads that stand in the line as bytes, in no wrapping.
 */
#ifndef HEAD_PLAIN_H
#define HEAD_PLAIN_H

#include "head.h"

/*
 * False when there is no known head; *out then holds the line as body.
 * The memory may be NULL.
 */
bool	head_plain(struct view line, struct head_memory *, struct head *out);
/* Take "postfix/smtp[211]:" off the front; false when it is no tag. */
bool	head_take_tag(struct view *, struct head *out);
/* What stands at the front of the body, once the tag is known. */
void	head_finish(struct head *, struct view body);

#endif
