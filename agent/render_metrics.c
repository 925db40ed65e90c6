#include <stdio.h>

#include "label_value.h"
#include "render_metrics.h"
#include "version.h"

/* Label values of one sample, with room for numbers as text. */
struct sample {
	struct expose_label	label[METRIC_LABELS];
	char			text[METRIC_LABELS][LABEL_VALUE_BYTES];
	size_t			count;
};

struct window_of {
	uint16_t		 provider, window;
	const uint64_t		*count;		/* by class */
};

struct collector {
	enum metric	metric;
	void		(*collect)(struct expose *, enum metric,
			    const struct metrics_input *);
};

static void	family(struct expose *, enum metric);
static void	label(struct sample *, const struct metrics_input *,
		    enum label, uint16_t value);
static void	series(struct expose *, enum metric,
		    const struct metrics_input *);
static void	histograms(struct expose *, enum metric,
		    const struct metrics_input *);
static void	windows(struct expose *, enum metric,
		    const struct metrics_input *);
static void	window(struct expose *, enum metric,
		    const struct metrics_input *, const struct window_of *);
static void	backlog(struct expose *, enum metric,
		    const struct metrics_input *);
static void	each_source(struct expose *, enum metric,
		    const struct metrics_input *);
static void	gaps(struct expose *, enum metric,
		    const struct metrics_input *);
static void	overflow(struct expose *, enum metric,
		    const struct metrics_input *);
static void	single(struct expose *, enum metric,
		    const struct metrics_input *);
static void	spikes(struct expose *, enum metric,
		    const struct metrics_input *);
static void	notifications(struct expose *, enum metric,
		    const struct metrics_input *);
static void	reason_info(struct expose *, enum metric,
		    const struct metrics_input *);
static void	build_info(struct expose *, enum metric,
		    const struct metrics_input *);
static void	sandbox(struct expose *, enum metric,
		    const struct metrics_input *);
static void	commits(struct expose *, enum metric,
		    const struct metrics_input *);

/* Families that are no plain series tables. */
static const struct collector collectors[] = {
	{ METRIC_RETRY_SECONDS, histograms },
	{ METRIC_DELIVERY_SECONDS, histograms },
	{ METRIC_TRANSACTION_SECONDS, histograms },
	{ METRIC_DEFERRED_RECIPIENTS, backlog },
	{ METRIC_OLDEST_DEFERRED, backlog },
	{ METRIC_WINDOW_ATTEMPTS, windows },
	{ METRIC_WINDOW_REPLIES, windows },
	{ METRIC_WINDOW_FAILURE_RATIO, windows },
	{ METRIC_SOURCE_UP, each_source },
	{ METRIC_SOURCE_LAG, each_source },
	{ METRIC_SOURCE_LAST_LINE, each_source },
	{ METRIC_ROTATIONS, each_source },
	{ METRIC_GAPS, gaps },
	{ METRIC_LABEL_OVERFLOW, overflow },
	{ METRIC_CATCHING_UP, single },
	{ METRIC_LOG_TIME, single },
	{ METRIC_CORRELATION_MESSAGES, single },
	{ METRIC_CORRELATION_EVICTED, single },
	{ METRIC_REASON_RULES_OFF, single },
	{ METRIC_CONFIG_RELOAD, single },
	{ METRIC_SPIKE_ACTIVE, spikes },
	{ METRIC_SPIKE_SCORE, spikes },
	{ METRIC_SPIKES, spikes },
	{ METRIC_SPIKE_INFO, spikes },
	{ METRIC_PROVIDERS_SPIKING, spikes },
	{ METRIC_NOTIFICATIONS, notifications },
	{ METRIC_NOTIFICATION_QUEUE, notifications },
	{ METRIC_REASON_INFO, reason_info },
	{ METRIC_BUILD_INFO, build_info },
	{ METRIC_SANDBOX, sandbox },
	{ METRIC_STATE_COMMIT_SECONDS, commits },
};

enum { COLLECTORS = sizeof(collectors) / sizeof(collectors[0]) };

void
render_metrics(struct buf *out, enum expose_format format,
    const struct metrics_input *in, struct expose *e)
{
	expose_begin(e, out, format);
	for (int m = 0; m < METRIC_COUNT; m++) {
		size_t	i = 0;

		family(e, (enum metric)m);
		while (i < COLLECTORS && collectors[i].metric != (enum metric)m)
			i++;
		if (i < COLLECTORS)
			collectors[i].collect(e, (enum metric)m, in);
		else
			series(e, (enum metric)m, in);
	}
}

static void
family(struct expose *e, enum metric m)
{
	static const enum expose_type types[] = {
		[METRIC_COUNTER] = EXPOSE_COUNTER,
		[METRIC_GAUGE] = EXPOSE_GAUGE,
		[METRIC_HISTOGRAM] = EXPOSE_HISTOGRAM,
	};
	const struct metric_row	*row = &metric_table[m];
	enum expose_type	 type = types[row->type];

	if (m == METRIC_REASON_INFO || m == METRIC_BUILD_INFO ||
	    m == METRIC_SPIKE_INFO)
		type = EXPOSE_INFO;
	expose_family(e, row->name, type, row->unit, row->help);
}

static void
label(struct sample *s, const struct metrics_input *in, enum label kind,
    uint16_t value)
{
	const struct label_owners	owners = { &in->intake->judge,
					    in->sources };

	s->label[s->count].name = label_name(kind);
	s->label[s->count].value = view_of(label_value_text(&owners, kind,
	    value, s->text[s->count]));
	s->count++;
}

static void
series(struct expose *e, enum metric m, const struct metrics_input *in)
{
	const struct stats	*st = &in->intake->stats;
	const struct series	*s = &st->family[m];

	for (size_t i = 0; i < s->count; i++) {
		struct sample			 sample = { .count = 0 };
		uint16_t			 value[4];
		const struct series_entry	*entry = series_get(s, i,
						    value);
		const struct stats_exemplar	*x = &st->exemplar[entry -
						    s->slot];
		struct expose_label		 id = { "queue_id",
						    { x->id, x->len } };
		struct expose_exemplar		 exemplar = { &id, 1, 1.0,
						    x->time * 1000 };

		for (int l = 0; l < 4 && metric_table[m].label[l] !=
		    LABEL_NONE; l++)
			label(&sample, in, metric_table[m].label[l],
			    value[l]);
		expose_u64(e, sample.label, sample.count, series_shown(entry),
		    m == METRIC_REPLIES && x->len > 0 && !entry->born ?
		    &exemplar : NULL);
	}
}

static void
histograms(struct expose *e, enum metric m, const struct metrics_input *in)
{
	const struct stats	*st = &in->intake->stats;
	const struct histogram	*all = m == METRIC_RETRY_SECONDS ? st->retry :
				    m == METRIC_DELIVERY_SECONDS ?
				    st->delivery : st->transaction;
	double			 bound[HISTOGRAM_BUCKETS];

	for (int i = 0; i < HISTOGRAM_BUCKETS; i++)
		bound[i] = histogram_bound_ms[i] / 1000.0;
	for (uint16_t p = 0; p < PROVIDER_MAX; p++) {
		struct sample		sample = { .count = 0 };
		struct expose_histogram	h = { bound, all[p].bucket,
					    HISTOGRAM_BUCKETS,
					    (double)all[p].sum_ms / 1000.0,
					    NULL };

		if (!st->known[p])
			continue;
		label(&sample, in, LABEL_PROVIDER, p);
		expose_histogram(e, sample.label, sample.count, &h);
	}
}

static void
windows(struct expose *e, enum metric m, const struct metrics_input *in)
{
	const struct stats	*st = &in->intake->stats;
	struct window_sums	 sums;

	for (uint16_t p = 0; p < PROVIDER_MAX; p++) {
		if (!st->known[p])
			continue;
		window_sum(&st->window, p, st->log_time, &sums);
		for (uint16_t w = 0; w < WINDOW_COUNT; w++)
			window(e, m, in, &(struct window_of){ p, w,
			    sums.count[w] });
	}
}

/* One window of one provider: a sample, or one for each class. */
static void
window(struct expose *e, enum metric m, const struct metrics_input *in,
    const struct window_of *w)
{
	uint64_t	all = 0;
	struct sample	s = { .count = 0 };

	for (int c = 0; c < CLASS_COUNT; c++)
		all += w->count[c];
	label(&s, in, LABEL_PROVIDER, w->provider);
	if (m == METRIC_WINDOW_ATTEMPTS) {
		label(&s, in, LABEL_WINDOW, w->window);
		expose_u64(e, s.label, s.count, all, NULL);
		return;
	}
	for (uint16_t c = CLASS_2XX; c <= CLASS_5XX; c++) {
		if (m == METRIC_WINDOW_FAILURE_RATIO && c == CLASS_2XX)
			continue;
		s.count = 1;
		label(&s, in, LABEL_CLASS, c);
		label(&s, in, LABEL_WINDOW, w->window);
		if (m == METRIC_WINDOW_REPLIES)
			expose_u64(e, s.label, s.count, w->count[c], NULL);
		else
			expose_double(e, s.label, s.count, all == 0 ? 0.0 :
			    (double)w->count[c] / (double)all);
	}
}

static void
backlog(struct expose *e, enum metric m, const struct metrics_input *in)
{
	struct backlog	all[PROVIDER_MAX];

	correlate_backlog(in->intake->judge.correlate, all);
	for (uint16_t p = 0; p < PROVIDER_MAX; p++) {
		struct sample	s = { .count = 0 };

		if (!in->intake->stats.known[p] ||
		    (m == METRIC_OLDEST_DEFERRED && all[p].oldest == 0))
			continue;
		label(&s, in, LABEL_PROVIDER, p);
		expose_u64(e, s.label, s.count, m == METRIC_OLDEST_DEFERRED ?
		    (uint64_t)all[p].oldest : all[p].recipients, NULL);
	}
}

static void
each_source(struct expose *e, enum metric m, const struct metrics_input *in)
{
	for (size_t i = 0; i < in->sources->count; i++) {
		const struct source	*src = &in->sources->source[i];
		struct sample		 s = { .count = 0 };
		uint64_t		 value = src->rotations;

		if (m == METRIC_SOURCE_UP)
			value = src->up;
		else if (m == METRIC_SOURCE_LAG)
			value = src->lag_bytes > 0 ?
			    (uint64_t)src->lag_bytes : 0;
		else if (m == METRIC_SOURCE_LAST_LINE)
			value = src->last_line > 0 ?
			    (uint64_t)src->last_line : 0;
		label(&s, in, LABEL_SOURCE, (uint16_t)i);
		expose_u64(e, s.label, s.count, value, NULL);
	}
}

static void
gaps(struct expose *e, enum metric m, const struct metrics_input *in)
{
	(void)m;
	for (size_t i = 0; i < in->sources->count; i++) {
		for (uint16_t g = 0; g < GAP_COUNT; g++) {
			struct sample	s = { .count = 0 };

			label(&s, in, LABEL_SOURCE, (uint16_t)i);
			label(&s, in, LABEL_GAP, g);
			expose_u64(e, s.label, s.count,
			    in->sources->source[i].gap[g], NULL);
		}
	}
}

static void
overflow(struct expose *e, enum metric m, const struct metrics_input *in)
{
	(void)m;
	for (uint16_t f = 0; f < METRIC_COUNT; f++) {
		struct sample	s = { .count = 0 };

		if (!stats_has_family((enum metric)f))
			continue;
		label(&s, in, LABEL_METRIC, f);
		expose_u64(e, s.label, s.count,
		    in->intake->stats.family[f].overflows, NULL);
	}
}

static void
single(struct expose *e, enum metric m, const struct metrics_input *in)
{
	const struct correlate	*c = in->intake->judge.correlate;
	uint64_t		 value = in->catching_up;

	if (m == METRIC_LOG_TIME)
		value = (uint64_t)in->intake->stats.log_time;
	else if (m == METRIC_CORRELATION_MESSAGES)
		value = correlate_messages(c);
	else if (m == METRIC_CORRELATION_EVICTED)
		value = correlate_evicted(c);
	else if (m == METRIC_REASON_RULES_OFF)
		value = in->intake->judge.reasons.off;
	else if (m == METRIC_CONFIG_RELOAD)
		value = in->reload_ok;
	expose_u64(e, NULL, 0, value, NULL);
}

static void
spikes(struct expose *e, enum metric m, const struct metrics_input *in)
{
	render_spikes(e, m, in->alerts);
}

static void
notifications(struct expose *e, enum metric m, const struct metrics_input *in)
{
	render_notifications(e, m, in->notify);
}

static void
reason_info(struct expose *e, enum metric m, const struct metrics_input *in)
{
	(void)m;
	for (uint16_t r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		for (uint16_t c = CLASS_NONE; c < CLASS_COUNT; c++) {
			struct sample	s = { .count = 0 };

			if (c == CLASS_2XX)
				continue;
			label(&s, in, LABEL_REASON, r);
			label(&s, in, LABEL_CLASS, c);
			label(&s, in, LABEL_ACTION, (uint16_t)reason_action(
			    (enum reason)r, (enum reply_class)c));
			expose_u64(e, s.label, s.count, 1, NULL);
		}
	}
}

static void
build_info(struct expose *e, enum metric m, const struct metrics_input *in)
{
	const struct expose_label	labels[] = {
		{ "version", view_of(version_number()) },
		{ "revision", view_of(version_revision()) },
		{ "compiler", view_of(version_compiler()) },
	};

	(void)m;
	(void)in;
	expose_u64(e, labels, 3, 1, NULL);
}

static void
sandbox(struct expose *e, enum metric m, const struct metrics_input *in)
{
	(void)m;
	for (int i = 0; i < SANDBOX_LEVEL_COUNT; i++) {
		const struct expose_label	label = { "state",
			view_of(sandbox_level_name((enum sandbox_level)i)) };

		expose_u64(e, &label, 1, in->sandbox == (enum sandbox_level)i,
		    NULL);
	}
}

static void
commits(struct expose *e, enum metric m, const struct metrics_input *in)
{
	(void)m;
	if (in->commits == NULL)
		return;
	expose_histogram(e, NULL, 0, &(struct expose_histogram){
	    commit_time_bound, in->commits->bucket, COMMIT_TIME_BUCKETS,
	    (double)in->commits->sum_us / 1e6, NULL });
}
