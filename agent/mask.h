/*
 * mask - a reply's text without the people in it.
 *
 * Alerts leave the machine, addresses do not. Everything that looks like an
 * address goes, and so do the words that only this event can tell are a name:
 * local parts of its sender and recipient, the login, and what VERP, SRS and
 * tagged addresses hide in them. IP addresses and host names stay.
 */
#ifndef MASK_H
#define MASK_H

#include "view.h"

enum { MASK_WORDS = 24 };

struct mask {
	struct view	word[MASK_WORDS];	/* of the event's own texts */
	size_t		count;
	uint32_t	hash;		/* of one word more; 0: none */
};

void	mask_init(struct mask *);
/* An address or a login; may be empty. Kept by view. */
void	mask_add(struct mask *, struct view address);
/* One that was seen on another line, and of which the hash was kept. */
void	mask_add_hash(struct mask *, uint32_t);
uint32_t mask_hash(struct view address);	/* of what names somebody */
/*
 * Write text into out with every such word replaced, cut to fit at a whole
 * character, control characters as blanks, NUL-terminated. The length.
 */
size_t	mask_text(const struct mask *, struct view text, char *out,
	    size_t out_bytes);

#endif
