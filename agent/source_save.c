#include <stdio.h>

#include "gap.h"
#include "resume.h"
#include "source_journal.h"
#include "state_file.h"

static void	save_file(struct sources *, struct state *,
		    struct source_file *);
static void	save_counters(const struct source *, struct state *);

void
sources_save(struct sources *s, struct state *state)
{
	size_t	i;

	sources_settle(s);
	for (i = 0; i < s->dropped_count; i++)
		state_drop_file(state, s->dropped[i]);
	for (i = 0; i < s->file_count; i++)
		save_file(s, state, s->file[i]);
	for (i = 0; i < s->count; i++)
		save_counters(&s->source[i], state);
}

void
sources_saved(struct sources *s, bool ok)
{
	size_t	i;

	if (ok) {
		s->dropped_count = 0;
		return;
	}
	for (i = 0; i < s->file_count; i++)
		s->file[i]->dirty = true;
}

static void
save_file(struct sources *s, struct state *state, struct source_file *f)
{
	int64_t			offset = source_file_offset(f);
	bool			named = f->seen == s->sweep, marked;
	struct state_file	row;

	if (!f->dirty && f->saved_at == offset && f->saved_named == named &&
	    f->saved_done == f->done &&
	    (offset > 0 || f->saved_head == f->marker.head_len))
		return;
	marked = source_file_mark(f, s->key) == 0;
	row = (struct state_file){
		.id = f->serial,
		.source = f->source->name,
		.path = f->path,
		.cursor = f->kind == FILE_JOURNAL ?
		    source_journal_cursor(f) : "",
		.identity = f->identity,
		.marker = f->marker,
		.size = f->size,
		.mtime_ns = f->mtime_ns,
		.time = f->time,
		.skip = f->lines.skip,
		.compressed = f->kind == FILE_GZ,
		.named = named,
		/* without a name nobody finds it again */
		.done = f->done || f->parked ||
		    (f->unlinked && offset == f->size),
	};
	row.marker.offset = offset;
	if (!marked || offset == 0)
		row.marker.tail_len = 0;
	state_file(state, &row);
	f->saved_at = offset;
	f->saved_named = named;
	f->saved_done = f->done;
	f->saved_head = f->marker.head_len;
	f->dirty = false;
}

static void
save_counters(const struct source *src, struct state *state)
{
	char	label[256];
	size_t	i;

	state_counter(state, "source.rotations", src->name, src->rotations);
	state_counter(state, "source.bytes", src->name, src->bytes);
	for (i = 0; i < GAP_COUNT; i++) {
		if (src->gap[i] == 0)
			continue;
		snprintf(label, sizeof(label), "%s %s", gap_name((enum gap)i),
		    src->name);
		state_counter(state, "source.gaps", label, src->gap[i]);
	}
}
