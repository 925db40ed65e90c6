/*
 * copy - the text of a file we read, in another file.
 *
 * logrotate's copytruncate, editors and gzip copy a log. What stands in the
 * copy before our place was counted; what stands behind it was perhaps not.
 */
#ifndef COPY_H
#define COPY_H

#include "siblings.h"
#include "sources.h"

/*
 * f's own text is gone from under it: find the copy among the rotated files
 * and take it in at f's place, to be read before f. NULL when there is none.
 */
struct source_file	*copy_continue(struct sources *,
			    struct source_file *f);
/* Of which file that we read is this new one a copy? NULL: of none. */
struct source_file	*copy_of(struct sources *, const struct source *,
			    const char *path, int fd);

#endif
