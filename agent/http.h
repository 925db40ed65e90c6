/*
 * http - the door. One thread of its own, boxed: it sees the publication
 * slot and what it counts itself, and nothing else of us.
 *
 * libmicrohttpd does the protocol for all addresses in this thread's loop;
 * so connections, their deadlines (peers.h) and requests that wait for a
 * publication need no lock. A slow client costs a slot, never time.
 */
#ifndef HTTP_H
#define HTTP_H

#include "config.h"
#include "peers.h"
#include "publication.h"

enum { HTTP_LISTEN_MAX = 16, HTTP_ERROR_BYTES = 256 };

struct http;

struct http_setup {
	const struct config	*config;	/* listen and web; used only
						   during http_start() */
	struct publication_slot	*slot;		/* must outlive the server */
	const struct peers_limits *limits;	/* NULL: the usual ones */
	size_t			 inherited;	/* so many sockets from
						   SUPERVISOR_FIRST_FD on,
						   instead of listen */
};

/*
 * Bind all addresses and begin to serve; 0, else -1 with one message in
 * error: nothing is left behind then.
 */
int	http_start(struct http **, const struct http_setup *,
	    char error[HTTP_ERROR_BYTES]);
/* Take no more connections, let answers under way finish, end the thread. */
void	http_stop(struct http *);
/* The port behind the n-th address of config.listen. */
uint16_t	http_port(const struct http *, size_t n);

#endif
