/*
 * reason_rules - what the classifier knows, as tables.
 *
 * A rule says which words of a reply, or which codes, mean which reason, and
 * where that is known from. Rules are data: reason.c weighs what they find,
 * the strongest tier first and inside a tier the first in table order.
 *
 * Phrases are written as reason_fold() leaves a text: small ASCII letters
 * without accents, one blank between words, no hyphens or apostrophes, "@"
 * for an address, "#" for an IP address. A phrase begins at the start of a
 * word and may end inside one ("suspend" finds "suspended"); a blank behind it
 * asks for the word's end, "*" before it for no start. "|" parts alternatives.
 */
#ifndef REASON_RULES_H
#define REASON_RULES_H

#include "reason.h"

/* How far a rule is to be trusted, strongest first. */
#define REASON_TIERS(X)							\
	X(TAG,		"a provider's own tag")				\
	X(EXCEPTION,	"a code that names the cause better than the text")\
	X(PHRASE,	"a specific phrase")				\
	X(HINT,		"words that mean it only together")		\
	X(LATER,	"a specific phrase after the first sentence")	\
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

/* Sets of words that rules combine; the words are in reason_words.def. */
#define REASON_WORDS(X)							\
	X(RCPT) X(GONE) X(SENDER) X(DOMAIN) X(HOST) X(CLIENT) X(BLOCKED)\
	X(LISTED) X(LISTNAME) X(SPAM) X(DISABLED) X(FULL) X(MESSAGE)	\
	X(MANY) X(LIMIT) X(AUTH) X(FAILED) X(TLS) X(LATER) X(SIZE)	\
	X(HEADER) X(USING) X(TEMPORARY) X(REFUSED) X(VIRUS) X(POLICY)	\
	X(PERMISSION) X(FORMAT) X(RATE) X(HELO) X(OURS) X(RETURN) X(RELAY)\
	X(TROUBLE) X(HERE) X(NUMBER) X(NAMED)	\
	X(REACHED) X(ATTACH) X(ELSEWHERE) X(PERSON)

enum reason_word {
#define X(id) WORD_##id,
	REASON_WORDS(X)
#undef X
	WORD_COUNT
};

#define W(id)	(UINT64_C(1) << WORD_##id)

/*
 * A sentence with one of these may be about us, our message or their server:
 * vague words in it are not about the recipient.
 */
#define NOT_THEM	(W(SENDER) | W(CLIENT) | W(HELO) | W(AUTH) | W(TLS) | \
	W(SPAM) | W(VIRUS) | W(LISTED) | W(LISTNAME) | W(POLICY) |	\
	W(PERMISSION) | W(HEADER) | W(SIZE) | W(FULL) | W(RELAY) |	\
	W(OURS) | W(TROUBLE))

/* When a rule applies; 0 is always. */
enum {
	WHEN_SILENT = 1,	/* no reply: the MTA's own words */
	WHEN_4XX = 2,
	WHEN_5XX = 4
};

struct reason_rule {
	const char		*name;
	enum reason_tier	 tier;
	enum reason		 reason;
	const char		*source;
	const char		*phrases;	/* one of them; NULL: none */
	uint64_t		 all, none;	/* words in the same sentence */
	unsigned		 when;
	uint16_t		 code;		/* 0: any */
	uint16_t		 subject, detail;	/* 0: any */
	enum provider_id	 provider;	/* PROVIDER_OTHER: any */
};

/* The words of one set in one language. */
struct reason_vocabulary {
	enum reason_word	 word;
	const char		*phrases;
};

extern const struct reason_rule		reason_rules[];
extern const size_t			reason_rule_count;
extern const struct reason_vocabulary	reason_vocabulary[];
extern const size_t			reason_vocabulary_count;

#endif
