#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <cmocka.h>

#include "loop.h"

struct scene {
	struct loop	loop;
	int		pipe[2];
	int		ticks, reads, signo;
};

static void
on_signal(void *arg, int signo)
{
	struct scene	*s = arg;

	s->signo = signo;
	loop_stop(&s->loop);
}

static void
on_tick(void *arg)
{
	struct scene	*s = arg;

	s->ticks++;
	if (s->ticks == 2)
		assert_int_equal(write(s->pipe[1], "x", 1), 1);
}

static void
on_read(void *arg, int fd, uint32_t events)
{
	struct scene	*s = arg;
	char		 c;

	assert_true((events & EPOLLIN) != 0);
	assert_int_equal(read(fd, &c, 1), 1);
	s->reads++;
	loop_remove(&s->loop, fd);
	kill(getpid(), SIGTERM);
}

static void
test_all_kinds(void **state)
{
	struct scene	s = { .ticks = 0 };
	int		timer;

	(void)state;
	assert_int_equal(pipe(s.pipe), 0);
	assert_int_equal(loop_init(&s.loop, on_signal, &s), 0);
	timer = loop_timer(&s.loop, on_tick, &s);
	assert_true(timer >= 0);
	assert_int_equal(loop_timer_set(&s.loop, timer, 0, 5), 0);
	assert_int_equal(loop_add(&s.loop, s.pipe[0], EPOLLIN, on_read, &s),
	    0);
	assert_int_equal(loop_run(&s.loop), 0);
	assert_int_equal(s.signo, SIGTERM);
	assert_int_equal(s.reads, 1);
	assert_true(s.ticks >= 2);
	loop_fini(&s.loop);
	close(s.pipe[0]);
	close(s.pipe[1]);
}

static void
test_full(void **state)
{
	struct scene	s = { .ticks = 0 };
	int		i;

	(void)state;
	assert_int_equal(loop_init(&s.loop, on_signal, &s), 0);
	for (i = 0; i < LOOP_WATCHES; i++)
		assert_true(loop_timer(&s.loop, on_tick, &s) >= 0);
	assert_int_equal(loop_timer(&s.loop, on_tick, &s), -1);
	loop_fini(&s.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
