/*
 * config_check - what one option alone cannot tell: sections that lack
 * something, names that nobody has, doors that stand open.
 */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config.h"
#include "problems.h"

/* Add what is wrong to problems, and to the notes what only looks odd. */
void	config_check(struct config *, struct problems *);

#endif
