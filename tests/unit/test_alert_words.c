#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "alert_summary.h"
#include "alert_words.h"
#include "explain.h"
#include "remedy.h"
#include "sentence.h"

static struct incident
throttled(void)
{
	struct incident	i = { .id = 7, .firing = true, .onset = NOW,
			    .attempts = 100, .count = 48, .rate = 0.48,
			    .baseline_rate = 0.002, .mta = MTA_POSTFIX };

	snprintf(i.provider, sizeof(i.provider), "google");
	i.key = (struct spike_key){ .class = CLASS_4XX, .code = 421,
	    .enhanced = { 4, 7, 28 }, .reason = REASON_RATE_LIMIT };
	alert_weigh(&i);
	return i;
}

static const char *
said(void (*say)(struct buf *, const struct incident *),
    const struct incident *i)
{
	buf_reset(&words);
	say(&words, i);
	buf_byte(&words, '\0');
	assert_false(words.failed);
	return words.p;
}

static void
test_summary_in_local_time(void **state)
{
	struct incident	i = throttled();

	(void)state;
	i.waiting = 1240;
	i.first_bounce = NOW + 5 * 86400;
	i.east_s = 3600;
	i.bounce_east_s = 7200;
	assert_string_equal(said(alert_summary, &i), "Google defers 48 % of "
	    "mail with 421 4.7.28 since 00:20 (normally 0.2 %); 1240 "
	    "recipients wait, the first bounces about Sat 01:20");
	i.firing = false;
	i.waiting = 0;
	i.recovered = 900;
	i.cleared_at = NOW + 1800;
	assert_string_equal(said(alert_summary, &i), "Google defers 48 % of "
	    "mail with 421 4.7.28 since 00:20 (normally 0.2 %); over at "
	    "00:50, 900 recipients that had to wait were served");
}

static void
test_advice_is_that_of_explain(void **state)
{
	struct incident	i = throttled();
	int		r;

	(void)state;
	for (r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		i.key.reason = (uint8_t)r;
		assert_non_null(strstr(said(alert_advice, &i),
		    explain_advice((enum reason)r) + 1));
	}
	i.cause = CAUSE_TENANT;
	i.tenant_count = 1;
	snprintf(i.tenant[0].name, sizeof(i.tenant[0].name), "shop.example");
	assert_memory_equal(said(alert_advice, &i), "Talk to shop.example", 20);
	i.cause = CAUSE_EGRESS;
	i.egress_count = 1;
	snprintf(i.egress[0].name, sizeof(i.egress[0].name), "out2");
	assert_memory_equal(said(alert_advice, &i), "Take out2 out of use", 20);
	i.silence = true;
	assert_memory_equal(said(alert_advice, &i), "Look at the queue", 17);
}

static void
test_remedy_is_that_of_remedy(void **state)
{
	struct incident	i = throttled();
	struct buf	want;
	enum mta	mta;

	(void)state;
	for (mta = MTA_POSTFIX; mta < MTA_COUNT; mta++) {
		i.mta = (uint8_t)mta;
		buf_init(&want, 65536);
		assert_true(remedy_write(&want, &(struct remedy_wish){
		    ACTION_SLOW_DOWN, mta, "google" }));
		buf_reset(&words);
		assert_true(alert_remedy(&words, &i));
		assert_int_equal(words.len, want.len);
		assert_memory_equal(words.p, want.p, want.len);
		buf_fini(&want);
	}
	buf_reset(&words);
	i.cause = CAUSE_TENANT;
	assert_false(alert_remedy(&words, &i));
	i.cause = CAUSE_PROVIDER;
	i.provider[0] = '\0';
	assert_false(alert_remedy(&words, &i));
	assert_int_equal(words.len, 0);
}

int
main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_summary_in_local_time),
		T(test_advice_is_that_of_explain),
		T(test_remedy_is_that_of_remedy)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
