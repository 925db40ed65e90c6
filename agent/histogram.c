#include "histogram.h"

const uint32_t histogram_bound_ms[HISTOGRAM_BUCKETS] = {
	10, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000,
	1800000, 14400000, 86400000, 432000000
};

void
histogram_add(struct histogram *h, int64_t ms, uint64_t n)
{
	size_t	i = 0;

	if (ms < 0)
		return;
	while (i < HISTOGRAM_BUCKETS && ms > histogram_bound_ms[i])
		i++;
	h->bucket[i] += n;
	h->sum_ms += (uint64_t)ms * n;
}

uint64_t
histogram_count(const struct histogram *h)
{
	uint64_t	count = 0;

	for (size_t i = 0; i <= HISTOGRAM_BUCKETS; i++)
		count += h->bucket[i];
	return count;
}

int64_t
histogram_median_ms(const struct histogram *h)
{
	uint64_t	all = histogram_count(h), below = 0;
	double		low = 0, high, part;

	if (all == 0)
		return -1;
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		high = histogram_bound_ms[i];
		if (2 * (below + h->bucket[i]) >= all) {
			part = ((double)all / 2 - (double)below) /
			    (double)h->bucket[i];
			return (int64_t)(low + part * (high - low));
		}
		below += h->bucket[i];
		low = high;
	}
	return (int64_t)low;
}
