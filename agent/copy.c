#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"

static struct source_file	*try_sibling(struct sources *,
				    struct source_file *,
				    const struct sibling *);
static struct source_file	*take_in(struct sources *,
				    struct source_file *, const char *path);
static const char		*name_of(const char *path);

struct source_file *
copy_continue(struct sources *s, struct source_file *f)
{
	struct siblings		 list = { 0 };
	struct source_file	*copy = NULL;
	const char		*olddir = NULL;
	size_t			 i;

	if (s->config != NULL)
		olddir = s->config[f->source->id].olddir;
	if (f->marker.head_len == 0)
		return NULL;
	if (siblings_find(&list, f->path, olddir) == 0)
		for (i = list.count; i > 0 && copy == NULL; i--)
			if (!list.item[i - 1].current)
				copy = try_sibling(s, f, &list.item[i - 1]);
	siblings_fini(&list);
	return copy;
}

struct source_file *
copy_of(struct sources *s, const struct source *src, const char *path, int fd)
{
	size_t	i;

	for (i = 0; i < s->file_count; i++) {
		struct source_file *f = s->file[i];

		if (f->source != src || f->marker.offset == 0 ||
		    f->marker.head_len == 0)
			continue;
		/* the same name: replaced, if the old one is no more */
		if (strcmp(f->path, path) == 0 ? !f->unlinked ||
		    f->marker.offset < MARKER_HEAD :
		    !siblings_related(name_of(f->path), name_of(path)))
			continue;
		if (marker_compare(&f->marker, s->key, fd) == MARKER_SAME)
			return f;
	}
	return NULL;
}

static struct source_file *
try_sibling(struct sources *s, struct source_file *f,
    const struct sibling *sibling)
{
	struct source_file	*known = file_index_find(&s->index,
				    sibling->dev, sibling->ino);

	if (known == NULL)
		return take_in(s, f, sibling->path);
	if (!known->parked || known->kind != FILE_PLAIN ||
	    marker_compare(&f->marker, s->key, known->fd) != MARKER_SAME)
		return NULL;
	known->parked = false;
	return known;
}

static struct source_file *
take_in(struct sources *s, struct source_file *f, const char *path)
{
	struct source_file	*copy;
	struct stat		 st;
	int			 fd;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW |
	    O_NOCTTY);
	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    marker_compare(&f->marker, s->key, fd) != MARKER_SAME) {
		close(fd);
		return NULL;
	}
	copy = sources_adopt(s, f->source, f->path, fd);
	if (copy != NULL && file_index_add(&s->index, copy) == -1)
		file_index_make(&s->index, s->file, s->file_count);
	return copy;
}

static const char *
name_of(const char *path)
{
	const char	*slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}
