#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include <cmocka.h>

#include "identity.h"

static void
test_compare(void **state)
{
	static const struct identity	a = { .ino = 7, .btime_ns = 5,
					    .handle_len = 2,
					    .handle = { 1, 2 } };
	static const struct {
		const char		*what;
		struct identity		 now;
		enum identity_match	 want;
	} cases[] = {
		{ "itself", { .ino = 7, .btime_ns = 5, .handle_len = 2,
		    .handle = { 1, 2 } }, IDENTITY_SAME },
		{ "another inode", { .ino = 8, .btime_ns = 5 },
		    IDENTITY_OTHER },
		{ "another handle", { .ino = 7, .btime_ns = 5,
		    .handle_len = 2, .handle = { 1, 3 } }, IDENTITY_REUSED },
		{ "a longer handle", { .ino = 7, .btime_ns = 5,
		    .handle_len = 3, .handle = { 1, 2 } }, IDENTITY_REUSED },
		{ "no handle, made later", { .ino = 7, .btime_ns = 6 },
		    IDENTITY_REUSED },
		{ "no handle, same birth", { .ino = 7, .btime_ns = 5 },
		    IDENTITY_SAME },
		{ "nothing but the inode", { .ino = 7 }, IDENTITY_SAME },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (identity_compare(&a, &cases[i].now) != cases[i].want ||
		    identity_compare(&cases[i].now, &a) != cases[i].want)
			fail_msg("%s", cases[i].what);
	}
}

static void
test_of(void **state)
{
	struct identity	one, two, other;
	int		fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int		null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int		ends[2];

	(void)state;
	assert_int_equal(identity_of(&one, fd), 0);
	assert_int_equal(identity_of(&two, fd), 0);
	assert_int_equal(identity_of(&other, null), 0);
	assert_int_equal(identity_compare(&one, &two), IDENTITY_SAME);
	assert_int_equal(one.dev, two.dev);
	assert_int_not_equal(one.ino, 0);
	assert_true(other.dev != one.dev ||
	    identity_compare(&one, &other) != IDENTITY_SAME);
	close(fd);
	close(null);
	assert_int_equal(identity_of(&one, -1), -1);
	/* a pipe has neither handle nor birth time */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(identity_of(&one, ends[0]), 0);
	assert_int_equal(identity_of(&two, ends[1]), 0);
	assert_int_equal(identity_compare(&one, &two), IDENTITY_SAME);
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	static const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
