/*
 * reason_text - a reply folded to what rules can compare.
 *
 * Letters become small, accents of Latin letters go, punctuation and runs of
 * blanks become one blank. Addresses become "@", IP addresses "#"; enhanced
 * codes and the reply's own code go. A link stays one word, its punctuation
 * dots. A '\n' ends a sentence of two words or more. At most
 * REASON_TEXT_BYTES of the text are read.
 */
#ifndef REASON_TEXT_H
#define REASON_TEXT_H

#include "view.h"

enum { REASON_TEXT_BYTES = 1024 };

struct reason_text {
	size_t		n;
	size_t		words;		/* but for addresses and codes */
	char		byte[REASON_TEXT_BYTES + 8];
	uint16_t	at[REASON_TEXT_BYTES + 8];	/* byte[i] came from
							   here */
};

void	reason_fold(struct view text, uint16_t code, struct reason_text *);

#endif
