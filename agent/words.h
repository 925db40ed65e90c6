/*
 * words - numbers as people read them, in HTML.
 *
 * One way to write a count, a share, a span and a time for all tables of
 * the page. Times are in the zone of this machine.
 */
#ifndef WORDS_H
#define WORDS_H

#include "buf.h"

/* 7, 12 480 (with narrow blanks). */
void	words_count(struct buf *, uint64_t);
/* "0 %", "0.4 %", "48 %", "100 %" only when it is all of them. */
void	words_share(struct buf *, uint64_t part, uint64_t whole);
/* "3 s", "14 min", "2 h 5 min", "3 d 4 h". */
void	words_span(struct buf *, int64_t seconds);
/* "12:04", with the date when it is not of the day of now. */
void	words_time(struct buf *, int64_t epoch, int64_t now);
/* "512 B", "4.2 MB". */
void	words_bytes(struct buf *, uint64_t);
/* A value in a query string. */
void	words_query(struct buf *, struct view);
/* Cut to so many characters, with an ellipsis, and escaped. */
void	words_cut(struct buf *, struct view, size_t max);

#endif
