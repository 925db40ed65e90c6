/*
 * state_note - rows of text in the state, by kind and id.
 *
 * For what is few, has a name and changes seldom: alerts, notifications on
 * their way, suppression candidates. Between state_begin() and
 * state_commit(), but for what says otherwise.
 */
#ifndef STATE_NOTE_H
#define STATE_NOTE_H

#include "state.h"
#include "view.h"

typedef void (*state_note_fn)(void *arg, const char *id, struct view body);

void	state_note(struct state *, const char *kind, const char *id,
	    struct view body);
void	state_drop_note(struct state *, const char *kind, const char *id);
/* All of that kind. */
void	state_drop_notes(struct state *, const char *kind);
/* Notes of that kind in the order of their ids; do not change any meanwhile. */
int	state_each_note(struct state *, const char *kind, state_note_fn,
	    void *arg);
/*
 * The same of a file that may be in use, without its lock; -1 with a message
 * in error.
 */
int	state_read_notes(const char *path, const char *kind, state_note_fn,
	    void *arg, char error[STATE_ERROR]);
/*
 * At once and for good: drop the note of that id, whatever the case of its
 * letters, and rewrite the file so that no trace is left. 1, or 0 when there
 * was none; -1 and state_error().
 */
int	state_erase_note(struct state *, const char *kind, const char *id);

#endif
