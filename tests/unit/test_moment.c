#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "moment.h"

enum { NOW = 1795320000 };

static const struct {
	const char	*text;
	int		 rc;
	int64_t		 want;
} cases[] = {
	{ "2026-11-22", 0, 1795323600 },	/* five hours west */
	{ "2026-11-22T04:57", 0, 1795341420 },
	{ "2026-11-22T04:57Z", 0, 1795323420 },
	{ "2026-11-22 04:57:05Z", 0, 1795323425 },
	{ "90m", 0, NOW - 5400 },
	{ "24h", 0, NOW - 86400 },
	{ "7d", 0, NOW - 7 * 86400 },
	{ "", -1, 0 },
	{ "7", -1, 0 },
	{ "7days", -1, 0 },
	{ "-7d", -1, 0 },
	{ "2026-11-22T04:57x", -1, 0 },
};

static void
test_forms(void **state)
{
	int64_t	out;

	(void)state;
	setenv("TZ", "EST5", 1);
	tzset();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out = 0;
		assert_int_equal(moment_parse(cases[i].text, NOW, &out),
		    cases[i].rc);
		if (cases[i].rc == 0)
			assert_int_equal(out, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
