/*
 * option - what may stand in agent.conf: one row for every option.
 *
 * A row says where the value goes, what it is by default, as text, and what is
 * allowed. Defaults and the user's values go through the same converter. The
 * example file and the manual page are compared with this table by tests.
 */
#ifndef OPTION_H
#define OPTION_H

#include "config.h"

enum option_section {
	SECTION_ROOT, SECTION_SOURCE, SECTION_PROVIDER, SECTION_REASON,
	SECTION_EGRESS, SECTION_TENANT, SECTION_SPIKE, SECTION_RULE,
	SECTION_LABELS, SECTION_ALERTMANAGER, SECTION_WEBHOOK, SECTION_WEB,
	SECTION_COUNT
};

enum option_type {
	OPTION_STRING, OPTION_LIST, OPTION_BOOL, OPTION_UINT, OPTION_CODE,
	OPTION_SECONDS, OPTION_RATIO, OPTION_ENUM, OPTION_ENHANCED,
	OPTION_URL, OPTION_ZONE, OPTION_LISTEN, OPTION_USERS, OPTION_PATTERN,
	OPTION_TYPE_COUNT
};

struct section {
	const char	*name;
	bool		 titled;	/* name "title" { }, any number */
	size_t		 array_at, count_at;	/* titled: in struct config */
	size_t		 element_bytes;
	const char	*help;
};

struct option_name {
	const char	*name;		/* NULL ends the array */
	int		 value;
};

struct option {
	enum option_section	 section;
	const char		*name;
	enum option_type	 type;
	size_t			 at;	/* in struct config, or in the element
					   of a titled section */
	const char		*value;	/* default; NULL: not set */
	uint32_t		 min, max;
	const struct option_name *names;
	const char		*help;
};

enum { OPTION_WHY_BYTES = 256 };

extern const struct section	 sections[SECTION_COUNT];
/* Row i, in the order of the example file; NULL behind the last. */
const struct option	*option_row(size_t i);
const struct option	*option_find(enum option_section, const char *name);
/* The name in that section that is closest to a wrong one, or NULL. */
const char		*option_near(enum option_section, const char *name);
/* "30s to 7d", "beginning or end": what is allowed. Returns buf. */
const char		*option_allowed(const struct option *, char *buf,
			    size_t);
bool			 option_is_list(const struct option *);
/*
 * Convert text and put it into the struct at base; a list grows by one. 0, or
 * -1 and the reason in why.
 */
int			 option_set(const struct option *, void *base,
			    const char *text, char why[OPTION_WHY_BYTES]);
/* Give back what option_set() took. */
void			 option_clear(const struct option *, void *base);
/* How many letters to change to get from a to b; at most 99. */
unsigned		 option_distance(const char *a, const char *b);

#endif
