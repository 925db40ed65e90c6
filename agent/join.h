/*
 * join - what syslog or an MTA split or counted over several lines.
 *
 * Exim cuts long or multi-line entries for syslog into "[1/3] ...", "[2\3]
 * ..." (a backslash: a line feed stood there); BSD's syslogd says "last message
 * repeated 3 times" in a line of its own. Parts wait in a fixed table that
 * survives a restart, oldest out. Whatever does not fit together goes on as it
 * is. No allocation after join_init().
 */
#ifndef JOIN_H
#define JOIN_H

#include "head.h"
#include "region.h"

enum {
	JOIN_ENTRIES = 8,		/* entries waiting for their rest */
	JOIN_ENTRY_BYTES = 16384 - 64,	/* Exim's own limit is 8192 */
	JOIN_SOURCES = 16,		/* sources with a line remembered */
	JOIN_LINE_BYTES = 2048		/* longer lines are not remembered */
};

/* An entry of Exim whose parts so far have arrived. */
struct join_entry {
	uint64_t	key;		/* of source, host, tag, pid; 0: free */
	uint32_t	age;		/* serial number of its first part;
					   higher is younger */
	uint32_t	parts;		/* as announced */
	uint32_t	seen;
	uint32_t	n;
	char		text[JOIN_ENTRY_BYTES];
};

/* The line before, for "last message repeated"; lost at a restart. */
struct join_line {
	struct head	head;		/* views into text */
	uint16_t	source;
	bool		known;
	char		text[JOIN_LINE_BYTES];
};

struct join {
	struct region		 region;	/* JOIN_ENTRIES entries */
	struct join_entry	*entry;
	struct join_line	 line[JOIN_SOURCES];
};

int	join_init(struct join *);	/* 0, or -1 with errno */
void	join_fini(struct join *);
/*
 * Take a line's head. True: parse *head, which may now stand for more than its
 * line; its views are good until the next call. False: the line was swallowed,
 * as a part of one to come or without meaning; it counts as ignored.
 */
bool	join_feed(struct join *, uint16_t source, struct head *head);
/* If this line is said to have come again, it was this one. */
void	join_keep(struct join *, uint16_t source, const struct head *);
/* If the last line is said to have come again, it means nothing to us. */
static inline void
join_forget(struct join *j, uint16_t source)
{
	j->line[source % JOIN_SOURCES].known = false;
}

#endif
