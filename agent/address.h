/*
 * address - where to listen: "127.0.0.1:10421", "[::1]:10421", "0.0.0.0:0".
 *
 * Numbers only: a name would have to be resolved. Port 0 lets the kernel
 * choose.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>

struct address {
	union {
		struct sockaddr		any;
		struct sockaddr_in	v4;
		struct sockaddr_in6	v6;
	};
	socklen_t	len;
};

enum { ADDRESS_TEXT_BYTES = 64 };

/* False when text is no address. */
bool	address_parse(struct address *, const char *text);
bool	address_is_loopback(const struct address *);
/* As it would stand in a URL: "127.0.0.1:80", "[::1]:80". */
void	address_print(const struct address *, char out[ADDRESS_TEXT_BYTES]);
/*
 * Bind and listen; the descriptor, or -1 with errno. *a gets the port that
 * the kernel chose.
 */
int	address_listen(struct address *a);
/* Of a TCP socket that is there already, made ready for us; 0 or -1. */
int	address_of(struct address *a, int fd);

#endif
