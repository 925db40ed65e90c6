#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "buf.h"
#include "utf8.h"

static void
expect(const char *what, const struct buf *b, const char *want)
{
	if (!view_eq(buf_view(b), view_of(want)))
		fail_msg("%s: got \"%.*s\", want \"%s\"", what, (int)b->len,
		    b->p, want);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char	*want;
		double		 value;
	} cases[] = {
		{ "0", 0.0 },
		{ "0", -0.0 },
		{ "1", 1.0 },
		{ "-17", -17.0 },
		{ "0.1", 0.1 },
		{ "0.30000000000000004", 0.1 + 0.2 },
		{ "9007199254740991", 9007199254740991.0 },
		{ "9007199254740992", 9007199254740992.0 },
		{ "1e+300", 1e300 },
		{ "1762000000.123", 1762000000.123 },
		{ "NaN", (double)NAN },
		{ "+Inf", (double)INFINITY },
		{ "-Inf", -(double)INFINITY },
		{ "4.94065645841247e-324", 4.9406564584124654e-324 },
	};
	struct buf	b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		buf_double(&b, cases[i].value);
		if (cases[i].value - cases[i].value == 0.0) {
			buf_byte(&b, '\0');
			assert_true(strtod(b.p, NULL) - cases[i].value == 0.0);
			b.len--;
		}
		expect("double", &b, cases[i].want);
	}
	buf_reset(&b);
	buf_u64(&b, UINT64_MAX);
	buf_byte(&b, ' ');
	buf_u64(&b, 0);
	buf_byte(&b, ' ');
	buf_i64(&b, INT64_MIN);
	buf_printf(&b, " %s-%d", "x", 7);
	expect("integers", &b,
	    "18446744073709551615 0 -9223372036854775808 x-7");
	buf_fini(&b);
}

static const struct {
	const char	*what;
	struct view	 in;
	const char	*json, *html;
} texts[] = {
	{ "plain", { "abc", 3 }, "\"abc\"", "abc" },
	{ "empty", { "", 0 }, "\"\"", "" },
	{ "markup", { "<a href='x'>&\"", 14 }, "\"<a href='x'>&\\\"\"",
	    "&lt;a href=&#39;x&#39;&gt;&amp;&quot;" },
	{ "controls", { "a\0\n\t\x1b\\", 6 }, "\"a\\u0000\\n\\t\\u001b\\\\\"",
	    "a\xef\xbf\xbd\n\t\xef\xbf\xbd\\" },
	{ "two to four bytes", { "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", 9 },
	    "\"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80\"",
	    "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "lone byte", { "a\xff" "b", 3 }, "\"a\xef\xbf\xbd" "b\"",
	    "a\xef\xbf\xbd" "b" },
	{ "cut short", { "a\xe2\x82", 3 }, "\"a\xef\xbf\xbd\"",
	    "a\xef\xbf\xbd" },
	{ "overlong slash", { "\xc0\xaf", 2 },
	    "\"\xef\xbf\xbd\xef\xbf\xbd\"", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "surrogate", { "\xed\xa0\x80", 3 },
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "right to left override", { "a\xe2\x80\xae" "b", 5 },
	    "\"a\xe2\x80\xae" "b\"", "a\xef\xbf\xbd" "b" },
};

static void
test_escapes(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&b);
		buf_json_string(&b, texts[i].in);
		expect(texts[i].what, &b, texts[i].json);
		buf_reset(&b);
		buf_html(&b, texts[i].in);
		expect(texts[i].what, &b, texts[i].html);
	}
	buf_fini(&b);
}

/* At the limit nothing is written in part, and the flag stays up. */
static void
test_limit(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 300);
	for (int i = 0; i < 30; i++)
		buf_text(&b, "0123456789");
	assert_false(b.failed);
	assert_int_equal(b.len, 300);
	buf_byte(&b, 'x');
	assert_true(b.failed);
	assert_int_equal(b.len, 300);
	buf_reset(&b);
	assert_false(b.failed);
	buf_printf(&b, "%400d", 1);
	assert_true(b.failed);
	assert_int_equal(b.len, 0);
	buf_fini(&b);
	buf_text(&b, "after the end");
	assert_true(b.failed);
	assert_int_equal(b.len, 0);
}

static void
test_head(void **state)
{
	struct view	v = VIEW("\xc3\xbc" "a\xff" "b");

	(void)state;
	assert_int_equal(utf8_count(v), 4);
	assert_int_equal(utf8_head(v, 0).n, 0);
	assert_int_equal(utf8_head(v, 1).n, 2);
	assert_int_equal(utf8_head(v, 3).n, 4);
	assert_int_equal(utf8_head(v, 9).n, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
