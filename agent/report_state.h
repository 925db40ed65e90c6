/*
 * report_state - a report of what an agent has counted, from its state.
 *
 * Counters know no span: it is all since the state was made. What was not
 * tried is not among them, so that those columns stay empty.
 */
#ifndef REPORT_STATE_H
#define REPORT_STATE_H

#include "report.h"
#include "state_read.h"

/*
 * Instead of reading logs; intake and lookout are fresh. 0, or -1 with the
 * reader's error.
 */
int	report_state(struct report *, struct intake *, struct lookout *,
	    struct state_reader *);

#endif
