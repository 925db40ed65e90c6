#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "egress.h"

static struct config_egress	sections[] = {
	{ .name = "out1", .instance = "postfix-out1" },
	{ .name = "slow", .service = "slow" },
	{ .name = "both", .transport = "remote_smtp",
	    .address = "192.0.2.25" },
	{ .name = "rest", .transport = "remote_smtp" },
};

static const struct {
	const char	*what, *instance, *service, *transport, *address;
	const char	*want;
} cases[] = {
	{ "nothing fits", "postfix", "smtp", "", "", "default" },
	{ "nothing known", "", "", "", "", "default" },
	{ "by instance", "postfix-out1", "smtp", "", "", "out1" },
	{ "the first wins", "postfix-out1", "slow", "", "", "out1" },
	{ "by service", "postfix", "slow", "", "", "slow" },
	{ "by service with its program", "postfix", "slow/smtp", "", "",
	    "slow" },
	{ "the program is not the service", "postfix", "smtp/slow", "", "",
	    "default" },
	{ "all conditions", "", "", "remote_smtp", "192.0.2.25", "both" },
	{ "one is not enough", "", "", "remote_smtp", "192.0.2.26", "rest" },
	{ "whole names only", "", "", "remote_smtp2", "", "default" },
};

static void
test_cases(void **state)
{
	struct config	c = { .egress = sections, .egress_count = 4 };
	struct egresses	e;

	(void)state;
	egresses_init(&e, &c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mail_event ev = {
			.instance = view_of(cases[i].instance),
			.service = view_of(cases[i].service),
			.transport = view_of(cases[i].transport),
			.local_ip = view_of(cases[i].address),
		};
		const char *got = egress_name(&e, egress_of(&e, &ev));

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].what, got,
			    cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
