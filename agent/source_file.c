#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "source_file.h"

/* A skip in a line without end pauses after this much. */
enum { SKIP_PAUSE = 4 * 1024 * 1024 };

static int	open_stream(struct source_file *);
static int	lend(struct source_file *);
static void	mark_used(struct source_file *);
static void	give_back(struct source_file *);
static ssize_t	read_some(struct source_file *, char *, size_t);
static ssize_t	read_stream(struct source_file *, char *, size_t);
static void	skip_hole(struct source_file *);
static int	mark_from_disk(struct source_file *, const uint8_t key[16],
		    int64_t offset);
static int	inflate_to(struct source_file *, int64_t offset);
static enum lines_result at_end(struct source_file *, struct view *);
static enum lines_result fail(struct source_file *);

int
pool_init(struct pool *p)
{
	memset(p, 0, sizeof(*p));
	p->block = malloc((size_t)POOL_BUFFERS * LINES_BUFFER);
	return p->block == NULL ? -1 : 0;
}

void
pool_fini(struct pool *p)
{
	free(p->block);
	p->block = NULL;
}

int
source_file_open(struct source_file *f, int fd, struct pool *pool)
{
	struct stat	st;
	char		head[GZ_MAGIC_BYTES];
	ssize_t		n;

	f->fd = fd;
	f->pool = pool;
	if (fstat(fd, &st) == -1)
		return -1;
	f->size = st.st_size;
	f->mtime_ns = clock_ns(st.st_mtim);
	if (!S_ISREG(st.st_mode))
		return open_stream(f);
	if (identity_of(&f->identity, fd) == -1)
		return -1;
	n = pread(fd, head, sizeof(head), 0);
	if (n == -1)
		return -1;
	if (!gz_magic(head, (size_t)n)) {
		f->kind = FILE_PLAIN;
		return 0;
	}
	f->kind = FILE_GZ;
	f->final = true;
	return 0;
}

void
source_file_close(struct source_file *f)
{
	give_back(f);
	gz_close(f->gz);
	f->gz = NULL;
	journal_close(f->journal);
	free(f->cursor);
	f->journal = NULL;
	f->cursor = NULL;
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

void
source_file_suspend(struct source_file *f)
{
	give_back(f);
	close(f->fd);
	f->fd = -1;
}

int
source_file_reopen(struct source_file *f, int fd)
{
	struct identity		now;
	struct source_file	probe = { .fd = -1 };

	if (identity_of(&now, fd) == -1 ||
	    identity_compare(&f->identity, &now) != IDENTITY_SAME ||
	    source_file_open(&probe, fd, f->pool) == -1) {
		close(fd);
		return -1;
	}
	f->fd = fd;
	f->kind = probe.kind;
	f->final |= probe.final;
	f->identity = now;
	return 0;
}

void
source_file_seek(struct source_file *f, int64_t offset, bool skip)
{
	give_back(f);
	f->lines.skip = skip;
	f->counted_at = offset;
	f->read_at = offset;
}

void
source_file_seek_end(struct source_file *f)
{
	char	last = '\n';

	if (f->size > 0 && pread(f->fd, &last, 1, f->size - 1) != 1)
		last = '\n';
	source_file_seek(f, f->size, last != '\n');
}

/* Most often the bytes before the place are still in the buffer. */
int
source_file_mark(struct source_file *f, const uint8_t key[16])
{
	int64_t	offset = source_file_offset(f);

	if (f->fd == -1 || offset == 0 || (f->marker.offset == offset &&
	    f->marker.tail_len > 0))
		return 0;
	if (f->kind == FILE_PLAIN && f->marker.head_len < MARKER_HEAD)
		return mark_from_disk(f, key, offset);
	if (f->lines.at >= MARKER_TAIL)
		marker_take_tail(&f->marker, key, f->lines.buf,
		    f->lines.at, offset);
	else if (f->kind == FILE_PLAIN)
		return mark_from_disk(f, key, offset);
	else {
		f->marker.tail_len = 0;
		f->marker.offset = offset;
	}
	return 0;
}

/* What was read may have been rewritten meanwhile. */
static int
mark_from_disk(struct source_file *f, const uint8_t key[16], int64_t offset)
{
	if (f->marker.head_len > 0 &&
	    marker_compare(&f->marker, key, f->fd) != MARKER_SAME)
		return -1;
	return marker_take(&f->marker, key, f->fd, offset);
}

/* lines_next() found nothing complete: read on. */
enum lines_result
source_file_fill(struct source_file *f, struct view *line)
{
	int64_t			 start = f->read_at;
	enum lines_result	 r;
	size_t			 room;
	ssize_t			 n;
	char			*to;

	if (f->done)
		return LINES_END;
	if (f->lines.buf == NULL && lend(f) == -1)
		return fail(f);
	mark_used(f);
	do {
		to = lines_room(&f->lines, &room);
		n = read_some(f, to, room);
		if (n == -1)
			return fail(f);
		if (n == 0)
			return at_end(f, line);
		lines_filled(&f->lines, (size_t)n);
		f->read_at += n;
		if (*to == '\0' && to == f->lines.buf)
			skip_hole(f);
		r = lines_next(&f->lines, line);
	} while (r == LINES_END && f->read_at - start < SKIP_PAUSE);
	return r;
}

static enum lines_result
fail(struct source_file *f)
{
	f->error = errno;
	f->drained = true;
	return LINES_FAILED;
}

static enum lines_result
at_end(struct source_file *f, struct view *line)
{
	if (f->final && lines_last(&f->lines, line) == LINES_LINE)
		return LINES_LINE;
	f->drained = true;
	if (!f->final)
		return LINES_END;
	f->done = true;
	give_back(f);
	return LINES_END;
}

/*
 * A pipe in place of a log is for replay only, where waiting for its first
 * bytes is no harm.
 */
static int
open_stream(struct source_file *f)
{
	f->kind = FILE_STREAM;
	f->final = true;
	while (f->peeked < sizeof(f->peek)) {
		ssize_t n = read(f->fd, f->peek + f->peeked,
		    sizeof(f->peek) - f->peeked);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		f->peeked += (size_t)n;
	}
	if (!gz_magic(f->peek, f->peeked))
		return 0;
	return gz_open(&f->gz, f->fd, f->peek, f->peeked);
}

static ssize_t
read_some(struct source_file *f, char *buf, size_t size)
{
	ssize_t	n;

	if (f->kind == FILE_JOURNAL)
		return journal_read(f->journal, buf, size);
	if (f->gz != NULL)
		return gz_read(f->gz, buf, size);
	if (f->kind == FILE_STREAM)
		return read_stream(f, buf, size);
	do {
		n = pread(f->fd, buf, size, f->read_at);
	} while (n == -1 && errno == EINTR);
	return n;
}

static ssize_t
read_stream(struct source_file *f, char *buf, size_t size)
{
	ssize_t	n = (ssize_t)f->peeked;

	if (n > 0) {
		memcpy(buf, f->peek, f->peeked);
		f->peeked = 0;
		return n;
	}
	do {
		n = read(f->fd, buf, size);
	} while (n == -1 && errno == EINTR);
	return n;
}

/*
 * A truncated file whose writer does not append has a hole in front. At the
 * start of a line NULs mean nothing, so step over the hole in one go.
 */
static void
skip_hole(struct source_file *f)
{
	struct lines	*l = &f->lines;
	off_t		 data;

	if (f->kind != FILE_PLAIN || l->skip)
		return;
	while (l->at < l->end && l->buf[l->at] == '\0')
		l->at++;
	if (l->at < l->end)
		return;
	data = lseek(f->fd, f->read_at, SEEK_DATA);
	if (data > f->read_at)
		f->read_at = data;
}

/* Start again and throw away what stands before offset. */
static int
inflate_to(struct source_file *f, int64_t offset)
{
	ssize_t	n;

	f->read_at = 0;
	if (gz_open(&f->gz, f->fd, NULL, 0) == -1)
		return -1;
	while (f->read_at < offset) {
		int64_t	 want = offset - f->read_at;

		n = gz_read(f->gz, f->lines.buf,
		    want < LINES_BUFFER ? (size_t)want : LINES_BUFFER);
		if (n == 0)
			errno = ENODATA;
		if (n <= 0)
			return -1;
		f->read_at += n;
	}
	return 0;
}

/*
 * Take the buffer that was not used for the longest time. Streams and
 * journals read nothing twice and keep theirs.
 */
static int
lend(struct source_file *f)
{
	struct pool	*p = f->pool;
	size_t		 i, best = POOL_BUFFERS;

	for (i = 0; i < POOL_BUFFERS; i++) {
		if (p->owner[i] != NULL &&
		    (p->owner[i]->kind == FILE_STREAM ||
		    p->owner[i]->kind == FILE_JOURNAL))
			continue;
		if (best == POOL_BUFFERS || p->owner[i] == NULL ||
		    (p->owner[best] != NULL && p->used[i] < p->used[best]))
			best = i;
		if (p->owner[i] == NULL)
			break;
	}
	if (best == POOL_BUFFERS) {
		errno = ENOBUFS;
		return -1;
	}
	if (p->owner[best] != NULL)
		give_back(p->owner[best]);
	p->owner[best] = f;
	f->lines.buf = p->block + best * LINES_BUFFER;
	return f->kind == FILE_GZ ? inflate_to(f, f->read_at) : 0;
}

static void
mark_used(struct source_file *f)
{
	struct pool	*p = f->pool;
	size_t		 i = (size_t)(f->lines.buf - p->block) / LINES_BUFFER;

	p->used[i] = ++p->turn;
}

/*
 * What stands unread in the buffer is read again later; an inflater lives as
 * long as its buffer.
 */
static void
give_back(struct source_file *f)
{
	size_t	i;

	if (f->lines.buf == NULL)
		return;
	for (i = 0; i < POOL_BUFFERS; i++)
		if (f->pool->owner[i] == f)
			f->pool->owner[i] = NULL;
	if (f->kind == FILE_GZ) {
		gz_close(f->gz);
		f->gz = NULL;
	}
	f->read_at = source_file_offset(f);
	f->lines.buf = NULL;
	f->lines.at = f->lines.end = 0;
}
