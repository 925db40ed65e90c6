/*
 * reason_match - which phrases of the rules are in a folded text.
 *
 * One pass of an Aho-Corasick automaton that was built from the rules at
 * compile time. Constant memory, linear time.
 */
#ifndef REASON_MATCH_H
#define REASON_MATCH_H

#include "reason_rules.h"

/* What a phrase stands for: a set of words, or above those a rule. */
struct reason_hit {
	uint16_t	what;
	uint16_t	len;	/* of the phrase */
};

struct reason_hits {
	const struct reason_hit	*hit;
	size_t			 count;
};

enum { REASON_MATCH_START = 0 };

/* The next state after one more byte. */
uint16_t		reason_match_step(uint16_t state, char);
/* What ends at this byte. */
struct reason_hits	reason_match_hits(uint16_t state);

#endif
