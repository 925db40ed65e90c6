/*
 * The state when the system or memory fails it: each of SQLite's calls once,
 * and each from there on. Whatever happens, the last commit is there
 * afterwards, whole, and nothing is taken for damaged.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "state_file.h"
#include "state_look.h"
#include "state_note.h"
#include "state_read.h"

#define STATE "sub/state.db"

enum { PART = 32 };	/* calls far on are tried one in so many */

static char			dir[64];
static int			left = -1;	/* calls until it fails */
static bool			for_good;	/* and all that follow */
static bool			failed;
static sqlite3_mem_methods	memory;
static bool			of_memory;	/* or of the system */

/* Is it this call's turn? */
static bool
fails(bool asks_memory)
{
	if (left == -1 || asks_memory != of_memory)
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
	return fails(false) ? -1 : open(path, flags, mode);
}

static int
fail_fstat(int fd, struct stat *st)
{
	return fails(false) ? -1 : fstat(fd, st);
}

static int
fail_truncate(int fd, off_t size)
{
	return fails(false) ? -1 : ftruncate(fd, size);
}

static ssize_t
fail_pread(int fd, void *p, size_t n, off_t at)
{
	return fails(false) ? -1 : pread(fd, p, n, at);
}

static ssize_t
fail_pwrite(int fd, const void *p, size_t n, off_t at)
{
	return fails(false) ? -1 : pwrite(fd, p, n, at);
}

static void *
fail_malloc(int n)
{
	return fails(true) ? NULL : memory.xMalloc(n);
}

static void *
fail_realloc(void *p, int n)
{
	return fails(true) ? NULL : memory.xRealloc(p, n);
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

static int
set_up(void **state)
{
	(void)state;
	if (memory.xMalloc == NULL)
		arm();
	/* in memory, if that is possible: there are thousands of commits */
	strcpy(dir, "/dev/shm/smtpulse-test-XXXXXX");
	if (mkdtemp(dir) == NULL) {
		strcpy(dir, "/tmp/smtpulse-test-XXXXXX");
		assert_non_null(mkdtemp(dir));
	}
	return chdir(dir);
}

static int
tear_down(void **state)
{
	char	command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

/* All kinds of rows say the same number. */
static bool
save(struct state *s, uint8_t number)
{
	struct state_file	f = { .id = 1, .source = "mail", .path = "/log",
				    .cursor = "", .size = number };
	struct region		r;
	bool			ok;
	char			labels[16];

	assert_int_equal(region_init(&r, "page", 1, REGION_PAGE), 0);
	r.base[0] = number;
	region_touch(&r, r.base, 1);
	snprintf(labels, sizeof(labels), "%d", number);
	state_begin(s);
	state_counter(s, "number", labels, number);
	state_region(s, &r);
	state_file(s, &f);
	state_drop_file(s, 2);
	state_note(s, "kind", "id", (struct view){ labels, 1 });
	state_note(s, "kind", "other", VIEW(""));
	state_drop_note(s, "kind", "other");
	state_drop_notes(s, "none");
	ok = state_commit(s) == 0;
	region_fini(&r);
	return ok;
}

static void
one_counter(void *arg, const char *family, const char *labels, uint64_t value)
{
	(void)family;
	(void)labels;
	*(uint8_t *)arg = (uint8_t)value;
}

static void
one_note(void *arg, const char *id, struct view body)
{
	(void)id;
	if (body.n == 1)
		*(uint8_t *)arg = (uint8_t)(body.p[0] - '0');
}

static void
one_file(void *arg, const struct state_file *f)
{
	*(uint8_t *)arg = (uint8_t)f->size;
}

static void
one_region(void *arg, const char *name, uint32_t version, uint64_t bytes,
    uint64_t pages)
{
	(void)name;
	(void)version;
	*(bool *)arg = bytes == REGION_PAGE && pages == 1;
}

/* The number that all rows say; -1 when one cannot be read. */
static int
read_all(struct state *s)
{
	struct region	r;
	uint8_t		counter = 0, note = 0, file = 0;
	int		number = -1;

	assert_int_equal(region_init(&r, "page", 1, REGION_PAGE), 0);
	if (state_each_counter(s, one_counter, &counter) == 0 &&
	    state_each_note(s, "kind", one_note, &note) == 0 &&
	    state_each_file(s, one_file, &file) == 0 &&
	    state_load_region(s, &r) == 1) {
		number = counter;
		assert_int_equal(note, number);
		assert_int_equal(file, number);
		assert_int_equal(r.base[0], number);
	}
	region_fini(&r);
	return number;
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
start_from_one(void)
{
	struct state_opening	 how;
	struct state		*s;

	assert_int_equal(system("rm -rf sub"), 0);
	if (state_open(&s, STATE, &how) != STATE_OK)
		fail_msg("%s", how.error);
	assert_true(save(s, 1));
	state_close(s);
	assert_int_equal(rename(STATE, "good"), 0);
}

/* The state and what SQLite keeps beside it. */
static void
remove_files(void)
{
	unlink(STATE);
	unlink(STATE "-wal");
	unlink(STATE "-shm");
}

static void
put_good(void)
{
	static char	 bytes[1 << 20];
	FILE		*f = fopen("good", "r");
	size_t		 n = fread(bytes, 1, sizeof(bytes), f);

	fclose(f);
	assert_in_range(n, 1, sizeof(bytes) - 1);
	remove_files();
	f = fopen(STATE, "w");
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	fclose(f);
	assert_int_equal(chmod(STATE, 0600), 0);
}

static void
sweep(bool (*scenario)(void))
{
	int	at, mode;

	start_from_one();
	for (mode = 0; mode < 4; mode++) {
		of_memory = mode / 2;
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
		assert_true(at > 3);
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
	for (mode = 0; mode < 4; mode++) {
		of_memory = mode / 2;
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

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
