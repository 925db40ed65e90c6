/*
 * cmd_explain - smtpulse explain: codes, a reply or a whole log line in, what
 * it means out.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "explain.h"
#include "explain_inbox.h"
#include "parser.h"
#include "provider.h"
#include "remedy.h"

enum { OUTPUT_BYTES = 1 << 20 };

struct asker {
	struct question	 question;
	bool		 json, tsv, inbox;
	struct buf	 out;
	struct scratch	*scratch;
	struct config	*config;	/* the defaults */
	struct providers providers;	/* to find them in log lines */
	bool		 finds;
};

static int	choose_provider(struct asker *, const char *name);
static int	ask_arguments(struct asker *, int argc, char **argv);
static int	ask_lines(struct asker *);
static void	ask_line(struct asker *, struct view line);
static void	ask_event(struct asker *, const struct mail_event *);
static void	ask_row(struct asker *, struct view line);
static void	complete(struct reply *, struct view text);
static void	answer(struct asker *);
static void	flush(struct asker *);

int
cmd_explain(int argc, char **argv)
{
	static const struct option	longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "tsv", no_argument, NULL, 't' },
		{ "provider", required_argument, NULL, 'p' },
		{ "unclassified", no_argument, NULL, 'u' },
		{ "mta", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 }
	};
	struct asker	a = { .question.mta = MTA_COUNT };
	int		letter, mta, rc = EXIT_OK;

	/* "+": a text may hold words that look like options */
	while ((letter = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		if (letter == 'j')
			a.json = true;
		else if (letter == 't')
			a.tsv = true;
		else if (letter == 'u')
			a.inbox = true;
		else if (letter == 'p')
			rc = choose_provider(&a, optarg);
		else if (letter == 'm' && (mta = parser_mta_by_name(
		    view_of(optarg))) >= 0)
			a.question.mta = (enum mta)mta;
		else
			rc = EXIT_USAGE;
		if (rc != EXIT_OK)
			return rc;
	}
	if (a.inbox)
		return optind == argc ? EXIT_USAGE :
		    explain_inbox(argv + optind, argc - optind);
	a.scratch = malloc(sizeof(*a.scratch));
	if (a.scratch == NULL)
		return EXIT_FAILED;
	buf_init(&a.out, OUTPUT_BYTES);
	rc = optind == argc ? ask_lines(&a) :
	    ask_arguments(&a, argc - optind, argv + optind);
	flush(&a);
	buf_fini(&a.out);
	free(a.scratch);
	return rc;
}

static int
choose_provider(struct asker *a, const char *name)
{
	a->question.provider = explain_provider(view_of(name));
	a->question.provider_name = name;
	if (a->question.provider != PROVIDER_OTHER)
		return EXIT_OK;
	fprintf(stderr, "smtpulse: --provider %s: not in the table; "
	    "names are as in the metrics, e.g. google\n", name);
	return EXIT_USAGE;
}

/* CODE [ENHANCED] [TEXT...], also "5.7.26", a reply or a text as one word. */
static int
ask_arguments(struct asker *a, int argc, char **argv)
{
	struct question	*q = &a->question;
	struct buf	 text;
	struct view	 rest;
	uint16_t	 code;

	if (a->tsv)
		return EXIT_USAGE;
	buf_init(&text, OUTPUT_BYTES);
	for (int i = 0; i < argc; i++) {
		if (i > 0)
			buf_byte(&text, ' ');
		buf_text(&text, argv[i]);
	}
	rest = buf_view(&text);
	if (reply_take_code(&rest, &code))
		q->reply.code = code;
	rest = view_trim(rest);
	reply_take_enhanced(&rest, &q->reply.enhanced);
	if (q->reply.code == 0 && q->reply.enhanced.class == 0 &&
	    memchr(rest.p, ' ', rest.n) == NULL) {
		buf_fini(&text);
		fprintf(stderr, "smtpulse: explain: %s: must be a code of 200 "
		    "to 599 or an enhanced code like 5.7.1\n", argv[0]);
		return EXIT_USAGE;
	}
	q->text = view_trim(rest);
	answer(a);
	flush(a);
	buf_fini(&text);
	return EXIT_OK;
}

static int
ask_lines(struct asker *a)
{
	char	 error[CONFIG_ERROR_BYTES], *line = NULL;
	size_t	 size = 0;
	ssize_t	 n;

	a->finds = !a->tsv && config_load(&a->config, NULL, error) == 0 &&
	    providers_init(&a->providers, a->config) == 0;
	while ((n = getline(&line, &size, stdin)) > 0) {
		struct view	v = { line, (size_t)n };

		while (v.n > 0 && (v.p[v.n - 1] == '\n' ||
		    v.p[v.n - 1] == '\r'))
			v.n--;
		if (v.n == 0)
			continue;
		if (a->tsv)
			ask_row(a, v);
		else
			ask_line(a, v);
		flush(a);
	}
	free(line);
	if (a->finds)
		providers_fini(&a->providers);
	config_free(a->config);
	return ferror(stdin) ? EXIT_FAILED : EXIT_OK;
}

/* A log line, or a reply without one around it. */
static void
ask_line(struct asker *a, struct view line)
{
	struct question		*q = &a->question;
	enum mta		 asked = q->mta;
	struct mail_event	 ev;
	struct head		 head;
	enum mta		 mta = MTA_COUNT;

	scratch_reset(a->scratch);
	if (head_parse(line, a->scratch, NULL, &head))
		mta = parser_choose(asked == MTA_COUNT ? MTA_AUTO : asked,
		    &head);
	if (mta != MTA_COUNT && parser_run(mta, &head, a->scratch, &ev) ==
	    PARSE_EVENT && (ev.kind == EVENT_DELIVERY ||
	    ev.kind == EVENT_HOP || ev.kind == EVENT_REJECT)) {
		ask_event(a, &ev);
	} else if (reply_parse(line, &q->reply)) {
		q->text = line;
		answer(a);
	} else {
		buf_text(&a->out, a->json ? "null\n" :
		    "no delivery: nothing to explain in this line\n");
	}
	q->mta = asked;
}

static void
ask_event(struct asker *a, const struct mail_event *ev)
{
	struct question	*q = &a->question;

	const char	*asked = q->provider_name;
	uint16_t	 id;

	q->reply = ev->reply;
	q->text = ev->text;
	q->mta = ev->mta;
	if (asked == NULL && a->finds) {
		id = provider_of(&a->providers, ev, ev->recipient_count == 1 ?
		    ev->recipients : VIEW_NONE);
		q->provider_name = provider_name(&a->providers, id);
		q->provider = explain_provider(view_of(q->provider_name));
	}
	answer(a);
	if (asked == NULL) {
		q->provider_name = NULL;
		q->provider = PROVIDER_OTHER;
	}
}

/* code, enhanced code, provider and text, with tabs between them. */
static void
ask_row(struct asker *a, struct view line)
{
	struct view		code, enhanced, provider, rest = line;
	struct question		q = { .mta = MTA_COUNT };
	struct diagnosis	d;
	uint32_t		number;

	if (!view_cut(&rest, '\t', &code) ||
	    !view_cut(&rest, '\t', &enhanced) ||
	    !view_cut(&rest, '\t', &provider)) {
		buf_text(&a->out, "unknown\tinvestigate\n");
		return;
	}
	if (view_take_u32(&code, &number) && number >= 200 && number <= 599)
		q.reply.code = (uint16_t)number;
	reply_take_enhanced(&enhanced, &q.reply.enhanced);
	complete(&q.reply, rest);
	reason_diagnose(&q.reply, explain_provider(provider), rest, &d);
	buf_printf(&a->out, "%s\t%s\n", reason_name(d.reason),
	    action_name(d.action));
}

/* What the columns leave out may stand in the text. */
static void
complete(struct reply *reply, struct view text)
{
	struct reply	read = { 0 };

	if (!reply_parse(text, &read) ||
	    (reply->code != 0 && reply->code != read.code))
		return;
	if (reply->code == 0 && reply->enhanced.class == 0)
		*reply = read;
	else if (reply->enhanced.class == 0)
		reply->enhanced = read.enhanced;
}

static void
answer(struct asker *a)
{
	struct explanation	e;

	explain(&a->question, &e);
	if (a->json) {
		explain_json(&a->out, &e);
		return;
	}
	explain_text(&a->out, &e);
	remedy_write(&a->out, &(struct remedy_wish){ e.diagnosis.action,
	    a->question.mta, a->question.provider_name });
}

static void
flush(struct asker *a)
{
	fwrite(a->out.p, 1, a->out.len, stdout);
	buf_reset(&a->out);
}
