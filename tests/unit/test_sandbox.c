#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sandbox.h"

enum { OPENED, REFUSED, NO_LANDLOCK };

static char	top[] = "/tmp/sandbox-XXXXXX";

static const struct {
	const char	*what, *path;
	int		 flags, want;
} cases[] = {
	{ "a log", "%s/log/mail.log", O_RDONLY, OPENED },
	{ "a new log beside it", "%s/log/new.log", O_RDONLY, OPENED },
	{ "a log is not written", "%s/log/mail.log", O_WRONLY, REFUSED },
	{ "nothing is made there", "%s/log/x", O_WRONLY | O_CREAT, REFUSED },
	{ "the state", "%s/state/state.db", O_RDWR | O_CREAT, OPENED },
	{ "its log", "%s/state/state.db-wal", O_RDWR | O_CREAT, OPENED },
	{ "emptied", "%s/state/state.db", O_RDWR | O_TRUNC, OPENED },
	{ "somebody else's", "%s/other/secret", O_RDONLY, REFUSED },
	{ "the directory itself", "%s", O_RDONLY, REFUSED },
	{ "passwords", "/etc/passwd%.0s", O_RDONLY, REFUSED },
	{ "names of hosts", "/etc/hosts%.0s", O_RDONLY, OPENED },
	{ "zones", "/usr/share/zoneinfo/UTC%.0s", O_RDONLY, OPENED },
};

static void
make(const char *name, bool dir)
{
	char	path[256];
	int	fd;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	if (dir) {
		mkdir(path, 0700);
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd != -1);
	close(fd);
}

static int
set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(top));
	make("log", true);
	make("state", true);
	make("other", true);
	make("log/mail.log", false);
	make("log/new.log", false);
	make("state/state.db", false);
	make("other/secret", false);
	return 0;
}

static int
clear_away(void **state)
{
	static const char *const names[] = { "log/mail.log", "log/new.log",
		"log", "state/state.db", "state/state.db-wal", "state",
		"other/secret", "other", "." };
	char	path[256];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", top, names[i]);
		remove(i + 1 < sizeof(names) / sizeof(names[0]) ? path : top);
	}
	return 0;
}

/* What a process in the sandbox sees; the sandbox ends with it. */
static int
inside(const struct config *config, const char *path, int flags)
{
	struct sandbox	sandbox;
	int		status;
	pid_t		pid = fork();

	if (pid == 0) {
		sandbox_enter(&sandbox, config, NULL);
		if (sandbox.level == SANDBOX_OFF)
			_exit(NO_LANDLOCK);
		_exit(open(path, flags | O_CLOEXEC, 0600) != -1 ? OPENED :
		    REFUSED);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
configure(struct config *c, struct config_source *s, char text[2][256])
{
	snprintf(text[0], 256, "%s/state/state.db", top);
	snprintf(text[1], 256, "%s/log/mail.log", top);
	*s = (struct config_source){ .path = text[1] };
	*c = (struct config){ .sandbox = true, .state = text[0], .source = s,
		.source_count = 1 };
}

static void
test_opens(void **state)
{
	struct config		config;
	struct config_source	source;
	char			text[2][256], path[256];
	int			got;

	(void)state;
	configure(&config, &source, text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(path, sizeof(path), cases[i].path, top);
#pragma GCC diagnostic pop
		got = inside(&config, path, cases[i].flags);
		if (got == NO_LANDLOCK)
			skip();
		if (got != cases[i].want)
			fail_msg("%s: %s: %s", cases[i].what, path,
			    got == OPENED ? "was opened" : "was refused");
	}
}

/* The configuration after a reload is looked at from inside. */
static void
test_covers(void **state)
{
	static const struct {
		const char	*log, *state;
		bool		 want;
	} reloads[] = {
		{ "log/mail.log", "state/state.db", true },
		{ "log/*.log", "state/state.db", true },
		{ "log/later/mail.log", "state/other.db", true },
		{ "other/mail.log", "state/state.db", false },
		{ "*/mail.log", "state/state.db", false },
		{ "log/mail.log", "other/state.db", false },
	};
	struct config		config;
	struct config_source	source;
	struct sandbox		sandbox;
	char			text[2][256], path[SANDBOX_WHY_BYTES];
	int			status;
	pid_t			pid;

	(void)state;
	for (size_t i = 0; i < sizeof(reloads) / sizeof(reloads[0]); i++) {
		configure(&config, &source, text);
		pid = fork();
		if (pid == 0) {
			sandbox_enter(&sandbox, &config, NULL);
			if (sandbox.level == SANDBOX_OFF)
				_exit(NO_LANDLOCK);
			snprintf(text[0], 256, "%s/%s", top,
			    reloads[i].state);
			snprintf(text[1], 256, "%s/%s", top, reloads[i].log);
			_exit(sandbox_covers(&sandbox, &config, path) ?
			    OPENED : REFUSED);
		}
		assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
		if (WEXITSTATUS(status) == NO_LANDLOCK)
			skip();
		if (WEXITSTATUS(status) != (reloads[i].want ? OPENED :
		    REFUSED))
			fail_msg("%s, %s", reloads[i].log, reloads[i].state);
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_opens),
		cmocka_unit_test(test_covers),
	};

	return cmocka_run_group_tests(tests, set_up, clear_away);
}
