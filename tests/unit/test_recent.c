#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "recent.h"

enum { T = 1790000100 };	/* the start of a slice */

static uint64_t
sum_of(const struct recent *r, uint64_t key, int64_t now)
{
	for (size_t i = 0; i < RECENT_ENTRIES; i++)
		if (r->entry[i].key == key)
			return recent_sum(&r->entry[i], now);
	return 0;
}

static void
test_hour(void **state)
{
	static const struct {
		int64_t		at;
		uint64_t	want;	/* of those below */
	} looks[] = {
		{ T, 1 }, { T + 299, 1 }, { T + 300, 3 }, { T + 1500, 7 },
		{ T + 3599, 7 }, { T + 3600, 6 }, { T + 3900, 4 },
		{ T + 5100, 0 }, { T + 999999, 0 },
	};
	struct recent	r;

	(void)state;
	assert_int_equal(recent_init(&r), 0);
	recent_add(&r, 7, T, 1);
	recent_add(&r, 7, T + 300, 2);
	recent_add(&r, 7, T + 1500, 4);
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		if (sum_of(&r, 7, looks[i].at) != looks[i].want)
			fail_msg("look %zu: got %d, want %d", i,
			    (int)sum_of(&r, 7, looks[i].at),
			    (int)looks[i].want);
	/* late ones land in their own slice, those of yesterday nowhere */
	recent_add(&r, 7, T + 600, 8);
	recent_add(&r, 7, T - 86400, 16);
	assert_int_equal(sum_of(&r, 7, T + 1500), 15);
	/* after a pause only what is new counts */
	recent_add(&r, 7, T + 20000, 1);
	assert_int_equal(sum_of(&r, 7, T + 20000), 1);
	recent_fini(&r);
}

static int
is_same(uint64_t key, uint64_t what)
{
	return key == what;
}

/* Keys that come once do not drive out one that comes often. */
static void
test_flood(void **state)
{
	struct recent	r;

	(void)state;
	assert_int_equal(recent_init(&r), 0);
	recent_add(&r, 42, T, 50);
	for (uint64_t key = 1000; key < 200000; key++)
		recent_add(&r, key, T + (int64_t)(key % 600), 1);
	assert_int_equal(sum_of(&r, 42, T + 600), 50);
	recent_forget(&r, is_same, 42);
	assert_int_equal(sum_of(&r, 42, T + 600), 0);
	recent_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hour),
		cmocka_unit_test(test_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
