/*
 * head_recall - reading a head by the memory of those before: see head_memory.h.
 */
#ifndef HEAD_RECALL_H
#define HEAD_RECALL_H

#include "head.h"

/* Read a head whose minute and origin are known; false when one is not. */
bool	head_recall(const struct head_memory *, struct view line,
	    struct head *out);
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
