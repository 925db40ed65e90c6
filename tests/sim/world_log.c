#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "world.h"

enum { ROTATED_MAX = 24, TEXT_MAX = 1 << 20 };

static void	put(struct world *, size_t);
static void	next_line(struct world *);
static void	touch(struct world *, int fd);
static void	name_of(const struct world *, int number, bool gz,
		    char name[128]);
static void	shift(struct world *);
static bool	is_written(const struct world *, const char *name);
static uint32_t	first_serial(const char *name);
static int	create(struct world *);
static size_t	slurp(const char *name, char *text);

void
log_lines(struct world *w, uint32_t count)
{
	while (count-- > 0) {
		log_finish(w);
		next_line(w);
		put(w, w->line_len);
	}
}

void
log_piece(struct world *w, uint32_t bytes)
{
	if (w->line_at == w->line_len)
		next_line(w);
	put(w, bytes);
}

void
log_finish(struct world *w)
{
	put(w, w->line_len);
}

void
log_rotate(struct world *w)
{
	if (w->away)
		return;
	log_finish(w);
	log_move(w);
	log_reopen(w);
}

/* The log gets its next name; who writes does not know yet. */
void
log_move(struct world *w)
{
	char	from[128], to[128];

	name_of(w, 0, false, from);
	name_of(w, 1, false, to);
	if (w->away || access(from, F_OK) == -1)
		return;
	shift(w);
	rename(from, to);
}

/* Between lines, as loggers do. */
void
log_reopen(struct world *w)
{
	char	name[128];

	if (w->away)
		return;
	name_of(w, 0, false, name);
	w->doubtful |= w->log != -1 && !is_written(w, name);
	log_finish(w);
	close(w->log);
	w->log = create(w);
	w->first = w->written + 1;
}

/* The one that is written to is not compressed. */
void
log_gzip(struct world *w, uint32_t which)
{
	static char	text[TEXT_MAX];
	char		from[128], to[128];
	struct stat	st;
	gzFile		gz;
	size_t		n;
	int		number = (int)(which % 4) + 1, fd;

	name_of(w, number, false, from);
	name_of(w, number, true, to);
	if (w->away || stat(from, &st) == -1 || is_written(w, from))
		return;
	n = slurp(from, text);
	gz = gzopen(to, "wb1");
	gzwrite(gz, text, (unsigned)n);
	gzclose(gz);
	fd = open(to, O_WRONLY | O_CLOEXEC);
	futimens(fd, (struct timespec[2]){ st.st_mtim, st.st_mtim });
	close(fd);
	unlink(from);
}

/*
 * Of a log of which no line was read nobody can tell that it was another one
 * before.
 */
void
log_copytruncate(struct world *w)
{
	static char	text[TEXT_MAX];
	char		from[128], to[128];
	struct stat	st;
	size_t		n;
	int		fd;

	name_of(w, 0, false, from);
	name_of(w, 1, false, to);
	if (w->away || stat(from, &st) == -1 || st.st_size == 0 ||
	    !is_written(w, from) ||
	    w->saved.last < w->first)
		return;
	log_finish(w);
	w->first = w->written + 1;
	w->lossy = true;
	shift(w);
	n = slurp(from, text);
	fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (write(fd, text, n) != (ssize_t)n)
		abort();
	touch(w, fd);
	close(fd);
	if (ftruncate(w->log, 0) == -1)
		abort();
	touch(w, w->log);
}

/* One of which nothing was read could be any other one, once compressed. */
void
log_unlink(struct world *w)
{
	char	name[128];
	int	i, gz;

	if (w->away)
		return;
	for (i = 2 * ROTATED_MAX; i > 0; i--) {
		gz = i & 1;
		name_of(w, (i + 1) / 2, gz, name);
		if (access(name, F_OK) == 0)
			break;
	}
	if (i == 0 || first_serial(name) > w->saved.last ||
	    is_written(w, name))
		return;
	unlink(name);
	w->lossy = true;
}

void
log_away(struct world *w)
{
	char	from[96], to[96];

	snprintf(from, sizeof(from), "%s/log", w->dir);
	snprintf(to, sizeof(to), "%s/away", w->dir);
	w->away |= rename(from, to) == 0;
}

void
log_back(struct world *w)
{
	char	from[96], to[96];

	snprintf(from, sizeof(from), "%s/log", w->dir);
	snprintf(to, sizeof(to), "%s/away", w->dir);
	if (w->away)
		w->away = rename(to, from) == -1;
}

static void
put(struct world *w, size_t n)
{
	if (n > w->line_len - w->line_at)
		n = w->line_len - w->line_at;
	if (n == 0)
		return;
	if (write(w->log, w->line + w->line_at, n) != (ssize_t)n)
		abort();
	w->line_at += n;
	touch(w, w->log);
}

/* "SERIAL xxx": odd lengths, some of them long. */
static void
next_line(struct world *w)
{
	uint32_t	serial = ++w->written;
	size_t		pad = serial % 7 == 0 ? 300 : serial * 37 % 50;

	if (serial >= WORLD_LINES)
		abort();
	w->line_len = (size_t)snprintf(w->line, sizeof(w->line), "%u %.*s\n",
	    serial, (int)pad, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	w->line_at = 0;
}

/* No two changes at the same time: mtimes have an order. */
static void
touch(struct world *w, int fd)
{
	struct timespec	t;

	w->clock_ms += 7;
	t.tv_sec = w->clock_ms / 1000;
	t.tv_nsec = w->clock_ms % 1000 * 1000000;
	futimens(fd, (struct timespec[2]){ t, t });
}

static void
name_of(const struct world *w, int number, bool gz, char name[128])
{
	char	mark[16] = "";

	if (number > 0)
		snprintf(mark, sizeof(mark), ".%d%s", number,
		    gz ? ".gz" : "");
	snprintf(name, 128, "%s/log/mail.log%s", w->dir, mark);
}

static void
shift(struct world *w)
{
	char	from[128], to[128];
	int	i, gz;

	for (i = ROTATED_MAX; i > 0; i--)
		for (gz = 0; gz < 2; gz++) {
			name_of(w, i, gz, from);
			name_of(w, i + 1, gz, to);
			rename(from, to);
		}
}

static bool
is_written(const struct world *w, const char *name)
{
	struct stat	st, writing;

	return stat(name, &st) == 0 && fstat(w->log, &writing) == 0 &&
	    st.st_ino == writing.st_ino;
}

static uint32_t
first_serial(const char *name)
{
	gzFile	gz = gzopen(name, "rb");
	char	text[16] = "";

	if (gzgets(gz, text, sizeof(text)) == NULL)
		text[0] = '\0';
	gzclose(gz);
	return (uint32_t)strtoul(text, NULL, 10);
}

static int
create(struct world *w)
{
	char	name[128];
	int	fd;

	name_of(w, 0, false, name);
	fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd == -1)
		abort();
	touch(w, fd);
	return fd;
}

static size_t
slurp(const char *name, char *text)
{
	int	fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t	n = read(fd, text, TEXT_MAX);

	close(fd);
	if (n < 0 || n == TEXT_MAX)
		abort();
	return (size_t)n;
}
