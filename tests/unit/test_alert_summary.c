#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "alert_summary.h"
#include "sentence.h"

static struct incident
trouble(enum reason reason, uint16_t code, struct enhanced enhanced)
{
	struct incident	i = { .id = 7, .firing = true, .onset = NOW,
			    .at = NOW + 240, .attempts = 100, .count = 50,
			    .rate = 0.5, .baseline_rate = 0.002 };

	snprintf(i.provider, sizeof(i.provider), "google");
	snprintf(i.member[0], sizeof(i.member[0]), "google");
	i.member_count = 1;
	i.key = (struct spike_key){ .class = enhanced.class == 5 ? CLASS_5XX :
	    CLASS_4XX, .code = code, .enhanced = enhanced,
	    .reason = (uint8_t)reason };
	i.lead = i.key;
	return i;
}

static const char *
said(const struct incident *i)
{
	buf_reset(&words);
	alert_summary(&words, i);
	buf_byte(&words, '\0');
	assert_false(words.failed);
	return words.p;
}

static void
at_all(struct incident *i)
{
	i->provider[0] = '\0';
	i->scope = SCOPE_ALL;
	i->cause = CAUSE_SELF;
	i->member_count = 4;
}

static void
test_what_no_reply_tells(void **state)
{
	static const struct {
		enum reason	 reason;
		uint16_t	 code;
		struct enhanced	 enhanced;
		const char	*one, *all;
	} cases[] = {
		{ REASON_NETWORK, 0, { 4, 4, 1 },
		    "Google cannot be reached: 50 % of attempts fail",
		    "No provider can be reached: 50 % of attempts fail" },
		{ REASON_NETWORK, 0, { 4, 4, 2 },
		    "Google hangs up or is too slow: 50 % of attempts fail",
		    "All providers hang up or are too slow: 50 % of attempts "
		    "fail" },
		{ REASON_NETWORK, 0, { 4, 4, 3 },
		    "Google cannot be found in DNS: 50 % of attempts fail",
		    "No provider can be found in DNS: 50 % of attempts fail" },
		{ REASON_TLS, 0, { 4, 7, 5 },
		    "Google has no TLS that we accept: 50 % of attempts fail",
		    "No provider has TLS that we accept: 50 % of attempts "
		    "fail" },
		{ REASON_LOGIN, 535, { 5, 7, 8 },
		    "Google refuses our login: 50 % of attempts fail with "
		    "535 5.7.8",
		    "All providers refuse our login: 50 % of attempts fail "
		    "with 535 5.7.8" },
		/* a reply with a code is quoted, whatever the reason */
		{ REASON_TLS, 454, { 4, 7, 0 },
		    "Google defers 50 % of mail with 454 4.7.0",
		    "All providers defer 50 % of mail with 454 4.7.0" }
	};
	char	want[200];
	size_t	n;

	(void)state;
	for (n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct incident	i = trouble(cases[n].reason, cases[n].code,
				    cases[n].enhanced);

		snprintf(want, sizeof(want), "%s since 23:20 (normally "
		    "0.2 %%)", cases[n].one);
		assert_string_equal(said(&i), want);
		at_all(&i);
		snprintf(want, sizeof(want), "%s since 23:20 (normally "
		    "0.2 %%)", cases[n].all);
		assert_string_equal(said(&i), want);
	}
}

static void
test_whose_mail(void **state)
{
	struct incident	i = trouble(REASON_BAD_RECIPIENT, 550,
			    (struct enhanced){ 5, 1, 1 });

	(void)state;
	i.cause = CAUSE_TENANT;
	i.tenant_count = 1;
	i.final = true;
	i.messages = 57;
	i.waiting = 9;
	snprintf(i.tenant[0].name, sizeof(i.tenant[0].name), "shop.example");
	i.tenant[0].share = 0.81f;
	assert_string_equal(said(&i), "Google refuses 50 % of mail with "
	    "550 5.1.1, 81 % of that from shop.example, since 23:20 (normally "
	    "0.2 %); 57 messages refused so far");
	i.cause = CAUSE_EGRESS;
	i.egress_count = 1;
	snprintf(i.egress[0].name, sizeof(i.egress[0].name), "out2");
	i.egress[0].share = 1;
	i.firing = false;
	i.cleared_at = NOW + 1800;
	assert_string_equal(said(&i), "Google refuses 50 % of mail with "
	    "550 5.1.1, all of that by way of out2, since 23:20 (normally "
	    "0.2 %); over at 23:50, 57 messages were refused");
}

/* The day is told where the time alone would mean another one. */
static void
test_since_another_day(void **state)
{
	struct incident	i = trouble(REASON_RATE_LIMIT, 421,
			    (struct enhanced){ 4, 7, 28 });

	(void)state;
	i.firing = false;
	i.cleared_at = NOW + 2 * 86400;
	assert_string_equal(said(&i), "Google defers 50 % of mail with "
	    "421 4.7.28 since Sun 23:20 (normally 0.2 %); over at Tue 23:20");
}

static void
test_class_names_most_of_it(void **state)
{
	struct incident	i = trouble(REASON_NONE, 0, (struct enhanced){ 0 });

	(void)state;
	assert_string_equal(said(&i), "Google defers 50 % of mail with 4xx "
	    "since 23:20 (normally 0.2 %)");
	i.lead = (struct spike_key){ .class = CLASS_4XX, .code = 451,
	    .enhanced = { 4, 7, 650 }, .reason = REASON_RATE_LIMIT };
	assert_string_equal(said(&i), "Google defers 50 % of mail, mostly with "
	    "451 4.7.650, since 23:20 (normally 0.2 %)");
}

/* What is normal at a provider of yesterday is not known. */
static void
test_unknown_normal_is_not_told(void **state)
{
	struct incident	i = trouble(REASON_RATE_LIMIT, 421,
			    (struct enhanced){ 4, 7, 28 });

	(void)state;
	i.baseline_rate = 0;
	i.flapping = true;
	i.flaps = 2;
	assert_string_equal(said(&i), "Google defers 50 % of mail with "
	    "421 4.7.28 since 23:20; comes and goes, 3 times so far");
}

static void
test_providers_as_they_write_themselves(void **state)
{
	static const struct {
		const char	*name, *want;
	} cases[] = {
		{ "gmx", "GMX defers" },
		{ "icloud", "iCloud defers" },
		{ "microsoft365", "Microsoft 365 defers" },
		{ "mailru", "Mail.ru defers" },
		{ "acme", "Acme defers" },
		{ "acme.example", "acme.example defers" }
	};

	(void)state;
	for (size_t n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct incident i = trouble(REASON_RATE_LIMIT, 421,
			(struct enhanced){ 4, 7, 28 });

		snprintf(i.provider, sizeof(i.provider), "%s", cases[n].name);
		assert_memory_equal(said(&i), cases[n].want,
		    strlen(cases[n].want));
	}
}

int
main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_what_no_reply_tells),
		T(test_whose_mail),
		T(test_since_another_day),
		T(test_class_names_most_of_it),
		T(test_unknown_normal_is_not_told),
		T(test_providers_as_they_write_themselves)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
