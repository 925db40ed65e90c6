/*
 * pack - gzip in two parts that are made at different times.
 *
 * A publication's page is compressed once; what a scrape adds to it is
 * compressed at the scrape. Both parts form one gzip member (several members
 * would be legal too, but curl stops after the first): the first part ends
 * at a byte's boundary with its stream left open, pack_end() closes it.
 */
#ifndef PACK_H
#define PACK_H

#include "buf.h"

struct pack {
	unsigned char	*p;	/* NULL: not made */
	size_t		 len;
	uint32_t	 crc;	/* of the text */
	size_t		 text;	/* its length */
};

/* Compress text; 0, or -1 when there is no memory. */
int	pack_make(struct pack *, struct view text);
void	pack_free(struct pack *);
/* What has to follow the first part so that it reads as text + tail. */
void	pack_end(struct buf *out, const struct pack *, struct view tail);

#endif
