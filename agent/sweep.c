#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "between.h"
#include "chains.h"
#include "clock.h"
#include "copy.h"
#include "source_journal.h"
#include "sweep.h"

enum {
	QUIET_MS	= 60 * 1000,	/* a writer may keep the old file
					   this long after a rotation */
	LAST_MS		= 24 * 3600 * 1000,	/* what follows may be a
					   compressed copy of it */
	OLDER_KEPT	= 4		/* rotated files kept open */
};

/* What has become of the text before our place. */
enum change { CHANGE_NONE, CHANGE_CUT, CHANGE_OTHER };

struct look {
	struct sources		*sources;
	struct source		*source;
	const struct clock_now	*now;
	bool			 start_at_end;
};

static void		look_at(struct sources *, struct source_file *,
			    const struct clock_now *);
static enum change	what_changed(const struct sources *,
			    struct source_file *, const struct stat *);
static void		go_along(struct sources *, struct source_file *,
			    bool shorter);
static void		cut(struct source_file *);
static void		rewritten(struct sources *, struct source_file *,
			    enum gap);
static bool		has_read_new(const struct sources *,
			    struct source_file *);
static void		look_for(void *arg, const char *path);
static bool		wants_more(const struct source_file *,
			    const struct stat *);
static void		go_on(struct look *, struct source_file *,
			    const char *path, int fd);
static void		make_room(struct sources *);
static int		open_regular(const char *path, struct stat *);
static void		begin(struct look *, const char *path, int fd);
static void		place_copy(struct sources *, struct source_file *of,
			    struct source_file *);
static struct source_file *last_of(const struct sources *,
			    const struct source *, const char *path);
static void		look_behind(struct sources *);
static void		retire(struct sources *, const struct clock_now *);
static bool		is_over(const struct sources *,
			    const struct source_file *,
			    const struct clock_now *);
static void		set_gauges(struct sources *);

void
sources_sweep(struct sources *s, const struct clock_now *now)
{
	struct look	look = { .sources = s, .now = now };
	size_t		i, count;

	sources_settle(s);
	s->sweep++;
	if (file_index_make(&s->index, s->file, s->file_count) == -1 ||
	    chains_return(s, now->wall_s) == -1)
		return;
	count = s->file_count;
	for (i = 0; i < count; i++)
		look_at(s, s->file[i], now);
	for (i = 0; s->config != NULL && i < s->count; i++) {
		look.source = &s->source[i];
		look.source->up = false;
		look.start_at_end = s->sweep == 1 && !s->resumed &&
		    s->config[i].start == START_END;
		if (s->config[i].path == NULL)
			source_journal_look(s, look.source,
			    look.start_at_end);
		else
			names_each(s->config[i].path, look_for, &look);
	}
	if (s->follow) {
		look_behind(s);
		retire(s, now);
	}
	set_gauges(s);
}

/* Has it grown, shrunk, or become another text? */
static void
look_at(struct sources *s, struct source_file *f, const struct clock_now *now)
{
	struct stat	st;
	enum change	change;
	bool		shorter;

	if (f->grown_ms == 0)
		f->grown_ms = now->mono_ms;
	if (f->parked || f->fd == -1)
		return;
	if (f->kind != FILE_PLAIN || fstat(f->fd, &st) == -1) {
		merge_add(&s->merge, f);
		return;
	}
	f->unlinked = st.st_nlink == 0;
	shorter = st.st_size < f->size;
	change = what_changed(s, f, &st);
	if (st.st_size != f->size)
		f->grown_ms = now->mono_ms;
	f->size = st.st_size;
	f->mtime_ns = clock_ns(st.st_mtim);
	switch (change) {
	case CHANGE_NONE:
		if (s->follow)
			go_along(s, f, shorter);
		break;
	case CHANGE_CUT:
		cut(f);
		break;
	case CHANGE_OTHER:
		rewritten(s, f, f->size < source_file_offset(f) ?
		    GAP_TRUNCATED : GAP_REWRITTEN);
		return;
	}
	if (f->size > f->read_at || f->final)
		merge_add(&s->merge, f);
}

static enum change
what_changed(const struct sources *s, struct source_file *f,
    const struct stat *st)
{
	struct marker	head = f->marker;
	int64_t		offset = source_file_offset(f);

	if (st->st_size >= offset) {
		if ((f->marker.tail_len == 0 && f->marker.head_len == 0) ||
		    (st->st_size == f->size &&
		    clock_ns(st->st_mtim) == f->mtime_ns))
			return CHANGE_NONE;
		return marker_compare(&f->marker, s->key, f->fd) ==
		    MARKER_SAME ? CHANGE_NONE : CHANGE_OTHER;
	}
	head.tail_len = 0;
	if (head.head_len > 0 && st->st_size >= head.head_len &&
	    marker_compare(&head, s->key, f->fd) == MARKER_SAME)
		return CHANGE_CUT;
	return CHANGE_OTHER;
}

/* The same text as before, but for what was cut off unread. */
static void
go_along(struct sources *s, struct source_file *f, bool shorter)
{
	if (shorter)
		f->source->gap[GAP_TRUNCATED]++;
	if (source_file_offset(f) > 0)
		source_file_mark(f, s->key);
	else if (f->marker.head_len < MARKER_HEAD || shorter)
		marker_take_head(&f->marker, s->key, f->fd, f->size);
}

/* All that is left was counted; go on behind it. */
static void
cut(struct source_file *f)
{
	f->source->gap[GAP_TRUNCATED]++;
	source_file_seek_end(f);
	f->marker.tail_len = 0;
}

/*
 * Finish its text from the copy, if there is one, and begin with the new. Up
 * to the marker we have read the old text; what we read since then was the
 * new one if that has the same before our place.
 */
static void
rewritten(struct sources *s, struct source_file *f, enum gap why)
{
	int64_t			 known = f->marker.offset;
	int64_t			 offset = source_file_offset(f);
	struct source_file	*copy;
	bool			 ahead, skip = f->lines.skip;
	struct stat		 st;

	/* it may have been cut after the look at its size */
	if (fstat(f->fd, &st) == 0)
		f->size = st.st_size;
	ahead = has_read_new(s, f);
	copy = copy_continue(s, f);
	f->source->gap[why]++;
	f->source->rotations++;
	merge_remove(&s->merge, f);
	if (copy != NULL) {
		sources_renew(s, f);
		source_file_seek(copy, ahead ? known : offset, skip && !ahead);
		copy->final = true;
		sources_go_on(copy, f->time);
		copy->grown_ms = f->grown_ms;
		sources_chain(copy, f);
		merge_add(&s->merge, copy);
	}
	source_file_seek(f, ahead ? offset : 0, skip && ahead);
	memset(&f->marker, 0, sizeof(f->marker));
	merge_add(&s->merge, f);
}

/* If not, the marker moves up to our place. */
static bool
has_read_new(const struct sources *s, struct source_file *f)
{
	struct marker	here = { 0 };
	int64_t		offset = source_file_offset(f);

	if (f->marker.offset == offset || f->marker.tail_len == 0 ||
	    f->lines.buf == NULL || f->lines.at < MARKER_TAIL)
		return false;
	marker_take_tail(&here, s->key, f->lines.buf, f->lines.at, offset);
	if (marker_compare(&here, s->key, f->fd) == MARKER_SAME)
		return true;
	here.head = f->marker.head;
	here.head_len = f->marker.head_len;
	f->marker = here;
	return false;
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
	if (f == NULL && s->follow && (siblings_unfinished(path) ||
	    chains_wait_for(s, path)))
		return;
	if (f == NULL || (f->fd == -1 && wants_more(f, &st))) {
		make_room(s);
		fd = open_regular(path, &st);
		if (fd == -1)
			return;
		/* the name may lead elsewhere than a moment ago */
		f = file_index_find(&s->index, st.st_dev, st.st_ino);
		if (f == NULL)
			begin(look, path, fd);
		else if (f->fd == -1)
			go_on(look, f, path, fd);
		else
			close(fd);
	}
	if (f != NULL)
		f->seen = s->sweep;
	look->source->up = true;
}

/* Is there a reason to open a suspended file again? */
static bool
wants_more(const struct source_file *f, const struct stat *st)
{
	return !f->done && !f->parked &&
	    st->st_size != source_file_offset(f);
}

/* A suspended file was found by inode: is it still that file? */
static void
go_on(struct look *look, struct source_file *f, const char *path, int fd)
{
	int	again = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (source_file_reopen(f, fd) == 0) {
		if (again != -1)
			close(again);
		look_at(look->sources, f, look->now);
		return;
	}
	/* its inode is used again, so what it held is gone */
	f->source->gap[GAP_ROTATED_AWAY]++;
	f->identity.ino = 0;
	f->parked = true;
	if (again != -1)
		begin(look, path, again);
}

/* Suspend the file that was quiet longest, when descriptors run out. */
static void
make_room(struct sources *s)
{
	struct source_file	*quiet = NULL;
	size_t			 i, n = 0;

	if (s->file_count < s->open_max)
		return;
	for (i = 0; i < s->file_count; i++) {
		struct source_file *f = s->file[i];

		n += f->fd != -1;
		if (f->fd == -1 || f->kind == FILE_STREAM || f->queued ||
		    f->waiting || f == s->current || f->unlinked ||
		    f->seen + 1 < s->sweep)
			continue;
		if (quiet == NULL || f->grown_ms < quiet->grown_ms)
			quiet = f;
	}
	if (n >= s->open_max && quiet != NULL)
		source_file_suspend(quiet);
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
	struct source_file	*f, *of = NULL;
	struct source_file	*last = last_of(s, look->source, path);

	if (s->follow && (s->sweep > 1 || s->resumed))
		of = copy_of(s, look->source, path, fd);
	if (last != NULL && of == NULL && s->follow)
		last = between_take_in(s, last, path, fd);
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
		last->newer = f;
		f->older = last;
	} else if (look->start_at_end && f->kind == FILE_PLAIN)
		source_file_seek_end(f);
	if (file_index_add(&s->index, f) == -1)
		file_index_make(&s->index, s->file, s->file_count);
	if (of != NULL)
		place_copy(s, of, f);
	else
		merge_add(&s->merge, f);
}

/*
 * f begins with text that we have read in another file. Under its name, f
 * goes on for it. Else it is a copy put aside; it is wanted only when the
 * other one is truncated.
 */
static void
place_copy(struct sources *s, struct source_file *of, struct source_file *f)
{
	if (strcmp(of->path, f->path) == 0 && f->kind == FILE_PLAIN) {
		source_file_seek(f, source_file_offset(of), of->lines.skip);
		f->marker = of->marker;
		sources_go_on(f, of->time);
		merge_remove(&s->merge, of);
		source_file_seek_end(of);
		merge_add(&s->merge, f);
		return;
	}
	f->parked = true;
	f->done = f->kind != FILE_PLAIN;
	if (!f->done)
		source_file_seek(f, f->size, false);
}

static struct source_file *
last_of(const struct sources *s, const struct source *src, const char *path)
{
	size_t	i;

	for (i = s->file_count; i > 0; i--) {
		struct source_file *f = s->file[i - 1];

		if (f->source == src && !f->parked &&
		    strcmp(f->path, path) == 0) {
			while (f->newer != NULL)
				f = f->newer;
			return f;
		}
	}
	return NULL;
}

/*
 * A rotation may leave no file in the log's place for a while, and that was
 * not the first one since the last look.
 */
static void
look_behind(struct sources *s)
{
	size_t	i, count = s->file_count;

	for (i = 0; i < count; i++) {
		struct source_file *f = s->file[i];

		if (f->newer == NULL && !f->parked && f->seen != s->sweep &&
		    f->kind == FILE_PLAIN && access(f->path, F_OK) == -1 &&
		    errno == ENOENT)
			between_take_in(s, f, f->path, -1);
	}
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
		if (f->parked || (f->done && (f->newer != NULL ||
		    now->mono_ms - f->grown_ms >= LAST_MS))) {
			sources_drop(s, f);
			continue;
		}
		if (f->done) {
			/* it takes no room on the disk, its inode is free */
			if (f->fd != -1)
				source_file_suspend(f);
			f->identity.ino = 0;
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
	if (f->done || f->parked)
		return true;
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

		f->source->files += !f->done;
		if (f->kind == FILE_PLAIN && !f->done)
			f->source->lag_bytes += f->size -
			    source_file_offset(f);
	}
}
