/*
 * supervisor - whoever started us and wants to know how we are.
 *
 * systemd's protocol, spoken without its library: datagrams to
 * NOTIFY_SOCKET, and listening sockets inherited from 3 on. Without a
 * supervisor all this is silent.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { SUPERVISOR_FIRST_FD = 3 };

struct supervisor {
	int			fd;		/* -1: nobody listens */
	struct sockaddr_un	to;
	socklen_t		to_len;
	int64_t			every_ms;	/* between signs of life; 0: none
						   are wanted */
	int64_t			told_ms;	/* monotonic, the last one */
	size_t			sockets;	/* inherited */
};

/* What the environment says; our children are not told. */
void	supervisor_init(struct supervisor *);
void	supervisor_fini(struct supervisor *);
/* One or more lines like "READY=1\nSTATUS=...". */
void	supervisor_tell(const struct supervisor *, const char *lines);
/* Is it time for a sign of life? */
int	supervisor_waits(const struct supervisor *, int64_t now_ms);
void	supervisor_alive(struct supervisor *, int64_t now_ms,
	    const char *status);

#endif
