/*
 * file_index - the open file with that device and inode.
 *
 * Made anew by each sweep from the files themselves, so it never disagrees
 * with them for longer.
 */
#ifndef FILE_INDEX_H
#define FILE_INDEX_H

#include "source_file.h"

struct file_index {
	struct source_file	**slot;
	size_t			  size;		/* power of two */
	size_t			  used;
};

/* 0, or -1 without memory: the old index is kept. */
int			 file_index_make(struct file_index *,
			    struct source_file *const *, size_t count);
void			 file_index_fini(struct file_index *);
int			 file_index_add(struct file_index *,
			    struct source_file *);
struct source_file	*file_index_find(const struct file_index *,
			    uint64_t dev, uint64_t ino);

#endif
