#include "commit_time.h"

const double commit_time_bound[COMMIT_TIME_BUCKETS] = {
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
};

void
commit_time_add(struct commit_time *t, int64_t us)
{
	int	i = 0;

	while (i < COMMIT_TIME_BUCKETS &&
	    (double)us > commit_time_bound[i] * 1e6)
		i++;
	t->bucket[i]++;
	t->sum_us += (uint64_t)us;
}
