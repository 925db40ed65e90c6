/*
 * provider_table - the providers we know, by host names and domains.
 */
#ifndef PROVIDER_TABLE_H
#define PROVIDER_TABLE_H

#include <stddef.h>

#include "provider_id.h"

enum provider_kind { PROVIDER_MX, PROVIDER_DOMAIN, PROVIDER_KIND_COUNT };

struct provider_pattern {
	const char		*name;		/* lower case */
	enum provider_kind	 kind;
	enum provider_id	 id;
};

extern const struct provider_pattern	provider_patterns[];
extern const size_t			provider_pattern_count;

#endif
