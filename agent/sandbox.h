/*
 * sandbox - what this process may open, from its start to its end.
 *
 * Landlock, asked for by an ordinary process of itself: the logs and the
 * configuration are read, the directory of the state is written, and what
 * the C library, the resolver and TLS open late is read. Of a path that does
 * not exist yet the nearest directory above it is taken. Nothing can be
 * added later; a kernel that knows less gives less, and we say so.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

#include "config.h"

#define SANDBOX_LEVELS(X)						\
	X(OFF,		"off")		/* not wanted, or no Landlock */ \
	X(PARTIAL,	"partial")	/* the kernel knows a part */	\
	X(ON,		"on")						\
	X(STALE,	"stale")	/* a directory was made anew since */

enum sandbox_level {
#define X(id, name) SANDBOX_##id,
	SANDBOX_LEVELS(X)
#undef X
	SANDBOX_LEVEL_COUNT
};

enum { SANDBOX_WHY_BYTES = 256 };

struct sandbox {
	enum sandbox_level	level;
	enum sandbox_level	entered;		/* level at first */
	char			why[SANDBOX_WHY_BYTES];	/* not on, because */
};

/*
 * From here on, for this thread and those it starts; also no program can be
 * executed with other privileges. stage: a directory that will be removed at
 * the end, or NULL.
 */
void		 sandbox_enter(struct sandbox *, const struct config *,
		    const char *stage);
/*
 * A directory that was removed and made again is another one, and stays
 * closed. True: the level has just become stale, and why is its path.
 */
bool		 sandbox_went_stale(struct sandbox *, const struct config *);
/*
 * May all be opened that this configuration names? Else path is what may
 * not, and the configuration needs a restart.
 */
bool		 sandbox_covers(const struct sandbox *, const struct config *,
		    char path[SANDBOX_WHY_BYTES]);
const char	*sandbox_level_name(enum sandbox_level);

#endif
