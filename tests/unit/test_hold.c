/*
 * Hops that wait for the line that may repeat them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hold.h"

#define BUSY	VIEW("450 4.2.0 busy")

static const struct {
	const char	*what;
	uint64_t	 message;
	uint16_t	 code;
	struct view	 text, ip;
	bool		 drops;
} cases[] = {
	{ "the same", 7, 450, BUSY, VIEW("192.0.2.1"), true },
	{ "host not named", 7, 450, BUSY, { NULL, 0 }, true },
	{ "another host says the same", 7, 450, BUSY, VIEW("192.0.2.2"),
	    false },
	{ "another text", 7, 450, VIEW("450 4.2.0 no"), VIEW("192.0.2.1"),
	    false },
	{ "another code", 7, 451, BUSY, VIEW("192.0.2.1"), false },
	{ "another message", 8, 450, BUSY, VIEW("192.0.2.1"), false }
};

static void
a_hop_is_dropped_by_its_repetition(void **state)
{
	struct mail_event	hop = {
		.kind = EVENT_HOP, .time = 100, .reply.code = 450,
		.text = BUSY, .relay_ip = VIEW("192.0.2.1"),
	};
	struct mail_event	out;
	struct hold		hold;
	uint16_t		source;
	size_t			i;

	(void)state;
	assert_int_equal(hold_init(&hold), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mail_event delivery = {
			.kind = EVENT_DELIVERY, .time = 101,
			.reply.code = cases[i].code, .text = cases[i].text,
			.relay_ip = cases[i].ip,
		};
		bool kept;

		hold_put(&hold, &hop, 3, 7);
		hold_drop(&hold, cases[i].message, &delivery);
		kept = hold_take(&hold, 200, &out, &source);
		if (kept == cases[i].drops)
			fail_msg("%s: kept: %d", cases[i].what, kept);
		assert_true(hold_empty(&hold));
		if (!kept)
			continue;
		assert_int_equal(source, 3);
		assert_true(view_eq(out.text, BUSY));
		assert_true(view_eq(out.relay_ip, hop.relay_ip));
	}
	hold_fini(&hold);
}

/* "==" of one attempt does not take the hops of another. */
static void
attempts_keep_apart(void **state)
{
	struct mail_event	first = {
		.kind = EVENT_HOP, .time = 100, .reply.code = 450,
		.text = BUSY, .relay_ip = VIEW("192.0.2.1"),
		.recipients = VIEW("a@b"),
	};
	struct mail_event	delivery = first, out;
	struct hold		hold;
	uint16_t		source;

	(void)state;
	assert_int_equal(hold_init(&hold), 0);
	hold_put(&hold, &first, 3, 7);
	delivery.relay_ip = VIEW("192.0.2.2");
	hold_drop(&hold, 7, &delivery);
	first.time = 110;
	hold_put(&hold, &first, 3, 7);
	delivery.relay_ip = VIEW("192.0.2.1");
	hold_drop(&hold, 7, &delivery);
	hold_drop(&hold, 7, &delivery);
	assert_true(hold_take(&hold, 200, &out, &source));
	assert_int_equal(out.time, 100);
	assert_true(hold_empty(&hold));
	hold_fini(&hold);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hop_is_dropped_by_its_repetition),
		cmocka_unit_test(attempts_keep_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
