#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "explain.h"
#include "explain_iana.h"
#include "explain_tables.h"
#include "remedy.h"
#include "remedy_table.h"

static const struct {
	struct reply	 reply;
	const char	*provider, *text;
	const char	*want;		/* somewhere in the text */
} cases[] = {
	{ { 421, { 4, 7, 28 } }, "google", "", "Mail flood detected" },
	{ { 421, { 4, 7, 28 } }, "google", "", "back off: 1 min" },
	{ { 421, { 0 } }, "google", "", "google-421 (provider page)" },
	{ { 421, { 0 } }, NULL, "", "temporary" },
	{ { 550, { 5, 1, 1 } }, NULL, "", "not: suppress the address" },
	{ { 552, { 0 } }, NULL, "", "x.2.2 and x.3.4 tell which" },
	{ { 552, { 5, 2, 2 } }, NULL, "", "send it again later yourself" },
	{ { 535, { 5, 7, 8 } }, NULL, "", "not before the login is mended" },
	{ { 554, { 0 } }, NULL, "", "read the text" },
	{ { 450, { 4, 1, 1 } }, NULL, "450 4.1.1 user unknown",
	    "the text says for good" },
	{ { 550, { 5, 3, 77 } }, NULL, "", "about their mail system" },
	{ { 550, { 5, 88, 77 } }, NULL, "", "neither subject 88" },
	{ { 550, { 5, 7, 1 } }, "outlook", "550 5.7.1 Sorry (S3150)",
	    "tag       S3150" },
};

static struct explanation
ask(struct reply reply, const char *provider, const char *text)
{
	struct question		q = { .reply = reply, .text = view_of(text),
				    .provider_name = provider,
				    .mta = MTA_COUNT };
	struct explanation	e;

	q.provider = explain_provider(view_of(provider));
	explain(&q, &e);
	return e;
}

static void
says(void **state)
{
	struct buf	b;
	size_t		i;
	int		bad = 0;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct explanation	e = ask(cases[i].reply,
					    cases[i].provider, cases[i].text);

		buf_reset(&b);
		explain_text(&b, &e);
		buf_byte(&b, '\0');
		if (strstr(b.p, cases[i].want) != NULL)
			continue;
		printf("want \"%s\" in:\n%s\n", cases[i].want, b.p);
		bad++;
	}
	buf_fini(&b);
	assert_int_equal(bad, 0);
}

/* Every registered code, in each class, has a name and words. */
static void
the_registry(void **state)
{
	const struct iana_code	*c;
	size_t			 i;

	(void)state;
	for (i = 0; (c = iana_at(i)) != NULL; i++) {
		struct reply		reply = { 0, { i % 2 == 0 ? 4 : 5,
					    c->subject, c->detail } };
		struct explanation	e = ask(reply, NULL, "");

		assert_string_equal(e.enhanced_name, c->name);
		assert_string_equal(e.enhanced_help, c->plain);
		assert_ptr_equal(iana_find(c->subject, c->detail), c);
		assert_non_null(e.class_help);
	}
	/* x.0.0, 11, 5, 7, 8, 7, 11 and 31 of the subjects 1 to 7 */
	assert_int_equal(i, 81);
}

static void
each_reason(void **state)
{
	int	r;

	(void)state;
	for (r = 0; r < REASON_COUNT; r++) {
		assert_non_null(explain_reason_of((enum reason)r)->who);
		assert_non_null(explain_advice((enum reason)r));
	}
}

static void
json_has_all_keys(void **state)
{
	struct explanation	e = ask((struct reply){ 421, { 0 } }, NULL, "");
	struct buf		b;

	(void)state;
	buf_init(&b, 65536);
	explain_json(&b, &e);
	buf_byte(&b, '\0');
	assert_non_null(strstr(b.p, "\"enhanced\":null"));
	assert_non_null(strstr(b.p, "\"reason\":\"server-error\""));
	assert_non_null(strstr(b.p, "\"rule_source\":\"RFC 5321\""));
	buf_fini(&b);
}

/* What a stranger sends is text in the page. */
static void
page_is_escaped(void **state)
{
	struct explanation	e = ask((struct reply){ 421, { 0 } },
				    "<script>", "<b>");
	struct buf		b;

	(void)state;
	buf_init(&b, 1 << 20);
	explain_html(&b, &e, VIEW("postfix reload <now>\n"));
	buf_byte(&b, '\0');
	assert_null(strstr(b.p, "<script>"));
	assert_non_null(strstr(b.p, "&lt;script&gt;"));
	assert_non_null(strstr(b.p, "reload &lt;now&gt;"));
	buf_fini(&b);
}

static void
each_action_has_one(enum mta mta)
{
	struct buf	b;
	int		action;

	buf_init(&b, 65536);
	for (action = 0; action < ACTION_COUNT; action++) {
		buf_reset(&b);
		assert_int_equal(remedy_write(&b, &(struct remedy_wish){
		    (enum action)action, mta, "google" }),
		    action != ACTION_NONE);
	}
	buf_fini(&b);
}

static void
remedies(void **state)
{
	struct buf	b;
	size_t		i;

	(void)state;
	each_action_has_one(MTA_POSTFIX);
	each_action_has_one(MTA_EXIM);
	each_action_has_one(MTA_SENDMAIL);
	buf_init(&b, 65536);
	for (i = 0; i < remedy_count; i++) {
		const struct remedy	*r = &remedy_table[i];
		struct remedy_wish	 wish = { r->action, r->mta, "google" };

		buf_reset(&b);
		assert_true(remedy_write(&b, &wish));
		buf_byte(&b, '\0');
		assert_int_equal(strstr(b.p, "# undo:") != NULL,
		    r->undo != NULL);
		if (strstr(r->text, "@D") != NULL)
			assert_true(strstr(b.p, "gmail.com") != NULL ||
			    strstr(b.p, "google") != NULL);
	}
	buf_reset(&b);
	assert_false(remedy_write(&b, &(struct remedy_wish){ ACTION_SLOW_DOWN,
	    MTA_COUNT, "google" }));
	/* a name of strangers is no shell's */
	assert_true(remedy_write(&b, &(struct remedy_wish){ ACTION_SLOW_DOWN,
	    MTA_POSTFIX, "a'b;c$(d)" }));
	assert_null(memmem(b.p, b.len, "a'b", 3));
	assert_int_equal(b.len > 0, 1);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(says),
		cmocka_unit_test(the_registry),
		cmocka_unit_test(each_reason),
		cmocka_unit_test(json_has_all_keys),
		cmocka_unit_test(page_is_escaped),
		cmocka_unit_test(remedies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
