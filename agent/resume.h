/*
 * resume - sources and their places, to the state and back.
 *
 * At start every file of the state is looked for: by its inode and
 * generation, else by its text, under its name, among its rotated siblings
 * and what the source's pattern leads to. Behind the newest one found, all
 * newer siblings are read in order, plain or gzip, and the log itself last.
 * What cannot be found is a declared gap.
 */
#ifndef RESUME_H
#define RESUME_H

#include "sources.h"
#include "state.h"

/*
 * Once, before the first sweep. lost: the state before this one was damaged.
 */
int	sources_resume(struct sources *, struct state *, bool lost);
/* Between state_begin() and state_commit(). */
void	sources_save(struct sources *, struct state *);
/* How the commit ended. */
void	sources_saved(struct sources *, bool ok);

#endif
