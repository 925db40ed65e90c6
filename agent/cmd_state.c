/*
 * cmd_state - smtpulse state: what an agent, running or not, has saved.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "replay.h"
#include "state_json.h"
#include "state_look.h"

static int	show(struct state_json *);
static int	print(struct state_json *, const struct config *);

int
cmd_state(int argc, char **argv)
{
	static const struct option	longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 }
	};
	const char		*file = config_usual_file();
	struct state_json	 j = { .out = stdout };
	struct replay		 r;
	int			 letter, rc;

	while ((letter = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (letter == 'a')
			j.all = true;
		else if (letter == 'c')
			file = optarg;
		else
			return EXIT_USAGE;
	}
	if (argc - optind > 1)
		return EXIT_USAGE;
	rc = replay_prepare(&r, file);
	if (rc == EXIT_OK) {
		j.intake = r.intake;
		j.path = optind < argc ? argv[optind] : r.config->state;
		rc = print(&j, r.config);
	}
	replay_close(&r);
	return rc;
}

static int
print(struct state_json *j, const struct config *config)
{
	struct state_opening	how;
	int			rc = EXIT_FAILED;

	if (*j->path == '\0') {
		fprintf(stderr, "smtpulse: state: the configuration keeps no "
		    "state\n");
		return EXIT_FAILED;
	}
	if (state_look(&j->state, j->path, &how) != STATE_OK) {
		fprintf(stderr, "smtpulse: state: %s\n", how.error);
		return EXIT_FAILED;
	}
	j->lookout = calloc(1, sizeof(*j->lookout));
	if (j->lookout == NULL || lookout_init(j->lookout, j->intake, config,
	    NULL) == -1) {
		fprintf(stderr, "smtpulse: out of memory\n");
	} else {
		rc = show(j);
		lookout_fini(j->lookout);
	}
	free(j->lookout);
	state_close(j->state);
	return rc;
}

static int
show(struct state_json *j)
{
	if (state_json(j) == 0)
		return EXIT_OK;
	if (ferror(j->out))
		perror("smtpulse: standard output");
	else
		fprintf(stderr, "smtpulse: state: %s: %s\n", j->path,
		    state_error(j->state));
	return EXIT_FAILED;
}
