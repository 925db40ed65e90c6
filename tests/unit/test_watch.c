#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "watch.h"

static char	dir[] = "/tmp/smtpulse-test-XXXXXX";

/* Wait until the watch says "look"; it must within ten seconds. */
static void
want_look(struct watch *w, const char *why)
{
	struct pollfd	p = { watch_fd(w), POLLIN, 0 };

	if (poll(&p, 1, 10000) != 1)
		fail_msg("no look after: %s", why);
	watch_taken(w);
}

/* Until nothing was said for longer than the watch gathers a burst. */
static void
quiet(struct watch *w)
{
	struct pollfd	p = { watch_fd(w), POLLIN, 0 };

	while (poll(&p, 1, 60) == 1)
		watch_taken(w);
}

static void
touch(const char *name)
{
	int	fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
}

static void
test_hints(void **state)
{
	struct watch	*w;

	(void)state;
	assert_int_equal(watch_open(&w), 0);
	watch_directory(w, dir, true);
	watch_directory(w, dir, true);
	want_look(w, "the directory is watched now");
	assert_int_equal(watch_mode_now(w), WATCH_NOTIFY);
	quiet(w);
	touch("a");
	want_look(w, "create and append");
	quiet(w);
	touch("a");
	want_look(w, "append");
	quiet(w);
	rename("a", "b");
	want_look(w, "rename");
	quiet(w);
	chmod("b", 0644);
	want_look(w, "chmod");
	quiet(w);
	unlink("b");
	want_look(w, "unlink");
	watch_close(w);
}

/* A directory that is removed and made again is watched again. */
static void
test_replaced(void **state)
{
	struct watch	*w;
	char		 sub[64];
	int		 i;

	(void)state;
	snprintf(sub, sizeof(sub), "%s/sub", dir);
	assert_int_equal(watch_open(&w), 0);
	watch_directory(w, sub, true);
	for (i = 0; i < 3; i++) {
		assert_int_equal(mkdir(sub, 0700), 0);
		watch_again(w);
		want_look(w, "the directory is there");
		quiet(w);
		touch("sub/a");
		want_look(w, "append in the new directory");
		unlink("sub/a");
		assert_int_equal(rmdir(sub), 0);
		want_look(w, "directory removed");
		watch_again(w);
		quiet(w);
	}
	watch_close(w);
}

/* In a directory on the way a file that comes counts, one that grows not. */
static void
test_on_the_way(void **state)
{
	struct watch	*w;
	struct pollfd	 p;
	int		 i;

	(void)state;
	assert_int_equal(watch_open(&w), 0);
	p = (struct pollfd){ watch_fd(w), POLLIN, 0 };
	watch_directory(w, dir, false);
	want_look(w, "the directory is watched now");
	quiet(w);
	touch("a");
	want_look(w, "create");
	quiet(w);
	/* what is still told of the file that came may be late */
	for (i = 0; i < 100; i++) {
		touch("a");
		if (poll(&p, 1, 100) == 0)
			break;
		watch_taken(w);
	}
	assert_true(i < 100);
	watch_directory(w, dir, true);
	watch_again(w);
	want_look(w, "it is watched for writes now");
	quiet(w);
	touch("a");
	want_look(w, "append");
	unlink("a");
	watch_close(w);
}

static void
test_burst(void **state)
{
	struct watch	*w;
	int		 i;

	(void)state;
	assert_int_equal(watch_open(&w), 0);
	watch_directory(w, dir, true);
	want_look(w, "the directory is watched now");
	for (i = 0; i < 5000; i++) {
		touch("a");
		rename("a", "b");
		unlink("b");
	}
	quiet(w);
	touch("c");
	want_look(w, "append after a burst");
	unlink("c");
	watch_close(w);
}

static int
set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	return chdir(dir);
}

static int
tear_down(void **state)
{
	(void)state;
	return chdir("/") + rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_on_the_way),
		cmocka_unit_test(test_burst),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
