/*
 * cmd_incident - smtpulse incident: the incidents that the agent remembers, or
 * one of them as Markdown.
 *
 * Reads the state of a running agent; its last commit is a second old at
 * most.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "alert_json.h"
#include "alert_summary.h"
#include "command.h"
#include "incident_report.h"
#include "incidents.h"
#include "state_read.h"

enum { OUTPUT_BYTES = 1 << 20 };

static int	load(struct incidents *, const char *config_file);
static int	show(const struct incidents *, const char *id);
static void	list(struct buf *, const struct incidents *);

int
cmd_incident(int argc, char **argv)
{
	const char		*file = config_usual_file();
	struct incidents	 in;
	int			 opt, rc;

	while ((opt = getopt(argc, argv, "c:")) != -1) {
		if (opt != 'c')
			return EXIT_USAGE;
		file = optarg;
	}
	if (argc - optind > 1)
		return EXIT_USAGE;
	if (incidents_init(&in) == -1) {
		fprintf(stderr, "smtpulse: out of memory\n");
		return EXIT_FAILED;
	}
	rc = load(&in, file);
	if (rc == EXIT_OK)
		rc = show(&in, argv[optind]);
	incidents_fini(&in);
	return rc;
}

static int
load(struct incidents *in, const char *file)
{
	char			 error[CONFIG_ERROR_BYTES];
	struct config		*c;
	struct state_reader	 reader;
	int			 rc = EXIT_OK;

	if (config_load(&c, file, error) == -1) {
		fprintf(stderr, "%s\n", error);
		return EXIT_CONFIG;
	}
	if (*c->state == '\0') {
		fprintf(stderr, "smtpulse: the configuration keeps no "
		    "state\n");
		config_free(c);
		return EXIT_FAILED;
	}
	if (state_reader_open(&reader, c->state) == -1 ||
	    state_read_region(&reader, &in->region) == -1) {
		fprintf(stderr, "smtpulse: %s\n", reader.error);
		rc = EXIT_FAILED;
	} else if (!incidents_restore(in)) {
		fprintf(stderr, "smtpulse: %s: the incidents are not "
		    "sound\n", c->state);
		rc = EXIT_FAILED;
	}
	state_reader_close(&reader);
	config_free(c);
	return rc;
}

static int
show(const struct incidents *in, const char *id)
{
	const struct incident	*found = NULL;
	struct buf		 out;
	char			 text[INCIDENT_ID_CHARS + 1];
	int			 n;

	for (n = 0; n < in->table->used && id != NULL; n++) {
		const struct incident *i = &in->table->incident[n];

		incident_id_text(i, text);
		if (i->id != 0 && strcmp(text, id) == 0)
			found = i;
	}
	if (id != NULL && found == NULL) {
		fprintf(stderr, "smtpulse: incident %s is not known; without "
		    "an id all are listed\n", id);
		return EXIT_FAILED;
	}
	buf_init(&out, OUTPUT_BYTES);
	if (found == NULL)
		list(&out, in);
	else
		incident_report(&out, found);
	fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
	return EXIT_OK;
}

static void
list(struct buf *b, const struct incidents *in)
{
	char	id[INCIDENT_ID_CHARS + 1];
	int	n;

	for (n = 0; n < in->table->used; n++) {
		const struct incident *i = &in->table->incident[n];

		if (i->id == 0)
			continue;
		incident_id_text(i, id);
		buf_printf(b, "%s  %-8s  ", id, i->firing ? "firing" :
		    "resolved");
		alert_summary(b, i);
		buf_byte(b, '\n');
	}
}
