#include "counters.h"
#include "label_value.h"
#include "report_state.h"

struct walk {
	struct report		*report;
	struct label_owners	 owners;
};

static void	take_outcomes(struct walk *);
static void	take_failures(struct walk *);
static void	take_tenants(struct walk *);
static void	take_tenant(struct walk *, uint16_t place);
static void	take_lines(struct walk *);
static uint64_t	sum(const struct stats *, enum metric, int first);
static uint16_t	most(const struct stats *, enum metric, uint16_t place);
static uint16_t	known_provider(uint16_t label);

int
report_state(struct report *r, struct intake *in, struct lookout *lookout,
    struct state_reader *reader)
{
	static const struct sources	 none;
	struct walk			 w = { r, { &in->judge, &none } };

	if (state_read_region(reader, &in->judge.providers.busy.region) ==
	    -1 || state_read_region(reader, &in->judge.tenants.region) == -1)
		return -1;
	providers_loaded(&in->judge.providers);
	for (int i = 0; i < ALERT_REGIONS; i++)
		if (state_read_region(reader, alerts_region(&lookout->alerts,
		    i)) == -1)
			return -1;
	alerts_restore(&lookout->alerts);
	if (counters_read(reader, in, &none) == -1)
		return -1;
	r->counted = true;
	r->first = state_read_created(reader);
	r->last = in->stats.log_time;
	take_outcomes(&w);
	take_failures(&w);
	take_tenants(&w);
	take_lines(&w);
	return 0;
}

static void
take_outcomes(struct walk *w)
{
	const struct stats	*st = &w->report->intake->stats;
	const struct series	*tried = &st->family[METRIC_ATTEMPTS];
	const struct series	*final = &st->family[METRIC_RECIPIENTS];
	struct report_provider	*p;
	uint16_t		 label[4];
	uint64_t		 n;

	for (size_t i = 0; i < tried->count; i++) {
		n = series_get(tried, i, label)->value;
		if (label[1] >= OUTCOME_COUNT)
			continue;
		p = &w->report->by_id[known_provider(label[0])];
		p->attempts += n;
		p->outcome[label[1]] += n;
	}
	for (size_t i = 0; i < final->count; i++) {
		n = series_get(final, i, label)->value;
		if (label[1] == OUTCOME_EXPIRED)
			w->report->by_id[known_provider(label[0])].outcome[
			    OUTCOME_EXPIRED] += n;
	}
	for (uint16_t id = 0; id < PROVIDER_MAX; id++)
		w->report->by_id[id].transaction = st->transaction[id];
}

static void
take_failures(struct walk *w)
{
	const struct series	*s = &w->report->intake->stats.family[
				    METRIC_FAILURES];
	uint16_t		 label[4];
	uint64_t		 n;

	for (size_t i = 0; i < s->count; i++) {
		n = series_get(s, i, label)->value;
		if (label[1] < REASON_COUNT && label[2] < CLASS_COUNT)
			w->report->count[known_provider(label[0])][label[1]][
			    label[2]] += n;
	}
}

static void
take_tenants(struct walk *w)
{
	for (uint16_t place = 1; place <= TENANT_PLACES; place++)
		take_tenant(w, place);
}

static void
take_tenant(struct walk *w, uint16_t place)
{
	const struct stats	*st = &w->report->intake->stats;
	struct report_tenant	*t = &w->report->by_tenant[place];

	*t = (struct report_tenant){
	    .attempts = sum(st, METRIC_TENANT_ATTEMPTS, place),
	    .failures = sum(st, METRIC_TENANT_FAILURES, place) };
	if (t->failures == 0)
		return;
	t->name = view_of(tenant_place_name(&w->report->intake->judge.tenants,
	    place));
	t->worst = (enum reason)(most(st, METRIC_TENANT_FAILURES, place) %
	    REASON_COUNT);
	t->provider = view_of(provider_name(
	    &w->report->intake->judge.providers, known_provider(most(st,
	    METRIC_TENANT_PROVIDER_FAILURES, place))));
}

static void
take_lines(struct walk *w)
{
	const struct stats	*st = &w->report->intake->stats;
	const struct series	*s = &st->family[METRIC_LINES];
	uint16_t		 label[4];
	uint64_t		 n;

	for (size_t i = 0; i < s->count; i++) {
		n = series_get(s, i, label)->value;
		if (label[2] < LINE_RESULT_COUNT)
			w->report->line[label[2]] += n;
	}
	w->report->rejects = sum(st, METRIC_REJECTS, -1);
}

/* Of the series whose first label is that; -1: of all. */
static uint64_t
sum(const struct stats *st, enum metric m, int first)
{
	const struct series	*s = &st->family[m];
	uint16_t		 label[4];
	uint64_t		 n, total = 0;

	for (size_t i = 0; i < s->count; i++) {
		n = series_get(s, i, label)->value;
		if (first == -1 || label[0] == first)
			total += n;
	}
	return total;
}

/* The second label that counts most behind this first one. */
static uint16_t
most(const struct stats *st, enum metric m, uint16_t place)
{
	const struct series	*s = &st->family[m];
	uint16_t		 label[4], best = 0;
	uint64_t		 n, best_n = 0;

	for (size_t i = 0; i < s->count; i++) {
		n = series_get(s, i, label)->value;
		if (label[0] != place || n <= best_n)
			continue;
		best_n = n;
		best = label[1];
	}
	return best;
}

static uint16_t
known_provider(uint16_t label)
{
	return label < PROVIDER_MAX ? label : PROVIDER_OTHER;
}
