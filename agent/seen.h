/*
 * seen - was this seen before in the open minute?
 *
 * A set of hashes that is emptied once a minute. When it is full everything
 * is new: a message may then count twice. The list lies in a region, the index
 * over it is built from that.
 */
#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>

#include "region.h"

enum { SEEN_MAX = 65536, SEEN_INDEX = 2 * SEEN_MAX };

struct seen_table {
	uint64_t	overflow;	/* ever */
	uint32_t	count;
	uint64_t	hash[SEEN_MAX];
};

struct seen {
	struct region		 region;
	struct seen_table	*table;
	uint32_t		*index;		/* number + 1; 0: free */
};

int	seen_init(struct seen *);
void	seen_fini(struct seen *);
/* Once, after the region was loaded; false, and empty again, if it is not sound. */
bool	seen_restore(struct seen *);

/* Is it new? hash must be a good one. */
bool	seen_first(struct seen *, uint64_t hash);
void	seen_clear(struct seen *);

#endif
