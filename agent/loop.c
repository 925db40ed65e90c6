#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "loop.h"

enum { BATCH = 16 };	/* events taken at once */

static int			 open_signals(struct loop *);
static struct loop_watch	*place_of(struct loop *, int fd);
static struct loop_watch	*add(struct loop *, int fd, uint32_t events);
static void			 dispatch(struct loop *,
				    const struct epoll_event *);
static void			 take_signals(struct loop *);

int
loop_init(struct loop *l, loop_signal_fn fn, void *arg)
{
	size_t	i;

	memset(l, 0, sizeof(*l));
	l->signals = -1;
	l->signal = fn;
	l->signal_arg = arg;
	for (i = 0; i < LOOP_WATCHES; i++)
		l->watch[i].fd = -1;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll == -1)
		return -1;
	if (open_signals(l) == -1) {
		loop_fini(l);
		return -1;
	}
	return 0;
}

void
loop_fini(struct loop *l)
{
	size_t	i;

	for (i = 0; i < LOOP_WATCHES; i++)
		if (l->watch[i].fd != -1 && l->watch[i].timer)
			close(l->watch[i].fd);
	if (l->signals != -1)
		close(l->signals);
	if (l->epoll != -1)
		close(l->epoll);
}

int
loop_add(struct loop *l, int fd, uint32_t events, loop_fd_fn fn, void *arg)
{
	struct loop_watch	*w = add(l, fd, events);

	if (w == NULL)
		return -1;
	w->ready = fn;
	w->arg = arg;
	return 0;
}

void
loop_remove(struct loop *l, int fd)
{
	struct loop_watch	*w = place_of(l, fd);

	if (w == NULL || fd == -1)
		return;
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
	if (w->timer)
		close(fd);
	memset(w, 0, sizeof(*w));
	w->fd = -1;
}

int
loop_timer(struct loop *l, loop_timer_fn fn, void *arg)
{
	int			 fd;
	struct loop_watch	*w;

	fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fd == -1)
		return -1;
	w = add(l, fd, EPOLLIN);
	if (w == NULL) {
		close(fd);
		return -1;
	}
	w->timer = true;
	w->tick = fn;
	w->arg = arg;
	return fd;
}

int
loop_timer_set(struct loop *l, int timer, int64_t first_ms, int64_t every_ms)
{
	struct itimerspec	its;

	(void)l;
	memset(&its, 0, sizeof(its));
	if (first_ms >= 0) {
		its.it_value.tv_sec = first_ms / 1000;
		/* all zero would disarm it */
		its.it_value.tv_nsec = first_ms % 1000 * 1000000 + 1;
		its.it_interval.tv_sec = every_ms / 1000;
		its.it_interval.tv_nsec = every_ms % 1000 * 1000000;
	}
	return timerfd_settime(timer, 0, &its, NULL);
}

int
loop_run(struct loop *l)
{
	struct epoll_event	events[BATCH];
	int			i, n;

	while (!l->stop) {
		n = epoll_wait(l->epoll, events, BATCH, -1);
		if (n == -1 && errno != EINTR)
			return -1;
		for (i = 0; i < n && !l->stop; i++)
			dispatch(l, &events[i]);
	}
	return 0;
}

void
loop_stop(struct loop *l)
{
	l->stop = true;
}

static int
open_signals(struct loop *l)
{
	struct epoll_event	ev = { .events = EPOLLIN };
	sigset_t		set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (l->signals == -1)
		return -1;
	ev.data.fd = l->signals;
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->signals, &ev);
}

static struct loop_watch *
place_of(struct loop *l, int fd)
{
	size_t	i;

	for (i = 0; i < LOOP_WATCHES; i++)
		if (l->watch[i].fd == fd)
			return &l->watch[i];
	return NULL;
}

static struct loop_watch *
add(struct loop *l, int fd, uint32_t events)
{
	struct epoll_event	 ev = { .events = events, .data.fd = fd };
	struct loop_watch	*w = place_of(l, fd);
	int			 op = EPOLL_CTL_MOD;

	if (w == NULL) {
		op = EPOLL_CTL_ADD;
		w = place_of(l, -1);
	}
	if (w == NULL) {
		errno = ENOSPC;
		return NULL;
	}
	if (epoll_ctl(l->epoll, op, fd, &ev) == -1)
		return NULL;
	w->fd = fd;
	return w;
}

/* An event may be for a descriptor that an earlier callback removed. */
static void
dispatch(struct loop *l, const struct epoll_event *ev)
{
	int			 fd = ev->data.fd;
	struct loop_watch	*w;
	uint64_t		 ticks;

	if (fd == l->signals) {
		take_signals(l);
		return;
	}
	w = place_of(l, fd);
	if (w == NULL)
		return;
	if (!w->timer)
		w->ready(w->arg, fd, ev->events);
	else if (read(fd, &ticks, sizeof(ticks)) == sizeof(ticks))
		w->tick(w->arg);
}

static void
take_signals(struct loop *l)
{
	struct signalfd_siginfo	info;

	while (read(l->signals, &info, sizeof(info)) == sizeof(info))
		l->signal(l->signal_arg, (int)info.ssi_signo);
}
