#include <stdio.h>

#include "notify_keep.h"
#include "state_note.h"

enum { ID_BYTES = 256 };

static void	on_load(void *arg, struct state *, bool loaded);
static void	on_save(void *arg, struct state *);
static void	on_saved(void *arg, bool ok);
static void	restore(void *arg, const char *id, struct view body);

void
notify_keep(struct notify *n, struct commit *commit)
{
	commit_join(commit, &(struct commit_member){ .load = on_load,
	    .save = on_save, .saved = on_saved, .arg = n });
}

static void
on_load(void *arg, struct state *state, bool loaded)
{
	(void)loaded;
	state_each_note(state, NOTIFY_KIND, restore, arg);
	/* what nobody waits for any more goes with the next commit */
	((struct notify *)arg)->changed = true;
}

/* All anew: it changes seldom, and is short unless a receiver is down. */
static void
on_save(void *arg, struct state *state)
{
	const struct notify	*n = arg;
	char			 id[ID_BYTES];

	if (!n->changed)
		return;
	state_drop_notes(state, NOTIFY_KIND);
	for (size_t i = 0; i < n->count; i++) {
		const struct notify_receiver *r = &n->receiver[i];

		for (size_t k = 0; k < r->count; k++) {
			/* ids are read in their order */
			snprintf(id, sizeof(id), "%04zu %s", k,
			    r->config->name);
			state_note(state, NOTIFY_KIND, id, view_of(r->queue[
			    (r->first + k) % NOTIFY_QUEUE]));
		}
	}
}

static void
on_saved(void *arg, bool ok)
{
	struct notify	*n = arg;

	n->changed = !ok;
}

static void
restore(void *arg, const char *id, struct view body)
{
	struct view	receiver = view_of(id), place;

	if (view_cut(&receiver, ' ', &place))
		notify_wait(arg, receiver, body);
}
