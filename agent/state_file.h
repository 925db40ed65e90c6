/*
 * state_file - how far a file was read, as it stands in the state.
 *
 * Enough to find it again under another name, copied or compressed: identity,
 * a hash of its head, and a hash of what stands just before our place.
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include "identity.h"
#include "marker.h"
#include "state.h"

struct state_file {
	uint64_t	 id;		/* serial of the file, in its order */
	const char	*source;	/* name of the source */
	const char	*path;
	const char	*cursor;	/* journal only, else "" */
	struct identity	 identity;
	struct marker	 marker;	/* marker.offset: our place */
	int64_t		 size;		/* on disk */
	int64_t		 mtime_ns;
	int64_t		 time;		/* log time of the last line */
	bool		 skip;		/* inside an oversize line */
	bool		 compressed;	/* offsets are of the text inside */
	bool		 named;		/* its name led to it */
	bool		 done;		/* read, and nothing more is wanted */
};

typedef void (*state_file_fn)(void *arg, const struct state_file *);

void	state_file(struct state *, const struct state_file *);
void	state_drop_file(struct state *, uint64_t id);
/* In the order of their ids. */
int	state_each_file(struct state *, state_file_fn, void *arg);

#endif
