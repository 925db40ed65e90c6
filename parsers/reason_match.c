#include "reason_match.h"

/* An edge, with all about the state it leads to: one cache line a byte. */
struct slot {
	uint16_t	check;	/* the state whose edge this is */
	uint16_t	next;	/* a state is where its edges lie in slots[] */
	uint16_t	fail;	/* of next: its longest suffix that is one */
	uint16_t	hits;	/* of next: a list in hits[]; 0: nothing */
};

struct hit {
	uint16_t	what, len;	/* len 0 ends a list */
};

#include "reason_automaton.h"

size_t
reason_match(const char *text, size_t from, size_t to,
    struct reason_found *out, size_t max)
{
	const struct hit	*h;
	const struct slot	*slot;
	size_t			 i, count = 0;
	uint16_t		 state = 0, fail = 0;

	for (i = from; i < to; i++) {
		unsigned char	c = (unsigned char)text[i];

		/* inside a word that no phrase knows */
		if (state == 0 && !starts[c])
			continue;
		while ((slot = &slots[state + classes[c]])->check != state &&
		    state != 0) {
			state = fail;
			fail = fails[state];
		}
		if (slot->check != state)
			continue;
		state = slot->next;
		fail = slot->fail;
		for (h = &hits[slot->hits]; h->len != 0; h++) {
			if (count == max)
				return count;
			out[count++] = (struct reason_found){ h->what,
			    (uint16_t)(i + 1 - h->len) };
		}
	}
	return count;
}
