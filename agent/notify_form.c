#include <inttypes.h>
#include <string.h>

#include "alert_json.h"
#include "notify_form.h"

#define NEVER	"0001-01-01T00:00:00Z"	/* as Alertmanager writes it */

enum { GET_ENDS_S = 240, REMEDY_BYTES = 8192 };

static void	labels(struct buf *, const struct incident *,
		    const struct config *);
static void	annotations(struct buf *, const struct incident *);
static void	remedy(struct buf *, bool *first, const struct incident *);
static void	pair(struct buf *, bool *first, const char *name,
		    const char *value);
static void	spoken(struct buf *, bool *first, const char *name,
		    void (*)(struct buf *, const struct incident *),
		    const struct incident *);
static void	named(struct buf *, bool *first, const char *name,
		    const struct incident_share *, uint32_t count);
static void	figure(struct buf *, bool *first, const char *name, int digits,
		    double);
static void	members(struct buf *, bool *first, const struct incident *);
static void	when(struct buf *, const char *name, int64_t);
static void	generator(struct buf *, const struct config *);

void
notify_form_v2(struct buf *b, const struct notify_alert *a,
    const struct config *config, int64_t ends)
{
	buf_text(b, "{\"labels\":");
	labels(b, &a->incident, config);
	buf_text(b, ",\"annotations\":");
	annotations(b, &a->incident);
	when(b, "startsAt", a->starts);
	when(b, "endsAt", ends);
	if (config->web_external_url != NULL)
		generator(b, config);
	buf_byte(b, '}');
}

void
notify_form_get(struct buf *b, const struct notify_alert *a,
    const struct config *config, int64_t updated)
{
	char	id[INCIDENT_ID_CHARS + 1];

	incident_id_text(&a->incident, id);
	buf_text(b, "{\"annotations\":");
	annotations(b, &a->incident);
	when(b, "endsAt", updated + GET_ENDS_S);
	buf_printf(b, ",\"fingerprint\":\"%s\",\"receivers\":[{\"name\":"
	    "\"smtpulse\"}]", id);
	when(b, "startsAt", a->starts);
	buf_text(b, ",\"status\":{\"inhibitedBy\":[],\"silencedBy\":[],"
	    "\"state\":\"active\"}");
	when(b, "updatedAt", updated);
	generator(b, config);
	buf_text(b, ",\"labels\":");
	labels(b, &a->incident, config);
	buf_byte(b, '}');
}

void
notify_form_webhook(struct buf *b, const struct notify_alert *a,
    const struct config *config, const char *receiver)
{
	const struct incident	*i = &a->incident;
	const char		*status = a->ends == 0 ? "firing" : "resolved";
	char			 id[INCIDENT_ID_CHARS + 1];

	incident_id_text(i, id);
	buf_text(b, "{\"receiver\":");
	buf_json_string(b, view_of(receiver));
	buf_printf(b, ",\"status\":\"%s\",\"alerts\":[{\"status\":\"%s\","
	    "\"labels\":", status, status);
	labels(b, i, config);
	buf_text(b, ",\"annotations\":");
	annotations(b, i);
	when(b, "startsAt", a->starts);
	when(b, "endsAt", a->ends);
	generator(b, config);
	buf_printf(b, ",\"fingerprint\":\"%s\"}],\"groupLabels\":"
	    "{\"alertname\":\"%s\"},\"commonLabels\":", id,
	    i->labels.alertname);
	labels(b, i, config);
	buf_text(b, ",\"commonAnnotations\":");
	annotations(b, i);
	buf_text(b, ",\"externalURL\":");
	buf_json_string(b, view_of(config->web_external_url == NULL ? "" :
	    config->web_external_url));
	buf_printf(b, ",\"version\":\"4\",\"groupKey\":\"{}:{alertname="
	    "\\\"%s\\\",id=\\\"%s\\\"}\",\"truncatedAlerts\":0}",
	    i->labels.alertname, id);
}

void
notify_form_slack(struct buf *b, const struct notify_alert *a,
    const struct config *config)
{
	const struct incident	*i = &a->incident;
	struct buf		 text;

	buf_init(&text, 8192);
	buf_printf(&text, "*%s* %s: ", a->ends == 0 ? "FIRING" : "RESOLVED",
	    i->labels.alertname);
	alert_summary(&text, i);
	if (a->ends == 0) {
		buf_byte(&text, '\n');
		alert_advice(&text, i);
	}
	if (config->web_external_url != NULL)
		buf_printf(&text, "\n%s", config->web_external_url);
	buf_text(b, "{\"text\":");
	buf_json_string(b, buf_view(&text));
	buf_byte(b, '}');
	buf_fini(&text);
}

static void
labels(struct buf *b, const struct incident *i, const struct config *config)
{
	const struct incident_labels	*l = &i->labels;
	bool				 first = true;
	char				 text[12] = "", code[8] = "";
	size_t				 n;

	buf_byte(b, '{');
	pair(b, &first, "alertname", l->alertname);
	pair(b, &first, "provider", l->provider);
	if (l->class != CLASS_NONE)
		pair(b, &first, "class",
		    reply_class_name((enum reply_class)l->class));
	if (l->code != 0) {
		code[0] = (char)('0' + l->code / 100);
		code[1] = (char)('0' + l->code / 10 % 10);
		code[2] = (char)('0' + l->code % 10);
	}
	pair(b, &first, "code", code);
	if (l->enhanced.class != 0)
		enhanced_print(l->enhanced, text);
	pair(b, &first, "enhanced", text);
	if (l->reason != REASON_NONE)
		pair(b, &first, "reason", reason_name((enum reason)l->reason));
	pair(b, &first, "cause",
	    incident_cause_name((enum incident_cause)l->cause));
	pair(b, &first, "severity",
	    severity_name((enum config_severity)l->severity));
	for (n = 0; n < config->label_count; n++)
		pair(b, &first, config->label[n].name, config->label[n].value);
	buf_byte(b, '}');
}

static void
annotations(struct buf *b, const struct incident *i)
{
	char	id[INCIDENT_ID_CHARS + 1];
	bool	first = true;

	incident_id_text(i, id);
	buf_byte(b, '{');
	spoken(b, &first, "summary", alert_summary, i);
	spoken(b, &first, "description", alert_advice, i);
	remedy(b, &first, i);
	pair(b, &first, "id", id);
	pair(b, &first, "action", action_name((enum action)i->action));
	pair(b, &first, "scope",
	    incident_scope_name((enum incident_scope)i->scope));
	members(b, &first, i);
	figure(b, &first, "rate", 4, i->rate);
	figure(b, &first, "baseline_rate", 6, i->baseline_rate);
	figure(b, &first, "count", 0, i->count);
	figure(b, &first, "attempts", 0, i->attempts);
	figure(b, &first, "waiting", 0, (double)i->waiting);
	named(b, &first, "tenants", i->tenant, i->tenant_count);
	named(b, &first, "egress", i->egress, i->egress_count);
	if (i->evidence[0].time != 0)
		pair(b, &first, "evidence", i->evidence[0].text);
	buf_byte(b, '}');
}

/* Receivers drop labels without a value, so they are not sent. */
static void
pair(struct buf *b, bool *first, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	if (!*first)
		buf_byte(b, ',');
	*first = false;
	buf_json_string(b, view_of(name));
	buf_byte(b, ':');
	buf_json_string(b, view_of(value));
}

static void
spoken(struct buf *b, bool *first, const char *name,
    void (*say)(struct buf *, const struct incident *),
    const struct incident *i)
{
	struct buf	sentence;

	buf_init(&sentence, 4096);
	say(&sentence, i);
	buf_byte(&sentence, '\0');
	if (!sentence.failed)
		pair(b, first, name, sentence.p);
	buf_fini(&sentence);
}

static void
remedy(struct buf *b, bool *first, const struct incident *i)
{
	struct buf	lines;

	buf_init(&lines, REMEDY_BYTES);
	if (alert_remedy(&lines, i)) {
		buf_byte(&lines, '\0');
		pair(b, first, "remedy", lines.failed ? "" : lines.p);
	}
	buf_fini(&lines);
}

static void
named(struct buf *b, bool *first, const char *name,
    const struct incident_share *s, uint32_t count)
{
	struct buf	list;
	uint32_t	n;

	buf_init(&list, 4096);
	for (n = 0; n < count; n++)
		buf_printf(&list, "%s%s %.0f %%", n > 0 ? ", " : "",
		    s[n].name, 100 * (double)s[n].share);
	buf_byte(&list, '\0');
	if (!list.failed)
		pair(b, first, name, list.p);
	buf_fini(&list);
}

static void
figure(struct buf *b, bool *first, const char *name, int digits,
    double value)
{
	buf_printf(b, "%s\"%s\":\"%.*f\"", *first ? "" : ",", name, digits,
	    value);
	*first = false;
}

static void
members(struct buf *b, bool *first, const struct incident *i)
{
	struct buf	list;
	uint32_t	n;

	buf_init(&list, 4096);
	for (n = 0; n < i->member_count; n++)
		buf_printf(&list, "%s%s", n > 0 ? ", " : "", i->member[n]);
	buf_byte(&list, '\0');
	if (!list.failed)
		pair(b, first, "members", list.p);
	buf_fini(&list);
}

static void
when(struct buf *b, const char *name, int64_t epoch)
{
	char	text[24];

	alert_time_text(epoch, text);
	buf_printf(b, ",\"%s\":\"%s\"", name, epoch == 0 ? NEVER : text);
}

static void
generator(struct buf *b, const struct config *config)
{
	const char	*url = config->web_external_url;

	buf_text(b, ",\"generatorURL\":");
	buf_json_string(b, view_of(url == NULL ? "" : url));
}
