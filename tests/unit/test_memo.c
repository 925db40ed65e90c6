#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memo.h"

static int
setup(void **state)
{
	struct memo	*m = malloc(sizeof(*m));

	*state = m;
	return m == NULL ? -1 : memo_init(m);
}

static int
teardown(void **state)
{
	memo_fini(*state);
	free(*state);
	return 0;
}

/* The memo says what the rules say, and of whose text the detail is a part. */
static void
agree(struct memo *m, const struct reply *reply, enum provider_id provider,
    struct view text)
{
	struct diagnosis	want, got;

	reason_diagnose(reply, provider, text, &want);
	memo_diagnose(m, reply, provider, text, &got);
	assert_int_equal(got.reason, want.reason);
	assert_int_equal(got.action, want.action);
	assert_ptr_equal(got.rule, want.rule);
	assert_int_equal(got.detail.n, want.detail.n);
	if (want.detail.n > 0)
		assert_ptr_equal(got.detail.p, want.detail.p);
}

static void
says_what_the_rules_say(void **state)
{
	static const char *const	texts[] = {
		"550 5.1.1 User unknown", "550 5.7.1 blocked using "
		"zen.spamhaus.org", "421 4.7.0 [TSS04] wait", "x", "",
		"mailbox is full", "550 5.1.1 User unknowm"
	};
	static const struct reply	replies[] = {
		{ 550, { 5, 1, 1 } }, { 550, { 5, 7, 1 } }, { 421, { 0 } },
		{ 0, { 4, 2, 2 } }, { 450, { 4, 1, 1 } }
	};
	static const enum provider_id	providers[] = {
		PROVIDER_OTHER, PROVIDER_GOOGLE, PROVIDER_YAHOO
	};
	size_t				i, k, n;
	int				again;

	for (again = 0; again < 3; again++)
		for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
			for (k = 0; k < sizeof(replies) / sizeof(*replies);
			    k++)
				for (n = 0; n < 3; n++)
					agree(*state, &replies[k],
					    providers[n], view_of(texts[i]));
}

/* Texts of one length that differ in one byte fall on top of each other. */
static void
texts_alike(void **state)
{
	struct reply	reply = { 550, { 5, 7, 1 } };
	char		text[600];
	int		i, round;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < 2000; i++) {
			int	n = snprintf(text, sizeof(text), "550 5.7.1 "
				    "%*s<u%d@b.example> blocked using "
				    "bl%d.spamcop.net", i % 40 * 10, "", i,
				    i % 7);

			agree(*state, &reply, PROVIDER_OTHER,
			    (struct view){ text, (size_t)n });
			agree(*state, &reply, PROVIDER_OTHER,
			    (struct view){ text, (size_t)n });
		}
	}
}

/* What is longer than the memo's room, and just fits. */
static void
long_texts(void **state)
{
	struct reply	reply = { 0, { 4, 4, 1 } };
	char		text[MEMO_TEXT_BYTES + 2];
	size_t		n;

	memset(text, 'a', sizeof(text));
	memcpy(text, "Connection timed out ", 21);
	for (n = MEMO_TEXT_BYTES - 1; n <= MEMO_TEXT_BYTES + 1; n++) {
		agree(*state, &reply, PROVIDER_OTHER,
		    (struct view){ text, n });
		agree(*state, &reply, PROVIDER_OTHER,
		    (struct view){ text, n });
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(says_what_the_rules_say,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(texts_alike, setup, teardown),
		cmocka_unit_test_setup_teardown(long_texts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
