/*
 * cmd_forget - smtpulse forget: one address out of the state.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "state_note.h"
#include "suppress_keep.h"

static int	forget(const char *path, const char *address);
static int	open_state(struct state **, const char *path);

int
cmd_forget(int argc, char **argv)
{
	const char	*file = config_usual_file();
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*config;
	int		 opt, rc;

	while ((opt = getopt(argc, argv, "c:")) != -1) {
		if (opt != 'c')
			return EXIT_USAGE;
		file = optarg;
	}
	if (optind + 1 != argc || strchr(argv[optind], '@') == NULL) {
		fprintf(stderr, "smtpulse: forget: which address?\n");
		return EXIT_USAGE;
	}
	if (config_load(&config, file, error) == -1) {
		fprintf(stderr, "%s\n", error);
		return EXIT_CONFIG;
	}
	rc = forget(config->state, argv[optind]);
	config_free(config);
	return rc;
}

static int
forget(const char *path, const char *address)
{
	struct state	*state;
	int		 rc, found;

	if (*path == '\0') {
		printf("no state is kept: nothing to forget\n");
		return EXIT_OK;
	}
	/* state_open() would make one */
	if (access(path, F_OK) == -1) {
		fprintf(stderr, "smtpulse: forget: %s: %s\n", path,
		    strerror(errno));
		return EXIT_FAILED;
	}
	rc = open_state(&state, path);
	if (rc != EXIT_OK)
		return rc;
	found = state_erase_note(state, SUPPRESS_KIND, address);
	if (found == -1) {
		fprintf(stderr, "smtpulse: forget: %s: %s; run it again\n",
		    path, state_error(state));
		rc = EXIT_FAILED;
	} else
		printf(found == 1 ? "%s is forgotten\n" :
		    "%s is not a suppression candidate\n", address);
	state_close(state);
	return rc;
}

static int
open_state(struct state **state, const char *path)
{
	struct state_opening	how;

	switch (state_open(state, path, &how)) {
	case STATE_OK:
		if (how.damaged)
			fprintf(stderr, "smtpulse: forget: %s\n", how.error);
		return EXIT_OK;
	case STATE_BUSY:
		fprintf(stderr, "smtpulse: forget: %s; stop it first\n",
		    how.error);
		return EXIT_LOCKED;
	case STATE_NEWER:
	case STATE_FAILED:
		break;
	}
	fprintf(stderr, "smtpulse: forget: %s\n", how.error);
	return EXIT_FAILED;
}
