/*
 * A kernel that gives no inotify, or no more watches: the sweep goes on alone.
 * The library's calls come here, and not to libc.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

#include "watch.h"

static bool	no_instance, no_watch;

int
inotify_init(void)
{
	if (no_instance) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_inotify_init1, 0);
}

int
inotify_init1(int flags)
{
	if (no_instance) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_inotify_init1, flags);
}

int
inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	if (no_watch) {
		errno = ENOSPC;
		return -1;
	}
	return (int)syscall(SYS_inotify_add_watch, fd, path, mask);
}

/* Until the thread has looked: it is told to each time. */
static void
want_mode(struct watch *w, enum watch_mode mode)
{
	for (int i = 0; i < 20000 && watch_mode_now(w) != mode; i++) {
		watch_again(w);
		usleep(1000);
	}
	assert_int_equal(watch_mode_now(w), mode);
}

static void
test_no_instance(void **state)
{
	struct watch	*w;

	(void)state;
	no_instance = true;
	assert_int_equal(watch_open(&w), 0);
	assert_int_equal(watch_mode_now(w), WATCH_POLL);
	watch_directory(w, "/tmp", true);
	watch_again(w);
	assert_int_equal(watch_mode_now(w), WATCH_POLL);
	watch_close(w);
	no_instance = false;
}

static void
test_no_more_watches(void **state)
{
	struct watch	*w;

	(void)state;
	no_watch = true;
	assert_int_equal(watch_open(&w), 0);
	watch_directory(w, "/tmp", true);
	want_mode(w, WATCH_POLL);
	/* and when there are some again */
	no_watch = false;
	want_mode(w, WATCH_NOTIFY);
	watch_close(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_instance),
		cmocka_unit_test(test_no_more_watches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
