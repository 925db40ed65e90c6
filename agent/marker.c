#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "gz.h"
#include "marker.h"
#include "siphash.h"

enum { CHUNK = 64 * 1024 };

static ssize_t			read_at(int fd, char *, size_t, int64_t);
static enum marker_match	compare_plain(const struct marker *,
				    const uint8_t key[16], int fd);
static enum marker_match	compare_gz(const struct marker *,
				    const uint8_t key[16], int fd);
static enum marker_match	inflate_to_place(const struct marker *,
				    const uint8_t key[16], struct gz *,
				    char *buf, size_t *kept);
static bool			head_is(const struct marker *,
				    const uint8_t key[16], const char *,
				    size_t);
static enum marker_match	tail_is(const struct marker *,
				    const uint8_t key[16], const char *,
				    size_t);

/* If the file was cut meanwhile, m stays whole as it was. */
int
marker_take(struct marker *m, const uint8_t key[16], int fd, int64_t offset)
{
	char		buf[MARKER_HEAD];
	struct marker	now = *m;
	size_t		want = offset < MARKER_TAIL ? (size_t)offset :
			    MARKER_TAIL;

	if (read_at(fd, buf, want, offset - (int64_t)want) != (ssize_t)want)
		return -1;
	marker_take_tail(&now, key, buf, want, offset);
	want = offset < MARKER_HEAD ? (size_t)offset : MARKER_HEAD;
	if (m->head_len != want) {
		if (read_at(fd, buf, want, 0) != (ssize_t)want)
			return -1;
		now.head = siphash13(key, buf, want);
		now.head_len = (uint16_t)want;
	}
	*m = now;
	return 0;
}

int
marker_take_head(struct marker *m, const uint8_t key[16], int fd,
    int64_t size)
{
	char	buf[MARKER_HEAD];
	size_t	want = size < MARKER_HEAD ? (size_t)size : MARKER_HEAD;

	if (read_at(fd, buf, want, 0) != (ssize_t)want)
		return -1;
	*m = (struct marker){ .head = siphash13(key, buf, want),
	    .head_len = (uint16_t)want };
	return 0;
}

void
marker_take_tail(struct marker *m, const uint8_t key[16], const char *text,
    size_t n, int64_t offset)
{
	if (n > MARKER_TAIL) {
		text += n - MARKER_TAIL;
		n = MARKER_TAIL;
	}
	m->tail = siphash13(key, text, n);
	m->tail_len = (uint16_t)n;
	m->offset = offset;
}

enum marker_match
marker_compare(const struct marker *m, const uint8_t key[16], int fd)
{
	char	magic[GZ_MAGIC_BYTES];
	ssize_t	n = read_at(fd, magic, sizeof(magic), 0);

	if (n == -1)
		return MARKER_FAILED;
	return gz_magic(magic, (size_t)n) ? compare_gz(m, key, fd) :
	    compare_plain(m, key, fd);
}

static enum marker_match
compare_plain(const struct marker *m, const uint8_t key[16], int fd)
{
	char	buf[MARKER_HEAD];
	ssize_t	n = read_at(fd, buf, m->head_len, 0);

	if (n == -1)
		return MARKER_FAILED;
	if (!head_is(m, key, buf, (size_t)n))
		return MARKER_OTHER;
	n = read_at(fd, buf, m->tail_len, m->offset - m->tail_len);
	if (n == -1)
		return MARKER_FAILED;
	return tail_is(m, key, buf, (size_t)n);
}

/* The text up to the place goes by; its head is looked at in passing. */
static enum marker_match
compare_gz(const struct marker *m, const uint8_t key[16], int fd)
{
	char			 buf[MARKER_TAIL + CHUNK];
	size_t			 kept = 0;
	enum marker_match	 match;
	struct gz		*g;
	int			 error;

	if (gz_open(&g, fd, NULL, 0) == -1)
		return MARKER_FAILED;
	match = inflate_to_place(m, key, g, buf, &kept);
	error = errno;
	gz_close(g);
	errno = error;
	if (match != MARKER_SAME)
		return match;
	if (kept > m->tail_len)
		return tail_is(m, key, buf + kept - m->tail_len, m->tail_len);
	return tail_is(m, key, buf, kept);
}

/* SAME: buf ends with what stands before the place, and the head is right. */
static enum marker_match
inflate_to_place(const struct marker *m, const uint8_t key[16], struct gz *g,
    char *buf, size_t *kept)
{
	int64_t	at = 0, end = m->offset > 0 ? m->offset : m->head_len;
	bool	head_seen = m->head_len == 0;

	while (at < end) {
		size_t	room = MARKER_TAIL + CHUNK - *kept;
		int64_t	want = end - at;
		ssize_t	n = gz_read(g, buf + *kept,
		    want < (int64_t)room ? (size_t)want : room);

		if (n == -1)
			return head_seen ? MARKER_FAILED : MARKER_OTHER;
		if (n == 0)
			return head_seen ? MARKER_CHANGED : MARKER_OTHER;
		at += n;
		*kept += (size_t)n;
		if (!head_seen && *kept >= m->head_len) {
			if (!head_is(m, key, buf, *kept))
				return MARKER_OTHER;
			head_seen = true;
		}
		if (head_seen && *kept > MARKER_TAIL) {
			memmove(buf, buf + *kept - MARKER_TAIL, MARKER_TAIL);
			*kept = MARKER_TAIL;
		}
	}
	return MARKER_SAME;
}

static bool
head_is(const struct marker *m, const uint8_t key[16], const char *p, size_t n)
{
	return m->head_len == 0 || (n >= m->head_len &&
	    siphash13(key, p, m->head_len) == m->head);
}

static enum marker_match
tail_is(const struct marker *m, const uint8_t key[16], const char *p, size_t n)
{
	return m->tail_len == 0 || (n == m->tail_len &&
	    siphash13(key, p, n) == m->tail) ? MARKER_SAME : MARKER_CHANGED;
}

static ssize_t
read_at(int fd, char *buf, size_t size, int64_t offset)
{
	size_t	at = 0;
	ssize_t	n;

	while (at < size) {
		n = pread(fd, buf + at, size - at, offset + (int64_t)at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		at += (size_t)n;
	}
	return (ssize_t)at;
}
