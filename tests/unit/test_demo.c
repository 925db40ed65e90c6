#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "demo.h"
#include "parser.h"

enum { NOON = 1793534400, HOUR = 3600 };

struct written {
	char			*text;
	size_t			 bytes;
	uint64_t		 lines;
	struct demo_truth	 truth;
};

static void
write_hour(struct written *w, uint64_t seed)
{
	struct demo	d = { .seed = seed, .incident_from = NOON + 1800,
			    .incident_until = NOON + 2400 };
	struct demo_log	log = { 0 };

	memset(w, 0, sizeof(*w));
	log.out = open_memstream(&w->text, &w->bytes);
	assert_non_null(log.out);
	for (int64_t s = NOON; s < NOON + HOUR; s++)
		demo_write_second(&d, &log, s, &w->truth);
	fclose(log.out);
	w->lines = log.lines;
}

static void
test_same_bytes(void **state)
{
	struct written	a, b, c;

	(void)state;
	write_hour(&a, 1);
	write_hour(&b, 1);
	write_hour(&c, 2);
	assert_int_equal(a.bytes, b.bytes);
	assert_memory_equal(a.text, b.text, a.bytes);
	assert_true(a.bytes != c.bytes ||
	    memcmp(a.text, c.text, a.bytes) != 0);
	free(a.text);
	free(b.text);
	free(c.text);
}

/* What the parser reads in the log is what the truth says. */
static void
test_truth(void **state)
{
	static struct scratch	scratch;
	struct written		w;
	struct view		rest, line;
	uint64_t		outcomes[OUTCOME_COUNT] = { 0 };
	uint64_t		want[OUTCOME_COUNT] = { 0 };
	uint64_t		throttled = 0, lines = 0;

	(void)state;
	write_hour(&w, 3);
	rest = (struct view){ w.text, w.bytes };
	while (view_cut(&rest, '\n', &line)) {
		struct head		h;
		struct mail_event	ev;

		lines++;
		scratch_reset(&scratch);
		if (!head_parse(line, &scratch, NULL, &h) ||
		    parser_choose(MTA_AUTO, &h) != MTA_POSTFIX)
			fail_msg("no line of Postfix: %.*s", (int)line.n,
			    line.p);
		switch (parser_run(MTA_POSTFIX, &h, &scratch, &ev)) {
		case PARSE_UNKNOWN:
			fail_msg("unknown: %.*s", (int)line.n, line.p);
			break;
		case PARSE_IGNORED:
			break;
		case PARSE_EVENT:
			if (ev.kind != EVENT_DELIVERY)
				break;
			outcomes[ev.outcome]++;
			throttled += ev.reply.code == 421 &&
			    ev.reply.enhanced.detail == 28;
		}
	}
	for (size_t p = 0; p < DEMO_PROVIDERS_MAX; p++)
		for (size_t o = 0; o < OUTCOME_COUNT; o++)
			want[o] += w.truth.attempts[p][o];
	assert_int_equal(lines, w.lines);
	assert_int_equal(throttled, w.truth.throttled);
	assert_memory_equal(outcomes, want, sizeof(want));
	/* about 0.72 attempts a second at Google, four of ten, 600 s */
	assert_in_range(throttled, 120, 240);
	assert_in_range(w.truth.messages, 6800, 7600);
	free(w.text);
}

static void
test_shares(void **state)
{
	unsigned	sum = 0;

	(void)state;
	for (unsigned i = 0; i < demo_provider_count; i++)
		sum += demo_providers[i].share;
	assert_int_equal(sum, 100);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_truth),
		cmocka_unit_test(test_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
