/*
 * spike_key - what a series counts: one kind of reply of one provider, or all
 * its replies of a class.
 */
#ifndef SPIKE_KEY_H
#define SPIKE_KEY_H

#include "provider_id.h"
#include "reason.h"
#include "reply.h"

struct spike_key {
	uint16_t	provider;
	uint8_t		class;		/* enum reply_class */
	uint8_t		reason;		/* enum reason; a class series: none */
	uint16_t	code;		/* 0: none */
	struct enhanced	enhanced;	/* class 0: none */
};

static inline bool
spike_key_is_class(const struct spike_key *key)
{
	return key->reason == REASON_NONE;
}

bool	spike_key_eq(const struct spike_key *, const struct spike_key *);
size_t	spike_key_hash(const struct spike_key *);

#endif
