#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "user_reason.h"

static char	acme[] = "acme", limit[] = "over the (?i)LIMIT",
		code[] = "by code", detail[] = "4.7.99", slow[] = "(a+)+$",
		bad[] = "(";

static struct config_reason	sections[] = {
	{ .name = acme, .provider = acme, .code = 550, .match = limit,
	    .reason = REASON_MAILBOX_FULL },
	{ .name = code, .enhanced = detail, .reason = REASON_GREYLIST },
	{ .name = slow, .match = slow, .reason = REASON_POLICY },
};

static const struct config	config = {
	.reason = sections, .reason_count = 3
};

static const struct {
	const char	*what;
	struct reply	 reply;
	const char	*provider, *text;
	const char	*want;		/* rule; NULL: none */
} cases[] = {
	{ "all of it", { 550, { 0 } }, "acme", "550 over the limit", acme },
	{ "another code", { 552, { 0 } }, "acme", "552 over the limit", NULL },
	{ "another provider", { 550, { 0 } }, "b", "550 over the limit", NULL },
	{ "no provider", { 550, { 0 } }, NULL, "550 over the limit", NULL },
	{ "another text", { 550, { 0 } }, "acme", "550 full", NULL },
	{ "an enhanced code", { 451, { 4, 7, 99 } }, "b", "", code },
	{ "nothing", { 0 }, NULL, "", NULL },
};

static void
sections_are_asked(void **state)
{
	struct user_reasons	u;
	struct diagnosis	d;
	char			error[CONFIG_ERROR_BYTES];
	size_t			i;
	int			failed = 0;

	(void)state;
	assert_int_equal(user_reason_init(&u, &config, error), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool	found = user_reason_find(&u, &cases[i].reply,
			    cases[i].provider, view_of(cases[i].text), &d);

		if (found ? cases[i].want == d.rule : cases[i].want == NULL)
			continue;
		printf("%s: got %s, want %s\n", cases[i].what,
		    found ? d.rule : "none",
		    cases[i].want == NULL ? "none" : cases[i].want);
		failed++;
	}
	assert_int_equal(failed, 0);
	assert_int_equal(u.off, 0);
	user_reason_fini(&u);
}

static void
a_slow_pattern_is_switched_off(void **state)
{
	struct user_reasons	u;
	struct diagnosis	d;
	struct reply		reply = { 421, { 0 } };
	char			error[CONFIG_ERROR_BYTES], text[200];
	int			i;

	(void)state;
	assert_int_equal(user_reason_init(&u, &config, error), 0);
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '!';
	for (i = 0; i < 3; i++)
		assert_false(user_reason_find(&u, &reply, NULL,
		    (struct view){ text, sizeof(text) }, &d));
	assert_int_equal(u.off, 1);
	/* also where it would have matched */
	assert_false(user_reason_find(&u, &reply, NULL, VIEW("aa"), &d));
	user_reason_fini(&u);
}

static void
a_bad_pattern_is_refused(void **state)
{
	struct config_reason	section = { .name = acme, .match = bad,
				    .reason = REASON_POLICY };
	struct config		c = { .reason = &section, .reason_count = 1 };
	struct user_reasons	u;
	char			error[CONFIG_ERROR_BYTES];

	(void)state;
	assert_int_equal(user_reason_init(&u, &c, error), -1);
	assert_non_null(strstr(error, "reason \"acme\": match: "));
	assert_non_null(strstr(error, "column 2"));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(sections_are_asked),
		cmocka_unit_test(a_slow_pattern_is_switched_off),
		cmocka_unit_test(a_bad_pattern_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
