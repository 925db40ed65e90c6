#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chains.h"
#include "gap.h"
#include "resume.h"
#include "source_journal.h"

/* Rows of the state, their texts copied. */
struct rows {
	struct sources		*sources;
	struct state_file	*item;
	size_t			 count, room;
	bool			 failed;
};

static void		 take_row(void *arg, const struct state_file *);
static void		 take_journal(struct sources *, struct source *,
			    const struct state_file *);
static void		 free_rows(struct rows *);
static struct source	*source_of(struct sources *,
			    const struct state_file *);
static void		 take_counter(void *arg, const char *family,
			    const char *labels, uint64_t value);
static struct source	*source_named(struct sources *, const char *);
static void		 take_gap(struct sources *, const char *labels,
			    uint64_t value);

int
sources_resume(struct sources *s, struct state *state, bool lost)
{
	struct rows	rows = { .sources = s };
	size_t		i;
	int		rc;

	memcpy(s->key, state_key(state), sizeof(s->key));
	for (i = 0; lost && i < s->count; i++)
		s->source[i].gap[GAP_STATE_LOST]++;
	rc = state_each_counter(state, take_counter, s);
	if (rc == 0)
		rc = state_each_file(state, take_row, &rows);
	if (rows.failed)
		rc = -1;
	if (rc == 0 && rows.count > 0) {
		s->resumed = true;
		rc = chains_take_in(s, rows.item, rows.count);
	}
	free_rows(&rows);
	return rc;
}

static void
take_row(void *arg, const struct state_file *row)
{
	struct rows		*rows = arg;
	struct source		*src = source_of(rows->sources, row);
	struct state_file	*item;

	if (row->id > rows->sources->serial)
		rows->sources->serial = row->id;
	/* of a source that is not configured now: it may come back */
	if (src == NULL)
		return;
	if (*row->cursor != '\0') {
		take_journal(rows->sources, src, row);
		return;
	}
	if (rows->count == rows->room) {
		size_t room = rows->room == 0 ? 64 : 2 * rows->room;

		item = realloc(rows->item, room * sizeof(*item));
		if (item == NULL) {
			rows->failed = true;
			return;
		}
		rows->item = item;
		rows->room = room;
	}
	item = &rows->item[rows->count];
	*item = *row;
	item->source = src->name;
	item->path = strdup(row->path);
	item->cursor = "";
	rows->failed |= item->path == NULL;
	rows->count++;
}

static void
take_journal(struct sources *s, struct source *src,
    const struct state_file *row)
{
	struct source_file	*f;

	s->resumed = true;
	if (s->config[src->id].path != NULL)
		return;
	f = source_journal_take_in(s, src, row->cursor);
	if (f == NULL)
		return;
	f->serial = row->id;
	f->saved_at = 0;
	sources_go_on(f, row->time);
}

static void
free_rows(struct rows *rows)
{
	size_t	i;

	for (i = 0; i < rows->count; i++)
		free((char *)(uintptr_t)rows->item[i].path);
	free(rows->item);
}

/* By name; a source that got a new name is known by what it leads to. */
static struct source *
source_of(struct sources *s, const struct state_file *row)
{
	struct source	*src = source_named(s, row->source);
	size_t		 i;

	for (i = 0; src == NULL && i < s->count; i++)
		if (s->config[i].path != NULL && fnmatch(s->config[i].path,
		    row->path, FNM_PATHNAME | FNM_PERIOD) == 0)
			src = &s->source[i];
	return src;
}

static void
take_counter(void *arg, const char *family, const char *labels, uint64_t value)
{
	struct sources	*s = arg;
	struct source	*src;

	if (strcmp(family, "source.gaps") == 0) {
		take_gap(s, labels, value);
		return;
	}
	src = source_named(s, labels);
	if (src == NULL)
		return;
	if (strcmp(family, "source.rotations") == 0)
		src->rotations = value;
	else if (strcmp(family, "source.bytes") == 0)
		src->bytes = value;
}

/* "reason source" */
static void
take_gap(struct sources *s, const char *labels, uint64_t value)
{
	const char	*blank = strchr(labels, ' ');
	struct source	*src;
	size_t		 i;

	if (blank == NULL || (src = source_named(s, blank + 1)) == NULL)
		return;
	for (i = 0; i < GAP_COUNT; i++)
		if (view_eq(view_of(gap_name((enum gap)i)),
		    (struct view){ labels, (size_t)(blank - labels) }))
			src->gap[i] += value;
}

static struct source *
source_named(struct sources *s, const char *name)
{
	size_t	i;

	for (i = 0; i < s->count; i++)
		if (strcmp(s->source[i].name, name) == 0)
			return &s->source[i];
	return NULL;
}
