#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "world.h"

int		 fdatasync(int);

/* The disk is one for all: its refusal cannot be passed through SQLite. */
static bool	 disk_refuses;

static void	 count_line(struct world *, struct view);
static void	 check_places(struct world *);
static uint64_t	 gaps(const struct world *);
static bool	 save(struct world *);

/* Instead of libc's: also SQLite's calls come here. */
int
fdatasync(int fd)
{
	if (disk_refuses) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

void
agent_start(struct world *w)
{
	struct state_opening	how;
	char			path[96];

	if (w->sources != NULL)
		return;
	snprintf(path, sizeof(path), "%s/state/state.db", w->dir);
	if (sources_open(&w->sources, &w->config, true) == -1)
		abort();
	if (state_open(&w->state, path, &how) != STATE_OK) {
		fprintf(stderr, "%s\n", how.error);
		abort();
	}
	if (how.damaged)
		world_violation(w, "the state is damaged: %s", how.error);
	if (sources_resume(w->sources, w->state, how.damaged) == -1)
		abort();
	w->now = w->saved;
	w->base_gaps = w->saved.gaps;
}

void
agent_kill(struct world *w)
{
	if (w->sources == NULL)
		return;
	sources_close(w->sources);
	state_close(w->state);
	w->sources = NULL;
	w->state = NULL;
}

void
agent_stop(struct world *w)
{
	agent_commit(w);
	agent_kill(w);
}

void
agent_read(struct world *w, uint32_t lines)
{
	struct clock_now	 now;
	struct source_file	*f;
	struct view		 line;
	enum lines_result	 r;

	if (w->sources == NULL)
		return;
	w->clock_ms += 1000;
	now = (struct clock_now){ w->clock_ms / 1000, w->clock_ms,
	    w->clock_ms };
	sources_sweep(w->sources, &now);
	while (lines > 0 && (f = sources_next(w->sources)) != NULL) {
		while (lines > 0 &&
		    (r = source_file_line(f, &line)) == LINES_LINE) {
			count_line(w, line);
			f->time = w->now.last;
			lines--;
		}
	}
}

void
agent_commit(struct world *w)
{
	if (w->sources == NULL || !save(w))
		return;
	w->now.gaps = w->base_gaps + gaps(w);
	w->saved = w->now;
	check_places(w);
}

void
agent_fail(struct world *w)
{
	if (w->sources == NULL)
		return;
	disk_refuses = true;
	if (save(w)) {
		/* there was nothing to write */
		w->now.gaps = w->base_gaps + gaps(w);
		w->saved = w->now;
	}
	disk_refuses = false;
}

void
agent_reckon(struct world *w)
{
	uint64_t	declared = w->base_gaps + gaps(w);
	uint32_t	i;

	for (i = 1; i <= w->written; i++)
		if (w->now.seen[i] == 0 && (!w->lossy || declared == 0)) {
			world_violation(w, "line %u of %u is lost (%llu "
			    "gaps)", i, w->written,
			    (unsigned long long)declared);
			return;
		}
	if (!w->lossy && !w->doubtful && declared != 0)
		world_violation(w, "%llu gaps, and nothing was missing",
		    (unsigned long long)declared);
}

static bool
save(struct world *w)
{
	bool	ok;

	if (state_begin(w->state) == 0)
		sources_save(w->sources, w->state);
	ok = state_commit(w->state) == 0;
	sources_saved(w->sources, ok);
	return ok;
}

static void
count_line(struct world *w, struct view line)
{
	uint32_t	serial = 0;
	size_t		i;

	for (i = 0; i < line.n && line.p[i] != ' '; i++)
		serial = serial * 10 + (uint32_t)(line.p[i] - '0') % 10;
	if (serial == 0 || serial > w->written || i == line.n) {
		world_violation(w, "not a line: %.*s", (int)line.n, line.p);
		return;
	}
	if (w->now.seen[serial]++ != 0)
		world_violation(w, "line %u is counted twice", serial);
	else if (serial < w->now.last)
		world_violation(w, "line %u comes after %u", serial,
		    w->now.last);
	w->now.last = serial;
}

/* Where a file is left is right behind a line. */
static void
check_places(struct world *w)
{
	size_t	i;

	for (i = 0; i < w->sources->file_count; i++) {
		struct source_file *f = w->sources->file[i];
		int64_t		 at = source_file_offset(f);
		char		 c = '\n';

		if (f->kind != FILE_PLAIN || f->fd == -1 || f->parked ||
		    f->lines.skip || at == 0 || w->lossy)
			continue;
		if (pread(f->fd, &c, 1, at - 1) == 1 && c != '\n')
			world_violation(w, "%s is left within a line, at "
			    "%lld", f->path, (long long)at);
	}
}

static uint64_t
gaps(const struct world *w)
{
	uint64_t	n = 0;
	size_t		i;

	if (w->sources == NULL)
		return 0;
	for (i = 0; i < GAP_COUNT; i++)
		n += w->sources->source[0].gap[i];
	return n;
}

void
world_violation(struct world *w, const char *fmt, ...)
{
	va_list	ap;

	if (w->kind != NULL)
		return;
	w->kind = fmt;
	va_start(ap, fmt);
	vsnprintf(w->wrong, sizeof(w->wrong), fmt, ap);
	va_end(ap);
}
