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

/* What cannot be from us is not believed, whichever field it is. */
static void
test_restore_of_nonsense(void **state)
{
	struct spike_table	*tab = spike.table;
	int			 i;

	(void)state;
	for (i = 0; i < 4; i++) {
		spike_failures(&spike, &throttled, 1, 0);
		assert_true(spike_restore(&spike));
		switch (i) {
		case 0:
			tab->count = SPIKE_CAP + 1;
			break;
		case 1:
			tab->slot[0].key.provider = PROVIDER_MAX + 1;
			break;
		case 2:
			tab->slot[1].key.class = CLASS_COUNT;
			break;
		default:
			tab->slot[1].key.reason = REASON_COUNT;
		}
		assert_false(spike_restore(&spike));
		assert_int_equal(tab->count, 0);
	}
}

/* One that was idle for long gives its place to a new one. */
static void
test_idle_places_are_used_again(void **state)
{
	struct spike_key	key = throttled;
	uint64_t		overflow;
	uint32_t		i;
	uint16_t		at;

	(void)state;
	for (i = 0; i < SPIKE_CAP; i++) {
		key.enhanced.subject = (uint16_t)(i % 1000);
		key.enhanced.detail = (uint16_t)(i / 1000);
		spike_failures(&spike, &key, 1, 0);
	}
	minute(START, 20, 0, 0);
	for (i = 1; i < 8 * DAY; i += 60)
		minute(START + (int32_t)i, 20, 0, 0);
	overflow = spike.table->overflow;
	/* but not one that has news, or an alert */
	spike.table->slot[1].failures = 1;
	spike.table->slot[2].series.on = START;
	key.code = 554;
	at = spike_failures(&spike, &key, 1, 0);
	assert_int_not_equal(at, SPIKE_NO_SLOT);
	assert_true(spike_key_eq(&spike.table->slot[at].key, &key));
	assert_true(at != 1 && at != 2);
	assert_int_equal(spike.table->overflow, overflow);
}

/* Do the failures of a minute come from one message or from several? */
static void
test_one_message_or_several(void **state)
{
	static const struct { uint64_t message[3]; bool several; } cases[] = {
		{ { 7, 7, 7 }, false }, { { 7, 8, 8 }, true },
		{ { 0, 0, 0 }, true }, { { 7, 7, 0 }, true },
	};
	struct spike_key	key = throttled;
	size_t			i, k;
	uint16_t		at = SPIKE_NO_SLOT;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		key.enhanced.detail = (uint16_t)i;
		for (k = 0; k < 3; k++)
			at = spike_failures(&spike, &key, 1,
			    cases[i].message[k]);
		assert_int_equal(spike.table->slot[at].several,
		    cases[i].several);
		assert_int_equal(spike.table->slot[at].failures, 3);
	}
}

/* A provider whose number is given to another leaves nothing behind. */
static void
test_forget(void **state)
{
	struct spike_key	other = throttled;
	int32_t			t = quiet_days(START, 2);
	uint32_t		i;

	(void)state;
	other.provider = PROVIDER_YAHOO;
	spike_failures(&spike, &other, 1, 0);
	assert_true(spike_recent(&spike, throttled.provider) > 0);
	spike_forget(&spike, throttled.provider);
	assert_true(spike_recent(&spike, throttled.provider) <= 0);
	for (i = 0; i < spike.table->count; i++)
		assert_int_not_equal(spike.table->slot[i].key.provider,
		    throttled.provider);
	assert_int_equal(spike.table->count, 4);
	assert_int_equal(minute(t, 0, 0, 0), 0);
	assert_true(spike_restore(&spike));
}

/* Two at once: each is told, the finer level of each, in a fixed order. */
static void
test_two_providers_at_once(void **state)
{
	struct spike_key	other = throttled;
	int32_t			t = START, end = START + 2 * DAY;
	size_t			count = 0;

	(void)state;
	other.provider = throttled.provider + 1;
	for (; t < end; t++) {
		spike_attempts(&spike, other.provider, 20);
		assert_int_equal(minute(t, 20, 0, 0), 0);
	}
	for (end = t + 10; t < end && count == 0; t++) {
		spike_attempts(&spike, other.provider, 20);
		spike_failures(&spike, &other, 15, 0);
		count = minute(t, 20, 15, 0);
	}
	assert_int_equal(count, 2);
	assert_int_equal(spike.table->slot[news[0].slot].key.provider,
	    throttled.provider);
	assert_int_equal(spike.table->slot[news[1].slot].key.provider,
	    other.provider);
	assert_int_equal(spike.table->slot[news[0].slot].key.code, 421);
}

/* The sensitive one asks for less; what tells more is told sooner. */
static void
test_thresholds(void **state)
{
	static const enum reason telling[] = { REASON_RATE_LIMIT,
		REASON_REPUTATION, REASON_AUTH_FAIL, REASON_BAD_SENDER,
		REASON_LOGIN, REASON_POLICY, REASON_PROTOCOL, REASON_TLS,
		REASON_NETWORK, REASON_SERVER_ERROR };
	struct spike_key	key = throttled;
	struct spike		sensitive;
	double			least;
	size_t			i;

	(void)state;
	least = spike_threshold(&spike, &key);
	for (i = 0; i < sizeof(telling) / sizeof(telling[0]); i++) {
		key.reason = telling[i];
		assert_true(spike_threshold(&spike, &key) <= least);
	}
	key.reason = REASON_BAD_RECIPIENT;
	assert_true(spike_threshold(&spike, &key) > least);
	assert_int_equal(spike_init(&sensitive, true), 0);
	assert_memory_not_equal(&sensitive.tuning, &spike.tuning,
	    sizeof(spike.tuning));
	spike_fini(&sensitive);
}

/* Each part of a key makes it another one. */
static void
test_keys(void **state)
{
	struct spike_key	key[7];
	size_t			i;

	(void)state;
	for (i = 0; i < 7; i++)
		key[i] = throttled;
	key[1].provider++;
	key[2].code++;
	key[3].enhanced.detail++;
	key[4].class = CLASS_5XX;
	key[5].reason = REASON_LOGIN;
	key[6].enhanced.subject++;
	assert_true(spike_key_eq(&key[0], &throttled));
	for (i = 1; i < 7; i++) {
		assert_false(spike_key_eq(&key[0], &key[i]));
		assert_int_not_equal(spike_key_hash(&key[0]),
		    spike_key_hash(&key[i]));
	}
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
		T(test_restore_of_nonsense),
		T(test_idle_places_are_used_again),
		T(test_one_message_or_several),
		T(test_forget),
		T(test_two_providers_at_once),
		T(test_thresholds),
		T(test_keys),
		T(test_size)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
