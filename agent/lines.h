/*
 * lines - complete lines, as views into one fixed buffer.
 *
 * The owner lends the buffer and fills it; nothing is copied but the torn
 * tail, which moves to the front before the next fill. A line ends at its LF;
 * one CR before it is not part of it. A half line waits. NUL is a byte like
 * any other, but a run of NULs before a line (a hole left by truncation) is
 * stepped over. A line above LINES_MAX is given once, cut, and its rest is
 * skipped in constant memory. How the bytes were chunked changes nothing.
 */
#ifndef LINES_H
#define LINES_H

#include "view.h"

enum {
	LINES_MAX	= 64 * 1024,
	LINES_BUFFER	= 2 * LINES_MAX	/* always room behind a half line */
};

enum lines_result {
	LINES_LINE,
	LINES_OVERSIZE,	/* the first LINES_MAX bytes of a longer line */
	LINES_END,	/* nothing more now */
	LINES_FAILED	/* errno says why (never from lines itself) */
};

struct lines {
	char	*buf;	/* LINES_BUFFER bytes, lent; NULL: none */
	size_t	 at;	/* the next unread byte; at <= end */
	size_t	 end;	/* bytes in buf */
	bool	 skip;	/* inside the rest of an oversize line */
};

enum lines_result	lines_next_odd(struct lines *, struct view *line);

/* The next line; valid until lines_room(). */
static inline enum lines_result
lines_next(struct lines *l, struct view *line)
{
	size_t		 n = l->end - l->at;
	const char	*p = l->buf + l->at, *lf;

	if (n == 0)
		return LINES_END;
	if (l->skip || *p == '\0')
		return lines_next_odd(l, line);
	lf = memchr(p, '\n', n);
	if (lf == NULL || lf - p > LINES_MAX)
		return lines_next_odd(l, line);
	line->p = p;
	line->n = (size_t)(lf - p);
	l->at += line->n + 1;
	if (line->n > 0 && lf[-1] == '\r')
		line->n--;
	return LINES_LINE;
}

/*
 * What is left behind the last LF as a line, for an input that has ended;
 * LINES_END when there is nothing.
 */
enum lines_result	lines_last(struct lines *, struct view *line);

/* Where to put more bytes, and how many fit (at least one). */
char	*lines_room(struct lines *, size_t *room);
void	 lines_filled(struct lines *, size_t);

#endif
