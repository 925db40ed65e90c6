#include "reason_rules.h"

#define R(id, t, r, from, text, ...)					\
	{								\
		.name = id, .tier = TIER_##t, .reason = REASON_##r,	\
		.source = from, .phrases = text, __VA_ARGS__		\
	},
#define V(word, phrases)	{ WORD_##word, phrases },

const struct reason_rule reason_rules[] = {
#include "reason_tags.def"
#include "reason_phrases.def"
#include "reason_phrases_mail.def"
#include "reason_phrases_rcpt.def"
#include "reason_phrases_host.def"
#include "reason_vague.def"
};

const size_t reason_rule_count = sizeof(reason_rules) / sizeof(*reason_rules);

const struct reason_vocabulary reason_vocabulary[] = {
#include "reason_words.def"
};

const size_t reason_vocabulary_count =
    sizeof(reason_vocabulary) / sizeof(*reason_vocabulary);
