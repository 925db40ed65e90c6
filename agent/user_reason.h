/*
 * user_reason - the reason sections of agent.conf, asked before our own rules.
 *
 * Patterns are PCRE2, searched in the first USER_REASON_BYTES of a reply with
 * small limits and without JIT. A rule that hits a limit is counted and
 * switched off: a slow pattern must not slow the log. Nothing is allocated
 * after user_reason_init().
 */
#ifndef USER_REASON_H
#define USER_REASON_H

#include "config.h"

enum { USER_REASON_BYTES = 1024 };

struct user_reasons {
	struct user_rule	*rule;
	size_t			 count;
	uint32_t		 off;	/* rules switched off */
};

/* 0; or -1 with a message in error. The configuration must stay. */
int	user_reason_init(struct user_reasons *, const struct config *,
	    char error[CONFIG_ERROR_BYTES]);
void	user_reason_fini(struct user_reasons *);

/*
 * The reason of the first section whose conditions all hold. provider is the
 * name, as in agent.conf; out->rule becomes the section's name.
 */
bool	user_reason_find(struct user_reasons *, const struct reply *,
	    const char *provider, struct view text, struct diagnosis *out);

#endif
