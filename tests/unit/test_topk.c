#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "topk.h"

enum { DAY = 86400, T0 = 1800000000 };

static uint32_t
offer(struct topk *t, const char *name, int64_t now, bool *taken)
{
	struct view	v = view_of(name);

	return topk_offer(t, topk_key(t, v), v, now, taken);
}

static uint32_t
offer_number(struct topk *t, unsigned number, int64_t now, bool *taken)
{
	char	name[16];

	snprintf(name, sizeof(name), "n%u", number);
	return offer(t, name, now, taken);
}

static void
test_small_server(void **state)
{
	struct topk	t;
	bool		taken;

	(void)state;
	assert_int_equal(topk_init(&t, "t", 4), 0);
	assert_int_equal(offer(&t, "a", T0, &taken), 1);
	assert_int_equal(offer(&t, "b", T0, &taken), 2);
	/* half of the places are taken: the rest must be earned */
	for (int i = 0; i < 9; i++)
		assert_int_equal(offer(&t, "c", T0, &taken), 0);
	assert_int_equal(offer(&t, "c", T0, &taken), 3);
	assert_int_equal(offer(&t, "a", T0, &taken), 1);
	assert_string_equal(topk_name(&t, 3), "c");
	assert_string_equal(topk_name(&t, 4), "");
	topk_fini(&t);
}

static void
test_place_is_kept_a_day(void **state)
{
	struct topk	t;
	bool		taken;

	(void)state;
	assert_int_equal(topk_init(&t, "t", 1), 0);
	assert_int_equal(offer(&t, "old", T0, &taken), 1);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(offer(&t, "new", T0 + i * 80, &taken), 0);
		assert_false(taken);
	}
	assert_int_equal(offer(&t, "new", T0 + DAY + 60, &taken), 1);
	assert_true(taken);
	assert_string_equal(topk_name(&t, 1), "new");
	assert_int_equal(offer(&t, "old", T0 + DAY + 61, &taken), 0);
	assert_false(taken);
	assert_int_equal(offer(&t, "new", T0 + DAY + 62, &taken), 1);
	assert_false(taken);
	topk_fini(&t);
}

static void
test_no_places(void **state)
{
	struct topk	t;
	bool		taken;

	(void)state;
	assert_int_equal(topk_init(&t, "t", 0), 0);
	assert_int_equal(offer(&t, "a", T0, &taken), 0);
	topk_fini(&t);
}

static void
test_limit_lowered(void **state)
{
	struct topk	t;
	bool		taken;

	(void)state;
	assert_int_equal(topk_init(&t, "t", 10), 0);
	for (unsigned i = 0; i < 5; i++)
		offer_number(&t, i, T0, &taken);
	t.limit = 2;
	topk_loaded(&t);
	assert_string_equal(topk_name(&t, 3), "");
	assert_int_equal(offer_number(&t, 1, T0, &taken), 2);
	assert_int_equal(offer_number(&t, 4, T0, &taken), 0);
	topk_fini(&t);
}

/* Zipf-like names, many more than counters: the busiest get the places, a
   place has one owner, an owner one place. */
static void
test_busiest_win(void **state)
{
	enum { LIMIT = 20, NAMES = 20000, OFFERS = 400000 };
	struct topk	 t;
	uint64_t	 random = 88172645463325252;
	unsigned	 hits = 0;
	bool		 taken;

	(void)state;
	assert_int_equal(topk_init(&t, "t", LIMIT), 0);
	/* nobodies come first and take all that is given away */
	for (unsigned i = 0; i < 30 * 20; i++)
		offer_number(&t, NAMES + i % 30, T0, &taken);
	for (unsigned i = 0; i < OFFERS; i++) {
		unsigned	number;
		uint32_t	place;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		number = (unsigned)((double)NAMES /
		    (1 + (double)(random % 1000003) / 1000003 * NAMES)) - 1;
		place = offer_number(&t, number, T0 + i, &taken);
		assert_true(place <= LIMIT);
		if (place != 0) {
			char name[16];

			snprintf(name, sizeof(name), "n%u", number);
			assert_string_equal(topk_name(&t, place), name);
		}
	}
	for (unsigned number = 0; number < LIMIT / 2; number++) {
		char want[16];

		snprintf(want, sizeof(want), "n%u", number);
		for (uint32_t place = 1; place <= LIMIT; place++)
			hits += strcmp(topk_name(&t, place), want) == 0;
	}
	if (hits != LIMIT / 2)
		fail_msg("%u of the %d busiest have a place", hits,
		    LIMIT / 2);
	topk_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_small_server),
		cmocka_unit_test(test_place_is_kept_a_day),
		cmocka_unit_test(test_no_places),
		cmocka_unit_test(test_limit_lowered),
		cmocka_unit_test(test_busiest_win),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
