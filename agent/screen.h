/*
 * screen - a terminal taken for a while, and given back as it was.
 *
 * Keys come one by one and unseen; the alternate screen keeps what was there
 * before. Signals that end or resize arrive as keys too, so that the terminal
 * is given back whatever happens.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stddef.h>
#include <termios.h>

#include "view.h"

enum {
	SCREEN_NOTHING = 0,	/* the time is over */
	SCREEN_RESIZED = -1,
	SCREEN_END = -2		/* a signal, or nobody is there any more */
};

struct screen {
	struct termios	before;
	int		signals;	/* signalfd */
	size_t		lines;
};

/* 0, or -1 with errno, also when standard input or output is no terminal. */
int	screen_open(struct screen *);
void	screen_close(struct screen *);
/* Show this instead of what is shown; lines end in LF. */
void	screen_show(struct screen *, struct view);
/* The next key within so many milliseconds, or one of the above. */
int	screen_key(struct screen *, int wait_ms);

#endif
