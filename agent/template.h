/*
 * template - which shapes of text come most often.
 *
 * Numbers, ids, hosts and addresses are masked, so that texts which differ in
 * them only share a template. The table is fixed: when it is full, a new
 * template takes the place of the rarest and inherits its count
 * (Space-Saving), so that whatever makes up more than 1/TEMPLATE_SLOTS of all
 * texts is surely there and counts are at most `over` too high.
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "view.h"

enum {
	TEMPLATE_SLOTS = 128,
	TEMPLATE_BYTES = 256,		/* of the masked text */
	TEMPLATE_EXAMPLE_BYTES = 512
};

struct template {
	uint64_t	hash;
	uint64_t	count;
	uint64_t	over;		/* how much of count was inherited */
	uint16_t	text_len, example_len;
	char		text[TEMPLATE_BYTES];
	char		example[TEMPLATE_EXAMPLE_BYTES];	/* the first */
};

struct templates {
	uint64_t	total;		/* texts noted */
	uint32_t	used;		/* slots */
	uint16_t	order[TEMPLATE_SLOTS];	/* of template_sort() */
	struct template	slot[TEMPLATE_SLOTS];
};

/* Count one text; the slot it went to. *fresh: the slot was taken anew. */
size_t	template_note(struct templates *, struct view text, bool *fresh);
/* Bring order[0..used) up to date: most frequent first. */
void	template_sort(struct templates *);
/* Write the masked text, cut to size; its length. */
size_t	template_mask(struct view text, char *out, size_t size);

#endif
