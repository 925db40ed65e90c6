#include <math.h>

#include "distinct.h"

void
distinct_add(struct distinct *t, uint64_t hash)
{
	uint64_t	at = (hash * 0x9e3779b97f4a7c15u) >> 55;

	t->bit[at / 64] |= UINT64_C(1) << (at % 64);
}

uint32_t
distinct_count(const struct distinct *t)
{
	double	bits = DISTINCT_BITS, unset = DISTINCT_BITS;
	int	i;

	for (i = 0; i < DISTINCT_BITS / 64; i++)
		unset -= __builtin_popcountll(t->bit[i]);
	if (unset < 1)
		unset = 1;
	return (uint32_t)(bits * log(bits / unset) + 0.5);
}
