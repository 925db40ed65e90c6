/*
 * column - text for a terminal: cells, wrapped paragraphs, colour.
 *
 * Foreign text cannot move the cursor or turn the line around: what is not
 * printable, and what might be wider than one cell, is shown as a question
 * mark. So columns stay in their places.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include "buf.h"

enum { COLUMN_LINE = 80 };

enum paint { PAINT_BOLD, PAINT_DIM, PAINT_GOOD, PAINT_WARN, PAINT_BAD };

struct column {
	struct buf	*buf;
	bool		 color;
};

/* On a terminal that has colours, unless NO_COLOR is set. */
bool	column_wants_color(int fd);

void	column_paint(const struct column *, enum paint);
void	column_plain(const struct column *);
/* Cut to width with a ~, or filled up. */
void	column_text(const struct column *, struct view, size_t width);
/* At the right of width; "." for zero. */
void	column_count(const struct column *, uint64_t, size_t width);
/* "0.4 %" at the right of width; "." when part is 0. */
void	column_share(const struct column *, uint64_t part, uint64_t whole,
	    size_t width);
/* Milliseconds as "180 ms", "2.4 s", "14 min", "2.5 h". */
void	column_span(const struct column *, int64_t ms, size_t width);
/* A paragraph of lines up to COLUMN_LINE, each indented; ends the line. */
void	column_wrap(const struct column *, struct view, size_t indent);

#endif
