#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "option.h"

enum { EXAMPLE_MAX = 65536 };

/* One section of the example file, comments taken off. */
struct example {
	char	text[EXAMPLE_MAX];
	char	words[EXAMPLE_MAX];	/* the same, with single blanks */
};

static const struct {
	enum option_section	 section;
	const char		*name, *text;
	bool			 good;
	double			 want;
} cases[] = {
	{ SECTION_ROOT, "retention", "30d", true, 2592000 },
	{ SECTION_ROOT, "retention", "1h", true, 3600 },
	{ SECTION_ROOT, "retention", "3600s", true, 3600 },
	{ SECTION_ROOT, "retention", "59m", false, 0 },
	{ SECTION_ROOT, "retention", "367d", false, 0 },
	{ SECTION_ROOT, "retention", "30", false, 0 },
	{ SECTION_ROOT, "retention", "30 d", false, 0 },
	{ SECTION_ROOT, "retention", "-1d", false, 0 },
	{ SECTION_ROOT, "retention", "4294967297d", false, 0 },
	{ SECTION_ROOT, "providers", "0", true, 0 },
	{ SECTION_ROOT, "providers", "200", true, 200 },
	{ SECTION_ROOT, "providers", "201", false, 0 },
	{ SECTION_ROOT, "providers", "0x10", false, 0 },
	{ SECTION_ROOT, "providers", "+5", false, 0 },
	{ SECTION_ROOT, "providers", "", false, 0 },
	{ SECTION_ROOT, "providers", "18446744073709551617", false, 0 },
	{ SECTION_ROOT, "listen", "127.0.0.1:10421", true, 0 },
	{ SECTION_ROOT, "listen", "[::1]:10421", true, 0 },
	{ SECTION_ROOT, "listen", "127.0.0.1:65536", false, 0 },
	{ SECTION_ROOT, "listen", "::1:10421", false, 0 },
	{ SECTION_ROOT, "listen", "[127.0.0.1]:1", false, 0 },
	{ SECTION_ROOT, "listen", "[::1:10421", false, 0 },
	{ SECTION_ROOT, "listen", "[", false, 0 },
	{ SECTION_ROOT, "listen", "[:1", false, 0 },
	{ SECTION_ROOT, "listen", "localhost:1", false, 0 },
	{ SECTION_ROOT, "listen", "127.0.0.1", false, 0 },
	{ SECTION_ROOT, "state", "", true, 0 },
	{ SECTION_SOURCE, "path", "", false, 0 },
	{ SECTION_SOURCE, "tz", "Europe/Berlin", true, 0 },
	{ SECTION_SOURCE, "tz", "UTC", true, 0 },
	{ SECTION_SOURCE, "tz", "Europe/Atlantis", false, 0 },
	{ SECTION_SOURCE, "tz", "../../../etc/passwd", false, 0 },
	{ SECTION_SOURCE, "mta", "exim", true, 1 },
	{ SECTION_SOURCE, "mta", "Exim", false, 0 },
	{ SECTION_SOURCE, "journal", "YES", true, 1 },
	{ SECTION_SOURCE, "journal", "1", false, 0 },
	{ SECTION_RULE, "ratio", "0.25", true, 0.25 },
	{ SECTION_RULE, "ratio", ".5", true, 0.5 },
	{ SECTION_RULE, "ratio", "1", true, 1 },
	{ SECTION_RULE, "ratio", "1.01", false, 0 },
	{ SECTION_RULE, "ratio", "nan", false, 0 },
	{ SECTION_RULE, "ratio", ".", false, 0 },
	{ SECTION_RULE, "ratio", "20%", false, 0 },
	{ SECTION_RULE, "code", "421", true, 421 },
	{ SECTION_RULE, "code", "199", false, 0 },
	{ SECTION_RULE, "code", "600", false, 0 },
	{ SECTION_RULE, "enhanced", "4.7.28", true, 0 },
	{ SECTION_RULE, "enhanced", "3.7.28", false, 0 },
	{ SECTION_RULE, "enhanced", "4.7", false, 0 },
	{ SECTION_RULE, "enhanced", "4.7.1000", false, 0 },
	{ SECTION_RULE, "severity", "auto", true, -1 },
	{ SECTION_WEBHOOK, "url", "https://chat.example/x", true, 0 },
	{ SECTION_WEBHOOK, "url", "https://", false, 0 },
	{ SECTION_WEBHOOK, "url", "https:///x", false, 0 },
	{ SECTION_WEBHOOK, "url", "ftp://x", false, 0 },
	{ SECTION_WEBHOOK, "url", "http://a b", false, 0 },
	{ SECTION_WEB, "users", "ann:"
	    "$2b$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234",
	    true, 0 },
	{ SECTION_WEB, "users", "ann:secret", false, 0 },
	{ SECTION_WEB, "users", ":$2b$10$x", false, 0 },
};

static double	number(const struct option *, const void *field);
static void	example_read(struct example *, enum option_section);
static void	squeeze(char *to, const char *from);

static void
test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct option	*o = option_find(cases[i].section,
					    cases[i].name);
		char			 why[OPTION_WHY_BYTES] = "";
		union {
			struct config		c;
			struct config_source	s;
			struct config_rule	r;
			struct config_receiver	w;
		} base;
		int rc;

		memset(&base, 0, sizeof(base));
		assert_non_null(o);
		rc = option_set(o, &base, cases[i].text, why);
		if ((rc == 0) != cases[i].good)
			fail_msg("%s = '%s': got %d (%s), want %s", o->name,
			    cases[i].text, rc, why,
			    cases[i].good ? "good" : "bad");
		if (rc == -1 && strstr(why, "allowed: ") == NULL)
			fail_msg("%s = '%s': '%s' does not say what is "
			    "allowed", o->name, cases[i].text, why);
		if (rc == 0 && number(o, (char *)&base + o->at) !=
		    cases[i].want)
			fail_msg("%s = '%s': got %g, want %g", o->name,
			    cases[i].text,
			    number(o, (char *)&base + o->at), cases[i].want);
		option_clear(o, &base);
	}
}

/* Every default passes its own converter. */
static void
test_defaults(void **state)
{
	const struct option	*o;
	char			 why[OPTION_WHY_BYTES];

	(void)state;
	for (size_t i = 0; (o = option_row(i)) != NULL; i++) {
		struct config base = { 0 };

		assert_ptr_equal(option_find(o->section, o->name), o);
		if (o->value == NULL)
			continue;
		if (option_set(o, &base, o->value, why) == -1)
			fail_msg("default of %s: %s", o->name, why);
		option_clear(o, &base);
	}
}

static void
test_near(void **state)
{
	(void)state;
	assert_string_equal(option_near(SECTION_RULE, "cuont"), "count");
	assert_string_equal(option_near(SECTION_ROOT, "lisen"), "listen");
	assert_string_equal(option_near(SECTION_ROOT, "alertmanger"),
	    "alertmanager");
	assert_null(option_near(SECTION_ROOT, "colour"));
	assert_int_equal(option_distance("", ""), 0);
	assert_int_equal(option_distance("abc", ""), 3);
	assert_int_equal(option_distance("kitten", "sitting"), 3);
	assert_int_equal(option_distance("abcdefghijabcdefghijabcdefghijabcd",
	    "a"), 99);
}

/* agent.conf.example has every option, its default and its help. */
static void
test_example(void **state)
{
	static struct example	e;
	const struct option	*o;
	char			 want[512], help[512];

	(void)state;
	for (size_t i = 0; (o = option_row(i)) != NULL; i++) {
		const char *open = option_is_list(o) ? "{\"" :
		    o->type == OPTION_STRING ? "\"" : "";
		const char *close = option_is_list(o) ? "\"}" :
		    o->type == OPTION_STRING ? "\"" : "";

		example_read(&e, o->section);
		if (o->value == NULL)
			snprintf(want, sizeof(want), "\n%s = ", o->name);
		else
			snprintf(want, sizeof(want), "\n%s = %s%s%s\n",
			    o->name, open, o->value, close);
		if (strstr(e.text, want) == NULL)
			fail_msg("agent.conf.example, section '%s', lacks%s",
			    sections[o->section].name, want);
		squeeze(help, o->help);
		if (strstr(e.words, help) == NULL)
			fail_msg("agent.conf.example does not explain '%s': "
			    "%s", o->name, help);
	}
}

static double
number(const struct option *o, const void *field)
{
	switch (o->type) {
	case OPTION_BOOL:
		return *(const bool *)field;
	case OPTION_UINT:
	case OPTION_SECONDS:
		return *(const uint32_t *)field;
	case OPTION_CODE:
		return *(const uint16_t *)field;
	case OPTION_RATIO:
		return *(const double *)field;
	case OPTION_ENUM:
		return *(const int *)field;
	default:
		return 0;
	}
}

static void
example_read(struct example *e, enum option_section section)
{
	char	 line[256], start[64], *p;
	FILE	*in = fopen("agent.conf.example", "r");
	bool	 inside = section == SECTION_ROOT;
	size_t	 n = 0;

	assert_non_null(in);
	snprintf(start, sizeof(start), "%s ", sections[section].name);
	while (fgets(line, sizeof(line), in) != NULL) {
		p = line + strspn(line, "#\t ");
		if (*start != ' ' && line[0] == '#' && line[1] != ' ' &&
		    strncmp(p, start, strlen(start)) == 0)
			inside = true;
		else if (strchr(p, '{') != NULL && strchr(p, '}') == NULL)
			inside = section == SECTION_ROOT && *start != ' ';
		if (inside)
			n += (size_t)snprintf(e->text + n, EXAMPLE_MAX - n,
			    "%s%s", n == 0 ? "\n" : "", p);
		assert_true(n < EXAMPLE_MAX);
	}
	fclose(in);
	squeeze(e->words, e->text);
}

static void
squeeze(char *to, const char *from)
{
	for (; *from != '\0'; from++)
		if (strchr(" \n\t", *from) == NULL)
			*to++ = *from;
		else if (from[1] != '\0' && strchr(" \n\t", from[1]) == NULL)
			*to++ = ' ';
	*to = '\0';
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
