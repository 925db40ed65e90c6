/*
 * config_parse - the user's file, by libConfuse, into a struct config.
 *
 * Everything is read as text with its file and line; option_set() converts.
 * A mistake of the language ends the reading, a wrong value does not, so that
 * the operator sees all wrong values at once.
 */
#ifndef CONFIG_PARSE_H
#define CONFIG_PARSE_H

#include "config.h"
#include "problems.h"

/* 0; else -1 and at least one problem. */
int	config_parse(struct config *, const char *file, struct problems *);

#endif
