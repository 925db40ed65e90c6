/* Journals are made by systemd-journal-remote from its export format. */
#include "sources_scene.h"

static const char REMOTE[] = "/lib/systemd/systemd-journal-remote";

static void
entry(FILE *f, int n, const char *facility, const char *message)
{
	fprintf(f, "__REALTIME_TIMESTAMP=%lld\n__MONOTONIC_TIMESTAMP=%d\n"
	    "_BOOT_ID=0123456789abcdef0123456789abcdef\n"
	    "SYSLOG_FACILITY=%s\nSYSLOG_IDENTIFIER=postfix/smtp\n"
	    "_PID=42\n_HOSTNAME=mx\nMESSAGE", 1767225600000000LL +
	    n * 1000000LL, 1000 + n, facility);
	if (strchr(message, '\n') == NULL)
		fprintf(f, "=%s\n\n", message);
	else {
		size_t		 len = strlen(message);
		unsigned char	 le[8] = { (unsigned char)len };

		fputc('\n', f);
		fwrite(le, 1, 8, f);
		fprintf(f, "%s\n\n", message);
	}
}

static void
write_journal(const char *name, int from, int to)
{
	char	 command[256], message[64];
	FILE	*f;

	snprintf(command, sizeof(command), "%s -o %s - >/dev/null 2>&1",
	    REMOTE, name);
	f = popen(command, "w");
	assert_non_null(f);
	for (int i = from; i < to; i++) {
		snprintf(message, sizeof(message), "m%d", i);
		entry(f, i, "2", message);
		entry(f, i, "3", "not mail");
	}
	assert_int_equal(pclose(f), 0);
}

/* Texts behind the head, in order. */
static void
read_journal(struct scene *s)
{
	struct source_file	*f;
	struct view		 line, rest;

	sources_sweep(s->sources, &s->now);
	while ((f = sources_next(s->sources)) != NULL)
		while (source_file_line(f, &line) == LINES_LINE) {
			rest = line;
			view_advance(&rest, view_search(line, VIEW("]: ")) +
			    3);
			snprintf(s->got + strlen(s->got), sizeof(s->got) -
			    strlen(s->got), "%.*s|", (int)rest.n, rest.p);
		}
}

static void
want_journal(struct scene *s, const char *text)
{
	read_journal(s);
	assert_string_equal(s->got, text);
	s->got[0] = '\0';
}

static void
begin(struct scene *s)
{
	if (access(REMOTE, X_OK) == -1) {
		print_message("%s is not installed\n", REMOTE);
		skip();
	}
	mkdir("j", 0700);
	mkdir("state", 0700);
	s->from[0].path = NULL;
	s->from[0].journal_dir = at("j");
	begin_life(s);
}

static void
test_head(void **state)
{
	struct scene		*s = *state;
	struct source_file	*f;
	struct view		 line;

	mkdir("j", 0700);
	begin(s);
	write_journal("j/a.journal", 0, 1);
	sources_sweep(s->sources, &s->now);
	sources_sweep(s->sources, &s->now);
	f = sources_next(s->sources);
	assert_non_null(f);
	assert_int_equal(source_file_line(f, &line), LINES_LINE);
	if (!view_eq(line, VIEW("2026-01-01T00:00:00.000000+00:00 mx "
	    "postfix/smtp[42]: m0")))
		fail_msg("got %.*s", (int)line.n, line.p);
}

static void
test_goes_on(void **state)
{
	struct scene	*s = *state;
	char		 want[4096] = "";
	int		 i;

	mkdir("j", 0700);
	write_journal("j/a.journal", 0, 200);
	begin(s);
	for (i = 0; i < 200; i++)
		sprintf(want + strlen(want), "m%d|", i);
	want_journal(s, want);
	commit(s);
	end_life(s);
	write_journal("j/a.journal", 200, 202);
	begin_life(s);
	want_journal(s, "m200|m201|");
	/* a second file, as after a rotation */
	write_journal("j/b.journal", 202, 204);
	read_journal(s);
	want_journal(s, "m202|m203|");
	/* not committed: read again */
	end_life(s);
	begin_life(s);
	want_journal(s, "m200|m201|m202|m203|");
	assert_int_equal(s->sources->source[0].gap[GAP_CURSOR_LOST], 0);
}

/* The place is behind the lines that were consumed, not those read. */
static void
test_in_the_middle(void **state)
{
	struct scene		*s = *state;
	struct source_file	*f;
	struct view		 line;

	mkdir("j", 0700);
	write_journal("j/a.journal", 0, 10);
	begin(s);
	sources_sweep(s->sources, &s->now);
	f = sources_next(s->sources);
	for (int i = 0; i < 7; i++)
		assert_int_equal(source_file_line(f, &line), LINES_LINE);
	commit(s);
	end_life(s);
	begin_life(s);
	want_journal(s, "m7|m8|m9|");
}

static void
test_vacuumed(void **state)
{
	struct scene	*s = *state;

	mkdir("j", 0700);
	write_journal("j/a.journal", 0, 5);
	begin(s);
	want_journal(s, "m0|m1|m2|m3|m4|");
	commit(s);
	end_life(s);
	unlink("j/a.journal");
	write_journal("j/b.journal", 8, 10);
	begin_life(s);
	want_journal(s, "m8|m9|");
	assert_int_equal(s->sources->source[0].gap[GAP_CURSOR_LOST], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(test_head),
		SCENE(test_goes_on),
		SCENE(test_in_the_middle),
		SCENE(test_vacuumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
