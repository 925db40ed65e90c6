/*
 * Sendmail against hostile text: each line of tests/corpora/attack/sendmail.tsv
 * means what it means, and cut at any byte it means that or nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "attack.h"

static void
attacks_fail(void **state)
{
	(void)state;
	assert_true(attack_corpus("tests/corpora/attack/sendmail.tsv",
	    MTA_SENDMAIL) >= 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attacks_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
