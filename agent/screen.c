#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "screen.h"

enum { LINES_USUAL = 24, CTRL_C = 3 };

static void	measure(struct screen *);
static void	put(struct view);

int
screen_open(struct screen *s)
{
	struct termios	raw;
	sigset_t	set;

	if (!isatty(STDOUT_FILENO)) {
		errno = ENOTTY;
		return -1;
	}
	if (tcgetattr(STDIN_FILENO, &s->before) == -1)
		return -1;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	s->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (s->signals == -1)
		return -1;
	raw = s->before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == -1) {
		close(s->signals);
		return -1;
	}
	/* the alternate screen, without a cursor */
	put(VIEW("\033[?1049h\033[?25l"));
	measure(s);
	return 0;
}

void
screen_close(struct screen *s)
{
	put(VIEW("\033[?25h\033[?1049l"));
	tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
	close(s->signals);
}

void
screen_show(struct screen *s, struct view text)
{
	size_t	lines = 0, at = 0;

	put(VIEW("\033[H"));
	/* the rest of each line is cleared, not the screen: no flicker */
	for (size_t i = 0; i < text.n && lines + 1 < s->lines; i++) {
		if (text.p[i] != '\n')
			continue;
		put((struct view){ text.p + at, i - at });
		put(VIEW("\033[K\r\n"));
		at = i + 1;
		lines++;
	}
	put(VIEW("\033[0m\033[J"));
}

int
screen_key(struct screen *s, int wait_ms)
{
	struct pollfd		 fds[] = { { STDIN_FILENO, POLLIN, 0 },
				    { s->signals, POLLIN, 0 } };
	struct signalfd_siginfo	 info;
	unsigned char		 key;

	if (poll(fds, 2, wait_ms) <= 0)
		return SCREEN_NOTHING;
	if (fds[1].revents != 0) {
		if (read(s->signals, &info, sizeof(info)) != sizeof(info) ||
		    info.ssi_signo != SIGWINCH)
			return SCREEN_END;
		measure(s);
		return SCREEN_RESIZED;
	}
	if (read(STDIN_FILENO, &key, 1) != 1 || key == CTRL_C)
		return SCREEN_END;
	return key;
}

static void
measure(struct screen *s)
{
	struct winsize	size;

	s->lines = LINES_USUAL;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1)
		s->lines = size.ws_row;
}

static void
put(struct view v)
{
	ssize_t	n;

	while (v.n > 0) {
		n = write(STDOUT_FILENO, v.p, v.n);
		if (n <= 0)
			return;
		v.p += n;
		v.n -= (size_t)n;
	}
}
