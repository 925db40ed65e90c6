#include "reason_match.h"

struct state {
	uint16_t	base;	/* where the edges lie in slots[] */
	uint16_t	fail;	/* the longest suffix that is a state too */
};

struct slot {
	uint16_t	check;	/* whose edge this is */
	uint16_t	next;
};

#include "reason_automaton.h"

uint16_t
reason_match_step(uint16_t s, char c)
{
	unsigned	class = classes[(unsigned char)c];

	for (;;) {
		const struct slot	*slot = &slots[states[s].base + class];

		if (slot->check == s)
			return slot->next;
		if (s == REASON_MATCH_START)
			return s;
		s = states[s].fail;
	}
}

struct reason_hits
reason_match_hits(uint16_t s)
{
	return (struct reason_hits){ &hits[first_hit[s]],
	    (size_t)(first_hit[s + 1] - first_hit[s]) };
}
