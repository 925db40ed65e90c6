#include <stdio.h>
#include <string.h>

#include "state_db.h"
#include "state_read.h"

enum { WAIT_MS = 2000 };

static const char pages[] =
	"SELECT p.id % 1048576, p.data, p.sum FROM regions r JOIN pages p "
	"ON p.id BETWEEN r.id * 1048576 AND r.id * 1048576 + 1048575 "
	"WHERE r.name = ?1 AND r.version = ?2 AND r.size = ?3";
static const char counters[] =
	"SELECT id, family, labels, value, sum FROM counters";
static const char created[] =
	"SELECT value FROM meta WHERE name = 'created'";

static sqlite3_stmt *prepare(struct state_reader *, const char *sql);
static int	end(struct state_reader *, sqlite3_stmt *, int rc,
		    const char *damaged);
static int	fail(struct state_reader *, const char *why);
static bool	take(sqlite3_stmt *, struct region *);

int
state_reader_open(struct state_reader *r, const char *path)
{
	sqlite3	*db = NULL;
	int	 rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY |
		    SQLITE_OPEN_NOMUTEX, NULL);

	r->path = path;
	r->db = db;
	r->error[0] = '\0';
	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(db, WAIT_MS);
		rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	}
	return rc == SQLITE_OK ? 0 : fail(r, NULL);
}

void
state_reader_close(struct state_reader *r)
{
	sqlite3_close(r->db);
	r->db = NULL;
}

int
state_read_region(struct state_reader *r, struct region *region)
{
	sqlite3_stmt	*stmt = prepare(r, pages);
	int		 rc, count = 0;

	if (stmt == NULL)
		return -1;
	sqlite3_bind_text(stmt, 1, region->name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, region->version);
	sqlite3_bind_int64(stmt, 3, (int64_t)region->size);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && take(stmt, region))
		count++;
	return end(r, stmt, rc, "a page is damaged") == -1 ? -1 : count > 0;
}

int
state_read_counters(struct state_reader *r, state_counter_fn fn, void *arg)
{
	sqlite3_stmt	*stmt = prepare(r, counters);
	int		 rc;

	if (stmt == NULL)
		return -1;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW &&
	    state_counter_is_sound(stmt))
		fn(arg, (const char *)sqlite3_column_text(stmt, 1),
		    (const char *)sqlite3_column_text(stmt, 2),
		    (uint64_t)sqlite3_column_int64(stmt, 3));
	return end(r, stmt, rc, "a counter is damaged");
}

int64_t
state_read_created(struct state_reader *r)
{
	sqlite3_stmt	*stmt = prepare(r, created);
	int64_t		 when = 0;

	if (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW &&
	    sqlite3_column_bytes(stmt, 0) == (int)sizeof(when))
		memcpy(&when, sqlite3_column_blob(stmt, 0), sizeof(when));
	sqlite3_finalize(stmt);
	return when;
}

static sqlite3_stmt *
prepare(struct state_reader *r, const char *sql)
{
	sqlite3_stmt	*stmt;

	if (sqlite3_prepare_v2(r->db, sql, -1, &stmt, NULL) == SQLITE_OK)
		return stmt;
	fail(r, NULL);
	return NULL;
}

/* After the last step; a row that was not taken is damaged. */
static int
end(struct state_reader *r, sqlite3_stmt *stmt, int rc, const char *damaged)
{
	if (rc != SQLITE_DONE)
		fail(r, rc == SQLITE_ROW ? damaged : NULL);
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

static int
fail(struct state_reader *r, const char *why)
{
	snprintf(r->error, sizeof(r->error), "%s: %s", r->path, why != NULL ?
	    why : r->db == NULL ? "out of memory" : sqlite3_errmsg(r->db));
	return -1;
}

static bool
take(sqlite3_stmt *stmt, struct region *r)
{
	size_t		 at = (size_t)sqlite3_column_int64(stmt, 0);
	const void	*page = sqlite3_column_blob(stmt, 1);
	struct sum	 sum = { at };

	if (at >= r->size >> REGION_PAGE_SHIFT ||
	    sqlite3_column_bytes(stmt, 1) != REGION_PAGE)
		return false;
	sum_add(&sum, page, REGION_PAGE);
	if ((int64_t)sum.value != sqlite3_column_int64(stmt, 2))
		return false;
	memcpy(r->base + at * REGION_PAGE, page, REGION_PAGE);
	return true;
}
