/*
 * cmd_replay - smtpulse replay: logs in, events, alerts, metrics or accounting
 * out.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert_json.h"
#include "command.h"
#include "lookout.h"
#include "render_event.h"
#include "render_metrics.h"
#include "replay.h"

enum {
	OUTPUT_BYTES = 256 * 1024,	/* written out at this size */
	METRICS_BYTES = 16 << 20	/* more than 2000 series a family */
};

/* Lines of one file, for --format accounting. */
struct tally {
	const char	*path;
	uint64_t	 lines[LINE_RESULT_COUNT];
};

struct output {
	struct replay		 replay;
	const struct format	*format;
	struct buf		 out;
	struct scratch		*scratch;
	struct lookout		 lookout;	/* --format alerts */
	struct tally		*tally;		/* one for each file */
	size_t			 tally_count;
};

struct format {
	const char	*name;
	void		(*begin)(struct output *);
	void		(*end)(struct output *);
};

static void	events_begin(struct output *);
static void	alerts_begin(struct output *);
static void	alerts_end(struct output *);
static void	on_alert(void *arg, const struct incident *);
static void	accounting_begin(struct output *);
static void	accounting_end(struct output *);
static void	metrics_end(struct output *);
static void	on_verdict(void *arg, const struct verdict *);
static void	on_event(void *arg, const struct mail_event *);
static void	on_line(void *arg, const struct source_file *, struct view,
		    enum line_result);
static void	put_tally(struct buf *, const struct tally *);
static void	put_template(struct buf *, const struct template *);
static void	flush(struct output *, size_t above);
static int	choose(const struct format **, const char *name);
static int	replay(struct output *, const struct replay_options *,
		    char **path, size_t count);

static const struct format formats[] = {
	{ "events", events_begin, NULL },
	{ "alerts", alerts_begin, alerts_end },
	{ "metrics", NULL, metrics_end },
	{ "accounting", accounting_begin, accounting_end },
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

int
cmd_replay(int argc, char **argv)
{
	static const struct option	longs[] = {
		REPLAY_LONG,
		{ "format", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 }
	};
	struct replay_options	options;
	static struct output	o;
	int			letter, rc;

	o.format = &formats[0];
	replay_options_init(&options);
	while ((letter = getopt_long(argc, argv, REPLAY_SHORT, longs,
	    NULL)) != -1) {
		rc = letter == 'f' ? choose(&o.format, optarg) :
		    replay_option(&options, letter, optarg);
		if (rc != EXIT_OK)
			return rc;
	}
	if (optind == argc) {
		fprintf(stderr, "smtpulse: replay: which file? - is standard "
		    "input\n");
		return EXIT_USAGE;
	}
	o.scratch = malloc(sizeof(*o.scratch));
	o.tally = calloc((size_t)(argc - optind), sizeof(*o.tally));
	buf_init(&o.out, METRICS_BYTES);
	rc = o.scratch == NULL || o.tally == NULL ? EXIT_FAILED :
	    replay(&o, &options, argv + optind, (size_t)(argc - optind));
	replay_close(&o.replay);
	buf_fini(&o.out);
	free(o.tally);
	free(o.scratch);
	return rc;
}

static int
replay(struct output *o, const struct replay_options *options, char **path,
    size_t count)
{
	int	rc = replay_open(&o->replay, options, path, count);

	if (rc != EXIT_OK)
		return rc;
	if (o->format->begin != NULL)
		o->format->begin(o);
	rc = replay_run(&o->replay);
	if (o->format->end != NULL)
		o->format->end(o);
	flush(o, 0);
	return ferror(stdout) ? EXIT_FAILED : rc;
}

static int
choose(const struct format **format, const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i].name, name) == 0) {
			*format = &formats[i];
			return EXIT_OK;
		}
	}
	fprintf(stderr, "smtpulse: --format %s: must be", name);
	for (size_t i = 0; i < FORMATS; i++)
		fprintf(stderr, "%s %s", i == 0 ? "" : i + 1 < FORMATS ? "," :
		    " or", formats[i].name);
	fprintf(stderr, "\n");
	return EXIT_USAGE;
}

static void
events_begin(struct output *o)
{
	intake_hook(o->replay.intake, &(struct intake_hooks){
	    .verdict = on_verdict, .event = on_event, .arg = o });
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	struct output		*o = arg;
	const struct judge	*j = &o->replay.intake->judge;
	struct event_names	 names = {
		v->event->kind == EVENT_REJECT ? NULL :
		    provider_name(&j->providers, v->provider),
		v->event->kind == EVENT_REJECT ? NULL :
		    egress_name(&j->egresses, v->egress) };

	o->scratch->used = 0;
	render_event(&o->out, v, &names, o->scratch);
	flush(o, OUTPUT_BYTES);
}

static void
on_event(void *arg, const struct mail_event *ev)
{
	struct output		*o = arg;
	struct event_names	 names = { NULL, NULL };
	struct verdict		 v = { .event = ev };

	render_event(&o->out, &v, &names, o->scratch);
	flush(o, OUTPUT_BYTES);
}

static void
alerts_begin(struct output *o)
{
	if (lookout_init(&o->lookout, o->replay.intake,
	    o->replay.config, o->replay.sources->source[0].zone) == -1) {
		fprintf(stderr, "smtpulse: out of memory\n");
		exit(EXIT_FAILED);
	}
	o->lookout.tell = on_alert;
	o->lookout.arg = o;
}

static void
alerts_end(struct output *o)
{
	lookout_fini(&o->lookout);
}

static void
on_alert(void *arg, const struct incident *i)
{
	struct output	*o = arg;

	alert_json(&o->out, i);
	buf_byte(&o->out, '\n');
	flush(o, OUTPUT_BYTES);
}

static void
metrics_end(struct output *o)
{
	struct metrics_input	in = { .intake = o->replay.intake,
				    .sources = o->replay.sources,
				    .reload_ok = true };
	struct expose		e;

	intake_published(o->replay.intake);
	render_metrics(&o->out, EXPOSE_TEXT, &in, &e);
	expose_end(&e);
}

static void
accounting_begin(struct output *o)
{
	intake_hook(o->replay.intake, &(struct intake_hooks){
	    .line = on_line, .arg = o });
}

static void
on_line(void *arg, const struct source_file *f, struct view line,
    enum line_result result)
{
	struct output	*o = arg;
	struct tally	*t = &o->tally[o->tally_count];

	(void)line;
	/* files are read one after the other */
	if (o->tally_count == 0 || t[-1].path != f->path) {
		t->path = f->path;
		o->tally_count++;
	}
	o->tally[o->tally_count - 1].lines[result]++;
}

static void
accounting_end(struct output *o)
{
	struct templates	*unknown = &o->replay.intake->unknown;

	for (size_t i = 0; i < o->tally_count; i++)
		put_tally(&o->out, &o->tally[i]);
	template_sort(unknown);
	for (size_t i = 0; i < unknown->used; i++)
		put_template(&o->out, &unknown->slot[unknown->order[i]]);
}

static void
put_tally(struct buf *b, const struct tally *t)
{
	uint64_t	all = 0;

	for (int r = 0; r < LINE_RESULT_COUNT; r++)
		all += t->lines[r];
	buf_text(b, "{\"file\":");
	buf_json_string(b, view_of(t->path));
	buf_printf(b, ",\"lines\":%llu", (unsigned long long)all);
	for (int r = 0; r < LINE_RESULT_COUNT; r++)
		buf_printf(b, ",\"%s\":%llu",
		    line_result_name((enum line_result)r),
		    (unsigned long long)t->lines[r]);
	buf_text(b, "}\n");
}

static void
put_template(struct buf *b, const struct template *t)
{
	buf_text(b, "{\"template\":");
	buf_json_string(b, (struct view){ t->text, t->text_len });
	buf_printf(b, ",\"count\":%llu,\"example\":",
	    (unsigned long long)t->count);
	buf_json_string(b, (struct view){ t->example, t->example_len });
	buf_text(b, "}\n");
}

/* Hand on what has gathered, once it is more than that. */
static void
flush(struct output *o, size_t above)
{
	if (o->out.len <= above)
		return;
	fwrite(o->out.p, 1, o->out.len, stdout);
	buf_reset(&o->out);
}
