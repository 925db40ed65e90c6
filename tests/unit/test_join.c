/*
 * Lines that belong together: parts of Exim's entries, syslogd's repetitions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "join.h"

#define EXIM	"Nov 22 05:00:54 out1 exim[216]: "
#define OTHER	"Nov 22 05:00:54 out1 exim[217]: "
#define SMTP	"Nov 22 05:00:54 out1 postfix/smtp[9]: "

enum { LINES = 6 };

/* What each line gives: NULL if it is swallowed, else repeat and body. */
static const struct {
	const char	*what;
	const char	*line[LINES], *want[LINES];
} cases[] = {
	{ "one line passes", { SMTP "3D: to=<a>" }, { "1 3D: to=<a>" } },
	{ "two parts",
	    { EXIM "[1/2] 2026-11-22 05:00:54 1xU-03-2P ** a: 554 on",
	      EXIM "[2/2] ce more" },
	    { NULL, "1 1xU-03-2P ** a: 554 once more" } },
	{ "a line feed, three parts",
	    { EXIM "[1\\3] 1xU-03-2P a", EXIM "[2/3] b ", EXIM "[3/3] c" },
	    { NULL, NULL, "1 1xU-03-2P a\nb c" } },
	{ "two processes at once",
	    { EXIM "[1/2] a", OTHER "[1/2] x", OTHER "[2/2] y",
	      EXIM "[2/2] b" },
	    { NULL, NULL, "1 xy", "1 ab" } },
	{ "the first part is missing", { EXIM "[2/2] b" }, { "1 [2/2] b" } },
	{ "the second part is missing",
	    { EXIM "[1/3] a", EXIM "[3/3] c", EXIM "[2/3] b" },
	    { NULL, "1 [3/3] c", "1 [2/3] b" } },
	{ "another count",
	    { EXIM "[1/2] a", EXIM "[2/3] c" }, { NULL, "1 [2/3] c" } },
	{ "begun anew",
	    { EXIM "[1/2] a", EXIM "[1/2] b", EXIM "[2/2] c" },
	    { NULL, NULL, "1 bc" } },
	{ "not Exim's", { SMTP "[1/2] a" }, { "1 [1/2] a" } },
	{ "not a part", { EXIM "[10.0.0.1] a", EXIM "[0/2] b",
	    EXIM "[3/2] c", EXIM "[1/1] d" },
	    { "1 [10.0.0.1] a", "1 [0/2] b", "1 [3/2] c", "1 [1/1] d" } },
	{ "syslogd repeats",
	    { SMTP "3D: t", "Nov 22 05:01:00 out1 last message repeated 3 times",
	      "Nov 22 05:02:00 out1 syslogd: last message repeated 2 times" },
	    { "1 3D: t", "3 3D: t", "2 3D: t" } },
	{ "no line before",
	    { "Nov 22 05:01:00 out1 last message repeated 3 times" },
	    { NULL } },
	{ "another host's",
	    { SMTP "3D: t",
	      "Nov 22 05:01:00 out2 last message repeated 3 times" },
	    { "1 3D: t", NULL } },
	{ "the words in a program's text",
	    { SMTP "3D: t", SMTP "last message repeated 3 times" },
	    { "1 3D: t", "1 last message repeated 3 times" } },
	{ "far too often", { SMTP "3D: t",
	    "Nov 22 05:01:00 out1 last message repeated 4000000000 times" },
	    { "1 3D: t", "1000000 3D: t" } },
};

static void
lines_are_joined(void **state)
{
	struct scratch	*scratch = malloc(sizeof(*scratch));
	struct join	*join = malloc(sizeof(*join));
	struct head	 head;
	char		 got[256];
	size_t		 i;
	int		 k;

	(void)state;
	assert_non_null(scratch);
	assert_non_null(join);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(join_init(join), 0);
		for (k = 0; k < LINES && cases[i].line[k] != NULL; k++) {
			const char *want = cases[i].want[k];

			scratch_reset(scratch);
			head_parse(view_of(cases[i].line[k]), scratch, NULL,
			    &head);
			if (!join_feed(join, 3, &head)) {
				if (want != NULL)
					fail_msg("%s: line %d swallowed",
					    cases[i].what, k);
				continue;
			}
			join_keep(join, 3, &head);
			snprintf(got, sizeof(got), "%u %.*s", head.repeat,
			    (int)head.body.n, head.body.p);
			if (want == NULL || strcmp(got, want) != 0)
				fail_msg("%s: line %d: got %s", cases[i].what,
				    k, got);
		}
		join_fini(join);
	}
	free(join);
	free(scratch);
}

/* More entries begun than there are places, and one that is too long. */
static void
table_is_bounded(void **state)
{
	struct join	*join = malloc(sizeof(*join));
	char		*text = calloc(1, JOIN_ENTRY_BYTES + 8);
	struct head	 head = { .tag = VIEW("exim"), .repeat = 1 };
	uint32_t	 pid;

	(void)state;
	assert_non_null(join);
	assert_non_null(text);
	assert_int_equal(join_init(join), 0);
	for (pid = 1; pid <= JOIN_ENTRIES + 1; pid++) {
		head.pid = pid;
		head.body = VIEW("[1/2] a");
		assert_false(join_feed(join, 0, &head));
	}
	head.pid = 1;
	head.body = VIEW("[2/2] b");
	assert_true(join_feed(join, 0, &head));
	assert_true(view_eq(head.body, VIEW("[2/2] b")));
	head.pid = 2;
	assert_true(join_feed(join, 0, &head));
	assert_true(view_eq(head.body, VIEW("ab")));
	memset(text, 'x', JOIN_ENTRY_BYTES + 7);
	memcpy(text, "[1/2] ", 6);
	head.body = view_of(text);
	assert_true(join_feed(join, 0, &head));
	assert_int_equal(head.body.n, JOIN_ENTRY_BYTES + 7);
	join_fini(join);
	free(text);
	free(join);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_joined),
		cmocka_unit_test(table_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
