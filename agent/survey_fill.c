#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert_json.h"
#include "alert_summary.h"
#include "alert_words.h"
#include "survey_fill.h"

enum { RESOLVED_S = 6 * 3600 };	/* how long a resolved alert is shown */

static void	fill_provider(struct survey *, struct status_provider *,
		    uint16_t id);
static void	fill_retries(const struct stats *, struct status_provider *,
		    uint16_t id, uint64_t waiting);
static int	by_alarm(const void *, const void *);
static void	add_code(struct status_provider *, const struct survey_key *,
		    uint64_t count);
static int	by_count(const void *, const void *);
static void	fill_tenant(struct survey *, struct status_tenant *,
		    uint16_t place);
static int	by_failures(const void *, const void *);
static void	fill_alert(struct survey *, struct status_alert *,
		    const struct incident *, char id[24]);

void
survey_fill_providers(struct survey *s, const struct survey_facts *facts)
{
	static const struct backlog	 none[PROVIDER_MAX];
	struct backlog			 backlog[PROVIDER_MAX];
	const struct stats		*st = &s->intake->stats;
	struct status_provider		 one, *last;
	size_t				*n = &s->status.provider_count;

	memcpy(backlog, none, sizeof(backlog));
	correlate_backlog(s->intake->judge.correlate, backlog);
	for (uint16_t id = 0; id < PROVIDER_MAX; id++) {
		if (!st->known[id])
			continue;
		memset(&one, 0, sizeof(one));
		fill_provider(s, &one, id);
		one.waiting = backlog[id].recipients;
		one.oldest_waiting = backlog[id].oldest;
		fill_retries(st, &one, id, one.waiting);
		one.firing = facts->lookout != NULL && alerts_names(
		    &facts->lookout->alerts, provider_name(
		    &s->intake->judge.providers, id));
		if (one.attempts[STATUS_1H] == 0 && one.waiting == 0)
			continue;
		/* the last place is the worst one's: keep the better */
		last = &s->status.provider[STATUS_PROVIDERS - 1];
		if (*n < STATUS_PROVIDERS)
			s->status.provider[(*n)++] = one;
		else if (by_alarm(&one, last) < 0)
			*last = one;
		qsort(s->status.provider, *n, sizeof(one), by_alarm);
	}
}

static void
fill_provider(struct survey *s, struct status_provider *p, uint16_t id)
{
	const struct stats	*st = &s->intake->stats;
	struct window_sums	 sums;
	uint32_t		 minute[STATUS_MINUTES];

	p->name = view_of(provider_name(&s->intake->judge.providers, id));
	window_sum(&st->window, id, st->log_time, &sums);
	for (int c = 0; c < CLASS_COUNT; c++) {
		for (int w = 0; w < STATUS_WINDOW_COUNT; w++) {
			p->replies[w][c] = sums.count[w][c];
			p->attempts[w] += sums.count[w][c];
		}
		window_minutes(&st->window, id, (enum reply_class)c,
		    st->log_time, minute);
		for (size_t i = 0; i < STATUS_MINUTES; i++)
			p->minute[i][c] = minute[i];
	}
}

static void
fill_retries(const struct stats *st, struct status_provider *p, uint16_t id,
    uint64_t waiting)
{
	const struct series	*family = &st->family[METRIC_RETRY_OUTCOMES];
	uint16_t		 label[4];
	uint64_t		 value;
	int64_t			 median;

	for (size_t i = 0; i < family->count; i++) {
		value = series_get(family, i, label)->value;
		if (label[0] != id)
			continue;
		if (label[2] == OUTCOME_DELIVERED)
			p->retry_delivered += value;
		else
			p->retry_bounced += value;
	}
	p->retry_deferred = p->retry_delivered + p->retry_bounced;
	if (p->retry_deferred > 0)
		p->retry_deferred += waiting;
	median = histogram_median_ms(&st->retry[id]);
	p->retry_median_s = median < 0 ? -1 : (int32_t)(median / 1000);
}

/* Those with an alert first, then the busiest: rows that stay in place. */
static int
by_alarm(const void *x, const void *y)
{
	const struct status_provider	*a = x, *b = y;

	if (a->firing != b->firing)
		return a->firing ? -1 : 1;
	if (a->attempts[STATUS_1H] != b->attempts[STATUS_1H])
		return a->attempts[STATUS_1H] > b->attempts[STATUS_1H] ? -1 :
		    1;
	return strcmp(a->name.p, b->name.p);
}

void
survey_fill_codes(struct survey *s)
{
	const struct providers	*names = &s->intake->judge.providers;
	struct status		*st = &s->status;
	struct survey_key	 key;
	uint64_t		 count;
	struct view		 name;

	for (size_t i = 0; i < RECENT_ENTRIES; i++) {
		if (s->replies.entry[i].key == 0)
			continue;
		count = recent_sum(&s->replies.entry[i], st->log_time);
		if (count == 0)
			continue;
		key = survey_key_unpack(s->replies.entry[i].key);
		name = view_of(provider_name(names, key.provider));
		for (size_t p = 0; p < st->provider_count; p++)
			if (view_eq(st->provider[p].name, name))
				add_code(&st->provider[p], &key, count);
	}
}

/* Keep the most frequent ones, in order. */
static void
add_code(struct status_provider *p, const struct survey_key *key,
    uint64_t count)
{
	size_t	at = p->code_count;

	while (at > 0 && p->code[at - 1].count < count)
		at--;
	if (at == STATUS_CODES)
		return;
	if (p->code_count < STATUS_CODES)
		p->code_count++;
	memmove(&p->code[at + 1], &p->code[at],
	    (p->code_count - at - 1) * sizeof(p->code[0]));
	p->code[at] = (struct status_code){ key->code, key->enhanced, count };
}

void
survey_fill_reasons(struct survey *s)
{
	struct status_reason	 all[REASON_COUNT][CLASS_COUNT];
	uint64_t		 most[REASON_COUNT][CLASS_COUNT] = { { 0 } };
	struct status_reason	*r;
	struct survey_key	 key;
	uint64_t		 count;

	memset(all, 0, sizeof(all));
	for (size_t i = 0; i < RECENT_ENTRIES; i++) {
		if (s->reasons.entry[i].key == 0)
			continue;
		key = survey_key_unpack(s->reasons.entry[i].key);
		count = recent_sum(&s->reasons.entry[i], s->status.log_time);
		r = &all[key.reason][key.class];
		r->count += count;
		r->reason = (enum reason)key.reason;
		r->class = (enum reply_class)key.class;
		r->action = reason_action(r->reason, r->class);
		if (count <= most[key.reason][key.class])
			continue;
		most[key.reason][key.class] = count;
		r->provider = view_of(provider_name(
		    &s->intake->judge.providers, key.provider));
	}
	qsort(all, REASON_COUNT * CLASS_COUNT, sizeof(*r), by_count);
	r = &all[0][0];
	while (s->status.reason_count < STATUS_REASONS && r->count > 0)
		s->status.reason[s->status.reason_count++] = *r++;
}

static int
by_count(const void *x, const void *y)
{
	const struct status_reason	*a = x, *b = y;

	return a->count > b->count ? -1 : a->count < b->count;
}

void
survey_fill_tenants(struct survey *s)
{
	struct status_tenant	 all[TENANT_PLACES + 1] = { 0 };
	size_t			 n = 0;

	s->status.tenants_hidden = s->intake->judge.tenants.top == 0;
	for (uint16_t p = 1; p <= s->intake->judge.tenants.top; p++) {
		fill_tenant(s, &all[n], p);
		if (all[n].failures > 0)
			n++;
	}
	qsort(all, n, sizeof(all[0]), by_failures);
	if (n > STATUS_TENANTS)
		n = STATUS_TENANTS;
	memcpy(s->status.tenant, all, n * sizeof(all[0]));
	s->status.tenant_count = n;
}

static void
fill_tenant(struct survey *s, struct status_tenant *t, uint16_t place)
{
	struct survey_key	key;
	uint64_t		count, most = 0;

	*t = (struct status_tenant){ .reason = -1, .name = view_of(
		tenant_place_name(&s->intake->judge.tenants, place)) };
	for (size_t i = 0; i < RECENT_ENTRIES; i++) {
		key = survey_key_unpack(s->tenants.entry[i].key);
		if (s->tenants.entry[i].key == 0 || key.tenant != place)
			continue;
		count = recent_sum(&s->tenants.entry[i], s->status.log_time);
		if (key.reason == REASON_NONE) {
			t->attempts += count;
			continue;
		}
		t->failures += count;
		if (count <= most)
			continue;
		most = count;
		t->reason = key.reason;
		t->provider = view_of(provider_name(
		    &s->intake->judge.providers, key.provider));
	}
}

static int
by_failures(const void *x, const void *y)
{
	const struct status_tenant	*a = x, *b = y;

	return a->failures > b->failures ? -1 : a->failures < b->failures;
}

void
survey_fill_sources(struct survey *s, const struct survey_facts *facts)
{
	const struct sources	*from = facts->sources;
	const struct series	*lines =
				    &s->intake->stats.family[METRIC_LINES];
	struct status_source	*out;
	uint16_t		 label[4];
	uint64_t		 value;

	for (size_t i = 0; i < from->count && i < STATUS_SOURCES; i++) {
		out = &s->status.source[s->status.source_count++];
		out->name = view_of(from->source[i].name);
		if (from->config != NULL)
			out->path = from->config[i].path != NULL ?
			    view_of(from->config[i].path) : VIEW("journal");
		out->mta = view_of(mta_name(from->source[i].mta));
		out->up = from->source[i].up;
		out->lag_bytes = (uint64_t)from->source[i].lag_bytes;
		out->last_line = from->source[i].last_line;
	}
	for (size_t i = 0; i < lines->count; i++) {
		value = series_get(lines, i, label)->value;
		if (label[0] >= s->status.source_count)
			continue;
		out = &s->status.source[label[0]];
		out->lines += value;
		if (label[2] == LINE_EVENT)
			out->events += value;
		if (label[2] == LINE_UNKNOWN)
			out->unknown += value;
	}
}

void
survey_fill_unclassified(struct survey *s)
{
	struct inbox			*in = &s->intake->inbox;
	struct status_unclassified	*out;

	template_sort(&in->templates);
	s->status.unclassified_total = in->templates.total;
	for (uint32_t i = 0; i < in->templates.used &&
	    i < STATUS_UNCLASSIFIED; i++) {
		uint16_t		 slot = in->templates.order[i];
		const struct template	*t = &in->templates.slot[slot];

		out = &s->status.unclassified[s->status.unclassified_count++];
		out->text = (struct view){ t->text, t->text_len };
		out->provider = view_of(provider_name(
		    &s->intake->judge.providers, in->about[slot].provider));
		out->code = in->about[slot].reply.code;
		out->enhanced = in->about[slot].reply.enhanced;
		out->count = t->count;
	}
}

void
survey_fill_alerts(struct survey *s, const struct survey_facts *facts)
{
	const struct incident	*incident;
	struct status		*st = &s->status;
	size_t			 at;

	buf_reset(&s->words);
	if (facts->lookout == NULL)
		return;
	/* the firing ones first: room is for them */
	for (int firing = 1; firing >= 0; firing--) {
		at = 0;
		while ((incident = alerts_next(&facts->lookout->alerts, &at,
		    facts->now - RESOLVED_S)) != NULL) {
			if (incident->firing != (firing == 1) ||
			    st->alert_count == STATUS_ALERTS)
				continue;
			fill_alert(s, &st->alert[st->alert_count], incident,
			    s->ids[st->alert_count]);
			st->alert_count++;
		}
	}
	/* the sentences stand one after the other; now they stay in place */
	for (size_t i = 0, from = 0; i < st->alert_count; i++) {
		st->alert[i].summary.p = s->words.p + from;
		from += st->alert[i].summary.n;
		st->alert[i].advice.p = s->words.p + from;
		from += st->alert[i].advice.n;
	}
}

static void
fill_alert(struct survey *s, struct status_alert *out,
    const struct incident *in, char id[24])
{
	size_t	from = s->words.len;

	incident_id_text(in, id);
	alert_summary(&s->words, in);
	out->summary.n = s->words.len - from;
	from = s->words.len;
	alert_advice(&s->words, in);
	out->advice.n = s->words.len - from;
	out->id = view_of(id);
	out->severity = view_of(severity_name(
	    (enum config_severity)in->severity));
	out->provider = view_of(in->provider);
	out->firing = in->firing;
	out->onset = in->onset;
	out->cleared = in->cleared_at;
	out->code = in->key.code;
	out->enhanced = in->key.enhanced;
	out->reason = in->key.reason == REASON_NONE ? -1 : in->key.reason;
	out->action = in->action;
	out->waiting = in->waiting;
	out->tenants_affected = in->tenants_affected;
	if (in->tenant_count == 0 || s->status.tenants_hidden)
		return;
	out->tenant = view_of(in->tenant[0].name);
	out->tenant_percent = (uint32_t)(100 * in->tenant[0].share + 0.5f);
}
