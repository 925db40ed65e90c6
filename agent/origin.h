/*
 * origin - whose queue ids: source, host and instance, hashed once for a run
 * of lines that share them.
 *
 * Sendmail's submission and daemon ("sendmail", "sm-mta") share one queue id
 * space on a host, so the instance is left out there.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "mail_event.h"
#include "siphash.h"

enum { ORIGIN_PART = 64 };	/* bytes of a host or an instance that count */

/* That of the last line; all zero at first. */
struct origin {
	uint16_t	source;
	struct view	host, instance;		/* in text */
	char		text[2 + 2 * ORIGIN_PART];	/* as it is hashed */
	uint64_t	hash;			/* 0: none yet */
};

/* Never 0. */
uint64_t	origin_hash(struct origin *, const uint8_t[SIPHASH_KEY_BYTES],
		    const struct mail_event *, uint16_t source);

#endif
