#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "state_setup.h"

enum {
	APPLICATION_ID	= 0x736d7470,	/* "smtp", shown by file(1) */
	BUSY_MS		= 200,		/* a reader may hold it that long */
	LOOK_MS		= 5000,		/* a reader has time */
	ID_BYTES	= 64
};

/*
 * auto_vacuum off: a state that shrinks will grow again. A small cache is
 * enough for what a commit touches.
 */
static const char pragmas[] =
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = FULL;"
	"PRAGMA journal_size_limit = 8388608;"
	"PRAGMA cache_size = -1024;"
	"PRAGMA trusted_schema = OFF;";

static const char schema[] =
	"BEGIN;"
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
	"CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT UNIQUE,"
	" version INTEGER, size INTEGER);"
	"CREATE TABLE pages (id INTEGER PRIMARY KEY, data BLOB,"
	" sum INTEGER);"
	"CREATE TABLE counters (id INTEGER PRIMARY KEY, family TEXT,"
	" labels TEXT, value INTEGER, sum INTEGER);"
	"CREATE TABLE files (id INTEGER PRIMARY KEY, source TEXT, path TEXT,"
	" cursor TEXT, dev INTEGER, ino INTEGER, btime_ns INTEGER,"
	" handle BLOB, head INTEGER, head_len INTEGER, tail INTEGER,"
	" tail_len INTEGER, place INTEGER, size INTEGER, mtime_ns INTEGER,"
	" time INTEGER, skip INTEGER, compressed INTEGER, named INTEGER,"
	" done INTEGER, sum INTEGER);"
	"CREATE TABLE notes (kind TEXT, id TEXT, body BLOB, sum INTEGER,"
	" PRIMARY KEY (kind, id)) WITHOUT ROWID;"
	"PRAGMA application_id = 1936553072;"
	"PRAGMA user_version = 1;"
	"COMMIT;";

static enum setup	open_file(struct state *);
static enum setup	unless_unread(struct state *, enum setup);
static bool		is_passing(int error);
static bool		may_be_replaced(const char *path);
static enum setup	identify(struct state *, int64_t *tables);
static enum setup	check(struct state *, struct state_opening *);
static enum setup	prepare(struct state *);
static enum setup	classify(struct state *, int rc);
static int		pragma_int(struct state *, const char *, int64_t *);
static enum setup	look_through(struct state *);
static enum setup	birth(struct state *);
static enum setup	read_head(struct state *);
static enum setup	settle_in(struct state *);
static bool		get_meta(struct state *, const char *, void *, size_t);
static void		put_meta(struct state *, const char *, const void *,
			    size_t);
static void		read_id(const char *path, char id[ID_BYTES]);

int
state_make_dirs(const char *path)
{
	char	 dir[4096];
	char	*slash;

	if ((size_t)snprintf(dir, sizeof(dir), "%s", path) >= sizeof(dir)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (slash = strchr(dir + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0700) == -1 && errno != EEXIST &&
		    access(dir, F_OK) == -1)
			return -1;
		*slash = '/';
	}
	return 0;
}

int
state_lock(const char *path, long *holder)
{
	char		name[4096], pid[32] = "";
	struct flock	lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int		fd, error;

	*holder = 0;
	if (state_make_dirs(path) == -1)
		return -1;
	if ((size_t)snprintf(name, sizeof(name), "%s.lock", path) >=
	    sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
		int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());

		if (ftruncate(fd, 0) == 0 &&
		    pwrite(fd, pid, (size_t)n, 0) == n)
			return fd;
	} else if (errno == EAGAIN || errno == EACCES) {
		*holder = pread(fd, pid, sizeof(pid) - 1, 0) > 0 ?
		    strtol(pid, NULL, 10) : -1;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

enum setup
state_setup(struct state *s, struct state_opening *how)
{
	enum setup	rc = open_file(s);

	if (rc == SETUP_OK)
		rc = check(s, how);
	if (rc == SETUP_OK)
		rc = prepare(s);
	if (rc == SETUP_OK)
		rc = how->fresh ? birth(s) : settle_in(s);
	if (rc == SETUP_OK && !how->fresh && state_verify(s) == -1)
		rc = SETUP_DAMAGED;
	return unless_unread(s, rc);
}

enum setup
state_setup_look(struct state *s)
{
	int64_t		tables = 0;
	enum setup	rc;

	rc = classify(s, sqlite3_open_v2(s->path, &s->db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL));
	if (rc == SETUP_OK) {
		sqlite3_busy_timeout(s->db, LOOK_MS);
		rc = classify(s, sqlite3_exec(s->db, "PRAGMA trusted_schema "
		    "= OFF; BEGIN", NULL, NULL, NULL));
	}
	if (rc == SETUP_OK)
		rc = identify(s, &tables);
	if (rc == SETUP_OK && tables == 0) {
		snprintf(s->error, sizeof(s->error), "it is empty");
		rc = SETUP_DAMAGED;
	}
	if (rc == SETUP_OK)
		rc = look_through(s);
	if (rc == SETUP_OK)
		rc = prepare(s);
	if (rc == SETUP_OK)
		rc = read_head(s);
	if (rc == SETUP_OK && state_verify(s) == -1)
		rc = SETUP_DAMAGED;
	return unless_unread(s, rc);
}

/* What could not be read now is not damaged: nothing is put aside for it. */
static enum setup
unless_unread(struct state *s, enum setup rc)
{
	int	error = sqlite3_extended_errcode(s->db);

	if (rc != SETUP_DAMAGED || !is_passing(error))
		return rc;
	snprintf(s->error, sizeof(s->error), "%s", sqlite3_errmsg(s->db));
	return SETUP_FAILED;
}

/* An error that may be gone the next time; that of a bad disk is not. */
static bool
is_passing(int error)
{
	int	kind = error & 0xff;

	return error != SQLITE_IOERR_CORRUPTFS && (kind == SQLITE_IOERR ||
	    kind == SQLITE_NOMEM || kind == SQLITE_CANTOPEN ||
	    kind == SQLITE_BUSY);
}

void
state_shut(struct state *s)
{
	size_t	i;

	for (i = 0; i < STMT_COUNT; i++) {
		sqlite3_finalize(s->stmt[i]);
		s->stmt[i] = NULL;
	}
	sqlite3_close(s->db);
	s->db = NULL;
}

int
state_put_aside(const char *path, char *kept, size_t size)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char		from[4096], to[4200], stamp[32];
	time_t		now = time(NULL);
	struct tm	tm;
	size_t		i;

	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(from, sizeof(from), "%s%s", path, tails[i]);
		snprintf(to, sizeof(to), "%s.damaged-%s%s", path, stamp,
		    tails[i]);
		if (rename(from, to) == -1 && (errno != ENOENT || i == 0))
			return -1;
	}
	snprintf(kept, size, "%s.damaged-%s", path, stamp);
	return 0;
}

/* Made by us, so that it is nobody else's to read; SQLite's files follow. */
static enum setup
open_file(struct state *s)
{
	struct stat	st;
	int		fd, rc;

	fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1 || fstat(fd, &st) == -1) {
		snprintf(s->error, sizeof(s->error), "%s", strerror(errno));
		if (fd != -1)
			close(fd);
		return SETUP_FAILED;
	}
	close(fd);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		snprintf(s->error, sizeof(s->error), "others may write to it; "
		    "chmod 600, and look who did");
		return SETUP_FAILED;
	}
	if (may_be_replaced(s->path)) {
		snprintf(s->error, sizeof(s->error), "anybody may replace it; "
		    "chmod o-w its directory");
		return SETUP_FAILED;
	}
	s->file_ino = st.st_ino;
	rc = sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
	if (s->db != NULL)
		sqlite3_busy_timeout(s->db, BUSY_MS);
	return classify(s, rc);
}

/* By somebody who may write to its directory; the sticky bit forbids it. */
static bool
may_be_replaced(const char *path)
{
	const char	*slash = strrchr(path, '/');
	char		 dir[PATH_MAX];
	struct stat	 st;

	snprintf(dir, sizeof(dir), "%.*s", slash == NULL ? 1 :
	    (int)(slash - path) + 1, slash == NULL ? "." : path);
	return stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) != 0 &&
	    (st.st_mode & S_ISVTX) == 0;
}

/* Whose file is it, and of which version? */
static enum setup
identify(struct state *s, int64_t *tables)
{
	int64_t		version = 0, id = 0;
	enum setup	rc;

	rc = classify(s, pragma_int(s, "PRAGMA user_version", &version));
	if (rc != SETUP_OK)
		return rc;
	rc = classify(s, pragma_int(s, "PRAGMA application_id", &id));
	if (rc != SETUP_OK)
		return rc;
	rc = classify(s, pragma_int(s, "SELECT count(*) FROM sqlite_schema",
	    tables));
	if (rc != SETUP_OK)
		return rc;
	if (*tables > 0 && id != APPLICATION_ID) {
		snprintf(s->error, sizeof(s->error), "not a state file");
		return version == 0 ? SETUP_DAMAGED : SETUP_FAILED;
	}
	return version > STATE_VERSION ? SETUP_NEWER : SETUP_OK;
}

/* One without tables is made; another one has to be whole. */
static enum setup
check(struct state *s, struct state_opening *how)
{
	int64_t		tables = 0;
	enum setup	rc = identify(s, &tables);

	if (rc == SETUP_OK)
		rc = classify(s, sqlite3_exec(s->db, pragmas, NULL, NULL,
		    NULL));
	if (rc != SETUP_OK)
		return rc;
	how->fresh = tables == 0;
	if (how->fresh)
		return classify(s, sqlite3_exec(s->db, schema, NULL, NULL,
		    NULL));
	return look_through(s);
}

static enum setup
prepare(struct state *s)
{
	enum setup	rc = SETUP_OK;

	for (size_t i = 0; rc == SETUP_OK && i < STMT_COUNT; i++)
		rc = classify(s, sqlite3_prepare_v3(s->db, state_sql[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->stmt[i], NULL));
	return rc;
}

/* Is it the file's fault or the world's? */
static enum setup
classify(struct state *s, int rc)
{
	if (rc == SQLITE_OK)
		return SETUP_OK;
	snprintf(s->error, sizeof(s->error), "%s", s->db == NULL ?
	    sqlite3_errstr(rc) : sqlite3_errmsg(s->db));
	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR:	/* a table or column of ours is missing */
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return SETUP_DAMAGED;
	default:
		return SETUP_FAILED;
	}
}

static int
pragma_int(struct state *s, const char *text, int64_t *out)
{
	sqlite3_stmt	*stmt;
	int		 rc = sqlite3_prepare_v2(s->db, text, -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static enum setup
look_through(struct state *s)
{
	sqlite3_stmt	*stmt;
	const char	*said, *code;
	enum setup	 rc = SETUP_DAMAGED;

	if (sqlite3_prepare_v2(s->db, "PRAGMA integrity_check(1)", -1, &stmt,
	    NULL) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW ||
	    (said = (const char *)sqlite3_column_text(stmt, 0)) == NULL) {
		snprintf(s->error, sizeof(s->error), "%s",
		    sqlite3_errmsg(s->db));
		sqlite3_finalize(stmt);
		return rc;
	}
	snprintf(s->error, sizeof(s->error), "%s", said);
	/* a page that cannot be read is told in words only */
	code = strstr(said, "error code=");
	if (strcmp(said, "ok") == 0)
		rc = SETUP_OK;
	else if (strstr(said, "failed to get page") != NULL || (code != NULL &&
	    is_passing((int)strtol(strchr(code, '=') + 1, NULL, 10))))
		rc = SETUP_FAILED;
	sqlite3_finalize(stmt);
	return rc;
}

static enum setup
birth(struct state *s)
{
	char	machine[ID_BYTES], boot[ID_BYTES];

	/* one that is made again goes on for the one that was removed */
	if (s->created == 0 &&
	    getrandom(s->key, sizeof(s->key), 0) != sizeof(s->key)) {
		snprintf(s->error, sizeof(s->error), "no random bytes");
		return SETUP_FAILED;
	}
	if (s->created == 0)
		s->created = time(NULL);
	read_id("/etc/machine-id", machine);
	read_id("/proc/sys/kernel/random/boot_id", boot);
	s->failed = false;
	state_run(s, STMT_BEGIN);
	put_meta(s, "key", s->key, sizeof(s->key));
	put_meta(s, "created", &s->created, sizeof(s->created));
	put_meta(s, "machine", machine, sizeof(machine));
	put_meta(s, "boot", boot, sizeof(boot));
	state_run(s, STMT_COMMIT);
	return s->failed ? SETUP_FAILED : SETUP_OK;
}

static enum setup
read_head(struct state *s)
{
	char	then[ID_BYTES], now[ID_BYTES];

	if (!get_meta(s, "key", s->key, sizeof(s->key)) ||
	    !get_meta(s, "created", &s->created, sizeof(s->created)) ||
	    !get_meta(s, "machine", then, sizeof(then))) {
		snprintf(s->error, sizeof(s->error), "its head is missing");
		return SETUP_DAMAGED;
	}
	read_id("/etc/machine-id", now);
	s->foreign = memcmp(then, now, ID_BYTES) != 0;
	read_id("/proc/sys/kernel/random/boot_id", now);
	s->rebooted = !get_meta(s, "boot", then, sizeof(then)) ||
	    memcmp(then, now, ID_BYTES) != 0;
	return SETUP_OK;
}

static enum setup
settle_in(struct state *s)
{
	char		boot[ID_BYTES];
	enum setup	rc = read_head(s);

	if (rc != SETUP_OK)
		return rc;
	if (s->foreign) {
		snprintf(s->error, sizeof(s->error), "it is of another "
		    "machine");
		return SETUP_DAMAGED;
	}
	s->failed = false;
	if (s->rebooted) {
		read_id("/proc/sys/kernel/random/boot_id", boot);
		state_run(s, STMT_BEGIN);
		put_meta(s, "boot", boot, sizeof(boot));
		state_run(s, STMT_COMMIT);
	}
	return s->failed ? SETUP_FAILED : SETUP_OK;
}

static bool
get_meta(struct state *s, const char *name, void *out, size_t size)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_META_GET];
	bool		 ok;

	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	ok = sqlite3_step(stmt) == SQLITE_ROW &&
	    sqlite3_column_bytes(stmt, 0) == (int)size;
	if (ok)
		memcpy(out, sqlite3_column_blob(stmt, 0), size);
	sqlite3_reset(stmt);
	return ok;
}

static void
put_meta(struct state *s, const char *name, const void *p, size_t n)
{
	sqlite3_stmt	*stmt = s->stmt[STMT_META_PUT];

	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 2, p, (int)n, SQLITE_STATIC);
	state_run(s, STMT_META_PUT);
}

/* Padded with zeros; all zero when there is none. */
static void
read_id(const char *path, char id[ID_BYTES])
{
	int	fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t	n = fd == -1 ? 0 : read(fd, id, ID_BYTES);

	if (n < 0)
		n = 0;
	memset(id + n, 0, ID_BYTES - (size_t)n);
	if (fd != -1)
		close(fd);
}
