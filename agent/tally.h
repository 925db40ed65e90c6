/*
 * tally - how many different things were seen, in a few bytes.
 *
 * Linear counting (Whang, Vander-Zanden, Taylor, "A linear-time probabilistic
 * counting algorithm", 1990): one bit for each hash seen. Good to some ten
 * per cent up to three times its bits, and then at least that many.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

enum { TALLY_BITS = 512 };

struct tally {
	uint64_t	bit[TALLY_BITS / 64];
};

void		tally_add(struct tally *, uint64_t hash);
uint32_t	tally_count(const struct tally *);

#endif
