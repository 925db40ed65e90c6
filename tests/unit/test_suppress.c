#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "suppress.h"

enum { DAY = 86400, START = 1793000000 };

static void
note_at(struct suppress *s, const char *who, uint16_t code,
    enum reason reason, int64_t when)
{
	struct mail_event	ev = { .kind = EVENT_DELIVERY, .time = when };
	struct verdict		v = { .event = &ev, .provider = 7,
				    .counts = true };

	v.recipient = view_of(who);
	v.reply.code = code;
	v.class = reply_class_of(&v.reply);
	v.diagnosis.reason = reason;
	suppress_note(s, &v);
}

static size_t
count(const struct suppress *s)
{
	size_t	at = 0, n = 0;

	while (suppress_next(s, &at) != NULL)
		n++;
	return n;
}

static int
setup(void **state)
{
	struct suppress	*s = malloc(sizeof(*s));

	*state = s;
	return s == NULL ? -1 : suppress_init(s, 256);
}

static int
teardown(void **state)
{
	suppress_fini(*state);
	free(*state);
	return 0;
}

static void
reasons(void **state)
{
	static const struct {
		const char	*what;
		uint16_t	 code;
		enum reason	 reason;
		int64_t		 lasts;
		size_t		 want;
	} cases[] = {
		{ "unknown", 550, REASON_BAD_RECIPIENT, 0, 1 },
		{ "closed", 550, REASON_INACTIVE_RECIPIENT, 0, 1 },
		{ "policy", 550, REASON_POLICY, 9 * DAY, 0 },
		{ "reputation", 554, REASON_REPUTATION, 9 * DAY, 0 },
		{ "full once", 552, REASON_MAILBOX_FULL, 0, 0 },
		{ "full for days", 552, REASON_MAILBOX_FULL, 3 * DAY, 1 },
		{ "unknown for a day", 450, REASON_BAD_RECIPIENT, DAY, 0 },
		{ "unknown for two", 450, REASON_BAD_RECIPIENT, 2 * DAY, 1 },
		{ "unavailable for a day", 450, REASON_SERVER_ERROR, DAY, 0 },
		{ "unavailable for two", 450, REASON_SERVER_ERROR, 2 * DAY,
		    1 },
		{ "their trouble", 451, REASON_SERVER_ERROR, 9 * DAY, 0 },
		{ "no more patience", 450, REASON_POLICY, 9 * DAY, 0 },
		{ "greylisted", 450, REASON_GREYLIST, 9 * DAY, 0 },
		{ "listed", 450, REASON_REPUTATION, 9 * DAY, 0 },
		{ "no reply", 0, REASON_BAD_DOMAIN, 9 * DAY, 0 },
	};
	struct suppress	*s = *state;
	size_t		 i;
	int		 bad = 0;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		note_at(s, "a@b.example", cases[i].code, cases[i].reason,
		    START);
		note_at(s, "A@b.example", cases[i].code, cases[i].reason,
		    START + cases[i].lasts);
		if (count(s) != cases[i].want) {
			printf("%s: got %zu, want %zu\n", cases[i].what,
			    count(s), cases[i].want);
			bad++;
		}
		suppress_forget(s, VIEW("a@B.example"));
		assert_int_equal(s->used, 0);
	}
	assert_int_equal(bad, 0);
}

static void
accepted_later(void **state)
{
	struct suppress	*s = *state;

	note_at(s, "a@b.example", 550, REASON_BAD_RECIPIENT, START);
	assert_int_equal(count(s), 1);
	note_at(s, "a@b.example", 250, REASON_NONE, START + 60);
	assert_int_equal(count(s), 0);
}

static void
a_burst_teaches_nothing(void **state)
{
	struct suppress	*s = *state;
	char		 who[32];
	int		 i;

	note_at(s, "old@b.example", 550, REASON_BAD_RECIPIENT, START);
	for (i = 0; i < 60; i++) {
		snprintf(who, sizeof(who), "u%d@b.example", i);
		note_at(s, who, 550, REASON_BAD_RECIPIENT, START + DAY + i);
	}
	assert_int_equal(count(s), 1);
	/* the next day all is well again */
	note_at(s, "u1@b.example", 550, REASON_BAD_RECIPIENT, START + 2 * DAY);
	assert_int_equal(count(s), 2);
	suppress_pause(s, 7, START + 2 * DAY);
	note_at(s, "u2@b.example", 550, REASON_BAD_RECIPIENT, START + 2 * DAY);
	assert_int_equal(count(s), 1);
	suppress_resume(s, 7);
	note_at(s, "u2@b.example", 550, REASON_BAD_RECIPIENT, START + 2 * DAY);
	assert_int_equal(count(s), 2);
}

/* Whatever is taken out, the others are found, and the table never overflows. */
static void
many(void **state)
{
	struct suppress	*s = *state;
	char		 who[32];
	int		 i, left = 0;

	for (i = 0; i < 1000; i++) {
		snprintf(who, sizeof(who), "u%d@b.example", i);
		note_at(s, who, 550, REASON_BAD_RECIPIENT,
		    START + i * (int64_t)SUPPRESS_BURST_S);
	}
	assert_int_equal(s->used, 224);
	assert_int_equal(s->dropped, 1000 - 224);
	for (i = 0; i < 224; i += 2) {
		snprintf(who, sizeof(who), "u%d@b.example", i);
		assert_true(suppress_forget(s, view_of(who)));
	}
	for (i = 0; i < 224; i++) {
		snprintf(who, sizeof(who), "u%d@b.example", i);
		left += suppress_forget(s, view_of(who));
	}
	assert_int_equal(left, 112);
	assert_int_equal(s->used, 0);
}

/* Who is kept, by the number in the address. */
static void
keep(struct suppress *s, bool kept[])
{
	size_t	i;

	assert_false(s->gone_lost);
	for (i = 0; i < s->gone_count; i++)
		kept[atoi(s->gone[i].address + 1)] = false;
	for (i = 0; i < s->cap; i++)
		if (s->changed[i / SUPPRESS_BLOCK] != 0 &&
		    s->entry[i].changed)
			kept[atoi(s->entry[i].address + 1)] = true;
	suppress_clean(s);
}

/* What is marked as changed is all that a keeper needs to follow. */
static void
a_keeper_follows(void **state)
{
	struct suppress	*s = *state;
	bool		 kept[300] = { false };
	char		 who[32];
	unsigned	 seed = 7;
	int		 i, left = 0;

	for (i = 0; i < 5000; i++) {
		int	n = (int)(seed >> 16) % 300;

		seed = seed * 1103515245 + 12345;
		snprintf(who, sizeof(who), "u%d@b.example", n);
		note_at(s, who, i % 3 == 0 ? 250 : 550, i % 3 == 0 ?
		    REASON_NONE : REASON_BAD_RECIPIENT,
		    START + i * (int64_t)SUPPRESS_BURST_S);
		if (i % 1000 == 999)
			suppress_expire(s, s->now - DAY);
		if (i % 7 == 0)
			keep(s, kept);
	}
	keep(s, kept);
	assert_true(s->used > 0);
	for (i = 0; i < 300; i++) {
		snprintf(who, sizeof(who), "u%d@b.example", i);
		assert_int_equal(suppress_forget(s, view_of(who)), kept[i]);
		left += kept[i];
	}
	assert_true(left > 0);
}

static void
a_number_changes_hands(void **state)
{
	struct suppress	*s = *state;
	size_t		 at = 0;

	note_at(s, "a@b.example", 550, REASON_BAD_RECIPIENT, START);
	suppress_clean(s);
	suppress_left(s, 7);
	assert_int_equal(suppress_next(s, &at)->provider, PROVIDER_OTHER);
	assert_true(s->entry[at - 1].changed);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(reasons, setup, teardown),
		cmocka_unit_test_setup_teardown(accepted_later, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(a_burst_teaches_nothing, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(many, setup, teardown),
		cmocka_unit_test_setup_teardown(a_keeper_follows, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(a_number_changes_hands, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
