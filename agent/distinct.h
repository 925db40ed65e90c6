/*
 * distinct - how many different things were seen, in a few bytes.
 *
 * Linear counting (Whang, Vander-Zanden, Taylor, "A linear-time probabilistic
 * counting algorithm", 1990): one bit for each hash seen. Good to some ten
 * per cent up to three times its bits, and then at least that many.
 */
#ifndef DISTINCT_H
#define DISTINCT_H

#include <stdint.h>

enum { DISTINCT_BITS = 512 };

struct distinct {
	uint64_t	bit[DISTINCT_BITS / 64];
};

void		distinct_add(struct distinct *, uint64_t hash);
uint32_t	distinct_count(const struct distinct *);

#endif
