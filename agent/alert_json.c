#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alert_json.h"
#include "alert_summary.h"
#include "alert_words.h"

enum { REMEDY_BYTES = 8192 };

static void	key(struct buf *, const char *name);
static void	text(struct buf *, const char *name, const char *);
static void	text_or_null(struct buf *, const char *name, const char *);
static void	integer(struct buf *, const char *name, int64_t);
static void	number(struct buf *, const char *name, double, int digits);
static void	words(struct buf *, const char *name,
		    void (*)(struct buf *, const struct incident *),
		    const struct incident *);
static void	put_key(struct buf *, const struct incident *);
static void	put_numbers(struct buf *, const struct incident *);
static void	put_shares(struct buf *, const char *name, const char *what,
		    const struct incident_share *, uint32_t count);
static void	put_remedy(struct buf *, const struct incident *);
static void	put_evidence(struct buf *, const struct incident *);
static void	put_members(struct buf *, const struct incident *);

void
alert_json(struct buf *b, const struct incident *i)
{
	char	id[INCIDENT_ID_CHARS + 1];
	bool	first = true;

	incident_id_text(i, id);
	buf_printf(b, "{\"id\":\"%s\"", id);
	text(b, "state", i->firing ? "firing" : "resolved");
	integer(b, "at", i->at);
	integer(b, "onset", i->onset);
	if (i->firing)
		text_or_null(b, "cleared_at", "");
	else
		integer(b, "cleared_at", i->cleared_at);
	text_or_null(b, "rule", i->rule);
	put_key(b, i);
	put_numbers(b, i);
	text(b, "severity", severity_name((enum config_severity)i->severity));
	text(b, "cause", incident_cause_name((enum incident_cause)i->cause));
	text(b, "scope", incident_scope_name((enum incident_scope)i->scope));
	put_members(b, i);
	words(b, "summary", alert_summary, i);
	words(b, "advice", alert_advice, i);
	put_remedy(b, i);
	put_shares(b, "tenants", "tenant", i->tenant, i->tenant_count);
	integer(b, "tenants_affected", i->tenants_affected);
	put_shares(b, "egress", "egress", i->egress, i->egress_count);
	integer(b, "messages", i->messages);
	integer(b, "recipient_domains", i->domains);
	number(b, "traffic_ratio", i->traffic_ratio, 2);
	integer(b, "waiting", (int64_t)i->waiting);
	key(b, "previous");
	buf_byte(b, '[');
	for (int n = 0; n < INCIDENT_PREVIOUS && i->previous[n] != 0; n++) {
		buf_printf(b, "%s%" PRId64, first ? "" : ",", i->previous[n]);
		first = false;
	}
	buf_byte(b, ']');
	buf_printf(b, ",\"flapping\":%s", i->flapping ? "true" : "false");
	put_evidence(b, i);
	buf_byte(b, '}');
}

void
incident_id_text(const struct incident *i, char out[INCIDENT_ID_CHARS + 1])
{
	snprintf(out, INCIDENT_ID_CHARS + 1, "%016" PRIx64, i->id);
}

void
alert_time_text(int64_t epoch, char *out)
{
	time_t		t = (time_t)epoch;
	struct tm	tm;

	gmtime_r(&t, &tm);
	strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void
put_key(struct buf *b, const struct incident *i)
{
	char	enhanced[12] = "";

	text_or_null(b, "provider", i->provider);
	text(b, "class", reply_class_name((enum reply_class)i->key.class));
	if (i->key.code != 0)
		integer(b, "code", i->key.code);
	else
		text_or_null(b, "code", "");
	if (i->key.enhanced.class != 0)
		enhanced_print(i->key.enhanced, enhanced);
	text_or_null(b, "enhanced", enhanced);
	text_or_null(b, "reason", i->key.reason == REASON_NONE ? "" :
	    reason_name((enum reason)i->key.reason));
	text(b, "action", action_name((enum action)i->action));
}

static void
put_numbers(struct buf *b, const struct incident *i)
{
	integer(b, "count", i->count);
	integer(b, "attempts", i->attempts);
	number(b, "rate", i->rate, 4);
	number(b, "baseline_rate", i->baseline_rate, 6);
	number(b, "score", i->score, 1);
	number(b, "threshold", i->threshold, 1);
	integer(b, "window_s", i->window_s);
}

static void
put_shares(struct buf *b, const char *name, const char *what,
    const struct incident_share *s, uint32_t count)
{
	uint32_t	n;

	key(b, name);
	buf_byte(b, '[');
	for (n = 0; n < count; n++) {
		buf_printf(b, "%s{\"%s\":", n > 0 ? "," : "", what);
		buf_json_string(b, view_of(s[n].name));
		buf_printf(b, ",\"share\":%.2f,\"traffic_share\":%.2f}",
		    (double)s[n].share, (double)s[n].traffic_share);
	}
	buf_byte(b, ']');
}

static void
put_members(struct buf *b, const struct incident *i)
{
	uint32_t	n;

	key(b, "members");
	buf_byte(b, '[');
	for (n = 0; n < i->member_count; n++) {
		if (n > 0)
			buf_byte(b, ',');
		buf_json_string(b, view_of(i->member[n]));
	}
	buf_byte(b, ']');
}

static void
put_remedy(struct buf *b, const struct incident *i)
{
	struct buf	lines;

	buf_init(&lines, REMEDY_BYTES);
	key(b, "remedy");
	if (alert_remedy(&lines, i))
		buf_json_string(b, buf_view(&lines));
	else
		buf_text(b, "null");
	buf_fini(&lines);
}

static void
put_evidence(struct buf *b, const struct incident *i)
{
	char	when[24];
	bool	first = true;
	int	n;

	key(b, "evidence");
	buf_byte(b, '[');
	for (n = 0; n < EVIDENCE_MAX; n++) {
		const struct evidence *e = &i->evidence[n];

		if (e->time == 0)
			continue;
		alert_time_text(e->time, when);
		buf_printf(b, "%s{\"time\":\"%s\",\"queue_id\":",
		    first ? "" : ",", when);
		buf_json_string(b, view_of(e->queue_id));
		text(b, "text", e->text);
		buf_byte(b, '}');
		first = false;
	}
	buf_byte(b, ']');
}

static void
key(struct buf *b, const char *name)
{
	buf_printf(b, ",\"%s\":", name);
}

static void
text(struct buf *b, const char *name, const char *value)
{
	key(b, name);
	buf_json_string(b, view_of(value));
}

static void
text_or_null(struct buf *b, const char *name, const char *value)
{
	if (value[0] != '\0') {
		text(b, name, value);
		return;
	}
	key(b, name);
	buf_text(b, "null");
}

static void
integer(struct buf *b, const char *name, int64_t value)
{
	key(b, name);
	buf_i64(b, value);
}

static void
number(struct buf *b, const char *name, double value, int digits)
{
	buf_printf(b, ",\"%s\":%.*f", name, digits, value);
}

static void
words(struct buf *b, const char *name,
    void (*say)(struct buf *, const struct incident *),
    const struct incident *i)
{
	struct buf	sentence;

	buf_init(&sentence, 4096);
	say(&sentence, i);
	key(b, name);
	buf_json_string(b, buf_view(&sentence));
	buf_fini(&sentence);
}
