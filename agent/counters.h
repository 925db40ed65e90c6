/*
 * counters - what the statistics have counted, to the state and back.
 *
 * A series is kept by the texts of its labels; one that nobody is called by
 * any more, because a provider left the configuration, say, goes to "other",
 * so that sums stay true.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

#include "intake.h"
#include "state_read.h"

/* Between state_begin() and state_commit(). */
void	counters_save(struct state *, const struct intake *,
	    const struct sources *);
/* Into a fresh intake, after its regions were loaded. */
int	counters_load(struct state *, struct intake *,
	    const struct sources *);
/* The same from another agent's state; 0, or -1 with the reader's error. */
int	counters_read(struct state_reader *, struct intake *,
	    const struct sources *);

#endif
