/*
 * siblings - the rotated files of a log, oldest first, the log itself last.
 *
 * Who belongs is told by name (mail.log.1, mail.log-20260101.gz,
 * mail-20260101.log), the order by the time of the last write, which
 * renaming and gzip keep; then by the rotation's number. A .gz beside its
 * plain file is still being written and does not count. At most
 * SIBLINGS_MAX. A rotation may run at the same time: the list is one that
 * was the same twice, and a file is opened as the one that was listed,
 * whatever its name is by then.
 */
#ifndef SIBLINGS_H
#define SIBLINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIBLINGS_MAX = 1000 };

struct sibling {
	char		*path;
	uint64_t	 dev, ino;
	int64_t		 mtime_ns, size;
	bool		 current;	/* it has the log's own name */
	bool		 claimed;	/* for the user of the list */
};

struct siblings {
	struct sibling	*item;
	size_t		 count, room;
};

/* Those of path, from its directory and olddir (may be NULL). */
int	siblings_find(struct siblings *, const char *path,
	    const char *olddir);
void	siblings_fini(struct siblings *);
/* For reading; -1 with ENOENT: it is in its directory no more. */
int	siblings_open(const struct sibling *);
/* Is name (without directory) a rotated file of the log base? */
bool	siblings_related(const char *base, const char *name);
/* Does X stand beside this X.gz? */
bool	siblings_unfinished(const char *path);

#endif
