/*
 * survey_key - what the recent tables count, packed into their keys.
 *
 * Every field has its place in all of them; a key is never 0.
 */
#ifndef SURVEY_KEY_H
#define SURVEY_KEY_H

#include "reply.h"

struct survey_key {
	uint16_t	provider, tenant, code;
	uint8_t		class, reason;
	struct enhanced	enhanced;
};

uint64_t	survey_key_pack(const struct survey_key *);
struct survey_key survey_key_unpack(uint64_t);

#endif
