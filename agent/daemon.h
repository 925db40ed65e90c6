/*
 * daemon - run: sources in, publications out, in one epoll loop.
 *
 * Owns everything that lives as long as the process: memory is taken here
 * before the loop starts and released in reverse order. A hint from the
 * watch or the second's tick makes it look at the sources; once a second it
 * commits and then publishes.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include "config.h"

/* For a command that adds something of its own to the loop; may be NULL. */
struct daemon_extra {
	void	(*second)(void *arg);	/* before the second's look */
	void	*arg;
	const char *stage;		/* a directory removed at the end */
};

/*
 * Run until SIGTERM or SIGINT. Takes over the configuration. file is read
 * again on SIGHUP. An exit code of command.h.
 */
int	daemon_run(struct config *, const char *file,
	    const struct daemon_extra *);

#endif
