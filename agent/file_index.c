#include <stdlib.h>
#include <string.h>

#include "file_index.h"

enum { SMALLEST = 64 };

static size_t	start_of(const struct file_index *, uint64_t, uint64_t);
static void	put(struct file_index *, struct source_file *);

int
file_index_make(struct file_index *x, struct source_file *const *file,
    size_t count)
{
	size_t			  i, size = SMALLEST;
	struct source_file	**slot;

	while (size < 4 * count)
		size *= 2;
	if (size > x->size) {
		slot = realloc(x->slot, size * sizeof(*slot));
		if (slot == NULL)
			return -1;
		x->slot = slot;
		x->size = size;
	}
	memset(x->slot, 0, x->size * sizeof(*x->slot));
	x->used = 0;
	for (i = 0; i < count; i++)
		/* one that is gone has no inode */
		if (file[i]->identity.ino != 0)
			put(x, file[i]);
	return 0;
}

void
file_index_fini(struct file_index *x)
{
	free(x->slot);
	x->slot = NULL;
	x->size = 0;
}

/* Room for one more; -1: make it anew, with all of them. */
int
file_index_add(struct file_index *x, struct source_file *f)
{
	if (2 * (x->used + 1) > x->size)
		return -1;
	put(x, f);
	return 0;
}

struct source_file *
file_index_find(const struct file_index *x, uint64_t dev, uint64_t ino)
{
	size_t	i;

	if (x->size == 0)
		return NULL;
	for (i = start_of(x, dev, ino); x->slot[i] != NULL;
	    i = (i + 1) & (x->size - 1))
		if (x->slot[i]->identity.ino == ino &&
		    x->slot[i]->identity.dev == dev)
			return x->slot[i];
	return NULL;
}

static size_t
start_of(const struct file_index *x, uint64_t dev, uint64_t ino)
{
	/* a multiplier with well mixed high bits; inodes are often in a row */
	uint64_t	h = (ino ^ dev << 32) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(h >> 32) & (x->size - 1);
}

static void
put(struct file_index *x, struct source_file *f)
{
	size_t	i = start_of(x, f->identity.dev, f->identity.ino);

	while (x->slot[i] != NULL)
		i = (i + 1) & (x->size - 1);
	x->slot[i] = f;
	x->used++;
}
