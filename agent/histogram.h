/*
 * histogram - how long something took, by provider.
 *
 * Fixed buckets from 10 ms to 5 days: an SMTP dialogue takes tenths of a
 * second, greylisting minutes, a queue lifetime days. Sums are kept in
 * milliseconds, as integers, so that they never drift.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 16 };	/* without +Inf */

struct histogram {
	uint64_t	bucket[HISTOGRAM_BUCKETS + 1];	/* not cumulated */
	uint64_t	sum_ms;
};

/* Upper bounds in milliseconds, in order. */
extern const uint32_t histogram_bound_ms[HISTOGRAM_BUCKETS];

void		histogram_add(struct histogram *, int64_t ms, uint64_t n);
uint64_t	histogram_count(const struct histogram *);
/*
 * As if all in a bucket came evenly; above the last bound: that bound. -1
 * when there is nothing.
 */
int64_t		histogram_median_ms(const struct histogram *);

#endif
