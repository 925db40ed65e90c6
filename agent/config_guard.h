/*
 * config_guard - who else may read the secrets that a configuration names?
 *
 * What opens our own door is refused when anybody can read it; what is a
 * secret of somebody else's server is noted.
 */
#ifndef CONFIG_GUARD_H
#define CONFIG_GUARD_H

#include "config.h"
#include "problems.h"

/* Files that cannot be read are config_check()'s. 0, or -1 with errno. */
int	config_guard(struct config *, struct problems *);

#endif
