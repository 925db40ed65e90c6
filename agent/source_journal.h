/*
 * source_journal - a journal as one of the files of sources.
 */
#ifndef SOURCE_JOURNAL_H
#define SOURCE_JOURNAL_H

#include "sources.h"

/*
 * The journal of a source that has one, to be opened behind cursor (NULL:
 * from the beginning). A cursor that is gone by then is a gap.
 */
struct source_file	*source_journal_take_in(struct sources *,
			    struct source *, const char *cursor);
/* Look for new entries; opens it first if need be and it can be. */
void			 source_journal_look(struct sources *,
			    struct source *, bool start_at_end);
/* The place of what was consumed so far. */
const char		*source_journal_cursor(const struct source_file *);

#endif
