#include <stddef.h>

#include "metric.h"

const struct metric_row metric_table[METRIC_COUNT] = {
#define X(id, n, t, u, l, h)						\
	{ .name = n, .unit = u, .help = h, .type = METRIC_##t, .label = l },
	METRICS(X)
#undef X
};
