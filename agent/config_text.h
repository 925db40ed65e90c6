/*
 * config_text - agent.conf as text that libConfuse can be trusted with.
 *
 * libConfuse miscounts lines behind comments, keeps the state of its scanner
 * after an open string, ends the program when it is given a directory, and
 * swallows backslashes and stars in silence. So the file is read here, such
 * things are refused with their line, and comments become blanks.
 */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

#include "problems.h"

enum { CONFIG_TEXT_MAX = 1 << 20 };

/* The file's text, ended by a NUL, to be freed; or NULL and a problem. */
char	*config_text_read(const char *file, struct problems *);
/* Blank the comments in text; 0, or -1 and a problem. */
int	 config_text_clean(char *text, const char *file, struct problems *);

#endif
