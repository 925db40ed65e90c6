#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mask.h"

static const struct {
	const char	*what, *sender, *recipient, *login, *text, *want;
} cases[] = {
	{ "address", "", "bob@b.example", "",
	    "550 5.1.1 <bob@b.example>: unknown", "550 5.1.1 [...]: unknown" },
	{ "local part alone", "", "Bob.Miller@b.example", "",
	    "550 mailbox bob.miller is full", "550 mailbox [...] is full" },
	{ "local part in a word stays", "", "art@b.example", "",
	    "550 mail to article", "550 mail to article" },
	{ "anybody's address", "", "bob@b.example", "",
	    "see eve@c.example, please", "see [...], please" },
	{ "quoted local part", "", "", "",
	    "to \"Sales Team\"@acme.example refused", "to [...] refused" },
	{ "login", "", "", "shop42", "535 shop42: bad password",
	    "535 [...]: bad password" },
	{ "local part of the login", "", "", "carol@shop.example",
	    "user carol suspended", "user [...] suspended" },
	{ "VERP, decoded", "bounce-17-alice=example.com@news.example", "", "",
	    "mail for alice at example.com bounced",
	    "mail for [...] at [...] bounced" },
	{ "VERP as it is", "b+alice=example.com@news.example", "", "",
	    "from b+alice=example.com refused", "from [...] refused" },
	{ "SRS", "SRS0=HHH=TT=ex.example=dave@fwd.example", "", "",
	    "sender dave not allowed", "sender [...] not allowed" },
	{ "tag", "", "erin+lists@b.example", "", "user erin unknown",
	    "user [...] unknown" },
	{ "percent form", "", "", "",
	    "https://x.example/?a=fay%40b.example ok",
	    "https:[...] ok" },
	{ "harmless part", "bounce+id7=x@news.example", "", "",
	    "the bounce of id7", "the bounce of [...]" },
	{ "bare brackets", "", "", "", "550 <gus>: no", "550 [...]: no" },
	{ "empty brackets", "", "", "", "from=<> ok", "from=<> ok" },
	{ "addresses of machines stay", "", "", "",
	    "blocked [192.0.2.7] by zen.spamhaus.org",
	    "blocked [192.0.2.7] by zen.spamhaus.org" },
	{ "controls", "", "", "", "a\tb\001c", "a b c" }
};

/* A login that only the line of its arrival has shown. */
static void
test_hashed(void **state)
{
	static const struct {
		const char	*login, *text, *want;
	} logins[] = {
		{ "carol@shop.example", "by Carol, not carola or xcarol.",
		    "by [...], not carola or xcarol." },
		{ "carol.b", "for carol.b-2 carol.b. carol", "for [...]-2 [...]. "
		    "carol" },
		{ "", "nobody here", "nobody here" }
	};
	struct mask	m;
	char		out[128];
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		mask_init(&m);
		mask_add_hash(&m, mask_hash(view_of(logins[i].login)));
		mask_text(&m, view_of(logins[i].text), out, sizeof(out));
		assert_string_equal(out, logins[i].want);
	}
}

static void
test_cases(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mask	m;
		char		out[256];

		mask_init(&m);
		mask_add(&m, view_of(cases[i].sender));
		mask_add(&m, view_of(cases[i].recipient));
		mask_add(&m, view_of(cases[i].login));
		mask_text(&m, view_of(cases[i].text), out, sizeof(out));
		if (strcmp(out, cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].what,
			    out, cases[i].want);
	}
}

static void
test_cut_at_whole_character(void **state)
{
	struct mask	m;
	char		out[9];

	(void)state;
	mask_init(&m);
	assert_int_equal(mask_text(&m, VIEW("1234567\xc3\xa4xx"), out,
	    sizeof(out)), 7);
	assert_string_equal(out, "1234567");
	assert_int_equal(mask_text(&m, VIEW("12345\xc3\xa4"), out,
	    sizeof(out)), 7);
	assert_int_equal(mask_text(&m, VIEW("123456 a@b"), out,
	    sizeof(out)), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashed),
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_cut_at_whole_character)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
