/*
 * state_read - one look into the state of an agent that may be running.
 *
 * Read-only and without the lock: what the last commit saved. Pages are
 * verified by their checksums.
 */
#ifndef STATE_READ_H
#define STATE_READ_H

#include "state.h"

/*
 * Fill a region: 1; 0 when none of that layout was saved; -1 with a message
 * in error.
 */
int	state_read_region(const char *path, struct region *,
	    char error[STATE_ERROR]);

#endif
