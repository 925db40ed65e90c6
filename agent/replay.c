#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "parser.h"
#include "replay.h"
#include "sweep.h"

enum { TURN_BYTES = 1 << 20 };

static int	open_paths(struct replay *, const struct replay_options *,
		    char *const *path, size_t count);
static int	open_configured(struct replay *);

void
replay_options_init(struct replay_options *o)
{
	memset(o, 0, sizeof(*o));
	o->mta = MTA_AUTO;
}

int
replay_option(struct replay_options *o, int letter, char *argument)
{
	struct view	 rest = view_of(argument);
	uint32_t	 year;
	int		 mta;

	switch (letter) {
	case 'c':
		o->config_file = argument;
		return EXIT_OK;
	case 'm':
		mta = parser_mta_by_name(rest);
		if (mta == -1) {
			fprintf(stderr, "smtpulse: --mta %s: must be auto, "
			    "postfix, exim or sendmail\n", argument);
			return EXIT_USAGE;
		}
		o->mta = (enum mta)mta;
		return EXIT_OK;
	case 'y':
		if (!view_take_u32(&rest, &year) || rest.n > 0 ||
		    year < 1970 || year > 9999) {
			fprintf(stderr, "smtpulse: --year %s: must be a year, "
			    "1970 to 9999\n", argument);
			return EXIT_USAGE;
		}
		o->year = (int)year;
		return EXIT_OK;
	case 'z':
		o->tz = argument;
		return EXIT_OK;
	}
	return EXIT_USAGE;
}

int
replay_prepare(struct replay *r, const char *file)
{
	char	error[CONFIG_ERROR_BYTES];

	memset(r, 0, sizeof(*r));
	if (config_load(&r->config, file, error) == -1) {
		fprintf(stderr, "%s\n", error);
		return EXIT_CONFIG;
	}
	r->intake = calloc(1, sizeof(*r->intake));
	if (r->intake == NULL ||
	    intake_init(r->intake, r->config, error) == -1) {
		fprintf(stderr, "smtpulse: %s\n", r->intake == NULL ?
		    "out of memory" : error);
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

int
replay_open(struct replay *r, const struct replay_options *o,
    char *const *path, size_t count)
{
	const char	*file = o->config_file;
	int		 rc;

	if (file == NULL && count == 0)
		file = config_usual_file();
	rc = replay_prepare(r, file);
	if (rc != EXIT_OK)
		return rc;
	return count == 0 ? open_configured(r) :
	    open_paths(r, o, path, count);
}

int
replay_run(struct replay *r)
{
	struct clock_now	now = clock_read();
	int			 rc = EXIT_OK;

	while (intake_turn(r->intake, r->sources, TURN_BYTES, &now))
		now = clock_read();
	intake_end(r->intake);
	for (size_t i = 0; i < r->sources->count; i++) {
		for (int g = 0; g < GAP_COUNT; g++) {
			if (r->sources->source[i].gap[g] == 0)
				continue;
			fprintf(stderr, "smtpulse: %s\n",
			    gap_help((enum gap)g));
			rc = EXIT_FAILED;
		}
	}
	return rc;
}

void
replay_close(struct replay *r)
{
	if (r->sources != NULL)
		sources_close(r->sources);
	if (r->intake != NULL)
		intake_fini(r->intake);
	free(r->intake);
	config_free(r->config);
}

static int
open_paths(struct replay *r, const struct replay_options *o,
    char *const *path, size_t count)
{
	const char	*failed = NULL;

	r->input.name = "replay";
	r->input.mta = o->mta;
	r->input.tz = o->tz;
	r->input.year = o->year;
	if (sources_open_paths(&r->sources, &r->input, path, count,
	    &failed) == 0)
		return EXIT_OK;
	fprintf(stderr, "smtpulse: %s: %s\n", failed == NULL ? "-" : failed,
	    strerror(errno));
	return EXIT_FAILED;
}

static int
open_configured(struct replay *r)
{
	struct clock_now	now = clock_read();

	if (r->config->source_count == 0) {
		fprintf(stderr, "smtpulse: no mail log was found; name one\n");
		return EXIT_FAILED;
	}
	if (sources_open(&r->sources, r->config, false) == -1) {
		fprintf(stderr, "smtpulse: %s\n", strerror(errno));
		return EXIT_FAILED;
	}
	sources_sweep(r->sources, &now);
	return EXIT_OK;
}
