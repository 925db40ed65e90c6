/*
 * cmd_suppressions - smtpulse suppressions: logs in, candidates out.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "buf.h"
#include "command.h"
#include "replay.h"
#include "suppress.h"

enum {
	TABLE = 1 << 17,		/* addresses, about 25 MB */
	OUTPUT_BYTES = 256 * 1024,
	TIME_BYTES = 24
};

enum form { FORM_TEXT, FORM_JSON, FORM_CSV };

static int	list(struct suppress *, const struct replay_options *,
		    enum form, char **path, size_t count);
static void	on_verdict(void *arg, const struct verdict *);
static void	print_all(const struct suppress *, const struct providers *,
		    enum form);
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
	if (optind == argc) {
		fprintf(stderr, "smtpulse: suppressions: which file? - is "
		    "standard input\n");
		return EXIT_USAGE;
	}
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
	struct replay	r;
	int		rc = replay_open(&r, options, path, count);

	if (rc == EXIT_OK) {
		intake_hook(r.intake, &(struct intake_hooks){
		    .verdict = on_verdict, .arg = s });
		rc = replay_run(&r);
		print_all(s, &r.intake->judge.providers, form);
	}
	replay_close(&r);
	if (s->dropped > 0)
		fprintf(stderr, "smtpulse: %llu addresses found no room\n",
		    (unsigned long long)s->dropped);
	return rc;
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	suppress_note(arg, v);
}

static void
print_all(const struct suppress *s, const struct providers *providers,
    enum form form)
{
	const struct suppress_entry	*e;
	struct buf			 b;
	size_t				 at = 0;

	buf_init(&b, OUTPUT_BYTES);
	if (form == FORM_CSV)
		buf_text(&b, "address,provider,reason,why,code,enhanced,"
		    "first,last,count\n");
	while ((e = suppress_next(s, &at)) != NULL) {
		forms[form](&b, e, provider_name(providers, e->provider));
		fwrite(b.p, 1, b.len, stdout);
		buf_reset(&b);
	}
	fwrite(b.p, 1, b.len, stdout);
	buf_fini(&b);
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
