/*
 * explain_iana - the registered enhanced status codes, in words.
 *
 * The registry's own name, and the same in plain English. The class (first
 * digit) is no part of it.
 */
#ifndef EXPLAIN_IANA_H
#define EXPLAIN_IANA_H

#include <stddef.h>
#include <stdint.h>

struct iana_code {
	uint16_t	 subject, detail;
	const char	*name;		/* in the registry */
	const char	*plain;
};

/* NULL when it is not registered. */
const struct iana_code	*iana_find(uint16_t subject, uint16_t detail);
/* One after the other, then NULL. */
const struct iana_code	*iana_at(size_t i);
/* What x.SUBJECT.x is about; NULL when that is not registered. */
const char		*iana_subject(uint16_t subject);

#endif
