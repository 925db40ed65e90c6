#include <stdlib.h>
#include <string.h>

#include "source_journal.h"

static int			 open_it(struct source_file *,
				    const struct sources *, bool at_end);
static struct source_file	*file_of(const struct sources *,
				    const struct source *);

struct source_file *
source_journal_take_in(struct sources *s, struct source *src,
    const char *cursor)
{
	const char		*dir = s->config[src->id].journal_dir;
	const struct identity	 nobody = { .ino = 0 };
	struct source_file	*f;

	f = sources_adopt_closed(s, src, dir == NULL ? "journal" : dir,
	    &nobody);
	if (f == NULL)
		return NULL;
	f->kind = FILE_JOURNAL;
	if (cursor != NULL)
		f->cursor = strdup(cursor);
	return f;
}

void
source_journal_look(struct sources *s, struct source *src, bool start_at_end)
{
	struct source_file	*f = file_of(s, src);

	if (f == NULL)
		f = source_journal_take_in(s, src, NULL);
	if (f == NULL)
		return;
	f->seen = s->sweep;
	f->final = !s->follow;
	if (f->journal == NULL && open_it(f, s, start_at_end) == -1)
		return;
	src->up = true;
	journal_refresh(f->journal);
	merge_add(&s->merge, f);
}

static int
open_it(struct source_file *f, const struct sources *s, bool at_end)
{
	if (journal_open(&f->journal,
	    s->config[f->source->id].journal_dir) == -1) {
		f->journal = NULL;
		return -1;
	}
	if (f->cursor != NULL && *f->cursor != '\0') {
		if (journal_seek(f->journal, f->cursor) != 1)
			f->source->gap[GAP_CURSOR_LOST]++;
	} else if (at_end)
		journal_seek_end(f->journal);
	free(f->cursor);
	f->cursor = NULL;
	return 0;
}

const char *
source_journal_cursor(const struct source_file *f)
{
	size_t		 lines = 0;
	struct view	 consumed = { f->lines.buf, f->lines.at };
	struct view	 line;

	if (f->journal == NULL)
		return f->cursor == NULL ? "" : f->cursor;
	if (f->lines.buf != NULL)
		while (view_cut(&consumed, '\n', &line))
			lines++;
	return journal_cursor(f->journal, lines);
}

static struct source_file *
file_of(const struct sources *s, const struct source *src)
{
	size_t	i;

	for (i = 0; i < s->file_count; i++)
		if (s->file[i]->source == src &&
		    s->file[i]->kind == FILE_JOURNAL)
			return s->file[i];
	return NULL;
}
