#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "view.h"

/* So many connections may wait while the thread compresses a page. */
enum { BACKLOG = 511 };

bool
address_parse(struct address *a, const char *text)
{
	struct view	rest = view_of(text), host;
	char		name[INET6_ADDRSTRLEN] = "";
	uint32_t	port;
	bool		v6 = view_skip_byte(&rest, '[');

	memset(a, 0, sizeof(*a));
	if (!view_cut(&rest, v6 ? ']' : ':', &host) ||
	    host.n >= sizeof(name) || (v6 && !view_skip_byte(&rest, ':')) ||
	    !view_take_u32(&rest, &port) || rest.n > 0 || port > 65535)
		return false;
	memcpy(name, host.p, host.n);
	if (v6) {
		a->len = sizeof(a->v6);
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons((uint16_t)port);
		return inet_pton(AF_INET6, name, &a->v6.sin6_addr) == 1;
	}
	a->len = sizeof(a->v4);
	a->v4.sin_family = AF_INET;
	a->v4.sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, name, &a->v4.sin_addr) == 1;
}

bool
address_is_loopback(const struct address *a)
{
	if (a->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	return ntohl(a->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

void
address_print(const struct address *a, char out[ADDRESS_TEXT_BYTES])
{
	char	name[INET6_ADDRSTRLEN];

	if (a->any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &a->v6.sin6_addr, name, sizeof(name));
		snprintf(out, ADDRESS_TEXT_BYTES, "[%s]:%u", name,
		    ntohs(a->v6.sin6_port));
		return;
	}
	inet_ntop(AF_INET, &a->v4.sin_addr, name, sizeof(name));
	snprintf(out, ADDRESS_TEXT_BYTES, "%s:%u", name,
	    ntohs(a->v4.sin_port));
}

int
address_listen(struct address *a)
{
	int		on = 1, fd, saved;
	socklen_t	len = a->len;

	fd = socket(a->any.sa_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (a->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, &a->any, a->len) == 0 && listen(fd, BACKLOG) == 0 &&
	    getsockname(fd, &a->any, &len) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int
address_of(struct address *a, int fd)
{
	int	flags = fcntl(fd, F_GETFL);

	a->len = sizeof(a->v6);
	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    getsockname(fd, &a->any, &a->len) == -1)
		return -1;
	return a->any.sa_family == AF_INET || a->any.sa_family == AF_INET6 ?
	    0 : -1;
}
