/*
 * Replies: codes from the front only, parts folded into one text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reply.h"

static const struct {
	const char	*what, *text;
	unsigned	 code;		/* 0: no reply */
	const char	*enhanced;	/* "" for none */
	const char	*fold;		/* NULL: as it is */
} cases[] = {
	{ "plain", "250 2.0.0 Ok", 250, "2.0.0", NULL },
	{ "no enhanced code", "550 No such user", 550, "", NULL },
	{ "long enhanced code", "550 5.7.515 Access denied", 550, "5.7.515",
	    NULL },
	{ "hash", "550 #5.1.0 Address rejected", 550, "5.1.0", NULL },
	{ "hash in brackets", "554 (#5.7.1) Bad", 554, "5.7.1", NULL },
	{ "brackets without hash", "554 (5.7.1) Bad", 554, "", NULL },
	{ "Yahoo's number is no code", "552 1 Requested", 552, "", NULL },
	{ "an address is no code", "550 5.6.7.8 is listed", 550, "", NULL },
	{ "enhanced only", "5.7.1 no", 0, "", NULL },
	{ "no code", "Connection refused", 0, "", NULL },
	{ "four digits", "5500 x", 0, "", NULL },
	{ "six", "650 x", 0, "", NULL },
	{ "bare code", "421", 421, "", NULL },
	{ "empty", "", 0, "", NULL },
	{ "Postfix' two lines",
	    "550-5.1.1 The account does not exist. 550 5.1.1 Learn more", 550,
	    "5.1.1", "550 5.1.1 The account does not exist. Learn more" },
	{ "an empty line, a number in the text",
	    "554-5.7.1 One 550 two 554-5.7.1 554-5.7.1 see 554 554 5.7.1 end",
	    554, "5.7.1", "554 5.7.1 One 550 two see 554 5.7.1 end" },
	{ "no enhanced codes", "421-a  421-b 421 c", 421, "", "421 a b c" },
	{ "the first line is empty", "550- 550 b", 550, "", "550 b" },
	{ "another code in the last line",
	    "550-5.7.1 a 550-5.1.1 b 554 5.2.2 c", 550, "5.7.1",
	    "550 5.7.1 a b 554 5.2.2 c" },
	{ "Exim's lines, a blank and the code in the text",
	    "550-5.1.1 Please try\n550-5.1.1 see 550-a 550 b\n550 5.1.1 end",
	    550, "5.1.1", "550 5.1.1 Please try see 550-a 550 b end" },
	{ "Sendmail's first line only", "550-5.1.1 The email account", 550,
	    "5.1.1", "550 5.1.1 The email account" },
	{ "one line, the code again in it", "550 5.1.1 a 550 5.1.1 b", 550,
	    "5.1.1", NULL },
};

static void
replies_are_read_and_folded(void **state)
{
	struct scratch	*scratch = malloc(sizeof(*scratch));
	size_t		 i;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct view	text = view_of(cases[i].text), got;
		struct reply	reply = { 0 };
		char		enhanced[16] = "";
		bool		known = reply_parse(text, &reply);
		const char	*fold = cases[i].fold;

		scratch_reset(scratch);
		if (known != (cases[i].code != 0) ||
		    reply.code != cases[i].code)
			fail_msg("%s: code: got %u", cases[i].what,
			    reply.code);
		if (reply.enhanced.class != 0)
			enhanced_print(reply.enhanced, enhanced);
		if (strcmp(enhanced, cases[i].enhanced) != 0)
			fail_msg("%s: enhanced: got %s", cases[i].what,
			    enhanced);
		got = reply_fold(text, &reply, scratch);
		if (fold == NULL)
			assert_ptr_equal(got.p, text.p);
		else if (!view_eq(got, view_of(fold)))
			fail_msg("%s: fold: got '%.*s'", cases[i].what,
			    (int)got.n, got.p);
	}
	free(scratch);
}

static void
class_comes_from_the_code(void **state)
{
	const struct {
		struct reply		reply;
		enum reply_class	want;
	} classes[] = {
		{ { 250, { 5, 0, 0 } }, CLASS_2XX },
		{ { 421, { 0, 0, 0 } }, CLASS_4XX },
		{ { 0, { 5, 1, 1 } }, CLASS_5XX },
		{ { 354, { 5, 5, 0 } }, CLASS_5XX },
		{ { 0, { 0, 0, 0 } }, CLASS_NONE },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		assert_int_equal(reply_class_of(&classes[i].reply),
		    classes[i].want);
	assert_string_equal(reply_class_name(CLASS_5XX), "5xx");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_and_folded),
		cmocka_unit_test(class_comes_from_the_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
