/*
 * suffixes - which names belong to whom, by the longest suffix.
 *
 * A table of host names and domains; a name belongs to an entry when it is
 * equal to it or ends in "." and the entry. One pass from the right, one
 * hash for all suffixes. What is in the table comes from the source and from
 * agent.conf and never from a log, so the length of a search is known and the
 * hash needs no key. Case is ignored. No allocation after suffixes_put().
 */
#ifndef SUFFIXES_H
#define SUFFIXES_H

#include "view.h"

enum { SUFFIX_KINDS = 2, SUFFIX_NAME_MAX = 255 };

struct suffix;

struct suffixes {
	struct suffix	*slot;
	size_t		 slots;		/* power of two, 0 before the first */
	size_t		 count;
};

/*
 * Say that names of that kind below name belong to id (not 0). Later calls
 * replace earlier ones. 0, or -1 with errno: no memory, or no such name.
 */
int		suffixes_put(struct suffixes *, const char *name,
		    unsigned kind, uint16_t id);
void		suffixes_fini(struct suffixes *);
/* The id for the longest suffix that has one of that kind; 0: none. */
uint16_t	suffixes_find(const struct suffixes *, struct view name,
		    unsigned kind);

#endif
