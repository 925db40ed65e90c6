/*
 * Lines of real MTAs, one of each shape, cut behind each of their bytes: a cut
 * line says what the whole one says, or is unknown.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "attack.h"

enum { SHAPES = 1 << 14 };

/* Hashes of the shapes that were there; 0: free. */
static bool
is_new(uint64_t *seen, uint64_t shape)
{
	size_t	at = shape % SHAPES;

	shape |= 1;
	while (seen[at] != 0 && seen[at] != shape)
		at = (at + 1) % SHAPES;
	if (seen[at] == shape)
		return false;
	seen[at] = shape;
	return true;
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (c != '\0' && strchr(".@+_-", c) != NULL);
}

static uint64_t
mix(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}

/* A line without what differs: words with a digit, a dot or an @ in them. */
static uint64_t
shape_of(struct view v)
{
	uint64_t	hash = UINT64_C(0xcbf29ce484222325), word;
	size_t		at = 0;
	bool		varies;

	while (at < v.n) {
		varies = false;
		word = hash;
		for (; at < v.n && is_word(v.p[at]); at++) {
			varies |= v.p[at] <= '9' || v.p[at] == '@';
			word = mix(word, v.p[at]);
		}
		hash = varies ? mix(hash, '0') : word;
		if (at < v.n)
			hash = mix(hash, v.p[at++]);
	}
	return hash;
}

static void
cut_line(enum mta mta, struct view line)
{
	struct told	*whole = malloc(sizeof(*whole));
	struct told	*cut = malloc(sizeof(*cut));

	tell_parse(whole, mta, line);
	if (whole->result == PARSE_EVENT)
		tell_verdict(whole);
	/* unknown: one of the parts that join.c puts together */
	attack_cuts(whole, cut, mta, line);
	free(whole);
	free(cut);
}

static size_t
cut_log(const char *path, enum mta mta, uint64_t *seen)
{
	char		 command[512], *buf = NULL;
	FILE		*file;
	size_t		 size = 0, shapes = 0;
	ssize_t		 n;

	snprintf(command, sizeof(command), "xz -dc '%s'", path);
	file = popen(command, "r");
	assert_non_null(file);
	while ((n = getline(&buf, &size, file)) > 0) {
		struct view line = { buf, (size_t)n - (buf[n - 1] == '\n') };

		if (!is_new(seen, shape_of(line)))
			continue;
		cut_line(mta, line);
		shapes++;
		assert_true(shapes < SHAPES / 2);
	}
	free(buf);
	assert_int_equal(pclose(file), 0);
	return shapes;
}

static void
cut_mta(const char *name, enum mta mta, size_t least)
{
	uint64_t	*seen = calloc(SHAPES, sizeof(*seen));
	char		 pattern[128];
	size_t		 shapes = 0;
	glob_t		 logs;

	assert_non_null(seen);
	snprintf(pattern, sizeof(pattern), "tests/corpora/lab/%s*.log.xz",
	    name);
	if (glob(pattern, 0, NULL, &logs) != 0)
		fail_msg("no %s: run from the top of the tree", pattern);
	for (size_t i = 0; i < logs.gl_pathc; i++)
		shapes += cut_log(logs.gl_pathv[i], mta, seen);
	globfree(&logs);
	free(seen);
	assert_true(shapes >= least);
}

static void
postfix_cut(void **state)
{
	(void)state;
	cut_mta("postfix", MTA_POSTFIX, 100);
}

static void
exim_cut(void **state)
{
	(void)state;
	cut_mta("exim", MTA_EXIM, 100);
}

static void
sendmail_cut(void **state)
{
	(void)state;
	cut_mta("sendmail", MTA_SENDMAIL, 100);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(postfix_cut),
		cmocka_unit_test(exim_cut),
		cmocka_unit_test(sendmail_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
