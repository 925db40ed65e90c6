/*
 * scratch - the one fixed buffer for text that must be decoded.
 *
 * Exim's "\n" and octal escapes, JSON escapes and folded replies are not in
 * the line as bytes. What a parser decodes lives here until the next line.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

enum { SCRATCH_BYTES = 128 * 1024 };	/* two lines of the longest kind */

struct scratch {
	size_t	used;
	char	byte[SCRATCH_BYTES];
};

static inline void
scratch_reset(struct scratch *s)
{
	s->used = 0;
}

/*
 * Room for at most n bytes, or NULL when it is full. The caller writes and
 * then keeps what it needs with scratch_keep(). Nothing is freed one by one.
 */
static inline char *
scratch_room(struct scratch *s, size_t n)
{
	return n > SCRATCH_BYTES - s->used ? NULL : s->byte + s->used;
}

static inline void
scratch_keep(struct scratch *s, size_t n)
{
	s->used += n;
}

#endif
