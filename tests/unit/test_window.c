#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "window.h"

enum { T0 = 1795323420 };

static struct window_sums
sums(const struct window *w, int64_t now)
{
	struct window_sums	s;

	window_sum(w, 3, now, &s);
	return s;
}

static void
test_windows_slide(void **state)
{
	static const struct {
		int		later_s;
		uint64_t	in_1m, in_5m, in_15m, in_1h;
	} cases[] = {
		{ 0, 5, 5, 5, 5 },
		{ 50, 5, 5, 5, 5 },
		{ 60, 0, 5, 5, 5 },
		{ 299, 0, 5, 5, 5 },
		{ 300, 0, 0, 5, 5 },
		{ 900, 0, 0, 0, 5 },
		{ 3599, 0, 0, 0, 5 },
		{ 3600, 0, 0, 0, 0 },
		{ 864000, 0, 0, 0, 0 },
	};
	struct window	w;

	(void)state;
	assert_int_equal(window_init(&w), 0);
	window_add(&w, 3, CLASS_4XX, T0, 5);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct window_sums	s = sums(&w, T0 + cases[i].later_s);

		assert_int_equal(s.count[WINDOW_1M][CLASS_4XX],
		    cases[i].in_1m);
		assert_int_equal(s.count[WINDOW_5M][CLASS_4XX],
		    cases[i].in_5m);
		assert_int_equal(s.count[WINDOW_15M][CLASS_4XX],
		    cases[i].in_15m);
		assert_int_equal(s.count[WINDOW_1H][CLASS_4XX],
		    cases[i].in_1h);
		assert_int_equal(s.count[WINDOW_1H][CLASS_2XX], 0);
	}
	window_fini(&w);
}

static void
test_late_lines(void **state)
{
	struct window	w;

	(void)state;
	assert_int_equal(window_init(&w), 0);
	window_add(&w, 3, CLASS_2XX, T0, 1);
	window_add(&w, 3, CLASS_2XX, T0 - 120, 2);	/* its own bucket */
	window_add(&w, 3, CLASS_2XX, T0 - 7200, 4);	/* the ring is past it */
	assert_int_equal(sums(&w, T0).count[WINDOW_1M][CLASS_2XX], 1);
	assert_int_equal(sums(&w, T0).count[WINDOW_5M][CLASS_2XX], 3);
	assert_int_equal(sums(&w, T0).count[WINDOW_1H][CLASS_2XX], 3);
	window_fini(&w);
}

/* Against a list of everything that was added. */
static void
test_equals_a_plain_sum(void **state)
{
	enum { N = 4000 };
	static int64_t	at[N];
	struct window	w;
	int64_t		now = T0;

	(void)state;
	srand(7);
	assert_int_equal(window_init(&w), 0);
	for (int i = 0; i < N; i++) {
		uint64_t	want[WINDOW_COUNT] = { 0 };

		now += rand() % 20;
		at[i] = now;
		window_add(&w, 3, CLASS_5XX, now, 1);
		for (int k = 0; k <= i; k++)
			for (int l = 0; l < WINDOW_COUNT; l++)
				if ((now / WINDOW_BUCKET_S - at[k] /
				    WINDOW_BUCKET_S) * WINDOW_BUCKET_S <
				    window_seconds((enum window_length)l))
					want[l]++;
		for (int l = 0; l < WINDOW_COUNT; l++)
			assert_int_equal(sums(&w, now).count[l][CLASS_5XX],
			    want[l]);
	}
	window_fini(&w);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_windows_slide),
		cmocka_unit_test(test_late_lines),
		cmocka_unit_test(test_equals_a_plain_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
