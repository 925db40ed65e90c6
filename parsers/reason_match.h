/*
 * reason_match - which phrases of the rules are in a folded text.
 *
 * One pass of an Aho-Corasick automaton that was built from the rules at
 * compile time. Constant memory, linear time.
 */
#ifndef REASON_MATCH_H
#define REASON_MATCH_H

#include "reason_rules.h"

struct reason_found {
	uint16_t	what;	/* a set of words, or WORD_COUNT + a rule */
	uint16_t	at;	/* where the phrase begins */
};

/*
 * What is found in text[from..to), which starts with a blank; at most max,
 * the rest is dropped. The answer is how many.
 */
size_t	reason_match(const char *text, size_t from, size_t to,
	    struct reason_found *, size_t max);

/* The rules without phrases, by number. */
extern const uint16_t	reason_word_rules[];
extern const size_t	reason_word_rule_count;

#endif
