/*
 * head_recall - a head's parts by the memory of those before: head_memory.h.
 */
#ifndef HEAD_RECALL_H
#define HEAD_RECALL_H

#include "head.h"

/* Take a time of the known minute and the blank behind it off the front. */
bool	head_recall_stamp(const struct head_memory *, struct view *,
	    struct stamp *out);
/* Take "host tag[pid]: " off the front if all but the pid is known. */
bool	head_recall_origin(const struct head_memory *, struct view *,
	    struct head *out);

/* The same in the form of Exim's own files, without a zone or a fraction. */
bool	head_recall_exim(const struct head_memory *, struct view *,
	    struct stamp *out);
void	head_keep_exim(struct head_memory *, struct view line,
	    struct view rest, const struct stamp *);

/* The time at the front of line, up to rest, is this one. */
void	head_keep_minute(struct head_memory *, struct view line,
	    struct view rest, const struct stamp *);
/*
 * Host, tag and pid were read from what stands in v before rest, and from
 * nothing behind.
 */
void	head_keep_origin(struct head_memory *, struct view v, struct view rest,
	    const struct head *);

#endif
