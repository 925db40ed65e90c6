/*
 * state_read - one look into the state of an agent that may be running.
 *
 * Read-only and without the lock: what the last commit saved, all of one
 * moment. Rows are verified by their checksums.
 */
#ifndef STATE_READ_H
#define STATE_READ_H

#include "state.h"

struct state_reader {
	struct sqlite3	*db;
	const char	*path;
	char		 error[STATE_ERROR];	/* what is wrong, for people */
};

/* 0, or -1 with an error; close it in any case. */
int	state_reader_open(struct state_reader *, const char *path);
void	state_reader_close(struct state_reader *);

/* Fill a region: 1; 0 when none of that layout was saved; -1. */
int	state_read_region(struct state_reader *, struct region *);
/* 0, or -1. */
int	state_read_counters(struct state_reader *, state_counter_fn,
	    void *arg);
/* When the state was made, epoch s; 0 when that is not known. */
int64_t	state_read_created(struct state_reader *);

#endif
