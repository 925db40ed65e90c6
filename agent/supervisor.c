#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervisor.h"

enum {
	PER_PERIOD = 3,		/* signs of life: one may be late */
	SOCKETS_MAX = 64,
	LINES_BYTES = 256
};

static void	find_ears(struct supervisor *);
static size_t	take_sockets(void);
static uint64_t	number_of(const char *name);
static int	is_for_us(const char *name);

void
supervisor_init(struct supervisor *s)
{
	memset(s, 0, sizeof(*s));
	s->fd = -1;
	s->sockets = take_sockets();
	find_ears(s);
	if (s->fd != -1 && is_for_us("WATCHDOG_PID"))
		s->every_ms = (int64_t)(number_of("WATCHDOG_USEC") / 1000 /
		    PER_PERIOD);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

void
supervisor_fini(struct supervisor *s)
{
	if (s->fd != -1)
		close(s->fd);
	s->fd = -1;
}

/* A supervisor that does not listen is not waited for. */
void
supervisor_tell(const struct supervisor *s, const char *lines)
{
	if (s->fd != -1)
		sendto(s->fd, lines, strlen(lines), MSG_DONTWAIT |
		    MSG_NOSIGNAL, (const struct sockaddr *)&s->to, s->to_len);
}

int
supervisor_waits(const struct supervisor *s, int64_t now_ms)
{
	return s->every_ms > 0 && now_ms - s->told_ms >= s->every_ms;
}

void
supervisor_alive(struct supervisor *s, int64_t now_ms, const char *status)
{
	char	lines[LINES_BYTES];

	s->told_ms = now_ms;
	snprintf(lines, sizeof(lines), "WATCHDOG=1\nSTATUS=%s", status);
	supervisor_tell(s, lines);
}

static void
find_ears(struct supervisor *s)
{
	const char	*name = getenv("NOTIFY_SOCKET");
	size_t		 len = name == NULL ? 0 : strlen(name);

	if (len < 2 || len >= sizeof(s->to.sun_path) ||
	    (*name != '/' && *name != '@'))
		return;
	s->to.sun_family = AF_UNIX;
	memcpy(s->to.sun_path, name, len);
	if (*name == '@')
		s->to.sun_path[0] = '\0';
	s->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static size_t
take_sockets(void)
{
	size_t	count = 0;

	if (is_for_us("LISTEN_PID"))
		count = number_of("LISTEN_FDS");
	if (count > SOCKETS_MAX)
		count = SOCKETS_MAX;
	for (size_t i = 0; i < count; i++)
		fcntl(SUPERVISOR_FIRST_FD + (int)i, F_SETFD, FD_CLOEXEC);
	return count;
}

static uint64_t
number_of(const char *name)
{
	const char	*text = getenv(name);

	return text == NULL ? 0 : strtoull(text, NULL, 10);
}

/* Unset: whoever reads it is meant. */
static int
is_for_us(const char *name)
{
	return getenv(name) == NULL ||
	    number_of(name) == (uint64_t)getpid();
}
