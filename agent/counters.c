#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "label_value.h"

enum {
	TEXT_BYTES = 512,		/* all labels of a series */
	SERIES_LABELS = 4
};

/* LABEL_OTHER, which is not the same as a provider called other. */
static const char FOLDED[] = "*";

struct load {
	struct intake		*intake;
	struct label_owners	 owners;
};

static void	save_series(struct state *, const struct label_owners *,
		    const struct series *);
static void	save_histograms(struct state *, const struct label_owners *,
		    enum metric, const struct histogram *);
static void	load_one(void *arg, const char *family, const char *labels,
		    uint64_t value);
static void	load_series(struct load *, enum metric, const char *labels,
		    uint64_t value);
static void	load_histogram(struct load *, struct histogram *,
		    const char *labels, uint64_t value);
static void	load_number(struct load *, const char *name, uint64_t value);
static uint16_t	next_label(struct load *, enum label, const char **labels);
static struct histogram *histograms_of(struct stats *, enum metric);

void
counters_save(struct state *state, const struct intake *in,
    const struct sources *sources)
{
	const struct label_owners	owners = { &in->judge, sources };
	const struct stats		*st = &in->stats;

	for (int m = 0; m < METRIC_COUNT; m++) {
		if (!stats_has_family((enum metric)m))
			continue;
		save_series(state, &owners, &st->family[m]);
		state_counter(state, "overflow", metric_table[m].name,
		    st->family[m].overflows);
	}
	save_histograms(state, &owners, METRIC_RETRY_SECONDS, st->retry);
	save_histograms(state, &owners, METRIC_DELIVERY_SECONDS,
	    st->delivery);
	save_histograms(state, &owners, METRIC_TRANSACTION_SECONDS,
	    st->transaction);
	state_counter(state, "intake", "minute", (uint64_t)in->minute);
	state_counter(state, "intake", "log_time", (uint64_t)st->log_time);
	state_counter(state, "intake", "skewed", in->skewed);
}

int
counters_load(struct state *state, struct intake *in,
    const struct sources *sources)
{
	struct load	load = { in, { &in->judge, sources } };

	return state_each_counter(state, load_one, &load);
}

int
counters_read(struct state_reader *reader, struct intake *in,
    const struct sources *sources)
{
	struct load	load = { in, { &in->judge, sources } };

	return state_read_counters(reader, load_one, &load);
}

static void
save_series(struct state *state, const struct label_owners *owners,
    const struct series *s)
{
	const struct metric_row	*row = &metric_table[s->metric];

	for (size_t i = 0; i < s->count; i++) {
		uint16_t	value[SERIES_LABELS];
		char		text[TEXT_BYTES], buf[LABEL_VALUE_BYTES];
		size_t		n = 0;
		uint64_t	count = series_get(s, i, value)->value;

		text[0] = '\0';
		for (int l = 0; l < SERIES_LABELS && row->label[l] !=
		    LABEL_NONE && n < sizeof(text); l++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%s%s", l == 0 ? "" : "\t",
			    value[l] == LABEL_OTHER ? FOLDED :
			    label_value_text(owners, row->label[l], value[l],
			    buf));
		state_counter(state, row->name, text, count);
	}
}

/* "provider\tbucket", and "provider\tsum" in milliseconds. */
static void
save_histograms(struct state *state, const struct label_owners *owners,
    enum metric m, const struct histogram *all)
{
	char	text[TEXT_BYTES], buf[LABEL_VALUE_BYTES];

	for (uint16_t p = 0; p < provider_limit(&owners->judge->providers);
	    p++) {
		const char *name = label_value_text(owners, LABEL_PROVIDER, p,
		    buf);

		if (histogram_count(&all[p]) == 0)
			continue;
		for (int i = 0; i <= HISTOGRAM_BUCKETS; i++) {
			if (all[p].bucket[i] == 0)
				continue;
			snprintf(text, sizeof(text), "%s\t%d", name, i);
			state_counter(state, metric_table[m].name, text,
			    all[p].bucket[i]);
		}
		snprintf(text, sizeof(text), "%s\tsum", name);
		state_counter(state, metric_table[m].name, text,
		    all[p].sum_ms);
	}
}

static void
load_one(void *arg, const char *family, const char *labels, uint64_t value)
{
	struct load		*load = arg;
	struct stats		*st = &load->intake->stats;
	int			 m;

	if (strcmp(family, "intake") == 0) {
		load_number(load, labels, value);
		return;
	}
	if (strcmp(family, "overflow") == 0) {
		m = label_value_of(&load->owners, LABEL_METRIC, labels);
		if (m != LABEL_OTHER && stats_has_family((enum metric)m))
			st->family[m].overflows = value;
		return;
	}
	for (m = 0; m < METRIC_COUNT; m++)
		if (strcmp(metric_table[m].name, family) == 0)
			break;
	if (m == METRIC_COUNT)
		return;
	if (stats_has_family((enum metric)m))
		load_series(load, (enum metric)m, labels, value);
	else if (histograms_of(st, (enum metric)m) != NULL)
		load_histogram(load, histograms_of(st, (enum metric)m),
		    labels, value);
}

static void
load_series(struct load *load, enum metric m, const char *labels,
    uint64_t value)
{
	struct stats		*st = &load->intake->stats;
	const enum label	*kind = metric_table[m].label;
	uint16_t		 label[SERIES_LABELS] = { 0 };

	for (int l = 0; l < SERIES_LABELS && kind[l] != LABEL_NONE; l++)
		label[l] = next_label(load, kind[l], &labels);
	series_restore(&st->family[m], label, value);
	if (m == METRIC_ATTEMPTS && label[0] < PROVIDER_MAX)
		st->known[label[0]] = true;
}

static void
load_histogram(struct load *load, struct histogram *all, const char *labels,
    uint64_t value)
{
	uint16_t	p = next_label(load, LABEL_PROVIDER, &labels);
	unsigned long	bucket = strtoul(labels, NULL, 10);

	if (p >= PROVIDER_MAX)
		p = PROVIDER_OTHER;
	if (strcmp(labels, "sum") == 0)
		all[p].sum_ms += value;
	else if (bucket <= HISTOGRAM_BUCKETS)
		all[p].bucket[bucket] += value;
}

static void
load_number(struct load *load, const char *name, uint64_t value)
{
	struct intake	*in = load->intake;

	if (strcmp(name, "minute") == 0)
		in->minute = (int64_t)value;
	else if (strcmp(name, "log_time") == 0)
		in->stats.log_time = (int64_t)value;
	else if (strcmp(name, "skewed") == 0)
		in->skewed = value;
}

/* The text up to the next tab, as a number; *labels moves behind it. */
static uint16_t
next_label(struct load *load, enum label kind, const char **labels)
{
	char	text[TEXT_BYTES];
	size_t	n = strcspn(*labels, "\t");

	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	memcpy(text, *labels, n);
	text[n] = '\0';
	*labels += n;
	*labels += strspn(*labels, "\t");
	return strcmp(text, FOLDED) == 0 ? LABEL_OTHER :
	    label_value_of(&load->owners, kind, text);
}

static struct histogram *
histograms_of(struct stats *st, enum metric m)
{
	switch ((int)m) {
	case METRIC_RETRY_SECONDS:
		return st->retry;
	case METRIC_DELIVERY_SECONDS:
		return st->delivery;
	case METRIC_TRANSACTION_SECONDS:
		return st->transaction;
	}
	return NULL;
}
