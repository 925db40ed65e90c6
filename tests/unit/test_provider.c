#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "provider.h"

static char	*internal[] = { "filter.example.net", "10.0.0.25" };
static char	*acme_mx[] = { "mx.acme.example", "*.acme.test" };
static char	*acme_domain[] = { "acme.example" };
static char	*google_mx[] = { "relay.mine.example" };
static struct config_provider	configured[] = {
	{ .name = "acme", .mx = { acme_mx, 2 }, .domain = { acme_domain, 1 } },
	{ .name = "google", .mx = { google_mx, 1 } },
};

static const struct {
	const char	*what;
	enum relay_kind	 kind;
	const char	*relay, *ip, *recipient, *want;
} cases[] = {
	{ "a known host", RELAY_HOST, "gmail-smtp-in.l.google.com",
	    "142.250.1.26", "a@example.org", "google" },
	{ "the pattern itself", RELAY_HOST, "google.com", "", "", "google" },
	{ "case does not matter", RELAY_HOST, "MX.Yandex.RU", "", "",
	    "yandex" },
	{ "the longest suffix wins", RELAY_HOST,
	    "x.olc.protection.outlook.com", "", "", "outlook" },
	{ "and its neighbour", RELAY_HOST, "x.mail.protection.outlook.com",
	    "", "", "microsoft365" },
	{ "no dot before the suffix", RELAY_HOST, "mx.notgoogle.com", "", "",
	    "notgoogle.com" },
	{ "a suffix in the middle", RELAY_HOST, "google.com.evil.example",
	    "", "", "evil.example" },
	{ "a relay says more than the recipient", RELAY_HOST,
	    "mx1.mail.icloud.com", "", "a@gmail.com", "icloud" },
	{ "on loopback, but by name", RELAY_HOST, "mta5.am0.yahoodns.net",
	    "127.20.0.5", "a@yahoo.com", "yahoo" },
	{ "written as localhost", RELAY_HOST, "localhost", "127.0.0.1",
	    "a@gmail.com", "internal" },
	{ "written as an address", RELAY_HOST, "127.0.0.1", "127.0.0.1",
	    "a@gmail.com", "internal" },
	{ "the same in six", RELAY_HOST, "::1", "::1", "a@gmail.com",
	    "internal" },
	{ "a socket", RELAY_SOCKET, "", "", "a@gmail.com", "internal" },
	{ "delivered here", RELAY_LOCAL, "local", "", "a@gmail.com",
	    "local" },
	{ "our filter", RELAY_HOST, "a.filter.example.net", "10.0.0.9", "",
	    "internal" },
	{ "our filter by address", RELAY_HOST, "10.0.0.25", "10.0.0.25", "",
	    "internal" },
	{ "our filter by address, with a name", RELAY_HOST,
	    "scan.example.org", "10.0.0.25", "", "internal" },
	{ "Sendmail drops the middle", RELAY_HOST,
	    "contoso-example.ma...ction.outlook.com", "", "a@x.example",
	    "microsoft365" },
	{ "the start tells which", RELAY_HOST,
	    "hotmail-co-uk.olc....ction.outlook.com", "", "a@x.example",
	    "outlook" },
	{ "dropped middle, end known", RELAY_HOST,
	    "a-very-long-name-1...x0a.pphosted.com", "", "a@x.example",
	    "proofpoint" },
	{ "dropped middle, unknown", RELAY_HOST,
	    "a-very-long-name-1...n.example.org", "", "a@x.example",
	    "example.org" },
	{ "the domain lost its start", RELAY_HOST,
	    "a-very-long-name-1...xample-domain.org", "",
	    "a@nobody.example", "other" },
	{ "no relay, known domain", RELAY_NONE, "", "", "a@Hotmail.co.uk",
	    "outlook" },
	{ "no relay, below a known domain", RELAY_NONE, "", "",
	    "a@x.orange.fr", "orange" },
	{ "no relay, unknown domain", RELAY_NONE, "", "", "a@nobody.example",
	    "other" },
	{ "no relay, quoted local part", RELAY_NONE, "", "",
	    "\"a@b.example\"@gmail.com", "google" },
	{ "nothing at all", RELAY_NONE, "", "", "", "other" },
	{ "an address without a name", RELAY_HOST, "192.0.2.7", "192.0.2.7",
	    "a@gmail.com", "google" },
	{ "and an unknown domain", RELAY_HOST, "192.0.2.7", "192.0.2.7",
	    "a@nobody.example", "other" },
	{ "an address in six", RELAY_HOST, "2001:db8::7", "2001:db8::7",
	    "a@nobody.example", "other" },
	{ "a host of agent.conf", RELAY_HOST, "a.mx.acme.example", "", "",
	    "acme" },
	{ "written with a star", RELAY_HOST, "mx.acme.test", "", "", "acme" },
	{ "a domain of agent.conf", RELAY_NONE, "", "", "a@acme.example",
	    "acme" },
	{ "one more host of a known one", RELAY_HOST, "relay.mine.example",
	    "", "", "google" },
	{ "registrable domain", RELAY_HOST, "mx2.mail.Example.CO.UK", "", "",
	    "example.co.uk" },
	{ "of a name without a known end", RELAY_HOST, "mx.provider.lab", "",
	    "", "provider.lab" },
	{ "a single word", RELAY_HOST, "mailhub", "", "a@gmail.com",
	    "google" },
	{ "a public suffix", RELAY_HOST, "co.uk", "", "a@nobody.example",
	    "other" },
	{ "no valid name", RELAY_HOST, "mx.ex\"ample.org", "", "", "other" },
	{ "only a dot", RELAY_HOST, ".", "", "", "other" },
	{ "dots", RELAY_HOST, "..", "", "", "other" },
	{ "empty name", RELAY_HOST, "", "", "a@gmail.com", "google" },
};

static void
setup(struct providers *p, uint32_t dynamic)
{
	struct config	c = { 0 };

	c.providers = dynamic;
	c.internal = (struct config_list){ internal, 2 };
	c.provider = configured;
	c.provider_count = 2;
	assert_int_equal(providers_init(p, &c), 0);
}

static void
test_cases(void **state)
{
	static struct providers	p;

	(void)state;
	setup(&p, 50);
	/* twice: the second time from the cache */
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = i % (sizeof(cases) / sizeof(cases[0]));
		struct mail_event ev = {
			.relay_kind = cases[n].kind,
			.relay = view_of(cases[n].relay),
			.relay_ip = view_of(cases[n].ip),
			.time = 1800000000,
		};
		uint16_t id = provider_of(&p, &ev,
		    view_of(cases[n].recipient));

		assert_true(id < provider_limit(&p));
		if (strcmp(provider_name(&p, id), cases[n].want) != 0)
			fail_msg("%s: got %s, want %s", cases[n].what,
			    provider_name(&p, id), cases[n].want);
		assert_int_equal(provider_by_name(&p,
		    view_of(cases[n].want)), id);
	}
	providers_fini(&p);
}

/* In the words of Postfix: which server was not reached? */
static void
test_unreached(void **state)
{
	static const struct {
		const char	*text, *recipient, *want;
	} words[] = {
		{ "connect to mx.b.example.net[192.0.2.3]:25: Connection "
		    "timed out", "a@c.example", "example.net" },
		{ "delivery temporarily suspended: connect to "
		    "x.mail.protection.outlook.com[2001:db8::7]:25: No route",
		    "a@c.example", "microsoft365" },
		{ "connect to 127.0.0.1[127.0.0.1]:10024: Connection refused",
		    "a@gmail.com", "internal" },
		{ "connect to mx.example.net[private/lmtp]: No such file",
		    "a@gmail.com", "google" },
		{ "connect to [192.0.2.3]:25: no", "a@gmail.com", "google" },
		{ "connect to mx.example.net", "a@gmail.com", "google" },
		{ "Host not found", "a@gmail.com", "google" }
	};
	static struct providers	p;

	(void)state;
	setup(&p, 50);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct mail_event ev = { .mta = MTA_POSTFIX,
				    .relay_kind = RELAY_NONE,
				    .text = view_of(words[i].text) };
		uint16_t id = provider_of(&p, &ev, view_of(words[i].recipient));

		assert_string_equal(provider_name(&p, id), words[i].want);
	}
	providers_fini(&p);
}

/* Mail to that recipient by that relay, as of an hour; who is it? */
static const char *
provider_by(struct providers *p, const char *relay, const char *recipient,
    int64_t hour)
{
	struct mail_event	ev = {
		.relay_kind = *relay == '\0' ? RELAY_NONE : RELAY_HOST,
		.relay = view_of(relay), .time = 1800000000 + 3600 * hour
	};

	return provider_name(p, provider_of(p, &ev, view_of(recipient)));
}

static void
test_learned(void **state)
{
	static const struct {
		const char	*relay, *recipient, *want;
		int64_t		 hour;
	} steps[] = {
		{ "", "a@c.example", "other", 0 },
		{ "alt1.aspmx.l.google.com", "a@C.example", "google", 0 },
		{ "", "b@c.Example", "google", 0 },
		{ "192.0.2.1", "b@c.example", "google", 0 },
		{ "", "b@x.c.example", "other", 0 },
		{ "", "b@c.exampl", "other", 0 },
		{ "localhost", "b@c.example", "internal", 0 },
		{ "", "b@c.example", "google", 0 },
		{ "mx.zoho.com", "b@c.example", "zoho", 0 },
		{ "", "b@c.example", "zoho", 0 },
		/* the table's own domains stay what they are */
		{ "mx.zoho.com", "b@gmail.com", "zoho", 0 },
		{ "", "b@gmail.com", "google", 0 },
		/* the one place for a busy domain, taken over a day later */
		{ "mx.one.example", "a@d.example", "one.example", 0 },
		{ "", "a@d.example", "one.example", 0 },
		{ "mx.two.example", "a@e.example", "other", 1 },
		{ "mx.two.example", "a@e.example", "other", 2 },
		{ "mx.two.example", "a@e.example", "two.example", 26 },
		{ "", "a@d.example", "other", 26 },
		{ "", "a@e.example", "two.example", 26 },
		/* went on to one that has no number */
		{ "mx.three.example", "a@c.example", "other", 26 },
		{ "", "a@c.example", "other", 26 },
		{ "", "", "other", 26 },
		{ "", "a@", "other", 26 },
	};
	static struct providers	p;

	(void)state;
	setup(&p, 1);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const char *got = provider_by(&p, steps[i].relay,
		    steps[i].recipient, steps[i].hour);

		if (strcmp(got, steps[i].want) != 0)
			fail_msg("%zu: %s by \"%s\" is %s, not %s", i,
			    steps[i].recipient, steps[i].relay, got,
			    steps[i].want);
	}
	providers_fini(&p);
}

/* The domain that was unused longest goes first. */
static void
test_many_learned(void **state)
{
	static struct providers	p;
	char			recipient[32];

	(void)state;
	setup(&p, 1);
	for (int i = 0; i < 5000; i++) {
		snprintf(recipient, sizeof(recipient), "a@d%d.example", i);
		provider_by(&p, "mx.zoho.com", recipient, 0);
		provider_by(&p, "mx.zoho.com", "a@d0.example", 0);
	}
	assert_string_equal(provider_by(&p, "", "a@d1.example", 0), "other");
	assert_string_equal(provider_by(&p, "", "a@d900.example", 0), "other");
	assert_string_equal(provider_by(&p, "", "a@d0.example", 0), "zoho");
	assert_string_equal(provider_by(&p, "", "a@d910.example", 0), "zoho");
	assert_string_equal(provider_by(&p, "", recipient, 0), "zoho");
	providers_fini(&p);
}

/* What providers_renumber() does with numbers that moved or went. */
static void
test_renumbered(void **state)
{
	static struct providers	p;
	uint16_t		to[PROVIDER_MAX];

	(void)state;
	setup(&p, 1);
	provider_by(&p, "mx.zoho.com", "a@c.example", 0);
	provider_by(&p, "alt1.aspmx.l.google.com", "a@d.example", 0);
	provider_by(&p, "mx.one.example", "a@e.example", 0);
	for (uint16_t id = 0; id < PROVIDER_MAX; id++)
		to[id] = id;
	to[PROVIDER_ZOHO] = PROVIDER_YAHOO;
	to[PROVIDER_GOOGLE] = PROVIDER_OTHER;
	providers_renumber(&p, to);
	assert_string_equal(provider_by(&p, "", "a@c.example", 0), "yahoo");
	assert_string_equal(provider_by(&p, "", "a@d.example", 0), "other");
	assert_string_equal(provider_by(&p, "", "a@e.example", 0),
	    "one.example");
	to[p.dynamic_first] = PROVIDER_MAX - 1;
	providers_renumber(&p, to);
	assert_string_equal(provider_by(&p, "", "a@e.example", 0), "other");
	providers_fini(&p);
}

/* With one place, the second busiest is other, and takes over after a day. */
static void
test_takeover(void **state)
{
	static struct providers	p;
	struct mail_event	ev = {
		.relay_kind = RELAY_HOST, .relay = VIEW("mx.one.example"),
		.time = 1800000000,
	};
	uint16_t		id, vacated;

	(void)state;
	setup(&p, 1);
	id = provider_of(&p, &ev, VIEW_NONE);
	assert_string_equal(provider_name(&p, id), "one.example");
	ev.relay = VIEW("mx.two.example");
	for (int i = 0; i < 100; i++)
		assert_int_equal(provider_of(&p, &ev, VIEW_NONE),
		    PROVIDER_OTHER);
	assert_false(provider_vacated(&p, &vacated));
	ev.time += 86400 + 60;
	assert_int_equal(provider_of(&p, &ev, VIEW_NONE), id);
	assert_true(provider_vacated(&p, &vacated));
	assert_int_equal(vacated, id);
	assert_false(provider_vacated(&p, &vacated));
	assert_string_equal(provider_name(&p, id), "two.example");
	assert_int_equal(provider_by_name(&p, VIEW("one.example")),
	    PROVIDER_MAX);
	providers_fini(&p);
}

/* Every row of the table is found under its own name. */
static void
test_table(void **state)
{
	static struct providers	p;
	struct config		c = { 0 };

	(void)state;
	assert_int_equal(providers_init(&p, &c), 0);
	for (size_t i = 0; i < provider_pattern_count; i++) {
		const struct provider_pattern *row = &provider_patterns[i];
		uint16_t id = suffixes_find(&p.names, view_of(row->name),
		    row->kind);

		if (id != row->id)
			fail_msg("%s: got %u, want %u", row->name, id,
			    row->id);
	}
	providers_fini(&p);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_unreached),
		cmocka_unit_test(test_learned),
		cmocka_unit_test(test_many_learned),
		cmocka_unit_test(test_renumbered),
		cmocka_unit_test(test_takeover),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
