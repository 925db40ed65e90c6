/*
 * commit - the moment when all we know is durable together.
 *
 * Gathers offsets, counters and regions into one transaction of the state.
 * When commits fail, counting goes on and the next one saves everything; what
 * is published then is a promise we may not keep, so for COMMIT_PATIENCE_MS
 * nothing is. Without a state ("") everything is as if committed.
 */
#ifndef COMMIT_H
#define COMMIT_H

#include "commit_time.h"
#include "counters.h"
#include "resume.h"

enum { COMMIT_PATIENCE_MS = 30000, COMMIT_MEMBERS = 10 };

/* Who else has something to keep; each may be NULL. */
struct commit_member {
	struct region	*region;
	/* After the region was loaded (or not), before the first line. */
	void		(*load)(void *arg, struct state *, bool loaded);
	void		(*save)(void *arg, struct state *);
	/* Behind save: is it durable, or still to be saved? */
	void		(*saved)(void *arg, bool ok);
	void		*arg;
};

struct commit {
	struct state		*state;		/* NULL: nothing is kept */
	struct intake		*intake;
	struct sources		*sources;
	struct commit_member	 member[COMMIT_MEMBERS];
	size_t			 member_count;
	int64_t			 failing_ms;	/* mono; since then; 0: not */
	int64_t			 last_ms;	/* wall; 0: none yet */
	struct commit_time	 time;		/* of all, also failed ones */
};

/* Before commit_open(). */
void	commit_join(struct commit *, const struct commit_member *);
/*
 * Open the state, unless it is, and go on from it; intake and sources are
 * fresh. An exit
 * code of command.h, with a message in error unless it is EXIT_OK.
 */
int	commit_open(struct commit *, const char *path,
	    char error[CONFIG_ERROR_BYTES]);
void	commit_close(struct commit *);
/* For the next one: it is not closed with this one. May be NULL. */
struct state	*commit_hand_over(struct commit *);
/* May what is counted now be published? */
bool	commit_now(struct commit *);
int64_t	commit_created(const struct commit *);	/* epoch s; 0 unknown */

#endif
