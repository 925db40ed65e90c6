/*
 * cmd_suppressions - smtpulse suppressions: logs or the state in, candidates
 * out.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "buf.h"
#include "command.h"
#include "lookout.h"
#include "replay.h"
#include "state_note.h"
#include "suppress_keep.h"
#include "suppress_spike.h"

enum {
	TABLE = 1 << 17,		/* addresses, about 25 MB */
	OUTPUT_BYTES = 256 * 1024,
	TIME_BYTES = 24,
	NAME_BYTES = 128			/* of a provider's name */
};

enum form { FORM_TEXT, FORM_JSON, FORM_CSV };

/* Who listens while logs are read. */
struct gather {
	struct suppress	*suppress;
	struct lookout	 lookout;	/* knows when not to believe */
};

struct printer {
	enum form	form;
	struct buf	out;
};

static int	list(struct suppress *, const struct replay_options *,
		    enum form, char **path, size_t count);
static int	gather(struct gather *, struct replay *);
static void	on_verdict(void *arg, const struct verdict *);
static void	on_minute(void *arg, int64_t minute);
static int	list_kept(const char *config_file, enum form);
static void	on_note(void *arg, const char *id, struct view body);
static void	print_all(const struct suppress *, const struct providers *,
		    enum form);
static void	print_begin(struct printer *, enum form);
static void	print_one(struct printer *, const struct suppress_entry *,
		    const char *provider);
static void	print_end(struct printer *);
static void	put_text(struct buf *, const struct suppress_entry *,
		    const char *provider);
static void	put_json(struct buf *, const struct suppress_entry *,
		    const char *provider);
static void	put_csv(struct buf *, const struct suppress_entry *,
		    const char *provider);
static void	put_quoted(struct buf *, struct view);
static const char *time_text(int64_t, char out[TIME_BYTES]);
static const char *why(const struct suppress_entry *);

static void	(*const forms[])(struct buf *, const struct suppress_entry *,
		    const char *provider) = {
	[FORM_TEXT] = put_text, [FORM_JSON] = put_json, [FORM_CSV] = put_csv
};

int
cmd_suppressions(int argc, char **argv)
{
	static const struct option	longs[] = {
		REPLAY_LONG,
		{ "json", no_argument, NULL, 'j' },
		{ "csv", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 }
	};
	struct replay_options	options;
	struct suppress		s;
	enum form		form = FORM_TEXT;
	int			letter, rc;

	replay_options_init(&options);
	while ((letter = getopt_long(argc, argv, REPLAY_SHORT, longs,
	    NULL)) != -1) {
		rc = EXIT_OK;
		if (letter == 'j')
			form = FORM_JSON;
		else if (letter == 's')
			form = FORM_CSV;
		else
			rc = replay_option(&options, letter, optarg);
		if (rc != EXIT_OK)
			return rc;
	}
	if (optind == argc)
		return list_kept(options.config_file, form);
	if (suppress_init(&s, TABLE) == -1) {
		perror("smtpulse");
		return EXIT_FAILED;
	}
	rc = list(&s, &options, form, argv + optind, (size_t)(argc - optind));
	suppress_fini(&s);
	return rc;
}

static int
list(struct suppress *s, const struct replay_options *options,
    enum form form, char **path, size_t count)
{
	struct gather	g = { .suppress = s };
	struct replay	r;
	int		rc = replay_open(&r, options, path, count);

	if (rc == EXIT_OK)
		rc = gather(&g, &r);
	if (rc == EXIT_OK) {
		rc = replay_run(&r);
		print_all(s, &r.intake->judge.providers, form);
	}
	lookout_fini(&g.lookout);
	replay_close(&r);
	if (s->dropped > 0)
		fprintf(stderr, "smtpulse: %llu addresses found no room\n",
		    (unsigned long long)s->dropped);
	return rc;
}

/* Behind the alerts: they have judged the minute by then. */
static int
gather(struct gather *g, struct replay *r)
{
	if (lookout_init(&g->lookout, r->intake, r->config,
	    r->sources->source[0].zone) == -1) {
		perror("smtpulse");
		return EXIT_FAILED;
	}
	intake_hook(r->intake, &(struct intake_hooks){
	    .verdict = on_verdict, .minute = on_minute, .arg = g });
	return EXIT_OK;
}

/* What the daemon has gathered, running or not. */
static int
list_kept(const char *config_file, enum form form)
{
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*config;
	struct printer	 p;
	int		 rc;

	if (config_file == NULL)
		config_file = config_usual_file();
	if (config_load(&config, config_file, error) == -1) {
		fprintf(stderr, "%s\n", error);
		return EXIT_CONFIG;
	}
	if (!config->suppression)
		fprintf(stderr, "smtpulse: suppressions: suppression is off, "
		    "so that none are gathered; name a log to read one\n");
	print_begin(&p, form);
	rc = *config->state == '\0' ? 0 : state_read_notes(config->state,
	    SUPPRESS_KIND, on_note, &p, error);
	print_end(&p);
	config_free(config);
	if (rc == -1)
		fprintf(stderr, "smtpulse: suppressions: %s\n", error);
	return rc == -1 ? EXIT_FAILED : EXIT_OK;
}

static void
on_note(void *arg, const char *id, struct view body)
{
	struct suppress_entry	 e;
	struct view		 provider;
	char			 name[NAME_BYTES];

	if (!suppress_keep_read(id, body, &e, &provider) ||
	    !suppress_is_due(&e))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)provider.n, provider.p);
	print_one(arg, &e, name);
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	struct gather	*g = arg;

	suppress_note(g->suppress, v);
}

static void
on_minute(void *arg, int64_t minute)
{
	struct gather	*g = arg;

	(void)minute;
	suppress_spike_minute(g->suppress, &g->lookout.alerts);
}

static void
print_all(const struct suppress *s, const struct providers *providers,
    enum form form)
{
	const struct suppress_entry	*e;
	struct printer			 p;
	size_t				 at = 0;

	print_begin(&p, form);
	while ((e = suppress_next(s, &at)) != NULL)
		print_one(&p, e, provider_name(providers, e->provider));
	print_end(&p);
}

static void
print_begin(struct printer *p, enum form form)
{
	p->form = form;
	buf_init(&p->out, OUTPUT_BYTES);
	if (form == FORM_CSV)
		buf_text(&p->out, "address,provider,reason,why,code,enhanced,"
		    "first,last,count\n");
}

static void
print_one(struct printer *p, const struct suppress_entry *e,
    const char *provider)
{
	forms[p->form](&p->out, e, provider);
	fwrite(p->out.p, 1, p->out.len, stdout);
	buf_reset(&p->out);
}

static void
print_end(struct printer *p)
{
	fwrite(p->out.p, 1, p->out.len, stdout);
	buf_fini(&p->out);
}

static void
put_text(struct buf *b, const struct suppress_entry *e, const char *provider)
{
	char	last[TIME_BYTES];

	buf_put(b, (struct view){ e->address, e->len });
	buf_printf(b, "  %s  %s, %s: %u, last %u on %s\n", provider,
	    reason_name(e->reason), why(e), e->count, e->reply.code,
	    time_text(e->last, last));
}

static void
put_json(struct buf *b, const struct suppress_entry *e, const char *provider)
{
	char	enhanced[12] = "", first[TIME_BYTES], last[TIME_BYTES];

	if (e->reply.enhanced.class != 0)
		enhanced_print(e->reply.enhanced, enhanced);
	buf_text(b, "{\"address\":");
	buf_json_string(b, (struct view){ e->address, e->len });
	buf_text(b, ",\"provider\":");
	buf_json_string(b, view_of(provider));
	buf_printf(b, ",\"reason\":\"%s\",\"why\":\"%s\",\"code\":%u,",
	    reason_name(e->reason), why(e), e->reply.code);
	if (*enhanced == '\0')
		buf_text(b, "\"enhanced\":null,");
	else
		buf_printf(b, "\"enhanced\":\"%s\",", enhanced);
	buf_printf(b, "\"first\":\"%s\",\"last\":\"%s\",\"count\":%u}\n",
	    time_text(e->first, first), time_text(e->last, last), e->count);
}

static void
put_csv(struct buf *b, const struct suppress_entry *e, const char *provider)
{
	char	enhanced[12] = "", first[TIME_BYTES], last[TIME_BYTES];

	if (e->reply.enhanced.class != 0)
		enhanced_print(e->reply.enhanced, enhanced);
	put_quoted(b, (struct view){ e->address, e->len });
	buf_printf(b, ",%s,%s,%s,%u,%s,%s,%s,%u\n", provider,
	    reason_name(e->reason), why(e), e->reply.code, enhanced,
	    time_text(e->first, first), time_text(e->last, last), e->count);
}

static void
put_quoted(struct buf *b, struct view v)
{
	buf_byte(b, '"');
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, v.p[i]);
	}
	buf_byte(b, '"');
}

static const char *
time_text(int64_t when, char out[TIME_BYTES])
{
	time_t		t = (time_t)when;
	struct tm	tm;

	gmtime_r(&t, &tm);
	strftime(out, TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

static const char *
why(const struct suppress_entry *e)
{
	switch (e->kind) {
	case SUPPRESS_PERMANENT:
		return "permanent";
	case SUPPRESS_FULL:
		return "full for days";
	case SUPPRESS_TEMPORARY:
		break;
	}
	return "temporary for two days";
}
