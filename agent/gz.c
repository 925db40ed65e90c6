#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "gz.h"

enum {
	GZ_INPUT	= 32 * 1024,
	GZ_WINDOW	= 16 + MAX_WBITS	/* zlib: gzip heads only */
};

struct gz {
	z_stream	z;
	int		fd;
	bool		stream;		/* fd cannot seek */
	off_t		at;		/* in the compressed file */
	bool		between;	/* no member is open */
	bool		eof;
	unsigned char	in[GZ_INPUT];
};

static int	refill(struct gz *);
static int	begin_member(struct gz *);
static int	why(int rc);

bool
gz_magic(const char *head, size_t n)
{
	return n >= GZ_MAGIC_BYTES && head[0] == '\x1f' && head[1] == '\x8b';
}

int
gz_open(struct gz **out, int fd, const char *head, size_t head_len)
{
	struct gz	*g = calloc(1, sizeof(*g));

	if (g == NULL)
		return -1;
	if (inflateInit2(&g->z, GZ_WINDOW) != Z_OK) {
		free(g);
		errno = ENOMEM;
		return -1;
	}
	g->fd = fd;
	g->stream = head_len > 0;
	if (head_len > 0)
		memcpy(g->in, head, head_len);
	g->z.next_in = g->in;
	g->z.avail_in = (uInt)head_len;
	*out = g;
	return 0;
}

void
gz_close(struct gz *g)
{
	if (g == NULL)
		return;
	inflateEnd(&g->z);
	free(g);
}

ssize_t
gz_read(struct gz *g, char *buf, size_t size)
{
	int	rc;

	g->z.next_out = (unsigned char *)buf;
	g->z.avail_out = (uInt)size;
	while (g->z.avail_out == size) {
		if (g->z.avail_in == 0 && !g->eof && refill(g) == -1)
			return -1;
		if (g->between && (rc = begin_member(g)) <= 0)
			return rc;
		rc = inflate(&g->z, Z_NO_FLUSH);
		if (rc == Z_STREAM_END)
			g->between = true;
		else if (rc != Z_OK && g->z.avail_out == size &&
		    (rc != Z_BUF_ERROR || g->eof))
			return why(rc);
	}
	return (ssize_t)(size - g->z.avail_out);
}

static int
refill(struct gz *g)
{
	ssize_t	n;

	do {
		n = g->stream ? read(g->fd, g->in, sizeof(g->in)) :
		    pread(g->fd, g->in, sizeof(g->in), g->at);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	g->eof = n == 0;
	g->at += n;
	g->z.next_in = g->in;
	g->z.avail_in = (uInt)n;
	return 0;
}

/* 1: another member follows; 0: the end; -1: something else follows. */
static int
begin_member(struct gz *g)
{
	while (g->z.avail_in > 0 && *g->z.next_in == 0) {
		g->z.next_in++;
		g->z.avail_in--;
		if (g->z.avail_in == 0 && refill(g) == -1)
			return -1;
	}
	if (g->z.avail_in == 0)
		return 0;
	if (inflateReset(&g->z) != Z_OK) {
		errno = EBADMSG;
		return -1;
	}
	g->between = false;
	return 1;
}

static int
why(int rc)
{
	if (rc == Z_BUF_ERROR)
		errno = ENODATA;
	else
		errno = rc == Z_MEM_ERROR ? ENOMEM : EBADMSG;
	return -1;
}
