/*
 * state_note - rows of text in the state, by kind and id.
 *
 * For what is few, has a name and changes seldom: alerts, notifications on
 * their way, suppression candidates. Between state_begin() and
 * state_commit().
 */
#ifndef STATE_NOTE_H
#define STATE_NOTE_H

#include "state.h"
#include "view.h"

typedef void (*state_note_fn)(void *arg, const char *id, struct view body);

void	state_note(struct state *, const char *kind, const char *id,
	    struct view body);
void	state_drop_note(struct state *, const char *kind, const char *id);
/* Notes of that kind in the order of their ids; do not change any meanwhile. */
int	state_each_note(struct state *, const char *kind, state_note_fn,
	    void *arg);

#endif
