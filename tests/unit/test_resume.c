/* What the next life of the agent makes of what happened to its files. */
#include "sources_scene.h"

static void
first_life(struct scene *s, const char *pattern)
{
	snprintf(s->pattern[0], sizeof(s->pattern[0]), "%s/%s", s->dir,
	    pattern);
	mkdir("state", 0700);
	begin_life(s);
}

static uint64_t
gaps(const struct scene *s)
{
	uint64_t	n = 0;

	for (size_t i = 0; i < GAP_COUNT; i++)
		n += s->sources->source[0].gap[i];
	return n;
}

/* Later than all that was written so far, as far as mtime can tell. */
static void
later(void)
{
	usleep(12000);
}

static void
shell(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static void
test_in_place(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n3 ha");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	commit(s);
	append("mail.log", "lf\n4 d\n");
	want(s, "3 half|4 d|");
	/* what was read after the commit is read again */
	end_life(s);
	append("mail.log", "5 e\n");
	begin_life(s);
	want(s, "3 half|4 d|5 e|");
	commit(s);
	assert_int_equal(gaps(s), 0);
	assert_int_equal(s->sources->source[0].bytes, 23);
}

static void
test_rotated_once(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	commit(s);
	end_life(s);
	append("mail.log", "3 c\n");
	rename("mail.log", "mail.log.1");
	later();
	append("mail.log", "4 d\n");
	begin_life(s);
	want(s, "3 c|4 d|");
	commit(s);
	end_life(s);
	begin_life(s);
	want(s, "");
	append("mail.log", "5 e\n");
	want(s, "5 e|");
	assert_int_equal(gaps(s), 0);
}

/* Many rotations while down, the older ones compressed. */
static void
test_rotated_often(void **state)
{
	struct scene	*s = *state;
	char		 line[32];
	int		 i;

	append("mail.log.1", "0 before us\n");
	later();
	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	commit(s);
	end_life(s);
	for (i = 3; i < 9; i++) {
		snprintf(line, sizeof(line), "%d x\n", i);
		append("mail.log", line);
		shell("for n in 8 7 6 5 4 3 2 1; do "
		    "[ ! -e mail.log.$n.gz ] || "
		    "mv mail.log.$n.gz mail.log.$((n + 1)).gz; done; "
		    "[ ! -e mail.log.1 ] || { mv mail.log.1 mail.log.2 && "
		    "gzip mail.log.2; }; mv mail.log mail.log.1");
		later();
	}
	append("mail.log", "9 y\n");
	begin_life(s);
	want(s, "3 x|4 x|5 x|6 x|7 x|8 x|9 y|");
	commit(s);
	end_life(s);
	begin_life(s);
	want(s, "");
	assert_int_equal(gaps(s), 0);
}

/* Whoever wrote the half line has a minute to go on, also after a restart. */
static void
test_half_line_rotated(void **state)
{
	struct scene	*s = *state;

	s->now.mono_ms = 3600 * 1000;
	append("mail.log", "1 a\n2 half");
	first_life(s, "mail.log");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	rename("mail.log", "mail.log.5");
	later();
	append("mail.log.4", "4 d\n");
	later();
	append("mail.log.3", "5 e\n");
	later();
	append("mail.log.2", "6 f\n");
	later();
	append("mail.log.1", "7 g\n");
	later();
	append("mail.log", "8 h\n");
	begin_life(s);
	want(s, "4 d|5 e|6 f|7 g|8 h|");
	append("mail.log.5", " is whole\n");
	want(s, "2 half is whole|");
	assert_int_equal(gaps(s), 0);
}

static void
test_dateext(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n");
	first_life(s, "mail.log");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	rename("mail.log", "mail.log-20260102");
	later();
	append("mail.log", "2 b\n");
	rename("mail.log", "mail.log-20260103");
	later();
	append("mail.log", "3 c\n");
	shell("gzip mail.log-20260102; mkdir old; "
	    "mv mail.log-20260103 old/");
	s->from[0].olddir = at("old");
	begin_life(s);
	want(s, "2 b|3 c|");
	assert_int_equal(gaps(s), 0);
}

/* gzip was at work when we started. */
static void
test_unfinished_gz(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n");
	first_life(s, "mail.log*");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	append("mail.log", "2 b\n");
	rename("mail.log", "mail.log.1");
	later();
	append("mail.log", "3 c\n");
	shell("gzip -c mail.log.1 | head -c 20 > mail.log.1.gz");
	begin_life(s);
	want(s, "2 b|3 c|");
	shell("gzip -f mail.log.1");
	want(s, "");
	commit(s);
	end_life(s);
	begin_life(s);
	want(s, "");
	append("mail.log", "4 d\n");
	want(s, "4 d|");
	assert_int_equal(gaps(s), 0);
}

static void
test_copytruncate_down(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	commit(s);
	end_life(s);
	append("mail.log", "3 c\n");
	shell("cp mail.log mail.log.1; : > mail.log");
	/* regrown to exactly where we stood */
	append("mail.log", "4 d\n5 e\n");
	begin_life(s);
	want(s, "3 c|4 d|5 e|");
	assert_int_equal(gaps(s), 1);
}

static void
test_copytruncate_live(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	append("mail.log", "3 c\n");
	shell("cp mail.log mail.log.1; : > mail.log");
	append("mail.log", "4 d\n");
	want(s, "3 c|4 d|");
	/* and past our place before we look */
	append("mail.log", "5 e\n");
	shell("mv mail.log.1 mail.log.2; cp mail.log mail.log.1; "
	    ": > mail.log");
	append("mail.log", "6 f\n7 g\n8 h\n");
	want(s, "5 e|6 f|7 g|8 h|");
	assert_int_equal(gaps(s), 2);
	commit(s);
	end_life(s);
	begin_life(s);
	want(s, "");
}

/* The copy is itself one of the files that the pattern leads to. */
static void
test_copytruncate_glob(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log*");
	want(s, "1 a|2 b|");
	append("mail.log", "3 c\n");
	shell("cp mail.log mail.log.1");
	want(s, "3 c|");
	append("mail.log", "4 d\n");
	shell("cp mail.log mail.log.1; : > mail.log");
	append("mail.log", "5 e\n");
	drain(s);
	commit(s);
	end_life(s);
	begin_life(s);
	drain(s);
	shell("gzip mail.log.1");
	want(s, "4 d|5 e|");
}

static void
test_inode_reused(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	commit(s);
	end_life(s);
	unlink("mail.log");
	append("mail.log", "3 c\n4 d\n5 e\n");
	begin_life(s);
	want(s, "3 c|4 d|5 e|");
	assert_int_equal(s->sources->source[0].gap[GAP_ROTATED_AWAY], 1);
}

static void
test_rotated_away(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n");
	first_life(s, "mail.log");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	later();
	append("mail.log", "2 lost\n");
	rename("mail.log", "mail.log.1");
	later();
	append("mail.log", "3 c\n");
	rename("mail.log", "mail.log.2");
	later();
	append("mail.log", "4 d\n");
	unlink("mail.log.1");
	begin_life(s);
	want(s, "3 c|4 d|");
	assert_int_equal(s->sources->source[0].gap[GAP_ROTATED_AWAY], 1);
	commit(s);
	end_life(s);
	begin_life(s);
	want(s, "");
	assert_int_equal(s->sources->source[0].gap[GAP_ROTATED_AWAY], 1);
}

static void
test_damaged(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n");
	first_life(s, "mail.log");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	append("mail.log", "2 b\n");
	rename("mail.log", "mail.log.1");
	later();
	append("mail.log", "3 c\n");
	shell("gzip mail.log.1; truncate -s -4 mail.log.1.gz");
	begin_life(s);
	want(s, "2 b|3 c|");
	assert_int_equal(s->sources->source[0].gap[GAP_DAMAGED], 1);
}

/* Cut back by hand: what is left was counted. */
static void
test_cut(void **state)
{
	struct scene	*s = *state;
	char		 text[MARKER_HEAD + 10];

	memset(text, 'x', sizeof(text));
	memcpy(text, "1 ", 2);
	strcpy(text + MARKER_HEAD, "\n2 b\n");
	append("mail.log", text);
	first_life(s, "mail.log");
	drain(s);
	s->got[0] = '\0';
	commit(s);
	assert_int_equal(truncate("mail.log", MARKER_HEAD + 1), 0);
	append("mail.log", "");
	want(s, "");
	append("mail.log", "3 c\n");
	want(s, "3 c|");
	commit(s);
	end_life(s);
	assert_int_equal(truncate("mail.log", MARKER_HEAD + 1), 0);
	append("mail.log", "");
	begin_life(s);
	want(s, "");
	assert_int_equal(s->sources->source[0].gap[GAP_TRUNCATED], 2);
	append("mail.log", "4 d\n");
	want(s, "4 d|");
}

/* Another file with the same text in the same place, the old one deleted. */
static void
test_replaced(void **state)
{
	struct scene	*s = *state;
	char		 text[2 * MARKER_HEAD];

	memset(text, 'x', sizeof(text));
	memcpy(text, "1 ", 2);
	strcpy(text + sizeof(text) - 8, "\n2 b\n");
	append("mail.log", text);
	first_life(s, "mail.log");
	drain(s);
	s->got[0] = '\0';
	append("mail.log", "3 c\n");
	shell("cp mail.log x; echo 4 d >> x; mv x mail.log");
	want(s, "3 c|4 d|");
	commit(s);
	end_life(s);
	shell("cp mail.log x; echo 5 e >> x; mv x mail.log");
	begin_life(s);
	want(s, "5 e|");
	append("mail.log", "6 f\n");
	want(s, "6 f|");
	assert_int_equal(gaps(s), 0);
}

static void
test_oversize(void **state)
{
	struct scene	*s = *state;
	struct source_file *f;
	struct view	 line;

	append("mail.log", "1 a\n");
	shell("head -c 200000 /dev/zero | tr '\\0' x >> mail.log");
	first_life(s, "mail.log");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	append("mail.log", "\n2 b\n");
	begin_life(s);
	sources_sweep(s->sources, &s->now);
	f = sources_next(s->sources);
	assert_non_null(f);
	assert_int_equal(source_file_line(f, &line), LINES_LINE);
	assert_true(view_eq(line, VIEW("2 b")));
}

static void
test_many_logs(void **state)
{
	struct scene	*s = *state;

	shell("for i in $(seq 200); do echo 1 a$i > m$i.log; done");
	s->config.source_count = 2;
	s->from[1].name = at("all");
	snprintf(s->pattern[1], sizeof(s->pattern[1]), "%s/m?.log", s->dir);
	first_life(s, "m*.log");
	drain(s);
	s->got[0] = '\0';
	commit(s);
	end_life(s);
	shell("for i in $(seq 200); do echo 2 b >> m$i.log; "
	    "mv m$i.log m$i.log.1; done; sleep .02; "
	    "for i in $(seq 200); do echo 3 c > m$i.log; done");
	begin_life(s);
	drain(s);
	assert_int_equal(strlen(s->got), 200 * 2 * 4);
	assert_int_equal(gaps(s), 0);
	s->got[0] = '\0';
	commit(s);
	end_life(s);
	begin_life(s);
	want(s, "");
}

/* A log that we may not read at start keeps its place. */
static void
test_locked(void **state)
{
	struct scene	*s = *state;

	uid_t		 me = geteuid();

	/* root may read anything */
	if (me == 0) {
		assert_int_equal(chown(s->dir, 65534, 65534), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	append("mail.log", "1 a\n2 b\n");
	first_life(s, "mail.log");
	want(s, "1 a|2 b|");
	commit(s);
	end_life(s);
	append("mail.log", "3 c\n");
	chmod("mail.log", 0);
	begin_life(s);
	want(s, "");
	assert_false(s->sources->source[0].up);
	commit(s);
	chmod("mail.log", 0600);
	want(s, "3 c|");
	assert_int_equal(gaps(s), 0);
	assert_int_equal(seteuid(me), 0);
}

/* Fewer descriptors than files. */
static void
test_few_descriptors(void **state)
{
	struct scene	*s = *state;
	int		 i;

	shell("for i in $(seq 60); do echo 1 a > m$i.log; done");
	first_life(s, "m*.log");
	s->sources->open_max = 20;
	for (i = 0; i < 5; i++) {
		drain(s);
		drain(s);
		drain(s);
		drain(s);
		assert_int_equal(strlen(s->got), 60 * 4);
		s->got[0] = '\0';
		shell("for i in $(seq 60); do echo 2 b >> m$i.log; done");
	}
	assert_int_equal(gaps(s), 0);
}

static void
test_state_lost(void **state)
{
	struct scene	*s = *state;

	append("mail.log", "1 a\n");
	first_life(s, "mail.log");
	want(s, "1 a|");
	commit(s);
	end_life(s);
	shell("head -c 9000 /dev/urandom > state/state.db; "
	    "rm -f state/*-wal");
	begin_life(s);
	want(s, "1 a|");
	assert_int_equal(s->sources->source[0].gap[GAP_STATE_LOST], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(test_in_place),
		SCENE(test_rotated_once),
		SCENE(test_rotated_often),
		SCENE(test_half_line_rotated),
		SCENE(test_dateext),
		SCENE(test_unfinished_gz),
		SCENE(test_copytruncate_down),
		SCENE(test_copytruncate_live),
		SCENE(test_copytruncate_glob),
		SCENE(test_inode_reused),
		SCENE(test_rotated_away),
		SCENE(test_damaged),
		SCENE(test_cut),
		SCENE(test_replaced),
		SCENE(test_oversize),
		SCENE(test_many_logs),
		SCENE(test_locked),
		SCENE(test_few_descriptors),
		SCENE(test_state_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
