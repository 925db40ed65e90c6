/*
 * explain_lines - an explanation as lines, for text and page alike.
 */
#ifndef EXPLAIN_LINES_H
#define EXPLAIN_LINES_H

#include "explain.h"

enum { EXPLAIN_LINES = 16 };

struct explain_lines {
	struct explain_line {
		const char	*name, *value;	/* name may be empty */
	}	line[EXPLAIN_LINES];
	size_t	count;
	char	codes[24];		/* "421 4.7.28 ", or empty */
	char	enhanced[12];
	char	code[8];
};

void	explain_gather(const struct explanation *, struct explain_lines *);

#endif
