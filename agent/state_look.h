/*
 * state_look - a whole state, to be read only.
 *
 * One moment of a file that an agent may be writing to: its last commit,
 * verified like at a start, and as it stands: nothing is made, repaired, put
 * aside or locked. All that reads a struct state works on it.
 */
#ifndef STATE_LOOK_H
#define STATE_LOOK_H

#include "state.h"

/* STATE_OK, STATE_NEWER or STATE_FAILED; how says if it is damaged. */
enum state_result	state_look(struct state **, const char *path,
			    struct state_opening *);

/* Is it of this machine? */
bool	state_is_ours(const struct state *);
/* Who has it locked: a pid, or 0. */
long	state_holder(const char *path);
/* Of the file, without what is still in its log beside it. */
int64_t	state_bytes(struct state *);

typedef void (*state_region_fn)(void *arg, const char *name, uint32_t version,
	    uint64_t bytes, uint64_t pages);
/* 0, or -1 and state_error(). */
int	state_each_region(struct state *, state_region_fn, void *arg);
/* In whatever layout. */
bool	state_has_region(struct state *, const char *name);

#endif
