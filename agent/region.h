/*
 * region - fixed memory that a commit can save page by page.
 *
 * A module that must survive a restart keeps its tables in a region: plain
 * numbers and indices, no pointers. Before or after it changes bytes there it
 * says so with region_touch(); the commit then writes only the pages that
 * changed. All memory is taken at start.
 */
#ifndef REGION_H
#define REGION_H

#include <stddef.h>
#include <stdint.h>

enum { REGION_PAGE_SHIFT = 14, REGION_PAGE = 1 << REGION_PAGE_SHIFT };

struct region {
	const char	*name;		/* its key in the state file */
	uint32_t	 version;	/* of the layout inside */
	size_t		 size;		/* multiple of REGION_PAGE */
	unsigned char	*base;		/* page aligned, zero at first */
	uint8_t		*dirty;		/* one byte a page */
	size_t		 ready;		/* bytes from base that are mapped */
};

/* Takes at least size bytes; 0, or -1 with errno. */
int	region_init(struct region *, const char *name, uint32_t version,
	    size_t size);
void	region_fini(struct region *);

/*
 * Bytes before end will be written soon, in rising order: map them some at a
 * time. A page fault for each page costs more than what is written there.
 */
void	region_ready(struct region *, size_t end);

static inline void
region_touch(struct region *r, const void *p, size_t len)
{
	size_t	at = (size_t)((const unsigned char *)p - r->base);
	size_t	last = (at + len - 1) >> REGION_PAGE_SHIFT;

	for (at >>= REGION_PAGE_SHIFT; at < last; at++)
		r->dirty[at] = 1;
	r->dirty[last] = 1;
}

#endif
