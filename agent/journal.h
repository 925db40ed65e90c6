/*
 * journal - mail's entries of a systemd journal, as lines.
 *
 * Each entry of the facility mail is one line with an RFC 3339 stamp, host,
 * tag and pid in front, as syslog would have written it; a line feed inside
 * is written #012. A place is a cursor. Without libsystemd at build time
 * nothing can be opened (ENOTSUP). It maps files and allocates; that stays
 * in here.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <sys/types.h>

struct journal;

/* dir: NULL for the system's own. At its first entry. */
int		 journal_open(struct journal **, const char *dir);
void		 journal_close(struct journal *);
/* Behind its last entry. */
void		 journal_seek_end(struct journal *);
/* Behind that entry: 1; if it is gone, at the next one after it: 0; or -1. */
int		 journal_seek(struct journal *, const char *cursor);
/* Files may have come and gone. */
void		 journal_refresh(struct journal *);
/* Whole lines only; 0: no more now. -1 with errno. */
ssize_t		 journal_read(struct journal *, char *buf, size_t size);
/* The place behind so many lines of the last read; "" before the first. */
const char	*journal_cursor(const struct journal *, size_t lines);

#endif
