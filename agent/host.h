/*
 * host - is the name in a Host header one of ours?
 *
 * A web site can let its own name lead to our address and have a visitor's
 * browser read us (DNS rebinding); its name is then in the header. Numeric
 * addresses cannot be borrowed like that and are always ours, and so are
 * localhost, this machine's name and what the configuration names.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>

#include "config.h"
#include "view.h"

struct hosts {
	char	**name;		/* owned */
	size_t	  count;
};

/* 0, or -1 with errno. */
int	hosts_init(struct hosts *, const struct config *);
void	hosts_fini(struct hosts *);
/* The header's value: a name or address, a port behind it or not. */
bool	hosts_has(const struct hosts *, struct view host);

#endif
