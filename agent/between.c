#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "between.h"
#include "copy.h"
#include "siblings.h"

enum { TRIES = 5 };

static bool	take_all(struct sources *, struct source_file **last,
		    const struct siblings *, const struct stat *now);
static size_t	after(const struct siblings *, const struct source_file *);
static int	take_in(struct sources *, struct source_file **last,
		    const struct sibling *);

/* A file that cannot be opened as listed was compressed: look again. */
struct source_file *
between_take_in(struct sources *s, struct source_file *last, const char *path,
    int open)
{
	const char	*olddir = s->config[last->source->id].olddir;
	struct stat	 now = { 0 };
	struct siblings	 list;
	bool		 whole = false;
	int		 i;

	if (open != -1 && fstat(open, &now) == -1)
		return last;
	for (i = 0; !whole && i < TRIES; i++) {
		if (siblings_find(&list, path, olddir) == 0)
			whole = take_all(s, &last, &list, &now);
		siblings_fini(&list);
	}
	return last;
}

/* False: the list does not hold any more. */
static bool
take_all(struct sources *s, struct source_file **last,
    const struct siblings *list, const struct stat *now)
{
	size_t	i;

	for (i = after(list, *last); i < list->count; i++) {
		struct sibling *item = &list->item[i];

		if (item->current || (item->ino == now->st_ino &&
		    item->dev == now->st_dev))
			break;
		if (file_index_find(&s->index, item->dev, item->ino) != NULL)
			continue;
		if (take_in(s, last, item) == -1)
			return false;
	}
	return true;
}

/* By its place in the list; one that was deleted is known by its time. */
static size_t
after(const struct siblings *list, const struct source_file *last)
{
	size_t	i;

	for (i = 0; i < list->count; i++)
		if (list->item[i].ino == last->identity.ino &&
		    list->item[i].dev == last->identity.dev)
			return i + 1;
	for (i = 0; i < list->count; i++)
		if (list->item[i].mtime_ns > last->mtime_ns)
			break;
	return i;
}

/* 0 also for one that is not wanted or cannot be read. */
static int
take_in(struct sources *s, struct source_file **last,
    const struct sibling *item)
{
	struct source_file	*f;
	int			 fd = siblings_open(item);

	if (fd == -1)
		return errno == ENOENT ? -1 : 0;
	if (copy_of(s, (*last)->source, item->path, fd) != NULL) {
		close(fd);
		return 0;
	}
	f = sources_adopt(s, (*last)->source, (*last)->path, fd);
	if (f == NULL)
		return 0;
	if (file_index_add(&s->index, f) == -1)
		file_index_make(&s->index, s->file, s->file_count);
	f->source->rotations++;
	f->older = *last;
	(*last)->newer = f;
	*last = f;
	merge_add(&s->merge, f);
	return 0;
}
