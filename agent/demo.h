/*
 * demo - two messages a second that never were, and an incident among them.
 *
 * What stands in the log for one second is a pure function of that second and
 * the seed: who wants the same lines again gets the same bytes, and the truth
 * with them. Between incident_from and incident_until Google throttles four
 * of ten attempts; what was deferred is tried again after 5, 15, 35 and 75
 * minutes.
 */
#ifndef DEMO_H
#define DEMO_H

#include "demo_lines.h"

enum { DEMO_PROVIDERS_MAX = 16 };

struct demo {
	uint64_t	seed;
	int64_t		incident_from, incident_until;	/* epoch seconds */
};

struct demo_truth {
	uint64_t	attempts[DEMO_PROVIDERS_MAX][OUTCOME_COUNT];
	uint64_t	throttled;	/* by the incident */
	uint64_t	messages;	/* that arrived */
};

/* Write the lines of that second and add to the truth. */
void	demo_write_second(const struct demo *, struct demo_log *,
	    int64_t second, struct demo_truth *);

#endif
