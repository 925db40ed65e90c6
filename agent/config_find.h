/*
 * config_find - the mail logs that are on this machine.
 *
 * The usual files if they are there; the journal if it has mail in it and none
 * of the files was written in the last day, because then rsyslog writes the
 * same lines there and every mail would count twice. The notes say what was
 * found and why.
 */
#ifndef CONFIG_FIND_H
#define CONFIG_FIND_H

#include "config.h"

/* Below root ("" but for tests); 0, or -1 when there is no memory. */
int	config_find_sources(struct config *, const char *root, int64_t now);

#endif
