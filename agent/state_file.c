#include <string.h>

#include "state_db.h"
#include "state_file.h"

/* Columns of the table, in its order. */
enum column {
	ID, SOURCE, PATH, CURSOR, DEV, INO, BTIME, HANDLE, HEAD, HEAD_LEN,
	TAIL, TAIL_LEN, PLACE, SIZE, MTIME, TIME, SKIP, COMPRESSED, NAMED, DONE,
	SUM
};

static void	bind_u64(sqlite3_stmt *, enum column, uint64_t);
static void	bind_text(sqlite3_stmt *, enum column, const char *);
static bool	read_row(sqlite3_stmt *, struct state_file *);
static uint64_t	file_sum(const struct state_file *);
static uint64_t	column_u64(sqlite3_stmt *, enum column);
static const char *column_text(sqlite3_stmt *, enum column);

void
state_file(struct state *s, const struct state_file *f)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_FILE_PUT];

	if (s->failed)
		return;
	bind_u64(stmt, ID, f->id);
	bind_text(stmt, SOURCE, f->source);
	bind_text(stmt, PATH, f->path);
	bind_text(stmt, CURSOR, f->cursor);
	bind_u64(stmt, DEV, f->identity.dev);
	bind_u64(stmt, INO, f->identity.ino);
	bind_u64(stmt, BTIME, (uint64_t)f->identity.btime_ns);
	sqlite3_bind_blob(stmt, HANDLE + 1, f->identity.handle,
	    f->identity.handle_len, SQLITE_STATIC);
	bind_u64(stmt, HEAD, f->marker.head);
	bind_u64(stmt, HEAD_LEN, f->marker.head_len);
	bind_u64(stmt, TAIL, f->marker.tail);
	bind_u64(stmt, TAIL_LEN, f->marker.tail_len);
	bind_u64(stmt, PLACE, (uint64_t)f->marker.offset);
	bind_u64(stmt, SIZE, (uint64_t)f->size);
	bind_u64(stmt, MTIME, (uint64_t)f->mtime_ns);
	bind_u64(stmt, TIME, (uint64_t)f->time);
	bind_u64(stmt, SKIP, f->skip);
	bind_u64(stmt, COMPRESSED, f->compressed);
	bind_u64(stmt, NAMED, f->named);
	bind_u64(stmt, DONE, f->done);
	bind_u64(stmt, SUM, file_sum(f));
	state_run(s, STMT_FILE_PUT);
}

void
state_drop_file(struct state *s, uint64_t id)
{
	if (s->failed)
		return;
	sqlite3_bind_int64(s->stmt[STMT_FILE_DROP], 1, (int64_t)id);
	state_run(s, STMT_FILE_DROP);
}

int
state_each_file(struct state *s, state_file_fn fn, void *arg)
{
	sqlite3_stmt		*stmt = s->stmt[STMT_FILES];
	struct state_file	 f;
	int			 rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		if (read_row(stmt, &f) && fn != NULL)
			fn(arg, &f);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
state_verify_files(struct state *s)
{
	sqlite3_stmt		*stmt = s->stmt[STMT_FILES];
	struct state_file	 f;
	bool			 sound = true;
	int			 rc = SQLITE_DONE;

	while (sound && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		sound = read_row(stmt, &f);
	sqlite3_reset(stmt);
	return sound && rc == SQLITE_DONE ? 0 : -1;
}

/* False when the row does not add up. */
static bool
read_row(sqlite3_stmt *stmt, struct state_file *f)
{
	int	n = sqlite3_column_bytes(stmt, HANDLE);

	memset(f, 0, sizeof(*f));
	f->id = column_u64(stmt, ID);
	f->source = column_text(stmt, SOURCE);
	f->path = column_text(stmt, PATH);
	f->cursor = column_text(stmt, CURSOR);
	f->identity.dev = column_u64(stmt, DEV);
	f->identity.ino = column_u64(stmt, INO);
	f->identity.btime_ns = (int64_t)column_u64(stmt, BTIME);
	if (n < 0 || n > IDENTITY_HANDLE)
		return false;
	f->identity.handle_len = (uint8_t)n;
	if (n > 0)
		memcpy(f->identity.handle, sqlite3_column_blob(stmt, HANDLE),
		    (size_t)n);
	f->marker.head = column_u64(stmt, HEAD);
	f->marker.head_len = (uint16_t)column_u64(stmt, HEAD_LEN);
	f->marker.tail = column_u64(stmt, TAIL);
	f->marker.tail_len = (uint16_t)column_u64(stmt, TAIL_LEN);
	f->marker.offset = (int64_t)column_u64(stmt, PLACE);
	f->size = (int64_t)column_u64(stmt, SIZE);
	f->mtime_ns = (int64_t)column_u64(stmt, MTIME);
	f->time = (int64_t)column_u64(stmt, TIME);
	f->skip = column_u64(stmt, SKIP) != 0;
	f->compressed = column_u64(stmt, COMPRESSED) != 0;
	f->named = column_u64(stmt, NAMED) != 0;
	f->done = column_u64(stmt, DONE) != 0;
	return column_u64(stmt, SUM) == file_sum(f);
}

static uint64_t
file_sum(const struct state_file *f)
{
	const uint64_t	numbers[] = { f->id, f->identity.dev,
		f->identity.ino, (uint64_t)f->identity.btime_ns,
		f->marker.head, f->marker.head_len, f->marker.tail,
		f->marker.tail_len, (uint64_t)f->marker.offset,
		(uint64_t)f->size, (uint64_t)f->mtime_ns, (uint64_t)f->time,
		f->skip, f->compressed, f->named, f->done };
	struct sum	sum = { 0 };

	sum_add_text(&sum, f->source);
	sum_add_text(&sum, f->path);
	sum_add_text(&sum, f->cursor);
	sum_add(&sum, f->identity.handle, f->identity.handle_len);
	sum_add(&sum, numbers, sizeof(numbers));
	return sum.value;
}

static void
bind_u64(sqlite3_stmt *stmt, enum column c, uint64_t n)
{
	sqlite3_bind_int64(stmt, (int)c + 1, (int64_t)n);
}

static void
bind_text(sqlite3_stmt *stmt, enum column c, const char *text)
{
	sqlite3_bind_text(stmt, (int)c + 1, text, -1, SQLITE_STATIC);
}

static uint64_t
column_u64(sqlite3_stmt *stmt, enum column c)
{
	return (uint64_t)sqlite3_column_int64(stmt, (int)c);
}

static const char *
column_text(sqlite3_stmt *stmt, enum column c)
{
	const char	*text = (const char *)sqlite3_column_text(stmt, (int)c);

	return text == NULL ? "" : text;
}
