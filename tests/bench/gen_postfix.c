/*
 * gen_postfix - a Postfix log of any size, and the truth about it.
 *
 *	gen_postfix --messages N [--failures PERCENT] [--seed S] [--start T]
 *	    [--rate N] [--rfc3164] [--truth FILE]
 *
 * Seven lines for each message, one of them with status=. Without --failures
 * each provider fails as it does in the demo; else that share of the first
 * attempts is deferred with a 421. The truth is JSON.
 */
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "demo_lines.h"

struct options {
	uint64_t	 messages, seed, rate;
	int64_t		 start;
	double		 failures;	/* -1: as in the demo */
	bool		 rfc3164;
	const char	*truth;
};

struct truth {
	json_t	*attempts, *replies, *enhanced;
};

static void	read_options(struct options *, int argc, char **argv);
static void	write_message(struct demo_log *, const struct options *,
		    uint64_t number, struct truth *);
static void	count(json_t *table, const char *provider, const char *key);
static void	write_truth(const struct options *, const struct demo_log *,
		    struct truth *);

int
main(int argc, char **argv)
{
	static char	buffer[1 << 20];
	struct options	o;
	struct truth	truth = {
		json_object(), json_object(), json_object()
	};
	struct demo_log	log = { .out = stdout };

	read_options(&o, argc, argv);
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	log.rfc3164 = o.rfc3164;
	for (uint64_t i = 0; i < o.messages; i++) {
		int64_t second = o.start + (int64_t)(i / o.rate);

		if (second != log.second)
			log.us = 0;
		log.second = second;
		write_message(&log, &o, i, &truth);
	}
	if (fflush(stdout) == EOF) {
		perror("gen_postfix");
		return 1;
	}
	if (o.truth != NULL)
		write_truth(&o, &log, &truth);
	return 0;
}

static void
read_options(struct options *o, int argc, char **argv)
{
	static const struct option	names[] = {
		{ "messages", required_argument, NULL, 'm' },
		{ "failures", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 's' },
		{ "start", required_argument, NULL, 't' },
		{ "rate", required_argument, NULL, 'r' },
		{ "rfc3164", no_argument, NULL, '3' },
		{ "truth", required_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 }
	};
	int	c;

	*o = (struct options){ .messages = 1000, .seed = 1, .rate = 100,
	    .start = 1793534400, .failures = -1 };
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'm')
			o->messages = strtoull(optarg, NULL, 10);
		else if (c == 'f')
			o->failures = strtod(optarg, NULL);
		else if (c == 's')
			o->seed = strtoull(optarg, NULL, 10);
		else if (c == 't')
			o->start = strtoll(optarg, NULL, 10);
		else if (c == 'r')
			o->rate = strtoull(optarg, NULL, 10);
		else if (c == '3')
			o->rfc3164 = true;
		else if (c == 'j')
			o->truth = optarg;
		else
			exit(2);
	}
	if (o->rate == 0)
		o->rate = 1;
}

/* A message that stays in the queue has a line about TLS for its seventh. */
static void
write_message(struct demo_log *log, const struct options *o, uint64_t number,
    struct truth *truth)
{
	struct demo_message	 m;
	const struct demo_reply	*r;
	const char		*name;
	char			 code[8], enhanced[DEMO_ENHANCED_BYTES];

	demo_message_make(&m, o->seed, number);
	r = m.first;
	if (o->failures >= 0)
		r = (double)(m.hash >> 20 & 0xffff) / 65536 * 100 <
		    o->failures ? &demo_throttled : &demo_sent;
	demo_print_arrival(log, &m);
	if (r->outcome == OUTCOME_DEFERRED)
		demo_print_tls(log, &m);
	demo_print_attempt(log, &m, r, m.delay_ms);
	if (r->outcome != OUTCOME_DEFERRED)
		demo_print_removed(log, &m);
	name = demo_providers[m.provider].name;
	snprintf(code, sizeof(code), r->code == 0 ? "none" : "%u", r->code);
	count(truth->attempts, name, r->outcome == OUTCOME_DELIVERED ?
	    "delivered" : r->outcome == OUTCOME_DEFERRED ? "deferred" :
	    "bounced");
	count(truth->replies, name, code);
	count(truth->enhanced, name, demo_enhanced(&m, r, enhanced));
}

static void
count(json_t *table, const char *provider, const char *key)
{
	json_t	*row = json_object_get(table, provider);

	if (row == NULL) {
		row = json_object();
		json_object_set_new(table, provider, row);
	}
	json_object_set_new(row, key, json_integer(
	    json_integer_value(json_object_get(row, key)) + 1));
}

static void
write_truth(const struct options *o, const struct demo_log *log,
    struct truth *truth)
{
	json_t	*all = json_pack("{s:I, s:I, s:o, s:o, s:o}",
	    "messages", (json_int_t)o->messages, "lines",
	    (json_int_t)log->lines, "attempts", truth->attempts, "replies",
	    truth->replies, "enhanced", truth->enhanced);

	if (json_dump_file(all, o->truth, JSON_INDENT(1) | JSON_SORT_KEYS) ==
	    -1) {
		fprintf(stderr, "gen_postfix: cannot write %s\n", o->truth);
		exit(1);
	}
	json_decref(all);
}
