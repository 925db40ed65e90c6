/*
 * cmd_report - smtpulse report: logs or an agent's state in, one look at them
 * out.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "moment.h"
#include "replay.h"
#include "report_form.h"
#include "report_state.h"

enum { OUTPUT_BYTES = 8 << 20 };

struct job {
	struct replay	 replay;
	struct report	 report;
	struct lookout	*lookout;	/* large */
	const char	*state;			/* instead of logs */
	struct zone	 zone;			/* to show times in */
	bool		 json;
};

static int	take_moment(const char *name, const char *text, int64_t *);
static int	look(struct job *, const struct replay_options *, char **path,
		    size_t count);
static int	recall(struct job *, const struct replay_options *);
static int	begin(struct job *, const struct zone *);
static int	print(const struct job *);

int
cmd_report(int argc, char **argv)
{
	static const struct option	longs[] = {
		REPLAY_LONG,
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "json", no_argument, NULL, 'j' },
		{ "state", required_argument, NULL, 'S' },
		{ NULL, 0, NULL, 0 }
	};
	struct replay_options	options;
	struct job		job = { .json = false };
	int			letter, rc;

	job.report.since = INT64_MIN;
	job.report.until = INT64_MAX;
	replay_options_init(&options);
	while ((letter = getopt_long(argc, argv, REPLAY_SHORT, longs,
	    NULL)) != -1) {
		rc = EXIT_OK;
		if (letter == 'j')
			job.json = true;
		else if (letter == 'S')
			job.state = optarg;
		else if (letter == 's')
			rc = take_moment("since", optarg, &job.report.since);
		else if (letter == 'u')
			rc = take_moment("until", optarg, &job.report.until);
		else
			rc = replay_option(&options, letter, optarg);
		if (rc != EXIT_OK)
			return rc;
	}
	if (job.state != NULL && (optind < argc ||
	    job.report.since != INT64_MIN || job.report.until != INT64_MAX)) {
		fprintf(stderr, "smtpulse: --state is all that was counted: "
		    "without files, --since and --until\n");
		return EXIT_USAGE;
	}
	rc = job.state != NULL ? recall(&job, &options) :
	    look(&job, &options, argv + optind, (size_t)(argc - optind));
	if (job.lookout != NULL && job.report.lookout != NULL)
		lookout_fini(job.lookout);
	report_free(&job.report);
	replay_close(&job.replay);
	free(job.lookout);
	return rc;
}

static int
take_moment(const char *name, const char *text, int64_t *out)
{
	if (moment_parse(text, (int64_t)time(NULL), out) == 0)
		return EXIT_OK;
	fprintf(stderr, "smtpulse: --%s %s: must be like 2026-11-22, "
	    "2026-11-22T04:57, 90m, 24h or 7d\n", name, text);
	return EXIT_USAGE;
}

static int
look(struct job *j, const struct replay_options *options, char **path,
    size_t count)
{
	int	rc = replay_open(&j->replay, options, path, count);

	if (rc != EXIT_OK)
		return rc;
	rc = begin(j, j->replay.sources->source[0].zone);
	if (rc != EXIT_OK)
		return rc;
	rc = replay_run(&j->replay);
	report_end(&j->report);
	return print(j) == -1 ? EXIT_FAILED : rc;
}

static int
recall(struct job *j, const struct replay_options *options)
{
	struct state_reader	reader;
	int			rc;

	rc = replay_prepare(&j->replay, options->config_file != NULL ?
	    options->config_file : config_usual_file());
	if (rc == EXIT_OK && zone_load(&j->zone, options->tz) == -1) {
		fprintf(stderr, "smtpulse: --tz %s: no such time zone\n",
		    options->tz);
		rc = EXIT_USAGE;
	}
	if (rc == EXIT_OK)
		rc = begin(j, &j->zone);
	if (rc != EXIT_OK)
		return rc;
	if (state_reader_open(&reader, j->state) == -1 ||
	    report_state(&j->report, j->replay.intake, j->lookout, &reader) ==
	    -1) {
		fprintf(stderr, "smtpulse: %s\n", reader.error);
		rc = EXIT_FAILED;
	}
	state_reader_close(&reader);
	if (rc != EXIT_OK)
		return rc;
	report_end(&j->report);
	return print(j) == -1 ? EXIT_FAILED : EXIT_OK;
}

static int
begin(struct job *j, const struct zone *zone)
{
	j->lookout = calloc(1, sizeof(*j->lookout));
	if (j->lookout == NULL || lookout_init(j->lookout, j->replay.intake,
	    j->replay.config, zone) == -1 ||
	    report_begin(&j->report, j->replay.intake, j->lookout) == -1) {
		fprintf(stderr, "smtpulse: out of memory\n");
		return EXIT_FAILED;
	}
	j->report.zone = zone;
	return EXIT_OK;
}

static int
print(const struct job *j)
{
	struct buf	b;
	struct column	column = { &b, column_wants_color(STDOUT_FILENO) };

	buf_init(&b, OUTPUT_BYTES);
	if (j->json)
		report_json(&b, &j->report);
	else
		report_text(&column, &j->report);
	fwrite(b.p, 1, b.len, stdout);
	buf_fini(&b);
	return ferror(stdout) ? -1 : 0;
}
