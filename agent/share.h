/*
 * share - who has how much of something: a short list of tenants or ways out.
 *
 * Attempts and failures of at most SHARE_MAX numbers; the rest is summed up.
 * Who fails finds a place before who only sends.
 */
#ifndef SHARE_H
#define SHARE_H

#include <stddef.h>
#include <stdint.h>

enum { SHARE_MAX = 12 };

struct share_entry {
	uint16_t	id;
	uint32_t	attempts, failures;
};

struct share {
	struct share_entry	entry[SHARE_MAX];
	uint32_t		count;		/* of entries in use */
	uint32_t		attempts, failures;	/* of all, rest included */
	uint32_t		seen;		/* different ids, roughly */
};

void	share_add(struct share *, uint16_t id, uint32_t attempts,
	    uint32_t failures);
/* Everything of the second counts for the first as well. */
void	share_merge(struct share *, const struct share *);
/* The entry of that number, or NULL. */
const struct share_entry *share_of(const struct share *, uint16_t id);
/* The entry with most failures, or NULL. */
const struct share_entry *share_most_failing(const struct share *);

#endif
