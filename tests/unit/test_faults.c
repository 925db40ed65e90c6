/*
 * Faults that no other test of the reader has: tests/faults.txt.
 */
#include "sources_scene.h"

static void
shell(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static uint64_t
gaps(const struct scene *s)
{
	uint64_t	n = 0;

	for (int i = 0; i < GAP_COUNT; i++)
		n += s->sources->source[0].gap[i];
	return n;
}

/* Nobody told the writer of the rotation. */
static void
test_writer_stays_ten_minutes(void **state)
{
	struct scene	*s = *state;
	FILE		*writer;

	append("mail.log", "1 a\n");
	writer = fopen("mail.log", "a");
	assert_non_null(writer);
	follow(s, "mail.log");
	want(s, "1 a|");
	rename("mail.log", "mail.log.1");
	append("mail.log", "2 b\n");
	want(s, "2 b|");
	for (int i = 0; i < 10; i++) {
		s->now.mono_ms += 60000;
		s->now.wall_ms += 60000;
		s->now.wall_s += 60;
		want(s, "");
	}
	fputs("3 late\n", writer);
	fclose(writer);
	want(s, "3 late|");
	assert_int_equal(gaps(s), 0);
}

/* Files that begin alike, or not at all yet, are not the same one. */
static void
test_heads_alike(void **state)
{
	struct scene	*s = *state;
	char		 name[32];
	int		 i, life;

	snprintf(s->pattern[0], sizeof(s->pattern[0]), "%s/*.log", s->dir);
	for (i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "%d.log", i);
		append(name, i % 3 == 0 ? "" : i % 3 == 1 ? "1" : "1 a\n");
	}
	begin_life(s);
	drain(s);
	assert_int_equal(strlen(s->got), 10 * 4);
	for (life = 0; life < 3; life++) {
		commit(s);
		end_life(s);
		s->got[0] = '\0';
		for (i = 0; i < 30; i++) {
			snprintf(name, sizeof(name), "%d.log", i);
			append(name, i % 3 == 1 && life == 0 ? " a\n" :
			    "1 a\n");
		}
		begin_life(s);
		drain(s);
		assert_int_equal(strlen(s->got), 30 * 4);
		assert_int_equal(gaps(s), 0);
	}
}

/* logrotate makes the new log for root alone, and lets others in later. */
static void
test_locked_at_rotation(void **state)
{
	struct scene	*s = *state;
	uid_t		 me = geteuid();
	FILE		*writer;

	if (me == 0) {
		assert_int_equal(chown(s->dir, 65534, 65534), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	append("mail.log", "1 a\n");
	follow(s, "mail.log");
	want(s, "1 a|");
	writer = fopen("mail.log", "a");
	assert_non_null(writer);
	rename("mail.log", "mail.log.1");
	append("mail.log", "3 c\n");
	assert_int_equal(chmod("mail.log", 0), 0);
	fputs("2 b\n", writer);
	fclose(writer);
	want(s, "2 b|");
	want(s, "");
	assert_int_equal(chmod("mail.log", 0600), 0);
	want(s, "3 c|");
	assert_true(s->sources->source[0].up);
	assert_int_equal(gaps(s), 0);
	assert_int_equal(seteuid(me), 0);
}

/* A line is read and saved, and the life ends. */
static void
live_once(struct scene *s)
{
	snprintf(s->pattern[0], sizeof(s->pattern[0]), "%s/mail.log", s->dir);
	append("mail.log", "1 a\n");
	begin_life(s);
	want(s, "1 a|");
	commit(s);
	end_life(s);
}

/* What a rotation's clock does not tell apart, its names do. */
static void
test_rotated_within_a_tick(void **state)
{
	struct scene	*s = *state;

	live_once(s);
	rename("mail.log", "mail.log.12");
	shell("for n in 11 10 9 2 1; do echo $((20 - n)) x > mail.log.$n; "
	    "done; gzip mail.log.10 mail.log.2; echo 30 y > mail.log; "
	    "touch -d 2026-01-01T00:00:00.004Z mail.log*");
	begin_life(s);
	want(s, "9 x|10 x|11 x|18 x|19 x|30 y|");
	assert_int_equal(gaps(s), 0);
}

static void
test_dated_within_a_tick(void **state)
{
	struct scene	*s = *state;

	live_once(s);
	rename("mail.log", "mail.log-20260101");
	shell("for n in 20260102 20260109 20260110; do "
	    "echo ${n#202601} x > mail.log-$n; done; "
	    "gzip mail.log-20260109; echo 30 y > mail.log; "
	    "touch -d 2026-01-01T00:00:00.004Z mail.log*");
	begin_life(s);
	want(s, "02 x|09 x|10 x|30 y|");
	assert_int_equal(gaps(s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(test_writer_stays_ten_minutes),
		SCENE(test_heads_alike),
		SCENE(test_locked_at_rotation),
		SCENE(test_rotated_within_a_tick),
		SCENE(test_dated_within_a_tick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
