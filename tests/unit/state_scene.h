/*
 * A directory of its own with a state in it, in which rows of all kinds say
 * the same number.
 */
#ifndef STATE_SCENE_H
#define STATE_SCENE_H

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

#define STATE "sub/state.db"
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static char	dir[64];

__attribute__((unused)) static int
set_up(void **state)
{
	(void)state;
	/* in memory, if that is possible: there are thousands of commits */
	strcpy(dir, "/dev/shm/smtpulse-test-XXXXXX");
	if (mkdtemp(dir) == NULL) {
		strcpy(dir, "/tmp/smtpulse-test-XXXXXX");
		assert_non_null(mkdtemp(dir));
	}
	return chdir(dir);
}

__attribute__((unused)) static int
tear_down(void **state)
{
	char	command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

/* All kinds of rows say the same number. */
__attribute__((unused)) static bool
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

__attribute__((unused)) static void
one_counter(void *arg, const char *family, const char *labels, uint64_t value)
{
	(void)family;
	(void)labels;
	*(uint8_t *)arg = (uint8_t)value;
}

__attribute__((unused)) static void
one_note(void *arg, const char *id, struct view body)
{
	(void)id;
	if (body.n == 1)
		*(uint8_t *)arg = (uint8_t)(body.p[0] - '0');
}

__attribute__((unused)) static void
one_file(void *arg, const struct state_file *f)
{
	*(uint8_t *)arg = (uint8_t)f->size;
}

__attribute__((unused)) static void
one_region(void *arg, const char *name, uint32_t version, uint64_t bytes,
    uint64_t pages)
{
	(void)name;
	(void)version;
	*(bool *)arg = bytes == REGION_PAGE && pages == 1;
}

/* The number that all rows say; -1 when one cannot be read. */
__attribute__((unused)) static int
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

__attribute__((unused)) static void
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
__attribute__((unused)) static void
remove_files(void)
{
	unlink(STATE);
	unlink(STATE "-wal");
	unlink(STATE "-shm");
}

__attribute__((unused)) static void
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

/* SQL on the file, as anybody may do it. */
__attribute__((unused)) static void
change(const char *sql)
{
	sqlite3	*db;

	assert_int_equal(sqlite3_open(STATE, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

#endif
