#include <stdlib.h>
#include <zlib.h>

#include "pack.h"

/* Pages repeat themselves: higher levels cost much and save little. */
enum { LEVEL = 4, HEAD_BYTES = 10 };

static int	squeeze(struct view, int flush, unsigned char **out,
		    size_t *len);
static void	put_u32(struct buf *, uint32_t);

int
pack_make(struct pack *k, struct view text)
{
	static const unsigned char	head[HEAD_BYTES] = {
		0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3	/* deflate, Unix */
	};

	*k = (struct pack){ .text = text.n };
	k->crc = (uint32_t)crc32_z(crc32_z(0, NULL, 0),
	    (const unsigned char *)text.p, text.n);
	if (squeeze(text, Z_FULL_FLUSH, &k->p, &k->len) == -1)
		return -1;
	memcpy(k->p, head, HEAD_BYTES);
	return 0;
}

void
pack_free(struct pack *k)
{
	free(k->p);
	*k = (struct pack){ 0 };
}

void
pack_end(struct buf *out, const struct pack *k, struct view tail)
{
	unsigned char	*p;
	size_t		 len;
	uint32_t	 crc;

	if (squeeze(tail, Z_FINISH, &p, &len) == -1) {
		out->failed = true;
		return;
	}
	buf_put(out, (struct view){ (char *)p + HEAD_BYTES, len - HEAD_BYTES });
	free(p);
	crc = (uint32_t)crc32_z(crc32_z(0, NULL, 0),
	    (const unsigned char *)tail.p, tail.n);
	put_u32(out, (uint32_t)crc32_combine(k->crc, crc, (z_off_t)tail.n));
	put_u32(out, (uint32_t)(k->text + tail.n));
}

/* Raw deflate behind HEAD_BYTES of room for the caller's header. */
static int
squeeze(struct view text, int flush, unsigned char **out, size_t *len)
{
	z_stream	 z = { 0 };
	size_t		 room;
	unsigned char	*p, *shrunk;

	if (text.n > UINT32_MAX / 2 ||
	    deflateInit2(&z, LEVEL, Z_DEFLATED, -MAX_WBITS, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return -1;
	room = deflateBound(&z, text.n) + HEAD_BYTES + 16;
	p = malloc(room);
	if (p == NULL) {
		deflateEnd(&z);
		return -1;
	}
	z.next_in = (unsigned char *)(uintptr_t)text.p;
	z.avail_in = (unsigned)text.n;
	z.next_out = p + HEAD_BYTES;
	z.avail_out = (unsigned)(room - HEAD_BYTES);
	deflate(&z, flush);
	*len = room - z.avail_out;
	deflateEnd(&z);
	shrunk = realloc(p, *len);
	if (shrunk != NULL)
		p = shrunk;
	*out = p;
	return 0;
}

static void
put_u32(struct buf *out, uint32_t v)
{
	for (int i = 0; i < 4; i++, v >>= 8)
		buf_byte(out, (char)(v & 0xff));
}
