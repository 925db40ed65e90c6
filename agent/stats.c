#include <stdlib.h>
#include <string.h>

#include "stats.h"

static void	count_attempt(struct stats *, const struct verdict *);
static void	count_failure(struct stats *, const struct verdict *);
static void	count_final(struct stats *, const struct verdict *);
static void	note_exemplar(struct stats *, const struct verdict *,
		    const struct series_entry *);
static void	add(struct stats *, enum metric, uint32_t n, unsigned,
		    unsigned, unsigned, unsigned);
static enum outcome	attempt_outcome(const struct verdict *);

const char *
line_result_name(enum line_result r)
{
	static const char *const names[] = {
#define X(id, name) name,
		LINE_RESULTS(X)
#undef X
	};

	return names[r];
}

bool
stats_has_family(enum metric m)
{
	return metric_table[m].type == METRIC_COUNTER && m != METRIC_GAPS &&
	    m != METRIC_ROTATIONS && m != METRIC_LABEL_OVERFLOW &&
	    m != METRIC_CORRELATION_EVICTED && m != METRIC_SPIKES &&
	    m != METRIC_NOTIFICATIONS;
}

int
stats_init(struct stats *s, struct tenants *tenants)
{
	memset(s, 0, sizeof(*s));
	s->tenants = tenants;
	for (int m = 0; m < METRIC_COUNT; m++)
		if (stats_has_family((enum metric)m) &&
		    series_init(&s->family[m], (enum metric)m) == -1)
			goto fail;
	s->retry = calloc(PROVIDER_MAX, sizeof(*s->retry));
	s->delivery = calloc(PROVIDER_MAX, sizeof(*s->delivery));
	s->transaction = calloc(PROVIDER_MAX, sizeof(*s->transaction));
	s->exemplar = calloc(SERIES_SLOTS, sizeof(*s->exemplar));
	if (s->retry == NULL || s->delivery == NULL ||
	    s->transaction == NULL || s->exemplar == NULL ||
	    window_init(&s->window) == -1)
		goto fail;
	return 0;
fail:
	stats_fini(s);
	return -1;
}

void
stats_fini(struct stats *s)
{
	for (int m = 0; m < METRIC_COUNT; m++)
		series_fini(&s->family[m]);
	free(s->retry);
	free(s->delivery);
	free(s->transaction);
	free(s->exemplar);
	window_fini(&s->window);
}

void
stats_line(struct stats *s, uint16_t source, enum mta mta,
    enum line_result result, uint32_t n)
{
	add(s, METRIC_LINES, n, source, mta, result, 0);
}

void
stats_provider(struct stats *s, uint16_t provider)
{
	static const enum outcome outcomes[] = { OUTCOME_DELIVERED,
		OUTCOME_DEFERRED, OUTCOME_BOUNCED };

	if (s->known[provider])
		return;
	s->known[provider] = true;
	for (size_t i = 0; i < 3; i++) {
		add(s, METRIC_ATTEMPTS, 0, provider, outcomes[i], 0, 0);
		add(s, METRIC_FIRST_ATTEMPTS, 0, provider, outcomes[i], 0, 0);
	}
	add(s, METRIC_RECIPIENTS, 0, provider, OUTCOME_DELIVERED, 0, 0);
	add(s, METRIC_RECIPIENTS, 0, provider, OUTCOME_BOUNCED, 0, 0);
	add(s, METRIC_RECIPIENTS, 0, provider, OUTCOME_EXPIRED, 0, 0);
	/* the codes that the built-in rules name */
	add(s, METRIC_REPLIES, 0, provider, CLASS_2XX, 250,
	    OUTCOME_DELIVERED);
	add(s, METRIC_REPLIES, 0, provider, CLASS_4XX, 421, OUTCOME_DEFERRED);
	add(s, METRIC_REPLIES, 0, provider, CLASS_5XX, 550, OUTCOME_BOUNCED);
	add(s, METRIC_REPLIES, 0, provider, CLASS_5XX, 554, OUTCOME_BOUNCED);
	add(s, METRIC_HOST_REPLIES, 0, provider, CLASS_4XX, 421, 0);
}

void
stats_verdict(struct stats *s, const struct verdict *v)
{
	const struct mail_event	*ev = v->event;

	if (ev->time > s->log_time)
		s->log_time = ev->time;
	if (ev->kind == EVENT_REJECT) {
		add(s, METRIC_REJECTS, v->recipients, ev->mta,
		    label_of_code(v->reply.code), v->diagnosis.reason, 0);
		return;
	}
	if (v->provider != PROVIDER_INTERNAL)
		stats_provider(s, v->provider);
	if (ev->kind == EVENT_HOP) {
		if (v->provider != PROVIDER_INTERNAL)
			add(s, METRIC_HOST_REPLIES, v->recipients,
			    v->provider, v->class,
			    label_of_code(v->reply.code), 0);
		return;
	}
	if (v->counts)
		count_attempt(s, v);
	if (v->final && v->provider != PROVIDER_INTERNAL)
		count_final(s, v);
}

void
stats_fold(struct stats *s, enum label label, uint16_t value)
{
	for (int m = 0; m < METRIC_COUNT; m++)
		if (stats_has_family((enum metric)m))
			series_fold(&s->family[m], label, value);
	if (label == LABEL_PROVIDER)
		s->known[value] = false;
	/* they are found by slot, and the slots have moved */
	memset(s->exemplar, 0, SERIES_SLOTS * sizeof(*s->exemplar));
}

static void
count_attempt(struct stats *s, const struct verdict *v)
{
	enum outcome	 outcome = attempt_outcome(v);
	uint16_t	 code = label_of_code(v->reply.code);
	uint16_t	 place = tenant_place(s->tenants, v->tenant);
	uint32_t	 n = v->recipients;
	uint16_t	 reply[4] = { v->provider, (uint16_t)v->class, code,
			    (uint16_t)outcome };
	struct series_entry	*e;

	add(s, METRIC_ATTEMPTS, n, v->provider, outcome, 0, 0);
	e = series_at(&s->family[METRIC_REPLIES], series_key(reply));
	e->value += n;
	if (outcome != OUTCOME_DELIVERED)
		note_exemplar(s, v, e);
	add(s, METRIC_ENHANCED_REPLIES, n, v->provider,
	    label_of_enhanced(v->reply.enhanced), 0, 0);
	add(s, METRIC_EGRESS_REPLIES, n, v->egress, v->provider, v->class,
	    code);
	add(s, METRIC_TENANT_ATTEMPTS, n, place, outcome, 0, 0);
	if (v->first)
		add(s, METRIC_FIRST_ATTEMPTS, n, v->provider, outcome, 0, 0);
	histogram_add(&s->transaction[v->provider], v->event->transaction_ms,
	    n);
	window_add(&s->window, v->provider, v->class, v->event->time, n);
	if (outcome == OUTCOME_DELIVERED)
		histogram_add(&s->delivery[v->provider], v->event->delay_ms,
		    n);
	else
		count_failure(s, v);
}

static void
count_failure(struct stats *s, const struct verdict *v)
{
	uint16_t	place = tenant_place(s->tenants, v->tenant);
	uint32_t	n = v->recipients;

	add(s, METRIC_FAILURES, n, v->provider, v->diagnosis.reason,
	    v->class, 0);
	add(s, METRIC_FAILURE_STAGES, n, v->provider, v->class,
	    v->event->stage, 0);
	add(s, METRIC_TENANT_FAILURES, n, place, v->diagnosis.reason, 0, 0);
	add(s, METRIC_TENANT_PROVIDER_FAILURES, n, place, v->provider, 0, 0);
}

static void
count_final(struct stats *s, const struct verdict *v)
{
	enum outcome	outcome = v->event->outcome;
	uint32_t	n = v->recipients;

	add(s, METRIC_RECIPIENTS, n, v->provider, outcome, 0, 0);
	if (v->first_deferred == 0)
		return;
	add(s, METRIC_RETRY_OUTCOMES, n, v->provider, v->first_reason,
	    outcome, 0);
	if (outcome == OUTCOME_DELIVERED)
		histogram_add(&s->retry[v->provider], 1000 *
		    (v->event->time - v->first_deferred), n);
}

/* An attempt that ends the message's life is a bounce of the MTA's. */
static enum outcome
attempt_outcome(const struct verdict *v)
{
	return v->event->outcome == OUTCOME_EXPIRED ? OUTCOME_BOUNCED :
	    v->event->outcome;
}

static void
note_exemplar(struct stats *s, const struct verdict *v,
    const struct series_entry *e)
{
	struct stats_exemplar	*x = &s->exemplar[e -
				    s->family[METRIC_REPLIES].slot];
	struct view		 id = v->event->queue_id;

	if (id.n == 0 || id.n > EXEMPLAR_ID_BYTES)
		return;
	x->time = v->event->time;
	x->len = (uint8_t)id.n;
	memcpy(x->id, id.p, id.n);
}

static void
add(struct stats *s, enum metric m, uint32_t n, unsigned a, unsigned b,
    unsigned c, unsigned d)
{
	const uint16_t	label[4] = { (uint16_t)a, (uint16_t)b, (uint16_t)c,
		(uint16_t)d };

	series_add(&s->family[m], label, n);
}
