/*
 * loop - one epoll loop: descriptors, timers, signals.
 *
 * A callback does a bounded amount of work and returns. Timers run on
 * CLOCK_BOOTTIME, so a suspended machine does not stop them. Signals come as
 * descriptors; they must be blocked before any thread starts, which
 * loop_init() does for the calling thread and those it makes later.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

enum { LOOP_WATCHES = 64 };	/* receivers' sockets included */

typedef void (*loop_fd_fn)(void *arg, int fd, uint32_t events);
typedef void (*loop_timer_fn)(void *arg);
typedef void (*loop_signal_fn)(void *arg, int signo);

struct loop_watch {
	int		 fd;		/* -1: the place is free */
	bool		 timer;		/* fd is a timerfd of ours */
	loop_fd_fn	 ready;
	loop_timer_fn	 tick;
	void		*arg;
};

struct loop {
	int			 epoll, signals;
	loop_signal_fn		 signal;
	void			*signal_arg;
	bool			 stop;
	struct loop_watch	 watch[LOOP_WATCHES];
};

/* TERM, INT and HUP go to the function. */
int	loop_init(struct loop *, loop_signal_fn, void *arg);
void	loop_fini(struct loop *);

/* events as of epoll; a second call for the same fd changes them. */
int	loop_add(struct loop *, int fd, uint32_t events, loop_fd_fn, void *arg);
void	loop_remove(struct loop *, int fd);
/*
 * A timer, not armed yet: its number, or -1. Late ticks come as one.
 */
int	loop_timer(struct loop *, loop_timer_fn, void *arg);
/* First after first_ms, then each every_ms (0: once). first_ms -1: never. */
int	loop_timer_set(struct loop *, int timer, int64_t first_ms,
	    int64_t every_ms);

/* Until loop_stop(): 0, or -1 when epoll itself fails. */
int	loop_run(struct loop *);
void	loop_stop(struct loop *);

#endif
