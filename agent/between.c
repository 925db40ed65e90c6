#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "between.h"
#include "copy.h"
#include "siblings.h"

static size_t			after(const struct siblings *,
				    const struct source_file *);
static struct source_file	*take_in(struct sources *,
				    struct source_file *last,
				    const struct sibling *);

struct source_file *
between_take_in(struct sources *s, struct source_file *last, const char *path)
{
	struct siblings		 list = { 0 };
	struct source_file	*f;
	size_t			 i;

	if (siblings_find(&list, path,
	    s->config[last->source->id].olddir) == 0)
		for (i = after(&list, last); i < list.count; i++) {
			f = list.item[i].current ? NULL :
			    take_in(s, last, &list.item[i]);
			if (f != NULL)
				last = f;
		}
	siblings_fini(&list);
	return last;
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

static struct source_file *
take_in(struct sources *s, struct source_file *last,
    const struct sibling *item)
{
	struct source_file	*f;
	struct stat		 st;
	int			 fd;

	if (file_index_find(&s->index, item->dev, item->ino) != NULL)
		return NULL;
	fd = open(item->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW |
	    O_NOCTTY);
	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    copy_of(s, last->source, item->path, fd) != NULL) {
		close(fd);
		return NULL;
	}
	f = sources_adopt(s, last->source, last->path, fd);
	if (f == NULL)
		return NULL;
	if (file_index_add(&s->index, f) == -1)
		file_index_make(&s->index, s->file, s->file_count);
	f->source->rotations++;
	f->older = last;
	last->newer = f;
	merge_add(&s->merge, f);
	return f;
}
