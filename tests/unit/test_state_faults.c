/*
 * The state when the system or memory fails it: each of SQLite's calls, each
 * allocation of it and each call of ours once, and each from there on. Whatever
 * happens, the last commit is there afterwards, whole, and nothing is taken
 * for damaged.
 */
#include <errno.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include "state_scene.h"
#include "state_read.h"

enum { PART = 32 };	/* calls far on are tried one in so many */

static int			left = -1;	/* calls until it fails */
static bool			for_good;	/* and all that follow */
static bool			failed;
static sqlite3_mem_methods	memory;
static enum whose {
	OF_SQLITE, OF_MEMORY, OURS, WHOSE_COUNT
}				whose;

/* Is it this call's turn? */
static bool
fails(enum whose asks)
{
	if (left == -1 || asks != whose)
		return false;
	if (left > 0) {
		left--;
		return false;
	}
	failed = true;
	if (!for_good)
		left = -1;
	errno = ENOMEM;	/* EIO is a damaged file to SQLite */
	return true;
}

static int
fail_open(const char *path, int flags, int mode)
{
	return fails(OF_SQLITE) ? -1 : open(path, flags, mode);
}

static int
fail_fstat(int fd, struct stat *st)
{
	return fails(OF_SQLITE) ? -1 : fstat(fd, st);
}

static int
fail_truncate(int fd, off_t size)
{
	return fails(OF_SQLITE) ? -1 : ftruncate(fd, size);
}

static ssize_t
fail_pread(int fd, void *p, size_t n, off_t at)
{
	return fails(OF_SQLITE) ? -1 : pread(fd, p, n, at);
}

static ssize_t
fail_pwrite(int fd, const void *p, size_t n, off_t at)
{
	return fails(OF_SQLITE) ? -1 : pwrite(fd, p, n, at);
}

static void *
fail_malloc(int n)
{
	return fails(OF_MEMORY) ? NULL : memory.xMalloc(n);
}

static void *
fail_realloc(void *p, int n)
{
	return fails(OF_MEMORY) ? NULL : memory.xRealloc(p, n);
}

/* These stand before the C library's for all of this program. */

int
mkdir(const char *path, mode_t mode)
{
	return fails(OURS) ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

int
rename(const char *from, const char *to)
{
	return fails(OURS) ? -1 : (int)syscall(SYS_rename, from, to);
}

int
ftruncate(int fd, off_t size)
{
	return fails(OURS) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int
fstat(int fd, struct stat *st)
{
	return fails(OURS) ? -1 : (int)syscall(SYS_fstat, fd, st);
}

ssize_t
getrandom(void *p, size_t n, unsigned flags)
{
	return fails(OURS) ? -1 : syscall(SYS_getrandom, p, n, flags);
}

static void
arm(void)
{
	static const struct {
		const char		*name;
		sqlite3_syscall_ptr	 call;
	} calls[] = {
		{ "open", (sqlite3_syscall_ptr)fail_open },
		{ "fstat", (sqlite3_syscall_ptr)fail_fstat },
		{ "ftruncate", (sqlite3_syscall_ptr)fail_truncate },
		{ "pread", (sqlite3_syscall_ptr)fail_pread },
		{ "pread64", (sqlite3_syscall_ptr)fail_pread },
		{ "pwrite", (sqlite3_syscall_ptr)fail_pwrite },
		{ "pwrite64", (sqlite3_syscall_ptr)fail_pwrite },
	};
	sqlite3_mem_methods	 ours;
	sqlite3_vfs		*vfs;
	size_t			 i;

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory),
	    SQLITE_OK);
	ours = memory;
	ours.xMalloc = fail_malloc;
	ours.xRealloc = fail_realloc;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours),
	    SQLITE_OK);
	assert_int_equal(sqlite3_initialize(), SQLITE_OK);
	vfs = sqlite3_vfs_find(NULL);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call);
}

/* Each of these does its work, or says that it could not. */

static bool
commit(void)
{
	struct state_opening	 how;
	struct state		*s;
	bool			 ok;

	if (state_open(&s, STATE, &how) != STATE_OK) {
		assert_string_not_equal(how.error, "");
		assert_false(how.damaged);
		return false;
	}
	assert_false(how.damaged);
	ok = save(s, 2);
	if (!ok)
		assert_string_not_equal(state_error(s), "");
	state_close(s);
	return ok;
}

/* One that failed is made up for by the next. */
static bool
commit_again(void)
{
	struct state_opening	 how;
	struct state		*s;
	int			 at = left, number = 3;
	bool			 ok;

	left = -1;
	if (state_open(&s, STATE, &how) != STATE_OK)
		fail_msg("%s", how.error);
	left = at;
	if (save(s, 3))
		number = read_all(s);
	assert_true(number == 3 || number == -1);
	left = -1;
	assert_true(save(s, 2));
	assert_int_equal(read_all(s), 2);
	ok = !state_recreate(s);
	state_close(s);
	return ok;
}

static bool
erase(void)
{
	struct state_opening	 how;
	struct state		*s;
	int			 rc;

	if (state_open(&s, STATE, &how) != STATE_OK)
		return false;
	rc = state_erase_note(s, "kind", "none");
	assert_in_range(rc + 1, 0, 1);
	state_close(s);
	return false;
}

static bool
look(void)
{
	struct state_opening	 how;
	struct state		*s;
	bool			 one = true;
	int			 number;

	if (state_look(&s, STATE, &how) != STATE_OK) {
		assert_string_not_equal(how.error, "");
		return false;
	}
	number = read_all(s);
	assert_true(number == -1 || number == 1);
	if (state_each_region(s, one_region, &one) == 0)
		assert_true(one);
	state_has_region(s, "page");
	state_bytes(s);
	state_close(s);
	return false;
}

static bool
read_only(void)
{
	struct state_reader	 reader;
	struct region		 r;
	uint8_t			 number = 1;

	assert_int_equal(region_init(&r, "page", 1, REGION_PAGE), 0);
	if (state_reader_open(&reader, STATE) == 0) {
		if (state_read_region(&reader, &r) == 1)
			assert_int_equal(r.base[0], 1);
		state_read_counters(&reader, one_counter, &number);
		state_read_created(&reader);
	}
	state_reader_close(&reader);
	state_read_notes(STATE, "kind", one_note, &number, reader.error);
	assert_int_equal(number, 1);
	region_fini(&r);
	return false;
}

static void
want(bool done)
{
	struct state_opening	 how;
	struct state		*s;
	int			 number;

	if (state_open(&s, STATE, &how) != STATE_OK)
		fail_msg("%s", how.error);
	assert_false(how.damaged);
	number = read_all(s);
	assert_true(number == 2 || (number == 1 && !done));
	state_close(s);
}

static void
sweep(bool (*scenario)(void))
{
	int	at, mode;

	start_from_one();
	for (mode = 0; mode < 2 * WHOSE_COUNT; mode++) {
		whose = (enum whose)(mode / 2);
		for_good = mode % 2;
		failed = true;
		for (at = 0; failed; at += 1 + at / PART) {
			bool	done;

			put_good();
			failed = false;
			left = at;
			done = scenario();
			left = -1;
			want(done);
		}
	}
}

static void
test_commit(void **state)
{
	(void)state;
	sweep(commit);
}

static void
test_next_commit(void **state)
{
	(void)state;
	sweep(commit_again);
}

static void
test_erase(void **state)
{
	(void)state;
	sweep(erase);
}

static void
test_look(void **state)
{
	(void)state;
	sweep(look);
}

static void
test_read_only(void **state)
{
	(void)state;
	sweep(read_only);
}

/* A file that is being made: the next start makes it, or finds it made. */
static void
test_birth(void **state)
{
	struct state_opening	 how;
	struct state		*s;
	int			 at, mode;

	(void)state;
	for (mode = 0; mode < 2 * WHOSE_COUNT; mode++) {
		whose = (enum whose)(mode / 2);
		for_good = mode % 2;
		failed = true;
		for (at = 0; failed; at += 1 + at / PART) {
			remove_files();
			failed = false;
			left = at;
			if (state_open(&s, STATE, &how) == STATE_OK)
				state_close(s);
			left = -1;
			if (state_open(&s, STATE, &how) != STATE_OK)
				fail_msg("%d: %s", at, how.error);
			assert_true(save(s, 1));
			state_close(s);
		}
	}
}

/* One that is damaged and cannot be put aside stays where it is. */
static void
test_cannot_put_aside(void **state)
{
	struct state_opening	 how;
	struct state		*s;
	int			 at;

	(void)state;
	start_from_one();
	whose = OURS;
	for_good = false;
	/* one of the calls is that; some are made for SQLite */
	for (at = 0; at < 500; at++) {
		put_good();
		change("DELETE FROM meta");
		left = at;
		if (state_open(&s, STATE, &how) == STATE_OK)
			state_close(s);
		left = -1;
		if (strstr(how.error, "cannot be renamed") != NULL)
			break;
	}
	assert_true(at < 500);
	assert_int_equal(state_open(&s, STATE, &how), STATE_OK);
	assert_true(how.damaged);
	state_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_commit),
		T(test_next_commit),
		T(test_erase),
		T(test_look),
		T(test_read_only),
		T(test_birth),
		T(test_cannot_put_aside),
	};

	arm();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
