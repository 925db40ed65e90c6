#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "state_file.h"
#include "state_note.h"
#include "state_read.h"

static char	dir[64];

static int
set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/smtpulse-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
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

static struct state *
opened(struct state_opening *how)
{
	struct state	*s;

	if (state_open(&s, "sub/state.db", how) != STATE_OK)
		fail_msg("%s", how->error);
	return s;
}

static void
one_counter(void *arg, const char *family, const char *labels, uint64_t value)
{
	char	*out = arg;

	sprintf(out + strlen(out), "%s{%s}=%" PRIu64 "\n", family, labels,
	    value);
}

static void
want_counters(struct state *s, const char *want)
{
	char	got[1024] = "";

	assert_int_equal(state_each_counter(s, one_counter, got), 0);
	assert_int_equal(strlen(got), strlen(want));
	/* in no order */
	for (; *want != '\0'; want = strchr(want, '\n') + 1) {
		char	*line = strndup(want, (size_t)(strchr(want, '\n') -
			    want) + 1);

		if (strstr(got, line) == NULL)
			fail_msg("no %s in %s", line, got);
		free(line);
	}
}

static void
test_counters(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);
	struct stat		 st;
	uint8_t			 key[16];

	(void)state;
	assert_true(how.fresh);
	assert_int_equal(state_begin(s), 0);
	state_counter(s, "a", "x", 1);
	state_counter(s, "a", "y", 2);
	state_counter(s, "b", "", UINT64_MAX);
	assert_int_equal(state_commit(s), 0);
	/* not named: gone; a change: kept */
	assert_int_equal(state_begin(s), 0);
	state_counter(s, "a", "y", 3);
	state_counter(s, "b", "", UINT64_MAX);
	assert_int_equal(state_commit(s), 0);
	/* not committed: as if it never was */
	assert_int_equal(state_begin(s), 0);
	state_counter(s, "a", "y", 99);
	memcpy(key, state_key(s), sizeof(key));
	state_close(s);
	s = opened(&how);
	assert_false(how.fresh);
	assert_memory_equal(key, state_key(s), sizeof(key));
	want_counters(s, "a{y}=3\nb{}=18446744073709551615\n");
	/* what an earlier life named must go too */
	assert_int_equal(state_begin(s), 0);
	state_counter(s, "c", "", 1);
	assert_int_equal(state_commit(s), 0);
	want_counters(s, "c{}=1\n");
	state_close(s);
	assert_int_equal(stat("sub/state.db", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
test_regions(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);
	struct region		 r, q;

	(void)state;
	region_init(&r, "r", 1, 5 * REGION_PAGE);
	memset(r.base, 'a', 100);
	region_touch(&r, r.base, 100);
	memset(r.base + 4 * REGION_PAGE, 'b', REGION_PAGE);
	region_touch(&r, r.base + 4 * REGION_PAGE, REGION_PAGE);
	assert_int_equal(state_begin(s), 0);
	state_region(s, &r);
	assert_int_equal(state_commit(s), 0);
	assert_int_equal(r.dirty[0] + r.dirty[4], 0);
	state_close(s);
	s = opened(&how);
	region_init(&q, "r", 1, 5 * REGION_PAGE);
	assert_int_equal(state_load_region(s, &q), 1);
	assert_memory_equal(q.base, r.base, r.size);
	region_fini(&q);
	region_init(&q, "r", 2, 5 * REGION_PAGE);
	assert_int_equal(state_load_region(s, &q), 0);
	/* a new layout replaces the old one */
	region_touch(&q, q.base, 1);
	assert_int_equal(state_begin(s), 0);
	state_region(s, &q);
	assert_int_equal(state_commit(s), 0);
	assert_int_equal(state_load_region(s, &r), 0);
	assert_int_equal(state_load_region(s, &q), 1);
	region_fini(&q);
	region_fini(&r);
	state_close(s);
}

static void
one_file(void *arg, const struct state_file *f)
{
	char	*out = arg;

	sprintf(out + strlen(out), "%" PRIu64 " %s %s %" PRId64 " %d%d|",
	    f->id, f->source, f->path, f->marker.offset, f->skip,
	    f->identity.handle_len);
}

static void
one_note(void *arg, const char *id, struct view body)
{
	char	*out = arg;

	sprintf(out + strlen(out), "%s=%.*s|", id, (int)body.n, body.p);
}

static void
test_files_and_notes(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);
	struct state_file	 f = { .id = 7, .source = "mail",
				    .path = "/a b", .cursor = "",
				    .marker.offset = 1234, .skip = true,
				    .identity.handle_len = 5 };
	char			 got[256] = "";

	(void)state;
	assert_int_equal(state_begin(s), 0);
	state_file(s, &f);
	f.id = 3;
	state_file(s, &f);
	state_note(s, "alert", "b", VIEW("two"));
	state_note(s, "alert", "a", VIEW("one"));
	state_note(s, "alert", "c", VIEW(""));
	state_note(s, "other", "a", VIEW("three"));
	state_drop_note(s, "alert", "b");
	assert_int_equal(state_commit(s), 0);
	state_close(s);
	s = opened(&how);
	assert_int_equal(state_each_file(s, one_file, got), 0);
	assert_string_equal(got, "3 mail /a b 1234 15|7 mail /a b 1234 15|");
	got[0] = '\0';
	assert_int_equal(state_each_note(s, "alert", one_note, got), 0);
	assert_string_equal(got, "a=one|c=|");
	state_close(s);
}

static void
test_second_instance(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how), *t;

	(void)state;
	assert_int_equal(state_open(&t, "sub/state.db", &how), STATE_BUSY);
	assert_int_equal(how.holder, getpid());
	state_close(s);
	s = opened(&how);
	state_close(s);
}

static void
test_newer(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);

	(void)state;
	state_close(s);
	assert_int_equal(system("/usr/bin/python3 -c 'import sqlite3; c = "
	    "sqlite3.connect(\"sub/state.db\"); "
	    "c.execute(\"PRAGMA user_version = 2\")'"), 0);
	assert_int_equal(state_open(&s, "sub/state.db", &how), STATE_NEWER);
}

/* What others may have written is not believed. */
static void
test_open_to_others(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);

	(void)state;
	state_close(s);
	assert_int_equal(chmod("sub/state.db", 0620), 0);
	assert_int_equal(state_open(&s, "sub/state.db", &how), STATE_FAILED);
	assert_non_null(strstr(how.error, "others may write to it"));
	assert_int_equal(chmod("sub/state.db", 0600), 0);
	assert_int_equal(chmod("sub", 0777), 0);
	assert_int_equal(state_open(&s, "sub/state.db", &how), STATE_FAILED);
	assert_non_null(strstr(how.error, "anybody may replace it"));
	assert_int_equal(chmod("sub", 01777), 0);
	state_close(opened(&how));
	assert_int_equal(chmod("sub", 0700), 0);
	state_close(opened(&how));
}

static void
test_removed(void **state)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);

	(void)state;
	unlink("sub/state.db");
	assert_int_equal(state_begin(s), -1);
	state_counter(s, "a", "", 1);
	assert_int_equal(state_commit(s), -1);
	state_close(s);
}

static size_t
read_file(const char *name, unsigned char *buf, size_t size)
{
	int	fd = open(name, O_RDONLY);
	ssize_t	n = read(fd, buf, size);

	assert_true(n > 0);
	close(fd);
	return (size_t)n;
}

static void
write_file(const char *name, const unsigned char *buf, size_t n)
{
	int	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, buf, n), n);
	close(fd);
}

static void
sample(void)
{
	struct state_opening	 how;
	struct state		*s = opened(&how);
	struct state_file	 f = { .id = 7, .source = "mail",
				    .path = "/a b", .cursor = "",
				    .marker.offset = 1234 };
	struct region		 r;
	size_t			 i;

	region_init(&r, "r", 1, 2 * REGION_PAGE);
	for (i = 0; i < r.size; i++)
		r.base[i] = (unsigned char)(i * i >> 3);
	region_touch(&r, r.base, r.size);
	assert_int_equal(state_begin(s), 0);
	state_region(s, &r);
	state_counter(s, "a", "x", 1);
	state_counter(s, "b", "y", 2);
	state_file(s, &f);
	state_note(s, "alert", "a", VIEW("one"));
	assert_int_equal(state_commit(s), 0);
	region_fini(&r);
	state_close(s);
}

/*
 * Open what a file has become: fine with the same content, or put aside and
 * begun anew. Anything else fails the test.
 */
static void
must_cope(const char *what, size_t at)
{
	struct state_opening	 how;
	struct state		*s;
	struct region		 r;
	char			 got[256] = "";

	if (state_open(&s, "sub/state.db", &how) != STATE_OK)
		fail_msg("%s at %zu: %s", what, at, how.error);
	if (!how.fresh) {
		region_init(&r, "r", 1, 2 * REGION_PAGE);
		state_each_counter(s, one_counter, got);
		state_each_file(s, one_file, got);
		state_each_note(s, "alert", one_note, got);
		if (strstr(got, "a{x}=1\n") == NULL ||
		    strstr(got, "b{y}=2\n") == NULL ||
		    strstr(got, "7 mail /a b 1234 00|a=one|") == NULL)
			fail_msg("%s at %zu: not noticed: %s", what, at, got);
		if (state_load_region(s, &r) != 1)
			fail_msg("%s at %zu: region", what, at);
		for (size_t i = 0; i < r.size; i++)
			if (r.base[i] != (unsigned char)(i * i >> 3))
				fail_msg("%s at %zu: byte %zu", what, at, i);
		region_fini(&r);
	}
	state_close(s);
	if (how.damaged)
		assert_int_equal(system("rm sub/*damaged*"), 0);
}

static void
test_damage(void **state)
{
	static unsigned char	good[256 * 1024], bad[256 * 1024];
	size_t			at, n;
	const char		*full = getenv("SMTPULSE_SOAK");
	size_t			step = full != NULL ? 1 : 997;

	(void)state;
	sample();
	n = read_file("sub/state.db", good, sizeof(good));
	for (at = 0; at < n; at += step) {
		memcpy(bad, good, n);
		bad[at] ^= (unsigned char)(1 << at % 8);
		/* a version above ours is refused, and rightly */
		if (at >= 60 && at < 64)
			continue;
		write_file("sub/state.db", bad, n);
		must_cope("flipped", at);
	}
	for (at = 0; at < n; at += step * 8) {
		write_file("sub/state.db", good, at);
		must_cope("cut", at);
		memcpy(bad, good, n);
		memset(bad + at, 0, n - at < 4096 ? n - at : 4096);
		write_file("sub/state.db", bad, n);
		must_cope("zeroed", at);
	}
}

/* Killed in the middle of commits: the last whole one counts. */
static void
test_killed(void **state)
{
	struct state_opening	 how;
	struct state		*s;
	char			 got[256];
	uint64_t		 a, b;
	int			 round, status;
	pid_t			 pid;

	(void)state;
	for (round = 0; round < 20; round++) {
		pid = fork();
		if (pid == 0) {
			s = opened(&how);
			for (uint64_t i = (uint64_t)round * 1000000;; i++) {
				state_begin(s);
				state_counter(s, "a", "", i);
				state_counter(s, "b", "", i);
				state_commit(s);
			}
		}
		usleep((useconds_t)(1000 + round * 2500));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		s = opened(&how);
		assert_false(how.damaged);
		got[0] = '\0';
		state_each_counter(s, one_counter, got);
		if (got[0] != '\0') {
			assert_int_equal(sscanf(strstr(got, "a{}="),
			    "a{}=%" SCNu64, &a), 1);
			assert_int_equal(sscanf(strstr(got, "b{}="),
			    "b{}=%" SCNu64, &b), 1);
			assert_true(a == b);
		}
		state_close(s);
	}
}

static void
change(const char *sql)
{
	sqlite3	*db;

	assert_int_equal(sqlite3_open("sub/state.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Everything through a reader: -1, or what the region's reading gave. */
static int
read_all(char got[256], char error[STATE_ERROR])
{
	struct state_reader	reader;
	struct region		r;
	int			rc;

	got[0] = '\0';
	region_init(&r, "r", 1, 2 * REGION_PAGE);
	rc = state_reader_open(&reader, "sub/state.db");
	if (rc == 0)
		rc = state_read_region(&reader, &r);
	if (rc != -1 && state_read_counters(&reader, one_counter, got) == -1)
		rc = -1;
	if (rc != -1)
		assert_true(state_read_created(&reader) > 0);
	if (rc == 1)
		assert_int_equal(r.base[200], (200 * 200 >> 3) & 0xff);
	snprintf(error, STATE_ERROR, "%s", reader.error);
	state_reader_close(&reader);
	region_fini(&r);
	return rc;
}

/* A look beside the agent, which goes on; and what it does not believe. */
static void
test_reader(void **state)
{
	static const struct {
		const char	*sql, *error;
	} damages[] = {
		{ "UPDATE counters SET value = value + 1",
		    "a counter is damaged" },
		{ "UPDATE counters SET family = NULL",
		    "a counter is damaged" },
		{ "UPDATE pages SET data = zeroblob(16384)",
		    "a page is damaged" },
		{ "UPDATE pages SET data = x'00'", "a page is damaged" },
		{ "UPDATE pages SET id = id + 5", "a page is damaged" },
		{ "DROP TABLE counters", "no such table" },
		{ "DROP TABLE pages", "no such table" },
	};
	struct state_opening	 how;
	struct state		*s;
	char			 got[256], error[STATE_ERROR];
	size_t			 i;

	(void)state;
	assert_int_equal(read_all(got, error), -1);
	assert_non_null(strstr(error, "sub/state.db: "));
	sample();
	s = opened(&how);
	assert_int_equal(state_begin(s), 0);
	state_counter(s, "a", "x", 77);
	assert_int_equal(read_all(got, error), 1);
	assert_non_null(strstr(got, "a{x}=1\n"));
	assert_non_null(strstr(got, "b{y}=2\n"));
	assert_int_equal(state_commit(s), 0);
	assert_int_equal(read_all(got, error), 1);
	assert_string_equal(got, "a{x}=77\n");
	state_close(s);
	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		unlink("sub/state.db");
		sample();
		change(damages[i].sql);
		if (read_all(got, error) != -1 ||
		    strstr(error, damages[i].error) == NULL)
			fail_msg("%s: %s", damages[i].sql, error);
	}
	unlink("sub/state.db");
	sample();
	change("DELETE FROM pages");
	assert_int_equal(read_all(got, error), 0);
	change("DELETE FROM regions");
	assert_int_equal(read_all(got, error), 0);
}

static void
test_notes_read_and_erased(void **state)
{
	struct state_opening	 how;
	struct state		*s;
	char			 got[256] = "", error[STATE_ERROR];

	(void)state;
	assert_int_equal(state_read_notes("sub/state.db", "alert", one_note,
	    got, error), -1);
	sample();
	s = opened(&how);
	assert_int_equal(state_begin(s), 0);
	state_note(s, "alert", "B", VIEW_NONE);
	state_note(s, "other", "b", VIEW("kept"));
	assert_int_equal(state_commit(s), 0);
	assert_int_equal(state_read_notes("sub/state.db", "alert", one_note,
	    got, error), 0);
	assert_string_equal(got, "B=|a=one|");
	assert_int_equal(state_erase_note(s, "alert", "A"), 1);
	assert_int_equal(state_erase_note(s, "alert", "A"), 0);
	got[0] = '\0';
	assert_int_equal(state_each_note(s, "alert", one_note, got), 0);
	assert_string_equal(got, "B=|");
	assert_int_equal(state_begin(s), 0);
	state_drop_notes(s, "alert");
	assert_int_equal(state_commit(s), 0);
	got[0] = '\0';
	assert_int_equal(state_each_note(s, "alert", one_note, got), 0);
	assert_string_equal(got, "");
	assert_int_equal(state_each_note(s, "other", one_note, got), 0);
	assert_string_equal(got, "b=kept|");
	state_close(s);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(test_counters),
		SCENE(test_regions),
		SCENE(test_files_and_notes),
		SCENE(test_second_instance),
		SCENE(test_newer),
		SCENE(test_open_to_others),
		SCENE(test_removed),
		SCENE(test_damage),
		SCENE(test_killed),
		SCENE(test_reader),
		SCENE(test_notes_read_and_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
