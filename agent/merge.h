/*
 * merge - which file is read next: the one whose last line is oldest.
 *
 * A heap of the files that have unread data. Only the time of the file handed
 * out last may change in between. A file waits while an older one of its
 * chain (the same log before a rotation) is in here, and takes over its time.
 */
#ifndef MERGE_H
#define MERGE_H

#include "source_file.h"

struct merge {
	struct source_file	**file;
	size_t			  count, room;
};

int			 merge_init(struct merge *, size_t room);
void			 merge_fini(struct merge *);
/* It has unread data (or may have); no harm when it is in already. */
void			 merge_add(struct merge *, struct source_file *);
/* NULL when there is none. */
struct source_file	*merge_first(struct merge *);
/* Take the first out; its successor comes in if it has waited. */
void			 merge_drop_first(struct merge *);
void			 merge_remove(struct merge *, struct source_file *);

#endif
