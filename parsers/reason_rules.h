/*
 * reason_rules - what the classifier knows, as tables.
 *
 * A rule says which words of a reply, or which codes, mean which reason, and
 * where that is known from. Rules are data: reason.c weighs what they find,
 * the strongest tier first and inside a tier the first in table order.
 */
#ifndef REASON_RULES_H
#define REASON_RULES_H

#include "reason.h"

/* How far a rule is to be trusted, strongest first. */
#define REASON_TIERS(X)							\
	X(TAG,		"a provider's own tag")				\
	X(EXCEPTION,	"a code that names the cause better than the text")\
	X(PHRASE,	"a specific phrase")				\
	X(LATER,	"a specific phrase, but not in the first sentence")\
	X(CODE,		"a specific enhanced code")			\
	X(VAGUE,	"a vague phrase")				\
	X(VAGUE_CODE,	"a vague enhanced code")			\
	X(BASIC,	"the basic code")				\
	X(CLASS,	"the class of the reply")

enum reason_tier {
#define X(id, help) TIER_##id,
	REASON_TIERS(X)
#undef X
	TIER_COUNT
};

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

/* The first row that fits, or NULL. */
const struct reason_code_rule	*reason_code_find(const struct reply *,
				    enum provider_id);
const struct reason_basic_rule	*reason_basic_find(uint16_t code,
				    enum provider_id);

#endif
