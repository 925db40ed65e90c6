#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sources.h"

enum {
	OPEN_OTHERS	= 160,	/* descriptors for all but files: HTTP's
				   connections, receivers, state */
	OPEN_LEAST	= 16
};

static struct sources	*make(size_t count, bool follow);
static int		 open_given(struct sources *, const char *path);
static int		 set_zone(struct sources *, size_t i,
			    const struct config_source *);
static bool		 beside(const char *path, const char *other);
static bool		 same_zone(const char *, const char *);
static int64_t		 written_at(int fd);
static struct source_file *make_file(struct sources *, struct source *,
			    const char *path);
static void		 set_open_max(struct sources *);
static void		 free_file(struct source_file *);

int
sources_open(struct sources **out, const struct config *c, bool follow)
{
	struct sources	*s = make(c->source_count, follow);
	size_t		 i;

	if (s == NULL)
		return -1;
	s->config = c->source;
	for (i = 0; i < s->count; i++) {
		s->source[i].id = (uint16_t)i;
		s->source[i].name = c->source[i].name;
		s->source[i].mta = c->source[i].mta;
		if (set_zone(s, i, c->source) == -1) {
			sources_close(s);
			return -1;
		}
	}
	*out = s;
	return 0;
}

int
sources_open_paths(struct sources **out, const struct config_source *as,
    char *const *path, size_t count, const char **failed)
{
	struct sources	*s = make(1, false);
	size_t		 i;

	*failed = "memory";
	if (s == NULL)
		return -1;
	s->source[0].name = as->name;
	s->source[0].mta = as->mta;
	s->source[0].year = as->year;
	if (set_zone(s, 0, as) == -1) {
		*failed = as->tz;
		sources_close(s);
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (open_given(s, path[i]) == -1) {
			*failed = path[i];
			sources_close(s);
			return -1;
		}
	}
	*out = s;
	return 0;
}

void
sources_close(struct sources *s)
{
	size_t	i;

	if (s == NULL)
		return;
	for (i = 0; i < s->file_count; i++)
		free_file(s->file[i]);
	for (i = 0; i < s->count; i++)
		if (s->source[i].owns_zone)
			free((void *)(uintptr_t)s->source[i].zone);
	for (i = 0; i < s->away_count; i++)
		free((char *)(uintptr_t)s->away[i].path);
	free(s->away);
	merge_fini(&s->merge);
	pool_fini(&s->pool);
	free(s->file);
	free(s->source);
	free(s->dropped);
	file_index_fini(&s->index);
	free(s);
}

struct source_file *
sources_adopt(struct sources *s, struct source *src, const char *path, int fd)
{
	struct source_file	*f = make_file(s, src, path);
	int			 error;

	if (f == NULL) {
		close(fd);
		return NULL;
	}
	if (source_file_open(f, fd, &s->pool) == -1) {
		error = errno;
		free_file(f);
		errno = error;
		return NULL;
	}
	logtime_init(&f->logtime, src->zone, written_at(f->fd), src->year);
	s->file[s->file_count++] = f;
	return f;
}

struct source_file *
sources_adopt_closed(struct sources *s, struct source *src, const char *path,
    const struct identity *id)
{
	struct source_file	*f = make_file(s, src, path);

	if (f == NULL)
		return NULL;
	f->pool = &s->pool;
	f->identity = *id;
	logtime_init(&f->logtime, src->zone, clock_read().wall_s, src->year);
	s->file[s->file_count++] = f;
	return f;
}

void
sources_go_on(struct source_file *f, int64_t time)
{
	f->time = time;
	if (time != INT64_MIN)
		logtime_resume(&f->logtime, f->source->zone, time);
}

void
sources_drop(struct sources *s, struct source_file *f)
{
	size_t	at = 0;

	while (s->file[at] != f)
		at++;
	if (f->older != NULL)
		f->older->newer = f->newer;
	if (f->newer != NULL)
		f->newer->older = f->older;
	if (f->saved_at != -1)
		sources_forget_row(s, f->serial);
	s->file_count--;
	memmove(s->file + at, s->file + at + 1,
	    (s->file_count - at) * sizeof(*s->file));
	free_file(f);
}

void
sources_renew(struct sources *s, struct source_file *f)
{
	if (f->saved_at != -1)
		sources_forget_row(s, f->serial);
	f->serial = ++s->serial;
	f->dirty = true;
}

/* A row that stays in the state by lack of memory does no harm. */
void
sources_forget_row(struct sources *s, uint64_t serial)
{
	uint64_t	*list = s->dropped;

	if (s->dropped_count == s->dropped_room) {
		size_t room = s->dropped_room == 0 ? 64 : 2 * s->dropped_room;

		list = realloc(list, room * sizeof(*list));
		if (list == NULL)
			return;
		s->dropped = list;
		s->dropped_room = room;
	}
	list[s->dropped_count++] = serial;
}

void
sources_chain(struct source_file *older, struct source_file *f)
{
	older->older = f->older;
	older->newer = f;
	if (f->older != NULL)
		f->older->newer = older;
	f->older = older;
}

struct source_file *
sources_next(struct sources *s)
{
	struct source_file	*f;

	sources_settle(s);
	while ((f = merge_first(&s->merge)) != NULL && f->drained)
		merge_drop_first(&s->merge);
	s->current = f;
	return f;
}

int64_t
sources_horizon(struct sources *s)
{
	struct source_file	*f = merge_first(&s->merge);

	while (f != NULL && f->drained) {
		merge_drop_first(&s->merge);
		f = merge_first(&s->merge);
	}
	return f == NULL ? INT64_MAX : f->time;
}

void
sources_directories(const struct sources *s, names_dir_fn fn, void *arg)
{
	const char	*path, *before = NULL;
	size_t		 i;

	for (i = 0; s->config != NULL && i < s->count; i++) {
		path = s->config[i].path;
		if (path == NULL || beside(path, before))
			continue;
		names_dirs(path, fn, arg);
		before = path;
	}
}

/* In the same directory: many sources often are. */
static bool
beside(const char *path, const char *other)
{
	const char	*slash = strrchr(path, '/');
	size_t		 n = slash == NULL ? 0 : (size_t)(slash + 1 - path);

	return other != NULL && strncmp(path, other, n) == 0 &&
	    strchr(other + n, '/') == NULL;
}

void
sources_settle(struct sources *s)
{
	struct source_file	*f = s->current;
	int64_t			 n;

	if (f == NULL)
		return;
	n = source_file_offset(f) - f->counted_at;
	f->counted_at += n;
	f->source->bytes += (uint64_t)n;
	s->bytes += (uint64_t)n;
	if (f->kind == FILE_PLAIN)
		f->source->lag_bytes -= n;
	/* else the marker of an earlier place holds */
	if (f->drained && s->follow)
		source_file_mark(f, s->key);
	if (f->error == 0)
		return;
	if (f->kind != FILE_PLAIN) {
		/* inflating it again would fail in the same place */
		f->source->gap[GAP_DAMAGED]++;
		f->done = true;
	}
	f->error = 0;
}

bool
sources_up(const struct sources *s)
{
	size_t	i;

	for (i = 0; i < s->count; i++)
		if (!s->source[i].up)
			return false;
	return true;
}

int64_t
sources_lag(const struct sources *s)
{
	int64_t	sum = 0;
	size_t	i;

	for (i = 0; i < s->count; i++)
		sum += s->source[i].lag_bytes;
	return sum;
}

static struct sources *
make(size_t count, bool follow)
{
	struct sources	*s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->follow = follow;
	set_open_max(s);
	s->source = calloc(count + 1, sizeof(*s->source));
	s->file = calloc(SOURCES_FILES, sizeof(*s->file));
	if (s->source == NULL || s->file == NULL ||
	    merge_init(&s->merge, SOURCES_FILES) == -1 ||
	    pool_init(&s->pool) == -1) {
		sources_close(s);
		return NULL;
	}
	s->count = count;
	return s;
}

static int
open_given(struct sources *s, const char *path)
{
	struct source_file	*f, *last = NULL;
	int			 fd;

	if (s->file_count > 0)
		last = s->file[s->file_count - 1];
	fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1)
		return -1;
	f = sources_adopt(s, &s->source[0], path, fd);
	if (f == NULL)
		return -1;
	f->final = true;
	f->older = last;
	if (last != NULL)
		last->newer = f;
	merge_add(&s->merge, f);
	return 0;
}

/* Sources of one zone share it: it has 12 KiB. */
static int
set_zone(struct sources *s, size_t i, const struct config_source *config)
{
	struct zone	*zone;

	for (size_t k = 0; k < i; k++) {
		if (same_zone(config[k].tz, config[i].tz)) {
			s->source[i].zone = s->source[k].zone;
			return 0;
		}
	}
	zone = malloc(sizeof(*zone));
	if (zone == NULL || zone_load(zone, config[i].tz) == -1) {
		free(zone);
		return -1;
	}
	s->source[i].zone = zone;
	s->source[i].owns_zone = true;
	return 0;
}

static bool
same_zone(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/* Of a pipe there is no such time: then now. */
static int64_t
written_at(int fd)
{
	struct stat	st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return clock_read().wall_s;
	return st.st_mtim.tv_sec;
}

static struct source_file *
make_file(struct sources *s, struct source *src, const char *path)
{
	struct source_file	*f = NULL;

	errno = EMFILE;
	if (s->file_count < SOURCES_FILES)
		f = calloc(1, sizeof(*f));
	if (f == NULL)
		return NULL;
	f->fd = -1;
	f->saved_at = -1;
	f->time = INT64_MIN;
	f->source = src;
	f->path = strdup(path);
	f->serial = ++s->serial;
	if (f->path == NULL) {
		free(f);
		return NULL;
	}
	return f;
}

/* Descriptors are for files first; the rest of us needs few. */
static void
set_open_max(struct sources *s)
{
	struct rlimit	limit;

	s->open_max = OPEN_LEAST;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < SOURCES_FILES + OPEN_OTHERS ?
		    limit.rlim_max : SOURCES_FILES + OPEN_OTHERS;
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur > OPEN_OTHERS + OPEN_LEAST)
		s->open_max = limit.rlim_cur - OPEN_OTHERS;
}

static void
free_file(struct source_file *f)
{
	source_file_close(f);
	free(f->path);
	free(f);
}
