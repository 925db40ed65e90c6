#include "sources_scene.h"

static void
test_grow(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n3 ");
	follow(s, "mail.log");
	want(s, "1 a|2 b|");
	want(s, "");
	append("mail.log", "c\n");
	want(s, "3 c|");
	assert_int_equal(s->sources->source[0].bytes, 12);
	assert_true(s->sources->source[0].up);
}

static void
test_appears_later(void **state)
{
	struct scene	*s = *state;

	follow(s, "a/b/mail.log");
	want(s, "");
	assert_false(s->sources->source[0].up);
	mkdir("a", 0700);
	mkdir("a/b", 0700);
	append("a/b/mail.log", "1 a\n");
	want(s, "1 a|");
}

/* The writer keeps the old file for a while after the rotation. */
static void
test_rename_create(void **state)
{
	struct scene	*s = *state;
	FILE		*writer;

	append("mail.log", "1 a\n");
	writer = fopen("mail.log", "a");
	follow(s, "mail.log");
	drain(s);
	rename("mail.log", "mail.log.1");
	append("mail.log", "");
	drain(s);
	fputs("2 b\n", writer);
	fflush(writer);
	append("mail.log", "3 c\n");
	drain(s);
	s->now.mono_ms += 45000;
	fputs("4 late\n", writer);
	fclose(writer);
	append("mail.log", "5 d\n");
	want(s, "1 a|2 b|3 c|4 late|5 d|");
	assert_int_equal(s->sources->source[0].rotations, 1);
	assert_int_equal(s->sources->source[0].files, 2);
}

/* Two rotations between two looks, the older file compressed. */
static void
test_rotated_twice(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n");
	follow(s, "mail.log");
	drain(s);
	append("mail.log", "2 b\n");
	assert_int_equal(system("mv mail.log mail.log.3; sleep .02; "
	    "echo 3 c > mail.log; mv mail.log mail.log.2; gzip mail.log.2; "
	    "gzip mail.log.3; sleep .02; echo 4 d > mail.log; "
	    "mv mail.log mail.log.1; sleep .02; echo 5 e > mail.log"), 0);
	want(s, "1 a|2 b|3 c|4 d|5 e|");
	want(s, "");
	assert_int_equal(s->sources->source[0].rotations, 3);
}

/* A deleted file stays until it is read and quiet for a minute. */
static void
test_deleted(void **state)
{
	struct scene	*s = *state;
	FILE		*writer;

	append("mail.log", "1 a\n");
	writer = fopen("mail.log", "a");
	follow(s, "mail.log");
	drain(s);
	unlink("mail.log");
	fputs("2 b\n3 half", writer);
	fflush(writer);
	drain(s);
	s->now.mono_ms += 61000;
	drain(s);
	want(s, "1 a|2 b|3 half|");
	assert_int_equal(s->sources->source[0].files, 0);
	append("mail.log", "4 c\n");
	want(s, "4 c|");
	fclose(writer);
}

static void
test_truncated(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n3 c\n");
	follow(s, "mail.log");
	want(s, "1 a|2 b|3 c|");
	assert_int_equal(truncate("mail.log", 0), 0);
	append("mail.log", "4 d\n");
	want(s, "4 d|");
	assert_int_equal(s->sources->source[0].gap[GAP_TRUNCATED], 1);
}

/* A writer that does not append leaves a hole where the old text was. */
static void
test_hole(void **state)
{
	struct scene	*s = *state;
	int		 fd;

	append("mail.log", "1 a\n");
	follow(s, "mail.log");
	want(s, "1 a|");
	fd = open("mail.log", O_WRONLY);
	assert_int_equal(pwrite(fd, "2 b\n", 4, (off_t)10 << 30), 4);
	close(fd);
	want(s, "2 b|");
}

static void
test_merged_by_time(void **state)
{
	struct scene	*s = *state;

	append("one.log", "1 a\n4 d\n5 e\n");
	append("two.log", "2 b\n3 c\n6 f\n");
	follow(s, "*.log");
	drain(s);
	/* the first line of each is read before its time is known */
	assert_true(strcmp(s->got, "1 a|2 b|4 d|3 c|6 f|5 e|") == 0 ||
	    strcmp(s->got, "2 b|1 a|4 d|3 c|5 e|6 f|") == 0 ||
	    strcmp(s->got, "1 a|2 b|4 d|3 c|5 e|6 f|") == 0 ||
	    strcmp(s->got, "2 b|1 a|4 d|3 c|6 f|5 e|") == 0);
}

static void
test_same_file_twice(void **state)
{
	struct scene	*s = *state;

	s->config.source_count = 2;
	append("one.log", "1 a\n");
	assert_int_equal(link("one.log", "two.log"), 0);
	assert_int_equal(symlink("one.log", "three.log"), 0);
	snprintf(s->pattern[1], sizeof(s->pattern[1]), "%s/t*", s->dir);
	follow(s, "*.log");
	want(s, "1 a|");
}

static void
test_symlink_switch(void **state)
{
	struct scene	*s = *state;

	append("day1", "1 a\n");
	assert_int_equal(symlink("day1", "now"), 0);
	follow(s, "now");
	want(s, "1 a|");
	append("day1", "2 b\n");
	append("day2", "3 c\n");
	assert_int_equal(symlink("day2", "new"), 0);
	rename("new", "now");
	want(s, "2 b|3 c|");
	append("day2", "4 d\n");
	want(s, "4 d|");
}

static void
test_not_regular(void **state)
{
	struct scene	*s = *state;

	assert_int_equal(mkfifo("mail.log", 0600), 0);
	follow(s, "mail.log");
	want(s, "");
	assert_false(s->sources->source[0].up);
	unlink("mail.log");
	mkdir("mail.log", 0700);
	want(s, "");
	rmdir("mail.log");
	append("mail.log", "1 a\n");
	want(s, "1 a|");
}

static void
test_start_at_end(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b");
	s->from[0].start = START_END;
	follow(s, "mail.log");
	want(s, "");
	append("mail.log", "\n3 c\n");
	want(s, "3 c|");
	rename("mail.log", "mail.log.1");
	append("mail.log", "4 d\n");
	want(s, "4 d|");
}

/* More files than buffers, each with half a line at the end. */
static void
test_many_files(void **state)
{
	struct scene	*s = *state;
	char		 name[32];
	int		 i, turn;

	for (turn = 0; turn < 3; turn++) {
		for (i = 0; i < 100; i++) {
			snprintf(name, sizeof(name), "%d.log", i);
			append(name, turn == 0 ? "1 a\n2 b\n3 " :
			    "c\n4 d\n5 ");
		}
		if (turn == 0)
			follow(s, "*.log");
		drain(s);
		assert_int_equal(strlen(s->got), 100 * 2 * 4);
		s->got[0] = '\0';
	}
	/* the half lines */
	assert_int_equal(s->sources->source[0].lag_bytes, 200);
}

static void
test_given_paths(void **state)
{
	struct scene		*s = *state;
	struct config_source	 as = { .name = at("replay") };
	char			*path[] = { at("two"), at("one.gz"), at("3") };
	const char		*failed;

	append("two", "9 x\n8 half");
	append("one", "1 a\n2 b\n");
	append("3", "3 c\n");
	assert_int_equal(system("gzip one"), 0);
	assert_int_equal(sources_open_paths(&s->sources, &as, path, 3,
	    &failed), 0);
	want(s, "9 x|8 half|1 a|2 b|3 c|");
	path[1] = at("missing");
	sources_close(s->sources);
	assert_int_equal(sources_open_paths(&s->sources, &as, path, 3,
	    &failed), -1);
	assert_string_equal(failed, "missing");
	s->sources = NULL;
}

static void
add_dir(void *arg, const char *dir, bool last)
{
	struct scene	*s = arg;
	size_t		 n = strlen(s->dir);

	if (strncmp(dir, s->dir, n) == 0)
		sprintf(s->got + strlen(s->got), "%s%s ", dir + n,
		    last ? "!" : "");
}

/* Each directory on the way; the same way is told once. */
static void
test_directories(void **state)
{
	static const struct { const char *path[2], *want; } cases[] = {
		{ { "a/x.log", "a/y.log" }, "/ /a/! " },
		{ { "a/x.log", "x.log" }, "/ /a/! /! " },
		{ { "x.log", "a/x.log" }, "/! / /a/! " },
		{ { "a/x.log", "b/x.log" }, "/ /a/! / /b/! " },
		{ { "[a]/x.log", "[a]/y.log" }, "/ /a/! " },
		{ { "a/x.log", "none/x.log" }, "/ /a/! / " },
	};
	struct scene	*s = *state;
	size_t		 i, k;

	mkdir("a", 0700);
	mkdir("b", 0700);
	s->config.source_count = 2;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (k = 0; k < 2; k++)
			snprintf(s->pattern[k], sizeof(s->pattern[k]), "%s/%s",
			    s->dir, cases[i].path[k]);
		sources_close(s->sources);
		assert_int_equal(sources_open(&s->sources, &s->config, true),
		    0);
		s->got[0] = '\0';
		sources_directories(s->sources, add_dir, s);
		assert_string_equal(s->got, cases[i].want);
	}
}

static void
test_damaged_gz(void **state)
{
	struct scene		*s = *state;
	struct config_source	 as = { .name = at("replay") };
	char			*path[] = { at("one.gz"), at("two") };
	const char		*failed;
	int			 fd;

	append("one", "1 a\n2 b\n");
	append("two", "3 c\n");
	assert_int_equal(system("gzip one"), 0);
	fd = open("one.gz", O_WRONLY);
	assert_int_equal(ftruncate(fd, lseek(fd, 0, SEEK_END) - 4), 0);
	close(fd);
	assert_int_equal(sources_open_paths(&s->sources, &as, path, 2,
	    &failed), 0);
	want(s, "1 a|2 b|3 c|");
	assert_int_equal(s->sources->source[0].gap[GAP_DAMAGED], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(test_grow),
		SCENE(test_appears_later),
		SCENE(test_rename_create),
		SCENE(test_rotated_twice),
		SCENE(test_deleted),
		SCENE(test_truncated),
		SCENE(test_hole),
		SCENE(test_merged_by_time),
		SCENE(test_same_file_twice),
		SCENE(test_symlink_switch),
		SCENE(test_not_regular),
		SCENE(test_start_at_end),
		SCENE(test_many_files),
		SCENE(test_given_paths),
		SCENE(test_directories),
		SCENE(test_damaged_gz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
