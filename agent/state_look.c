#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state_look.h"
#include "state_setup.h"

static const char sql_regions[] =
	"SELECT name, version, size, (SELECT count(*) FROM pages "
	"WHERE pages.id BETWEEN regions.id * 1048576 "
	"AND regions.id * 1048576 + 1048575) FROM regions ORDER BY name";
static const char sql_bytes[] =
	"SELECT page_count * page_size FROM pragma_page_count, "
	"pragma_page_size";

struct search {
	const char	*name;
	bool		 found;
};

static enum state_result	look(struct state *, struct state_opening *);
static void	compare(void *arg, const char *name, uint32_t version,
		    uint64_t bytes, uint64_t pages);

enum state_result
state_look(struct state **out, const char *path, struct state_opening *how)
{
	struct state		*s = calloc(1, sizeof(*s));
	enum state_result	 rc = STATE_FAILED;

	memset(how, 0, sizeof(*how));
	if (s == NULL || (s->path = strdup(path)) == NULL) {
		free(s);
		snprintf(how->error, sizeof(how->error), "out of memory");
		return rc;
	}
	s->lock = -1;
	if (access(path, R_OK) == -1)
		snprintf(how->error, sizeof(how->error), "cannot read %s: %s",
		    path, strerror(errno));
	else
		rc = look(s, how);
	if (rc == STATE_OK)
		*out = s;
	else
		state_close(s);
	return rc;
}

static enum state_result
look(struct state *s, struct state_opening *how)
{
	switch (state_setup_look(s)) {
	case SETUP_OK:
		return STATE_OK;
	case SETUP_NEWER:
		snprintf(how->error, sizeof(how->error), "%s was written by a "
		    "newer smtpulse; this one knows version %d", s->path,
		    STATE_VERSION);
		return STATE_NEWER;
	case SETUP_DAMAGED:
		how->damaged = true;
		snprintf(how->error, sizeof(how->error), "%s is damaged: "
		    "%.200s", s->path, s->error);
		return STATE_FAILED;
	case SETUP_FAILED:
		break;
	}
	snprintf(how->error, sizeof(how->error), "cannot read %s: %.200s",
	    s->path, s->error);
	return STATE_FAILED;
}

bool
state_is_ours(const struct state *s)
{
	return !s->foreign;
}

long
state_holder(const char *path)
{
	char		name[4096], pid[32] = "";
	struct flock	lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	long		holder = 0;
	int		fd;

	snprintf(name, sizeof(name), "%s.lock", path);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return 0;
	if (fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK &&
	    pread(fd, pid, sizeof(pid) - 1, 0) > 0)
		holder = strtol(pid, NULL, 10);
	close(fd);
	return holder;
}

int64_t
state_bytes(struct state *s)
{
	sqlite3_stmt	*stmt;
	int64_t		 n = 0;

	if (sqlite3_prepare_v2(s->db, sql_bytes, -1, &stmt, NULL) ==
	    SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

int
state_each_region(struct state *s, state_region_fn fn, void *arg)
{
	sqlite3_stmt	*stmt;
	int		 rc;

	rc = sqlite3_prepare_v2(s->db, sql_regions, -1, &stmt, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const unsigned char *name = sqlite3_column_text(stmt, 0);

		fn(arg, name == NULL ? "" : (const char *)name,
		    (uint32_t)sqlite3_column_int64(stmt, 1),
		    (uint64_t)sqlite3_column_int64(stmt, 2),
		    (uint64_t)sqlite3_column_int64(stmt, 3));
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_DONE)
		snprintf(s->error, sizeof(s->error), "%s",
		    sqlite3_errmsg(s->db));
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

bool
state_has_region(struct state *s, const char *name)
{
	struct search	search = { name, false };

	return state_each_region(s, compare, &search) == 0 && search.found;
}

static void
compare(void *arg, const char *name, uint32_t version, uint64_t bytes,
    uint64_t pages)
{
	struct search	*search = arg;

	(void)version;
	(void)bytes;
	(void)pages;
	search->found |= strcmp(name, search->name) == 0;
}
