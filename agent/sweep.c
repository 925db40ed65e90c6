#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sweep.h"

enum {
	QUIET_MS	= 60 * 1000,	/* a writer may keep the old file
					   this long after a rotation */
	OLDER_KEPT	= 4		/* rotated files kept open */
};

struct look {
	struct sources		*sources;
	struct source		*source;
	const struct clock_now	*now;
	bool			 start_at_end;
};

static void	look_at(struct sources *, struct source_file *,
		    const struct clock_now *);
static void	truncated(struct source_file *);
static void	look_for(void *arg, const char *path);
static int	open_regular(const char *path, struct stat *);
static void	begin(struct look *, const char *path, int fd);
static void	retire(struct sources *, const struct clock_now *);
static bool	is_over(const struct sources *, const struct source_file *,
		    const struct clock_now *);
static void	set_gauges(struct sources *);

void
sources_sweep(struct sources *s, const struct clock_now *now)
{
	struct look	look = { .sources = s, .now = now };
	size_t		i;

	sources_settle(s);
	s->sweep++;
	for (i = 0; i < s->file_count; i++)
		look_at(s, s->file[i], now);
	if (file_index_make(&s->index, s->file, s->file_count) == -1)
		return;
	for (i = 0; s->config != NULL && i < s->count; i++) {
		if (s->config[i].path == NULL)
			continue;
		look.source = &s->source[i];
		look.source->up = false;
		look.start_at_end = s->sweep == 1 &&
		    s->config[i].start == START_END;
		names_each(s->config[i].path, look_for, &look);
	}
	if (s->follow)
		retire(s, now);
	set_gauges(s);
}

/* Has it grown or shrunk? */
static void
look_at(struct sources *s, struct source_file *f, const struct clock_now *now)
{
	struct stat	st;

	if (f->kind == FILE_PLAIN && fstat(f->fd, &st) == 0) {
		f->unlinked = st.st_nlink == 0;
		if (st.st_size != f->size)
			f->grown_ms = now->mono_ms;
		f->size = st.st_size;
		if (st.st_size < source_file_offset(f))
			truncated(f);
		if (st.st_size <= f->read_at && !f->final)
			return;
	}
	merge_add(&s->merge, f);
}

static void
truncated(struct source_file *f)
{
	f->source->gap[GAP_TRUNCATED]++;
	f->source->rotations++;
	source_file_seek(f, 0, false);
}

static void
look_for(void *arg, const char *path)
{
	struct look		*look = arg;
	struct sources		*s = look->sources;
	struct source_file	*f;
	struct stat		 st;
	int			 fd;

	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	f = file_index_find(&s->index, st.st_dev, st.st_ino);
	if (f != NULL) {
		f->seen = s->sweep;
		look->source->up = true;
		return;
	}
	fd = open_regular(path, &st);
	if (fd == -1)
		return;
	/* the name may lead elsewhere than a moment ago */
	f = file_index_find(&s->index, st.st_dev, st.st_ino);
	look->source->up = true;
	if (f != NULL) {
		f->seen = s->sweep;
		close(fd);
		return;
	}
	begin(look, path, fd);
}

/* Whatever else was put in a log's place is not opened: it could block. */
static int
open_regular(const char *path, struct stat *st)
{
	int	fd;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd == -1)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	return -1;
}

/* A file that was not there before; what had its name was rotated. */
static void
begin(struct look *look, const char *path, int fd)
{
	struct sources		*s = look->sources;
	struct source_file	*f, *last = NULL;
	size_t			 i;

	for (i = s->file_count; i > 0 && last == NULL; i--)
		if (s->file[i - 1]->source == look->source &&
		    strcmp(s->file[i - 1]->path, path) == 0)
			last = s->file[i - 1];
	f = sources_adopt(s, look->source, path, fd);
	if (f == NULL) {
		if (errno == EMFILE)
			look->source->gap[GAP_TOO_MANY]++;
		return;
	}
	f->seen = s->sweep;
	f->grown_ms = look->now->mono_ms;
	f->final |= !s->follow;
	if (last != NULL) {
		look->source->rotations++;
		f->older = last;
		last->newer = f;
	} else if (look->start_at_end && f->kind == FILE_PLAIN)
		source_file_seek_end(f);
	if (file_index_add(&s->index, f) == -1)
		file_index_make(&s->index, s->file, s->file_count);
	merge_add(&s->merge, f);
}

/*
 * Close what no name leads to any more once it is read, quiet, and either
 * deleted or followed by many newer ones.
 */
static void
retire(struct sources *s, const struct clock_now *now)
{
	size_t	i;

	for (i = s->file_count; i > 0; i--) {
		struct source_file *f = s->file[i - 1];

		if (!is_over(s, f, now))
			continue;
		if (f->done) {
			sources_drop(s, f);
			continue;
		}
		/* its half line is a line now */
		f->final = true;
		merge_add(&s->merge, f);
	}
}

static bool
is_over(const struct sources *s, const struct source_file *f,
    const struct clock_now *now)
{
	const struct source_file	*newer = f->newer;
	int				 n = 0;

	if (f->seen == s->sweep || f->queued || f->waiting || f == s->current)
		return false;
	if (now->mono_ms - f->grown_ms < QUIET_MS)
		return false;
	while (newer != NULL && n < OLDER_KEPT) {
		newer = newer->newer;
		n++;
	}
	return f->unlinked || n == OLDER_KEPT;
}

static void
set_gauges(struct sources *s)
{
	size_t	i;

	for (i = 0; i < s->count; i++) {
		s->source[i].lag_bytes = 0;
		s->source[i].files = 0;
	}
	for (i = 0; i < s->file_count; i++) {
		struct source_file *f = s->file[i];

		f->source->files++;
		if (f->kind == FILE_PLAIN)
			f->source->lag_bytes += f->size -
			    source_file_offset(f);
	}
}
