#include <assert.h>
#include <stdlib.h>

#include "merge.h"

static bool	before(const struct source_file *, const struct source_file *);
static bool	must_wait(const struct source_file *);
static void	sift_down(struct merge *, size_t at);
static void	sift_up(struct merge *, size_t at);

int
merge_init(struct merge *m, size_t room)
{
	m->file = calloc(room, sizeof(*m->file));
	m->count = 0;
	m->room = room;
	return m->file == NULL ? -1 : 0;
}

void
merge_fini(struct merge *m)
{
	free(m->file);
	m->file = NULL;
}

void
merge_add(struct merge *m, struct source_file *f)
{
	f->waiting = false;
	if (f->done)
		return;
	f->drained = false;
	if (f->queued)
		return;
	if (must_wait(f)) {
		f->waiting = true;
		return;
	}
	assert(m->count < m->room);
	if (f->older != NULL && f->time < f->older->time)
		f->time = f->older->time;
	f->queued = true;
	m->file[m->count] = f;
	sift_up(m, m->count++);
}

struct source_file *
merge_first(struct merge *m)
{
	if (m->count == 0)
		return NULL;
	sift_down(m, 0);
	return m->file[0];
}

void
merge_drop_first(struct merge *m)
{
	assert(m->count > 0);
	merge_remove(m, m->file[0]);
}

void
merge_remove(struct merge *m, struct source_file *f)
{
	size_t	at = 0;

	if (!f->queued)
		return;
	while (m->file[at] != f)
		at++;
	f->queued = false;
	m->file[at] = m->file[--m->count];
	if (at < m->count) {
		sift_up(m, at);
		sift_down(m, at);
	}
	for (f = f->newer; f != NULL && !f->queued; f = f->newer)
		if (f->waiting) {
			merge_add(m, f);
			return;
		}
}

static bool
must_wait(const struct source_file *f)
{
	for (f = f->older; f != NULL; f = f->older)
		if (f->queued || f->waiting)
			return true;
	return false;
}

static bool
before(const struct source_file *a, const struct source_file *b)
{
	return a->time != b->time ? a->time < b->time : a->serial < b->serial;
}

static void
sift_up(struct merge *m, size_t at)
{
	struct source_file	*f = m->file[at];

	while (at > 0 && before(f, m->file[(at - 1) / 2])) {
		m->file[at] = m->file[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	m->file[at] = f;
}

static void
sift_down(struct merge *m, size_t at)
{
	struct source_file	*f = m->file[at];
	size_t			 child;

	while ((child = 2 * at + 1) < m->count) {
		if (child + 1 < m->count &&
		    before(m->file[child + 1], m->file[child]))
			child++;
		if (!before(m->file[child], f))
			break;
		m->file[at] = m->file[child];
		at = child;
	}
	m->file[at] = f;
}
