#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "template.h"

static const struct {
	const char	*what, *text, *want;
} cases[] = {
	{ "the code stays", "550 5.1.1 <a@b.example>: unknown",
	    "550 5.1.1 <<address>>: unknown" },
	{ "numbers and addresses of hosts", "host mx1.a.example[192.0.2.1]:25",
	    "host <host>[<ip>]:<n>" },
	{ "an id", "4F1A2B3C4D: removed", "<id>: removed" },
	{ "a tag", "refused (S3150)", "refused (S3150)" },
	{ "a link", "see https://a.example/x?y=1 now", "see <url> now" },
	{ "an address of the longer kind", "from 2001:db8::1, sorry",
	    "from <ip>, sorry" },
	{ "a clock", "at 12:04:05", "at <n>" },
	{ "nothing", "", "" },
	{ "bytes above ASCII", "Empf\303\244nger x", "Empf\303\244nger x" },
};

static void
masks(void **state)
{
	char	got[TEMPLATE_BYTES + 1];
	size_t	i, n;
	int	bad = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		n = template_mask(view_of(cases[i].text), got,
		    TEMPLATE_BYTES);
		got[n] = '\0';
		if (strcmp(got, cases[i].want) == 0)
			continue;
		printf("%s: got \"%s\", want \"%s\"\n", cases[i].what, got,
		    cases[i].want);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static void
masked_text_is_cut(void **state)
{
	char	got[8];

	(void)state;
	assert_int_equal(template_mask(VIEW("a long story"), got, 8), 8);
	assert_memory_equal(got, "a long s", 8);
}

static void
frequent_ones_survive(void **state)
{
	struct templates	*ts = malloc(sizeof(*ts));
	char			 text[32];
	bool			 fresh;
	int			 i;

	(void)state;
	assert_non_null(ts);
	memset(ts, 0, sizeof(*ts));
	for (i = 0; i < 5000; i++) {
		int	n = snprintf(text, sizeof(text), "rare %c%c%c",
			    'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);

		template_note(ts, (struct view){ text, (size_t)n }, &fresh);
		if (i % 20 == 0)
			template_note(ts, VIEW("often 17"), &fresh);
	}
	assert_int_equal(ts->total, 5250);
	assert_int_equal(ts->used, TEMPLATE_SLOTS);
	template_sort(ts);
	assert_memory_equal(ts->slot[ts->order[0]].text, "often <n>", 9);
	assert_in_range(ts->slot[ts->order[0]].count, 250,
	    250 + ts->slot[ts->order[0]].over);
	for (i = 1; i < TEMPLATE_SLOTS; i++)
		assert_true(ts->slot[ts->order[i - 1]].count >=
		    ts->slot[ts->order[i]].count);
	free(ts);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(masks),
		cmocka_unit_test(masked_text_is_cut),
		cmocka_unit_test(frequent_ones_survive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
