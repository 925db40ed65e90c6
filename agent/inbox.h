/*
 * inbox - replies that no rule knew, most frequent first.
 *
 * By template, so that one shape is one row; with what a reason section
 * needs. Fixed memory, no allocation.
 */
#ifndef INBOX_H
#define INBOX_H

#include "buf.h"
#include "template.h"
#include "verdict.h"

struct inbox {
	struct templates	templates;
	struct {
		struct reply	reply;
		uint16_t	provider;
	}			about[TEMPLATE_SLOTS];	/* first of the slot */
};

/* Take the verdict if nobody knew why it failed. */
void	inbox_note(struct inbox *, const struct verdict *);
/*
 * A section for agent.conf that would know the slot's replies. The reason in
 * it is a guess by the class; number makes its name.
 */
void	inbox_section(struct buf *, const struct inbox *, size_t slot,
	    const char *provider, unsigned number);

#endif
