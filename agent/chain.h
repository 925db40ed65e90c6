/*
 * chain - the files that one log has been, found again after a restart.
 *
 * The rows are what the state knows of them, oldest first; the list is what
 * stands in the file system now, oldest first. A row's file may be in place,
 * renamed, copied, compressed, rewritten, or gone; who it is is decided as
 * far as possible by identity, then by text.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include "siblings.h"
#include "sources.h"
#include "state_file.h"

struct chain {
	struct source			*source;
	struct state_file		*row;
	size_t				 count;		/* of rows */
	bool				 overdue;	/* do not wait for it */
	bool				 away;		/* nothing of it is in
							   its place */
	struct siblings			 list;
	size_t				 from;	/* first of the list that is
						   newer than all rows */
	struct source_file		*last;	/* taken in so far */
};

/* Take in the files of the rows, each at its place; none if it is away. */
int	chain_find(struct chain *, struct sources *);
/* Take in what is newer, from the beginning. */
int	chain_follow(struct chain *, struct sources *);
void	chain_fini(struct chain *);

#endif
