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

enum {
	REASON_TEXT_BYTES = 1024,
	REASON_TEXT_MARKS = 256		/* one for each four bytes */
};

struct reason_text {
	size_t		n;
	size_t		words;		/* but for addresses and codes */
	size_t		mark_count;
	/* a sentence's end may be longer than what it stands for */
	char		byte[REASON_TEXT_BYTES + REASON_TEXT_BYTES / 4];
	struct {
		uint16_t	folded, source;
	}		mark[REASON_TEXT_MARKS];	/* where words start */
};

void	reason_fold(struct view text, uint16_t code, struct reason_text *);
/* Where in the text the word stands that is at this place of byte[]. */
size_t	reason_origin(const struct reason_text *, size_t at);

#endif
