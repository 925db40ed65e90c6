/*
 * process - what the kernel knows about us: the process_* metrics.
 *
 * The descriptors stay open, so that a sandbox need not let us open them.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <dirent.h>

#include "expose.h"

struct process {
	int	 stat_fd;	/* -1: families from it are left out */
	DIR	*fds;		/* NULL: likewise */
	double	 start_s;	/* Unix time; asked once, for the answer moves
				   with the clock */
};

void	process_init(struct process *);
void	process_fini(struct process *);
void	process_expose(const struct process *, struct expose *);

#endif
