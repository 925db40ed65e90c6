/*
 * Any bytes as agent.conf: refused with a message or loaded whole, and a sound
 * file is still sound afterwards, whatever libConfuse was left with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

#define SOUND	"source \"m\" { path = '/x' }\nproviders = 7\n"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "wrong: %s\n", what);
	abort();
}

static int
load(int fd, const void *data, size_t size, struct config **c,
    char error[CONFIG_ERROR_BYTES])
{
	char	path[32];

	check(ftruncate(fd, 0) == 0 &&
	    pwrite(fd, data, size, 0) == (ssize_t)size, "memfd");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return config_load(c, path, error);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int		 fd = memfd_create("agent.conf", MFD_CLOEXEC);
	char		 error[CONFIG_ERROR_BYTES] = "";
	struct config	*c;

	/* what others may write to is refused */
	check(fd != -1 && fchmod(fd, S_IRUSR | S_IWUSR) == 0, "memfd_create");
	if (load(fd, data, size, &c, error) == 0) {
		check(c->providers <= 200 && c->listen.count > 0, "bounds");
		config_free(c);
	} else {
		check(c == NULL && *error != '\0', "no message");
		for (const char *p = error; *p != '\0'; p++)
			check(*p == '\n' || (unsigned char)*p >= ' ',
			    "control characters in the message");
	}
	if (load(fd, SOUND, sizeof(SOUND) - 1, &c, error) == -1) {
		fprintf(stderr, "%s\n", error);
		check(false, "a sound file is refused");
	}
	check(c->providers == 7 && c->source_count == 1, "values");
	config_free(c);
	close(fd);
	return 0;
}
