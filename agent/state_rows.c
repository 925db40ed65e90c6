#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state_db.h"

enum { COUNTERS_FIRST = 1024 };	/* power of two; grows */

static int			 find_region(struct state *,
				    const struct region *, int64_t *id);
static int64_t			 region_id(struct state *,
				    const struct region *);
static int			 damaged(struct state *, enum statement,
				    const char *what);
static bool			 page_is_sound(sqlite3_stmt *);
static uint64_t			 counter_sum(uint64_t id, uint64_t value);
static struct saved_counter	*saved_at(struct state *, uint64_t id);
static int			 grow(struct state *);

int
state_load_region(struct state *s, struct region *r)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_PAGES];
	int64_t		 id;
	int		 rc = find_region(s, r, &id);

	if (rc != 1)
		return rc;
	sqlite3_bind_int64(stmt, 1, id);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		size_t at = (size_t)sqlite3_column_int64(stmt, 0);

		if (at < r->size >> REGION_PAGE_SHIFT &&
		    sqlite3_column_bytes(stmt, 1) == REGION_PAGE)
			memcpy(r->base + at * REGION_PAGE,
			    sqlite3_column_blob(stmt, 1), REGION_PAGE);
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 1 : -1;
}

int
state_each_counter(struct state *s, state_counter_fn fn, void *arg)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_COUNTERS];
	int		 rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		fn(arg, (const char *)sqlite3_column_text(stmt, 1),
		    (const char *)sqlite3_column_text(stmt, 2),
		    (uint64_t)sqlite3_column_int64(stmt, 3));
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

void
state_region(struct state *s, struct region *r)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_PAGE_PUT];
	size_t		 i, pages = r->size >> REGION_PAGE_SHIFT;
	int64_t		 id = -1;

	if (s->region_count == STATE_REGIONS) {
		snprintf(s->error, sizeof(s->error), "too many regions");
		s->failed = true;
		return;
	}
	s->region[s->region_count++] = r;
	for (i = 0; i < pages && !s->failed; i++) {
		const unsigned char	*page = r->base + i * REGION_PAGE;
		struct sum		 sum = { i };

		if (r->dirty[i] == 0)
			continue;
		if (id == -1)
			id = region_id(s, r);
		sum_add(&sum, page, REGION_PAGE);
		sqlite3_bind_int64(stmt, 1, id);
		sqlite3_bind_int64(stmt, 2, (int64_t)i);
		sqlite3_bind_blob(stmt, 3, page, REGION_PAGE, SQLITE_STATIC);
		sqlite3_bind_int64(stmt, 4, (int64_t)sum.value);
		state_run(s, STMT_PAGE_PUT);
	}
}

/* Only what changed since the last commit costs a row. */
void
state_counter(struct state *s, const char *family, const char *labels,
    uint64_t value)
{
	sqlite3_stmt		*stmt = s->stmt[STMT_COUNTER_PUT];
	struct saved_counter	*saved;
	struct sum		 name = { 0 };

	if (s->failed)
		return;
	sum_add_text(&name, family);
	sum_add_text(&name, labels);
	if (2 * (s->counter_count + 1) > s->counter_size && grow(s) == -1) {
		snprintf(s->error, sizeof(s->error), "out of memory");
		s->failed = true;
		return;
	}
	saved = saved_at(s, name.value);
	saved->turn = s->turn;
	if (saved->used && saved->value == value)
		return;
	s->counter_count += !saved->used;
	saved->used = true;
	saved->id = name.value;
	saved->value = value;
	sqlite3_bind_int64(stmt, 1, (int64_t)name.value);
	sqlite3_bind_text(stmt, 2, family, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, labels, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, (int64_t)value);
	sqlite3_bind_int64(stmt, 5,
	    (int64_t)counter_sum(name.value, value));
	state_run(s, STMT_COUNTER_PUT);
}

/* A place that changed hands: its old name must not come back. */
void
state_drop_unnamed(struct state *s)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_COUNTER_DROP];
	bool		 dropped = false;
	size_t		 i;

	for (i = 0; i < s->counter_size && !s->failed; i++) {
		if (!s->counter[i].used || s->counter[i].turn == s->turn)
			continue;
		sqlite3_bind_int64(stmt, 1, (int64_t)s->counter[i].id);
		state_run(s, STMT_COUNTER_DROP);
		dropped = true;
	}
	/* holes would break the chains: note all anew with the next commit */
	if (dropped) {
		memset(s->counter, 0, s->counter_size * sizeof(*s->counter));
		s->counter_count = 0;
	}
}

int
state_verify(struct state *s)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_COUNTERS];
	sqlite3_stmt	*pages;
	bool		 sound = true;
	int		 rc;

	while (sound && sqlite3_step(stmt) == SQLITE_ROW)
		sound = state_counter_is_sound(stmt);
	sqlite3_reset(stmt);
	if (!sound)
		return damaged(s, STMT_COUNTERS, "a counter");
	if (sqlite3_prepare_v2(s->db, "SELECT id % 1048576, data, sum "
	    "FROM pages", -1, &pages, NULL) != SQLITE_OK)
		return damaged(s, STMT_PAGES, "the table of pages");
	while ((rc = sqlite3_step(pages)) == SQLITE_ROW && sound)
		sound = page_is_sound(pages);
	sqlite3_finalize(pages);
	if (!sound || rc != SQLITE_DONE)
		return damaged(s, STMT_PAGES, "a page");
	if (state_verify_files(s) == -1)
		return damaged(s, STMT_FILES, "a file's row");
	if (state_verify_notes(s) == -1)
		return damaged(s, STMT_NOTES_ALL, "a note");
	return 0;
}

bool
state_counter_is_sound(sqlite3_stmt *stmt)
{
	const char	*family = (const char *)sqlite3_column_text(stmt, 1);
	const char	*labels = (const char *)sqlite3_column_text(stmt, 2);
	struct sum	 name = { 0 };

	if (family == NULL || labels == NULL)
		return false;
	sum_add_text(&name, family);
	sum_add_text(&name, labels);
	return (int64_t)name.value == sqlite3_column_int64(stmt, 0) &&
	    (int64_t)counter_sum(name.value,
	    (uint64_t)sqlite3_column_int64(stmt, 3)) ==
	    sqlite3_column_int64(stmt, 4);
}

static int
damaged(struct state *s, enum statement id, const char *what)
{
	sqlite3_reset(s->stmt[id]);
	snprintf(s->error, sizeof(s->error), "the checksum of %s is wrong",
	    what);
	return -1;
}

static bool
page_is_sound(sqlite3_stmt *stmt)
{
	struct sum	sum = { (uint64_t)sqlite3_column_int64(stmt, 0) };

	if (sqlite3_column_bytes(stmt, 1) != REGION_PAGE)
		return false;
	sum_add(&sum, sqlite3_column_blob(stmt, 1), REGION_PAGE);
	return (int64_t)sum.value == sqlite3_column_int64(stmt, 2);
}

static uint64_t
counter_sum(uint64_t id, uint64_t value)
{
	struct sum	sum = { id };

	sum_add_u64(&sum, value);
	return sum.value;
}

static int
find_region(struct state *s, const struct region *r, int64_t *id)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_REGION_FIND];
	int		 rc, found = 0;

	sqlite3_bind_text(stmt, 1, r->name, -1, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*id = sqlite3_column_int64(stmt, 0);
		found = sqlite3_column_int64(stmt, 1) == r->version &&
		    sqlite3_column_int64(stmt, 2) == (int64_t)r->size;
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? found : -1;
}

/* Its row; pages of another layout go. */
static int64_t
region_id(struct state *s, const struct region *r)
{
	sqlite3_stmt	*add = s->stmt[STMT_REGION_ADD];
	int64_t		 id = -1;
	int		 found = find_region(s, r, &id);

	if (found == -1)
		state_fail(s, NULL);
	if (found == 1 || s->failed)
		return id;
	if (id != -1) {
		sqlite3_bind_int64(s->stmt[STMT_PAGES_DROP], 1, id);
		state_run(s, STMT_PAGES_DROP);
	}
	sqlite3_bind_text(add, 1, r->name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(add, 2, r->version);
	sqlite3_bind_int64(add, 3, (int64_t)r->size);
	state_run(s, STMT_REGION_ADD);
	return sqlite3_last_insert_rowid(s->db);
}

static struct saved_counter *
saved_at(struct state *s, uint64_t id)
{
	size_t	i = (size_t)id & (s->counter_size - 1);

	while (s->counter[i].used && s->counter[i].id != id)
		i = (i + 1) & (s->counter_size - 1);
	return &s->counter[i];
}

static int
grow(struct state *s)
{
	struct saved_counter	*old = s->counter;
	size_t			 i, size = s->counter_size;

	s->counter_size = size == 0 ? COUNTERS_FIRST : 2 * size;
	s->counter = calloc(s->counter_size, sizeof(*s->counter));
	if (s->counter == NULL) {
		s->counter = old;
		s->counter_size = size;
		return -1;
	}
	for (i = 0; i < size; i++)
		if (old[i].used)
			*saved_at(s, old[i].id) = old[i];
	free(old);
	return 0;
}
