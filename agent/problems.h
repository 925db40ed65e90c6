/*
 * problems - what is wrong in a configuration, a line for each mistake.
 *
 * Of fixed size: what no longer fits is counted and said in the last line.
 */
#ifndef PROBLEMS_H
#define PROBLEMS_H

#include <stddef.h>

struct problems {
	char		*text;		/* the caller's; always ends in NUL */
	size_t		 size;
	size_t		 used;
	unsigned	 count;
};

void	problems_init(struct problems *, char *text, size_t size);
/* "FILE:LINE: message"; without a line when it is 0. */
void	problems_add(struct problems *, const char *file, int line,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
