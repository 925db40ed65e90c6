#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spike.h"

enum { DAY = 1440, START = 20000 * DAY };

static struct spike	spike;
static struct spike_news news[SPIKE_NEWS_MAX];

static const struct spike_key throttled = {
	.provider = PROVIDER_GOOGLE, .code = 421, .enhanced = { 4, 7, 28 },
	.class = CLASS_4XX, .reason = REASON_RATE_LIMIT
};

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(spike_init(&spike, false), 0);
	spike.table->minute = START - 1;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	spike_fini(&spike);
	return 0;
}

/* One minute: n attempts, k failures of that many messages. The news. */
static size_t
minute(int32_t t, uint32_t n, uint32_t k, uint64_t message)
{
	if (n > 0)
		spike_attempts(&spike, throttled.provider, n);
	if (k > 0)
		spike_failures(&spike, &throttled, k, message);
	return spike_tick(&spike, t, news);
}

static int32_t
quiet_days(int32_t t, int days)
{
	int32_t	end = t + days * DAY;

	for (; t < end; t++)
		assert_int_equal(minute(t, 20, t % 50 == 0, 0), 0);
	return t;
}

static int32_t
until_news(int32_t t, int32_t limit, uint32_t n, uint32_t k)
{
	int32_t	end = t + limit;

	while (t < end && minute(t, n, k, 0) == 0)
		t++;
	return t;
}

static void
test_raise_and_clear(void **state)
{
	int32_t	onset = quiet_days(START, 2), t;

	(void)state;
	t = until_news(onset, 10, 20, 10);
	assert_in_range(t - onset, 2, 5);
	assert_int_equal(news[0].change, SPIKE_RAISED);
	assert_int_equal(spike.table->slot[news[0].slot].key.code, 421);
	assert_int_equal(spike_series_onset(
	    &spike.table->slot[news[0].slot].series,
	    spike_threshold(&spike, &throttled)), onset);
	t = until_news(t + 1, 30, 20, 0);
	assert_int_equal(news[0].change, SPIKE_CLEARED);
	t = until_news(t + 1, 30, 20, 10);
	assert_int_equal(news[0].change, SPIKE_REOPENED);
}

static void
test_two_levels_are_one_alert(void **state)
{
	int32_t	t = quiet_days(START, 2), i;
	size_t	alerts = 0;

	(void)state;
	for (i = 0; i < 20; i++)
		alerts += minute(t + i, 20, 18, 0);
	assert_int_equal(alerts, 1);
	assert_int_equal(spike.table->count, 2);
}

static void
test_one_stuck_message_is_no_spike(void **state)
{
	int32_t	t = START, i;

	(void)state;
	for (i = 0; i < 2 * DAY; i++)
		assert_int_equal(minute(t + i, i % 20 == 0, 0, 0), 0);
	for (; i < 6 * DAY; i++)
		assert_int_equal(minute(t + i, i % 20 == 0, i % 20 == 0, 7),
		    0);
}

static void
test_held_mail_keeps_the_alert(void **state)
{
	int32_t	t = quiet_days(START, 2), i;

	(void)state;
	t = until_news(t, 10, 20, 20);
	assert_int_equal(news[0].change, SPIKE_RAISED);
	for (i = 1; i < 12 * 60; i++) {
		if (i % 30 == 0)
			spike_held(&spike, throttled.provider);
		assert_int_equal(minute(t + i, 0, 0, 0), 0);
	}
	t = until_news(t + i, 8 * 60, 0, 0);
	assert_int_equal(news[0].change, SPIKE_CLEARED);
}

static void
test_blip_and_silence_raise_nothing(void **state)
{
	int32_t	t = quiet_days(START, 2), i;

	(void)state;
	assert_int_equal(minute(t++, 20, 20, 0), 0);
	assert_int_equal(minute(t++, 20, 20, 0), 0);
	for (i = 0; i < 300; i++)
		assert_int_equal(minute(t++, 0, 0, 0), 0);
	quiet_days(t, 1);
}

/* Two failures, a blip of eight, calm, and one more: four ends of chance. */
static void
test_blip_among_noise_raises_nothing(void **state)
{
	int32_t	t = quiet_days(START, 2), i;

	(void)state;
	assert_int_equal(minute(t++, 3, 2, 0), 0);
	for (i = 0; i < 4; i++)
		assert_int_equal(minute(t++, 4, 0, 0), 0);
	assert_int_equal(minute(t++, 5, 5, 0), 0);
	assert_int_equal(minute(t++, 3, 3, 0), 0);
	for (i = 0; i < 7; i++)
		assert_int_equal(minute(t++, 4, 0, 0), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(minute(t++, 7, i == 0, 0), 0);
}

static void
test_blip_that_returns_is_a_spike(void **state)
{
	int32_t	t = quiet_days(START, 2), i;
	size_t	alerts = 0;

	(void)state;
	for (i = 0; i < 30 && alerts == 0; i++)
		alerts = minute(t + i, 20, i % 10 < 2 ? 18 : 0, 0);
	assert_int_equal(alerts, 1);
	assert_in_range(i, 11, 23);
}

static void
test_places_run_out(void **state)
{
	struct spike_key	key = throttled;
	uint32_t		i;

	(void)state;
	for (i = 0; i < SPIKE_CAP + 10; i++) {
		key.enhanced.subject = (uint16_t)(i % 1000);
		key.enhanced.detail = (uint16_t)(i / 1000);
		spike_failures(&spike, &key, 1, 0);
	}
	assert_int_equal(spike.table->count, SPIKE_CAP);
	assert_int_equal(spike.table->overflow, 11);
}

static void
test_restore(void **state)
{
	(void)state;
	quiet_days(START, 1);
	memset(spike.index, 0, sizeof(spike.index));
	assert_true(spike_restore(&spike));
	quiet_days(START + DAY, 1);
	assert_int_equal(spike.table->count, 2);
	spike.table->slot[1].key.provider = PROVIDER_MAX + 1;
	assert_false(spike_restore(&spike));
	assert_int_equal(spike.table->count, 0);
	assert_int_equal(spike.table->minute, -1);
}

static void
test_size(void **state)
{
	(void)state;
	assert_true(sizeof(struct spike_slot) <= 600);
}

int
main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_raise_and_clear),
		T(test_two_levels_are_one_alert),
		T(test_one_stuck_message_is_no_spike),
		T(test_held_mail_keeps_the_alert),
		T(test_blip_and_silence_raise_nothing),
		T(test_blip_among_noise_raises_nothing),
		T(test_blip_that_returns_is_a_spike),
		T(test_places_run_out),
		T(test_restore),
		T(test_size)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
