/*
 * state_setup - from a path to a verified, locked database.
 */
#ifndef STATE_SETUP_H
#define STATE_SETUP_H

#include "state_db.h"

enum setup { SETUP_OK, SETUP_NEWER, SETUP_DAMAGED, SETUP_FAILED };

/* The directories above a state file, for its owner only. */
int		state_make_dirs(const char *path);
/* Descriptor of the locked PATH.lock; -1, and holder is 0 unless another
   process has it. */
int		state_lock(const char *path, long *holder);
/* Open or make the file, verify it, prepare all statements. */
enum setup	state_setup(struct state *, struct state_opening *);
/* The same of a file that is there, to be read only: one moment of it. */
enum setup	state_setup_look(struct state *);
/* Close the database, keep the lock. */
void		state_shut(struct state *);
/* Rename the file and what SQLite keeps beside it. */
int		state_put_aside(const char *path, char *kept, size_t size);

#endif
