#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lines.h"

/* What a text reads as: lines joined by |, an oversize one marked with !. */
static void
read_all(const char *text, size_t n, size_t chunk, bool final, char *out)
{
	struct lines		 l = { .buf = malloc(LINES_BUFFER) };
	struct view		 line;
	enum lines_result	 r;
	size_t			 at = 0;

	*out = '\0';
	for (;;) {
		char	*to;
		size_t	 room;

		while ((r = lines_next(&l, &line)) != LINES_END)
			out += sprintf(out, r == LINES_OVERSIZE ?
			    "!%.*s|" : "%.*s|", (int)line.n, line.p);
		if (at == n)
			break;
		to = lines_room(&l, &room);
		if (room > chunk)
			room = chunk;
		if (room > n - at)
			room = n - at;
		memcpy(to, text + at, room);
		lines_filled(&l, room);
		at += room;
	}
	if (final && lines_last(&l, &line) == LINES_LINE)
		sprintf(out, "%.*s$", (int)line.n, line.p);
	free(l.buf);
}

static const struct {
	const char	*what, *text;
	size_t		 n;
	const char	*want;
} cases[] = {
#define TEXT(t) t, sizeof(t) - 1
	{ "nothing", TEXT(""), "" },
	{ "one", TEXT("abc\n"), "abc|" },
	{ "half a line waits", TEXT("abc\nde"), "abc|de$" },
	{ "empty lines count", TEXT("\n\na\n"), "||a|" },
	{ "one CR goes", TEXT("a\r\nb\r\r\n\r\n"), "a|b\r||" },
	{ "a lone CR stays", TEXT("a\rb\n"), "a\rb|" },
	{ "NULs before a line", TEXT("\0\0\0a\nb\n"), "a|b|" },
	{ "only NULs", TEXT("\0\0\0"), "" },
	{ "last line's CR", TEXT("a\r"), "a$" },
#undef TEXT
};

static void
test_cases(void **state)
{
	char	got[256];
	size_t	i, chunk;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (chunk = 1; chunk < 20; chunk++) {
			read_all(cases[i].text, cases[i].n, chunk, true, got);
			if (strcmp(got, cases[i].want) != 0)
				fail_msg("%s, chunks of %zu: got \"%s\", "
				    "want \"%s\"", cases[i].what, chunk, got,
				    cases[i].want);
		}
}

static void
test_nul_inside(void **state)
{
	char		buf[LINES_BUFFER] = "a\0b\nc\n";
	struct lines	l = { .buf = buf, .end = 6 };
	struct view	line;

	(void)state;
	assert_int_equal(lines_next(&l, &line), LINES_LINE);
	assert_int_equal(line.n, 3);
	assert_int_equal(lines_next(&l, &line), LINES_LINE);
	assert_true(view_eq(line, VIEW("c")));
}

/* At, below and above the limit, in every interesting chunking. */
static void
test_oversize(void **state)
{
	static const size_t lens[] = { LINES_MAX - 1, LINES_MAX,
		LINES_MAX + 1, 2 * LINES_MAX, 2 * LINES_MAX + 1, 500000 };
	static const size_t chunks[] = { 1000, 4096, LINES_MAX,
		LINES_MAX + 1, LINES_BUFFER };
	char	*text = malloc(600000), *got = malloc(700000);
	size_t	 i, j;

	(void)state;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		for (j = 0; j < sizeof(chunks) / sizeof(chunks[0]); j++) {
			bool	over = lens[i] > LINES_MAX;
			size_t	kept = over ? LINES_MAX : lens[i];

			memset(text, 'x', lens[i]);
			memcpy(text + lens[i], "\nnext\n", 6);
			read_all(text, lens[i] + 6, chunks[j], true, got);
			if ((got[0] == '!') != over ||
			    strcmp(got + over + kept, "|next|") != 0)
				fail_msg("%zu bytes in chunks of %zu: got %zu "
				    "bytes", lens[i], chunks[j], strlen(got));
		}
	free(text);
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_nul_inside),
		cmocka_unit_test(test_oversize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
