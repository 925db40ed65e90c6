#include <stdlib.h>
#include <string.h>

#include "report.h"

static void	on_verdict(void *, const struct verdict *);
static void	on_line(void *, const struct source_file *, struct view,
		    enum line_result);
static void	on_left(void *, uint16_t provider);
static void	note_outcome(struct report_provider *, const struct verdict *);
static void	note_failure(struct report *, const struct verdict *);
static void	fold(struct report_provider *into,
		    const struct report_provider *);
static void	list_reasons(struct report *);
static void	list_tenants(struct report *);
static void	name_tenant(struct report *, uint16_t id);
static void	list_slowest(struct report *);
static int	by_attempts(const void *, const void *);
static int	by_count(const void *, const void *);
static int	by_failures(const void *, const void *);

int
report_begin(struct report *r, struct intake *in, const struct lookout *l)
{
	r->intake = in;
	r->lookout = l;
	r->by_id = calloc(PROVIDER_MAX, sizeof(*r->by_id));
	r->count = calloc(PROVIDER_MAX, sizeof(*r->count));
	r->by_tenant = calloc(TENANT_NAMES, sizeof(*r->by_tenant));
	if (r->by_id == NULL || r->count == NULL || r->by_tenant == NULL)
		return -1;
	intake_hook(in, &(struct intake_hooks){ .verdict = on_verdict,
	    .line = on_line, .left = on_left, .arg = r });
	return 0;
}

void
report_end(struct report *r)
{
	list_reasons(r);
	for (uint16_t id = 0; id < PROVIDER_MAX; id++) {
		r->by_id[id].name = view_of(provider_name(
		    &r->intake->judge.providers, id));
		fold(&r->total, &r->by_id[id]);
	}
	list_tenants(r);
	qsort(r->by_id, PROVIDER_MAX, sizeof(*r->by_id), by_attempts);
	r->provider = r->by_id;
	while (r->provider_count < PROVIDER_MAX &&
	    (r->provider[r->provider_count].attempts > 0 ||
	    r->provider[r->provider_count].untried > 0))
		r->provider_count++;
	list_slowest(r);
}

void
report_free(struct report *r)
{
	free(r->by_id);
	free(r->count);
	free(r->by_tenant);
}

const struct incident *
report_incident(const struct report *r, size_t *at)
{
	const struct incident	*i;

	while ((i = alerts_next(&r->lookout->alerts, at, 0)) != NULL)
		if (i->onset <= r->until &&
		    (i->firing || i->cleared_at >= r->since))
			return i;
	return NULL;
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	struct report	*r = arg;
	int64_t		 time = v->event->time;

	if (time < r->since || time > r->until)
		return;
	if (v->event->kind == EVENT_REJECT)
		r->rejects += v->recipients;
	if (v->event->kind != EVENT_DELIVERY ||
	    v->provider == PROVIDER_INTERNAL)
		return;
	note_outcome(&r->by_id[v->provider], v);
	if (!v->counts)
		return;
	r->by_tenant[v->tenant].attempts += v->recipients;
	if (v->diagnosis.reason != REASON_NONE)
		note_failure(r, v);
}

static void
on_line(void *arg, const struct source_file *f, struct view line,
    enum line_result result)
{
	struct report	*r = arg;

	(void)line;
	if (f->time < r->since || f->time > r->until)
		return;
	if (r->first == 0 || f->time < r->first)
		r->first = f->time;
	if (f->time > r->last)
		r->last = f->time;
	r->line[result]++;
}

/* The number will mean somebody else. */
static void
on_left(void *arg, uint16_t provider)
{
	struct report	*r = arg;

	fold(&r->by_id[PROVIDER_OTHER], &r->by_id[provider]);
	memset(&r->by_id[provider], 0, sizeof(r->by_id[provider]));
	for (int i = 0; i < REASON_COUNT; i++)
		for (int c = 0; c < CLASS_COUNT; c++)
			r->count[PROVIDER_OTHER][i][c] +=
			    r->count[provider][i][c];
	memset(&r->count[provider], 0, sizeof(r->count[provider]));
}

static void
note_outcome(struct report_provider *p, const struct verdict *v)
{
	if (!v->counts) {
		if (v->event->outcome == OUTCOME_DEFERRED)
			p->untried += v->recipients;
		else if (v->event->outcome == OUTCOME_BOUNCED)
			p->untried_bounced += v->recipients;
		else
			p->outcome[v->event->outcome] += v->recipients;
		return;
	}
	p->attempts += v->recipients;
	p->outcome[v->event->outcome] += v->recipients;
	histogram_add(&p->transaction, v->event->transaction_ms,
	    v->recipients);
}

static void
note_failure(struct report *r, const struct verdict *v)
{
	struct report_tenant	*t = &r->by_tenant[v->tenant];
	uint32_t		 n = v->recipients;
	struct report_pair	*p, *least = &t->pair[0];

	r->count[v->provider][v->diagnosis.reason][v->class] += n;
	t->failures += n;
	for (int i = 0; i < REPORT_PAIRS; i++) {
		p = &t->pair[i];
		if (p->provider == v->provider &&
		    p->reason == v->diagnosis.reason) {
			p->count += n;
			return;
		}
		if (p->count < least->count)
			least = p;
	}
	*least = (struct report_pair){ v->provider,
	    (uint8_t)v->diagnosis.reason, least->count + n };
}

static void
fold(struct report_provider *into, const struct report_provider *p)
{
	into->attempts += p->attempts;
	into->untried += p->untried;
	into->untried_bounced += p->untried_bounced;
	for (int o = 0; o < OUTCOME_COUNT; o++)
		into->outcome[o] += p->outcome[o];
	for (int i = 0; i <= HISTOGRAM_BUCKETS; i++)
		into->transaction.bucket[i] += p->transaction.bucket[i];
	into->transaction.sum_ms += p->transaction.sum_ms;
}

static void
list_reasons(struct report *r)
{
	for (int i = 0; i < REASON_COUNT * CLASS_COUNT; i++) {
		struct report_reason	*out = &r->reason[r->reason_count];
		uint64_t		 most = 0, n;

		*out = (struct report_reason){
		    .reason = (enum reason)(i / CLASS_COUNT),
		    .class = (enum reply_class)(i % CLASS_COUNT) };
		for (uint16_t p = 0; p < PROVIDER_MAX; p++) {
			n = r->count[p][out->reason][out->class];
			out->count += n;
			if (n <= most)
				continue;
			most = n;
			out->provider = view_of(provider_name(
			    &r->intake->judge.providers, p));
		}
		r->reason_count += out->count > 0;
		if (r->reason_count == REASON_COUNT * CLASS_COUNT)
			break;
	}
	qsort(r->reason, r->reason_count, sizeof(r->reason[0]), by_count);
}

static void
list_tenants(struct report *r)
{
	size_t	n = 0;

	/* entry 0 stands for mail of nobody known */
	for (uint16_t id = 1; id < TENANT_NAMES &&
	    r->intake->judge.tenants.top > 0; id++) {
		struct report_tenant	*t = &r->by_tenant[id];

		if (t->failures == 0)
			continue;
		if (t->name.n == 0)
			name_tenant(r, id);
		r->by_tenant[n++] = *t;
	}
	qsort(r->by_tenant, n, sizeof(*r->by_tenant), by_failures);
	r->tenant = r->by_tenant;
	r->tenant_count = n < REPORT_TENANTS ? n : REPORT_TENANTS;
}

static void
name_tenant(struct report *r, uint16_t id)
{
	const struct judge		*j = &r->intake->judge;
	struct report_tenant		*t = &r->by_tenant[id];
	const struct report_pair	*most = &t->pair[0];

	for (int i = 1; i < REPORT_PAIRS; i++)
		if (t->pair[i].count > most->count)
			most = &t->pair[i];
	t->name = view_of(tenant_name(&j->tenants, id));
	t->worst = (enum reason)most->reason;
	t->provider = view_of(provider_name(&j->providers, most->provider));
}

static void
list_slowest(struct report *r)
{
	for (size_t i = 0; i < r->provider_count; i++) {
		struct report_provider	*p = &r->provider[i];
		size_t			 at = r->slowest_count;

		if (histogram_count(&p->transaction) < REPORT_SLOW_LEAST)
			continue;
		while (at > 0 && histogram_median_ms(
		    &r->slowest[at - 1]->transaction) <
		    histogram_median_ms(&p->transaction))
			at--;
		if (at == REPORT_SLOWEST)
			continue;
		r->slowest_count += r->slowest_count < REPORT_SLOWEST;
		memmove(&r->slowest[at + 1], &r->slowest[at],
		    (r->slowest_count - at - 1) * sizeof(r->slowest[0]));
		r->slowest[at] = p;
	}
}

static int
by_attempts(const void *x, const void *y)
{
	const struct report_provider	*a = x, *b = y;

	if (a->attempts != b->attempts)
		return a->attempts > b->attempts ? -1 : 1;
	if (a->untried != b->untried)
		return a->untried > b->untried ? -1 : 1;
	return strcmp(a->name.p, b->name.p);
}

static int
by_count(const void *x, const void *y)
{
	const struct report_reason	*a = x, *b = y;

	return a->count > b->count ? -1 : a->count < b->count;
}

static int
by_failures(const void *x, const void *y)
{
	const struct report_tenant	*a = x, *b = y;

	return a->failures > b->failures ? -1 : a->failures < b->failures;
}
