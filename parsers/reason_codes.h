/*
 * reason_codes - what a reply's codes alone say.
 *
 * Two tables: enhanced codes (RFC 3463, the IANA registry, providers' own)
 * and basic codes (RFC 5321 and its extensions). Rows of a provider stand
 * before those for anybody.
 */
#ifndef REASON_CODES_H
#define REASON_CODES_H

#include "reason_rules.h"

/* An enhanced code, by subject and a range of details. */
struct reason_code_rule {
	const char		*name;
	enum reason_tier	 tier;
	uint16_t		 subject, first, last;
	enum provider_id	 provider;	/* PROVIDER_OTHER: any */
	enum reason		 reason;
	const char		*source;
};

/* A range of basic codes. */
struct reason_basic_rule {
	const char		*name;
	uint16_t		 first, last;
	enum provider_id	 provider;	/* PROVIDER_OTHER: any */
	enum reason		 reason;
	const char		*source;
};

extern const struct reason_code_rule	reason_code_rules[];
extern const size_t			reason_code_rule_count;
extern const struct reason_basic_rule	reason_basic_rules[];
extern const size_t			reason_basic_rule_count;

/* The first row that fits, or NULL. */
const struct reason_code_rule	*reason_code_find(const struct reply *,
				    enum provider_id);
const struct reason_basic_rule	*reason_basic_find(uint16_t code,
				    enum provider_id);

#endif
