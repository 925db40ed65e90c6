#include <math.h>
#include <string.h>

#include "alert_json.h"
#include "counters.h"
#include "provider_numbers.h"
#include "state_json.h"
#include "state_look.h"

static int	load(struct state_json *, struct region *, int table);
static bool	open_table(struct state_json *, const char *name, bool have);
static void	put_windows(struct state_json *);
static void	put_window(struct state_json *, uint16_t provider,
		    enum reply_class, const struct window_sums *);
static void	put_detector(struct state_json *);
static void	put_series(struct state_json *, const struct spike_slot *);
static void	put_correlation(struct state_json *);
static void	put_backlog(struct state_json *);
static void	put_message(struct state_json *, const struct message *);
static void	put_tenants(struct state_json *);
static void	put_incidents(struct state_json *);
static void	put_provider(struct state_json *, uint16_t saved);
static void	put_number(struct buf *, double);
static int64_t	seconds(int32_t minute);

int
state_json_load(struct state_json *j)
{
	static const struct sources	 none;
	struct intake	*in = j->intake;
	struct judge	*judge = &in->judge;
	struct alerts	*a = &j->lookout->alerts;

	if (load(j, &judge->providers.busy.region, -1) == -1 ||
	    load(j, &judge->tenants.region, TABLE_TENANTS) == -1 ||
	    load(j, &in->stats.window.region, TABLE_WINDOWS) == -1 ||
	    load(j, correlate_region(judge->correlate, 0),
	    TABLE_MESSAGES) == -1 ||
	    load(j, correlate_region(judge->correlate, 1),
	    TABLE_WAITING) == -1 ||
	    load(j, &a->spike.region, TABLE_DETECTOR) == -1 ||
	    load(j, &a->incidents.region, TABLE_INCIDENTS) == -1)
		return -1;
	providers_loaded(&judge->providers);
	provider_numbers_map(j->state, &judge->providers, j->to);
	providers_renumber(&judge->providers, j->to);
	/* checksums find damage; numbers that lead nowhere are another thing */
	j->have[TABLE_DETECTOR] &= spike_restore(&a->spike);
	j->have[TABLE_INCIDENTS] &= incidents_restore(&a->incidents);
	return counters_load(j->state, in, &none);
}

void
state_json_tables(struct state_json *j)
{
	put_windows(j);
	put_detector(j);
	put_correlation(j);
	put_tenants(j);
	put_incidents(j);
}

void
state_json_next(struct state_json *j)
{
	buf_text(&j->buf, j->first ? "\n" : ",\n");
	j->first = false;
	state_json_flush(j);
}

void
state_json_time(struct buf *b, int64_t epoch)
{
	char	text[32];

	if (epoch == 0) {
		buf_text(b, "null");
		return;
	}
	alert_time_text(epoch, text);
	buf_printf(b, "\"%s\"", text);
}

void
state_json_flush(struct state_json *j)
{
	fwrite(j->buf.p, 1, j->buf.len, j->out);
	buf_reset(&j->buf);
}

/* What was never saved is empty, and that is known. */
static int
load(struct state_json *j, struct region *r, int table)
{
	int	rc = state_load_region(j->state, r);

	if (table != -1)
		j->have[table] = rc == 1 ||
		    !state_has_region(j->state, r->name);
	return rc;
}

/* False, and null is written, if the state has nothing that we can read. */
static bool
open_table(struct state_json *j, const char *name, bool have)
{
	buf_printf(&j->buf, "\"%s\":%s", name, have ? "" : "null,\n");
	return have;
}

static void
put_windows(struct state_json *j)
{
	struct window_sums	sums;

	if (!open_table(j, "windows", j->have[TABLE_WINDOWS]))
		return;
	buf_byte(&j->buf, '[');
	j->first = true;
	for (uint16_t p = 0; p < PROVIDER_MAX; p++) {
		window_sum(&j->intake->stats.window, p,
		    j->intake->stats.log_time, &sums);
		for (int c = 0; c < CLASS_COUNT; c++)
			if (sums.count[WINDOW_1H][c] > 0)
				put_window(j, p, (enum reply_class)c, &sums);
	}
	buf_text(&j->buf, "],\n");
}

static void
put_window(struct state_json *j, uint16_t provider, enum reply_class class,
    const struct window_sums *sums)
{
	state_json_next(j);
	buf_text(&j->buf, "{\"provider\":");
	put_provider(j, provider);
	buf_printf(&j->buf, ",\"class\":\"%s\"", reply_class_name(class));
	for (int w = 0; w < WINDOW_COUNT; w++)
		buf_printf(&j->buf, ",\"%s\":%llu",
		    window_name((enum window_length)w),
		    (unsigned long long)sums->count[w][class]);
	buf_byte(&j->buf, '}');
}

/* Those in a spike; or all. */
static void
put_detector(struct state_json *j)
{
	const struct spike_table	*t = j->lookout->alerts.spike.table;

	if (!open_table(j, "detector", j->have[TABLE_DETECTOR]))
		return;
	buf_text(&j->buf, "{\"minute\":");
	state_json_time(&j->buf, seconds(t->minute));
	buf_printf(&j->buf, ",\"count\":%u,\"without_room\":%llu,"
	    "\"series\":[", t->count, (unsigned long long)t->overflow);
	j->first = true;
	for (uint32_t i = 0; i < t->count; i++)
		if (j->all || t->slot[i].series.on != -1)
			put_series(j, &t->slot[i]);
	buf_text(&j->buf, "]},\n");
}

static void
put_series(struct state_json *j, const struct spike_slot *slot)
{
	const struct spike_series	*s = &slot->series;
	const struct spike_key		*key = &slot->key;
	struct buf			*b = &j->buf;
	char				 enhanced[12] = "";

	if (key->enhanced.class != 0)
		enhanced_print(key->enhanced, enhanced);
	state_json_next(j);
	buf_text(b, "{\"provider\":");
	put_provider(j, key->provider);
	buf_printf(b, ",\"class\":\"%s\",\"code\":%u,\"enhanced\":\"%s\","
	    "\"reason\":\"%s\",\"baseline_rate\":",
	    reply_class_name((enum reply_class)key->class), key->code,
	    enhanced, reason_name((enum reason)key->reason));
	put_number(b, s->attempts > 0 ? spike_series_baseline(s,
	    j->lookout->alerts.spike.table->minute) : NAN);
	buf_text(b, ",\"score\":");
	put_number(b, spike_series_score(s));
	buf_text(b, ",\"attempts\":");
	put_number(b, s->attempts);
	buf_text(b, ",\"failures\":");
	put_number(b, s->fails);
	buf_text(b, ",\"since\":");
	state_json_time(b, seconds(s->on));
	buf_text(b, ",\"cleared\":");
	state_json_time(b, seconds(s->cleared));
	buf_byte(b, '}');
}

static void
put_correlation(struct state_json *j)
{
	const struct correlate	*c = j->intake->judge.correlate;
	const struct message	*m;
	uint32_t		 at = 0;

	if (!open_table(j, "correlation", j->have[TABLE_MESSAGES] &&
	    j->have[TABLE_WAITING]))
		return;
	buf_printf(&j->buf, "{\"messages\":%zu,\"pushed_out\":%llu,",
	    correlate_messages(c), (unsigned long long)correlate_evicted(c));
	put_backlog(j);
	if (j->all) {
		buf_text(&j->buf, ",\"open\":[");
		j->first = true;
		while ((m = correlate_next(c, &at)) != NULL)
			put_message(j, m);
		buf_byte(&j->buf, ']');
	}
	buf_text(&j->buf, "},\n");
}

static void
put_backlog(struct state_json *j)
{
	struct backlog	*waiting = j->lookout->backlog;

	correlate_backlog(j->intake->judge.correlate, waiting);
	buf_text(&j->buf, "\"waiting\":[");
	j->first = true;
	for (uint16_t p = 0; p < PROVIDER_MAX; p++) {
		if (waiting[p].recipients == 0)
			continue;
		state_json_next(j);
		buf_text(&j->buf, "{\"provider\":");
		put_provider(j, p);
		buf_printf(&j->buf, ",\"recipients\":%llu,\"oldest\":",
		    (unsigned long long)waiting[p].recipients);
		state_json_time(&j->buf, waiting[p].oldest);
		buf_byte(&j->buf, '}');
	}
	buf_byte(&j->buf, ']');
}

static void
put_message(struct state_json *j, const struct message *m)
{
	const struct tenants	*tenants = &j->intake->judge.tenants;
	bool			 known = j->have[TABLE_TENANTS] &&
				    m->tenant < TENANT_NAMES && tenant_is(
				    tenants, m->tenant, m->tenant_hash);

	state_json_next(j);
	buf_printf(&j->buf, "{\"key\":\"%016llx\",\"arrived\":",
	    (unsigned long long)m->node.key);
	state_json_time(&j->buf, m->arrival);
	buf_text(&j->buf, ",\"sender\":");
	if (m->has_sender && m->sender_len <= SENDER_BYTES)
		buf_json_string(&j->buf, message_sender(m));
	else
		buf_text(&j->buf, "null");
	buf_text(&j->buf, ",\"tenant\":");
	buf_json_string(&j->buf, view_of(known ?
	    tenant_name(tenants, m->tenant) : ""));
	buf_printf(&j->buf, ",\"waits\":%s}",
	    m->waiting != 0 ? "true" : "false");
}

/* Who has series of their own. */
static void
put_tenants(struct state_json *j)
{
	const struct tenants	*t = &j->intake->judge.tenants;

	if (!open_table(j, "tenants", j->have[TABLE_TENANTS]))
		return;
	buf_byte(&j->buf, '[');
	j->first = true;
	for (uint16_t place = 1; place <= TENANT_PLACES; place++) {
		uint16_t	id = t->table->owner[place];

		if (id == 0 || id >= TENANT_NAMES)
			continue;
		state_json_next(j);
		buf_json_string(&j->buf, view_of(tenant_name(t, id)));
	}
	buf_text(&j->buf, "],\n");
}

static void
put_incidents(struct state_json *j)
{
	const struct incident_table	*t =
	    j->lookout->alerts.incidents.table;

	if (!open_table(j, "incidents", j->have[TABLE_INCIDENTS]))
		return;
	buf_byte(&j->buf, '[');
	j->first = true;
	for (int n = 0; n < t->used; n++) {
		if (t->incident[n].id == 0)
			continue;
		state_json_next(j);
		alert_json(&j->buf, &t->incident[n]);
	}
	buf_text(&j->buf, "],\n");
}

static void
put_provider(struct state_json *j, uint16_t saved)
{
	buf_json_string(&j->buf, view_of(saved >= PROVIDER_MAX ? "" :
	    provider_name(&j->intake->judge.providers, j->to[saved])));
}

static void
put_number(struct buf *b, double n)
{
	if (isfinite(n))
		buf_double(b, n);
	else
		buf_text(b, "null");
}

/* Minute -1 is never. */
static int64_t
seconds(int32_t minute)
{
	return minute == -1 ? 0 : (int64_t)minute * 60;
}
