#include <stdio.h>
#include <string.h>

#include "state_db.h"
#include "state_read.h"

enum { WAIT_MS = 2000 };

static const char pages[] =
	"SELECT p.id % 1048576, p.data, p.sum FROM regions r JOIN pages p "
	"ON p.id BETWEEN r.id * 1048576 AND r.id * 1048576 + 1048575 "
	"WHERE r.name = ?1 AND r.version = ?2 AND r.size = ?3";

static int	read_pages(sqlite3 *, struct region *, const char **why);
static bool	take(sqlite3_stmt *, struct region *);

int
state_read_region(const char *path, struct region *r,
    char error[STATE_ERROR])
{
	sqlite3		*db = NULL;
	const char	*why = NULL;
	int		 rc = -1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db, WAIT_MS);
		rc = read_pages(db, r, &why);
	}
	if (rc == -1)
		snprintf(error, STATE_ERROR, "%s: %s", path, why != NULL ?
		    why : db == NULL ? "out of memory" : sqlite3_errmsg(db));
	sqlite3_close(db);
	return rc;
}

static int
read_pages(sqlite3 *db, struct region *r, const char **why)
{
	sqlite3_stmt	*stmt;
	int		 rc, count = 0;

	if (sqlite3_prepare_v2(db, pages, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(stmt, 1, r->name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, r->version);
	sqlite3_bind_int64(stmt, 3, (int64_t)r->size);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && take(stmt, r))
		count++;
	if (rc == SQLITE_ROW)
		*why = "a page is damaged";
	sqlite3_finalize(stmt);
	return rc != SQLITE_DONE ? -1 : count > 0;
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
