#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "series.h"

static uint64_t
total(const struct series *s)
{
	uint64_t	sum = 0;
	uint16_t	label[4];

	for (size_t i = 0; i < s->count; i++)
		sum += series_get(s, i, label)->value;
	return sum;
}

static void
test_adds_up(void **state)
{
	struct series	s;
	const uint16_t	a[4] = { 1, 2, 0, 0 }, b[4] = { 1, 3, 0, 0 };

	(void)state;
	assert_int_equal(series_init(&s, METRIC_ATTEMPTS), 0);
	series_add(&s, a, 3);
	series_add(&s, b, 4);
	series_add(&s, a, 5);
	assert_int_equal(s.count, 2);
	assert_int_equal(series_at(&s, series_key(a))->value, 8);
	assert_int_equal(total(&s), 12);
	series_fini(&s);
}

static void
test_born_at_zero(void **state)
{
	struct series	s;
	const uint16_t	a[4] = { 1, 2, 0, 0 };

	(void)state;
	assert_int_equal(series_init(&s, METRIC_ATTEMPTS), 0);
	series_add(&s, a, 3);
	assert_int_equal(series_shown(series_at(&s, series_key(a))), 0);
	series_published(&s);
	assert_int_equal(series_shown(series_at(&s, series_key(a))), 3);
	series_fini(&s);
}

/* At the cap open labels become other, closed ones stay, and sums hold. */
static void
test_overflow_keeps_sums(void **state)
{
	struct series	s;
	uint64_t	added = 0;

	(void)state;
	assert_int_equal(series_init(&s, METRIC_REPLIES), 0);
	for (unsigned i = 0; i < 10000; i++) {
		const uint16_t	label[4] = { (uint16_t)(i % 500),
			(uint16_t)(i % CLASS_COUNT), (uint16_t)(i % 997),
			(uint16_t)(i % 4) };

		series_add(&s, label, i);
		added += i;
	}
	assert_int_equal(total(&s), added);
	assert_true(s.count <= SERIES_MAX + SERIES_RESERVE);
	assert_true(s.overflows > 0);
	for (size_t i = SERIES_MAX; i < s.count; i++) {
		uint16_t	label[4];

		series_get(&s, i, label);
		assert_int_equal(label[0], LABEL_OTHER);
		assert_int_equal(label[2], LABEL_OTHER);
		assert_true(label[1] < CLASS_COUNT);
	}
	series_fini(&s);
}

static void
test_fold_moves_to_other(void **state)
{
	struct series	s;
	const uint16_t	a[4] = { 7, 1, 0, 0 }, b[4] = { 8, 1, 0, 0 };
	const uint16_t	other[4] = { LABEL_OTHER, 1, 0, 0 };

	(void)state;
	assert_int_equal(series_init(&s, METRIC_ATTEMPTS), 0);
	series_add(&s, a, 10);
	series_add(&s, b, 1);
	series_fold(&s, LABEL_PROVIDER, 7);
	assert_int_equal(s.count, 2);
	assert_int_equal(series_at(&s, series_key(other))->value, 10);
	assert_int_equal(series_at(&s, series_key(b))->value, 1);
	series_fold(&s, LABEL_TENANT, 8);
	assert_int_equal(total(&s), 11);
	series_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_adds_up),
		cmocka_unit_test(test_born_at_zero),
		cmocka_unit_test(test_overflow_keeps_sums),
		cmocka_unit_test(test_fold_moves_to_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
