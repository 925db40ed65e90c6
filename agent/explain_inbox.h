/*
 * explain_inbox - which replies in some logs no rule knows.
 */
#ifndef EXPLAIN_INBOX_H
#define EXPLAIN_INBOX_H

/* Print them, most frequent first, with sections to paste; an exit code. */
int	explain_inbox(char *const *path, int count);

#endif
