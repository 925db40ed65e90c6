#include <stdio.h>

#include "state_db.h"
#include "state_note.h"

enum { PATIENCE_MS = 5000 };	/* for a writer to end */

static uint64_t	note_sum(const char *kind, const char *id, struct view body);
static struct view	blob(sqlite3_stmt *, int column);

void
state_note(struct state *s, const char *kind, const char *id, struct view body)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_NOTE_PUT];

	if (s->failed)
		return;
	sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, id, -1, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 3, body.n == 0 ? "" : body.p, (int)body.n,
	    SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, (int64_t)note_sum(kind, id, body));
	state_run(s, STMT_NOTE_PUT);
}

void
state_drop_note(struct state *s, const char *kind, const char *id)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_NOTE_DROP];

	if (s->failed)
		return;
	sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, id, -1, SQLITE_STATIC);
	state_run(s, STMT_NOTE_DROP);
}

int
state_each_note(struct state *s, const char *kind, state_note_fn fn, void *arg)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_NOTES];
	int		 rc;

	sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		fn(arg, (const char *)sqlite3_column_text(stmt, 0),
		    blob(stmt, 1));
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

void
state_drop_notes(struct state *s, const char *kind)
{
	if (s->failed)
		return;
	sqlite3_bind_text(s->stmt[STMT_NOTES_DROP], 1, kind, -1,
	    SQLITE_STATIC);
	state_run(s, STMT_NOTES_DROP);
}

int
state_read_notes(const char *path, const char *kind, state_note_fn fn,
    void *arg, char error[STATE_ERROR])
{
	sqlite3		*db = NULL;
	sqlite3_stmt	*stmt = NULL;
	int		 rc;

	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(db, PATIENCE_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "SELECT id, body FROM notes "
		    "WHERE kind = ?1 ORDER BY id", -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			fn(arg, (const char *)sqlite3_column_text(stmt, 0),
			    blob(stmt, 1));
	}
	if (rc != SQLITE_DONE)
		snprintf(error, STATE_ERROR, "cannot read %s: %s", path,
		    db == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
state_erase_note(struct state *s, const char *kind, const char *id)
{
	sqlite3_stmt	*stmt;
	int		 rc, count;

	rc = sqlite3_prepare_v2(s->db, "DELETE FROM notes WHERE kind = ?1 "
	    "AND id = ?2 COLLATE NOCASE", -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, id, -1, SQLITE_STATIC);
		rc = sqlite3_step(stmt);
	}
	count = rc == SQLITE_DONE ? sqlite3_changes(s->db) : 0;
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		rc = sqlite3_exec(s->db, "VACUUM", NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		snprintf(s->error, sizeof(s->error), "%s",
		    sqlite3_errmsg(s->db));
		return -1;
	}
	return count > 0;
}

int
state_verify_notes(struct state *s)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_NOTES_ALL];
	bool		 sound = true;
	int		 rc = SQLITE_DONE;

	while (sound && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *kind = (const char *)sqlite3_column_text(stmt, 0);
		const char *id = (const char *)sqlite3_column_text(stmt, 1);

		sound = kind != NULL && id != NULL &&
		    (int64_t)note_sum(kind, id, blob(stmt, 2)) ==
		    sqlite3_column_int64(stmt, 3);
	}
	sqlite3_reset(stmt);
	return sound && rc == SQLITE_DONE ? 0 : -1;
}

static uint64_t
note_sum(const char *kind, const char *id, struct view body)
{
	struct sum	sum = { 0 };

	sum_add_text(&sum, kind);
	sum_add_text(&sum, id);
	sum_add(&sum, body.n == 0 ? "" : body.p, body.n);
	return sum.value;
}

static struct view
blob(sqlite3_stmt *stmt, int column)
{
	const char	*p = sqlite3_column_blob(stmt, column);

	return (struct view){ p, (size_t)sqlite3_column_bytes(stmt, column) };
}
