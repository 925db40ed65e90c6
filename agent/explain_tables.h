/*
 * explain_tables - what is known of codes, reasons and providers, in words.
 */
#ifndef EXPLAIN_TABLES_H
#define EXPLAIN_TABLES_H

#include "reason.h"

/* Of a basic code: what it says (RFC 5321 and kin), and when to try again. */
struct explain_code {
	uint16_t	 code;
	const char	*help, *retry;
};

struct explain_reason {
	const char	*who;		/* must act */
	const char	*next;		/* what to do */
};

struct explain_provider {
	enum provider_id provider;
	const char	*note;
	const char	*page;		/* where the provider says so */
};

/* NULL when nothing is known. */
const struct explain_code	*explain_code_of(uint16_t code);
const struct explain_provider	*explain_provider_of(enum provider_id);
const struct explain_reason	*explain_reason_of(enum reason);

#endif
