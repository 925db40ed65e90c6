/*
 * commit_time - how long commits took.
 *
 * A millisecond is a good disk; ten seconds is one that hangs.
 */
#ifndef COMMIT_TIME_H
#define COMMIT_TIME_H

#include <stdint.h>

enum { COMMIT_TIME_BUCKETS = 13 };	/* without +Inf */

struct commit_time {
	uint64_t	bucket[COMMIT_TIME_BUCKETS + 1];  /* not cumulated */
	uint64_t	sum_us;
};

/* Upper bounds in seconds, in order. */
extern const double commit_time_bound[COMMIT_TIME_BUCKETS];

void	commit_time_add(struct commit_time *, int64_t us);

#endif
