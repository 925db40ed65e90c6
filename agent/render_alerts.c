#include "alert_json.h"
#include "notify.h"
#include "render_alerts.h"

enum {
	SHOWN_S = 86400,	/* how long resolved ones are listed */
	ENDS_S = 300		/* a firing one ends then unless renewed */
};

static void	put_v2(struct buf *, const struct incident *,
		    const struct config *, int64_t now);

void
render_alerts(struct buf *b, const struct alerts *alerts, int64_t now)
{
	const struct incident	*incident;
	size_t			 at = 0;
	bool			 first = true;

	buf_text(b, "{\"alerts\":[");
	while ((incident = alerts_next(alerts, &at, now - SHOWN_S)) != NULL) {
		if (!first)
			buf_byte(b, ',');
		first = false;
		alert_json(b, incident);
	}
	buf_text(b, "]}\n");
}

void
render_alerts_v2(struct buf *b, const struct alerts *alerts,
    const struct config *config, int64_t now)
{
	const struct incident	*incident;
	size_t			 at = 0;
	bool			 first = true;

	buf_byte(b, '[');
	while ((incident = alerts_next(alerts, &at, now)) != NULL) {
		if (!incident->firing)
			continue;
		if (!first)
			buf_byte(b, ',');
		first = false;
		put_v2(b, incident, config, now);
	}
	buf_text(b, "]\n");
}

/* What is pushed, and what Alertmanager itself would add to it. */
static void
put_v2(struct buf *b, const struct incident *incident,
    const struct config *config, int64_t now)
{
	const struct notify_alert	alert = { .incident = *incident,
					    .starts = incident->onset };
	char				id[INCIDENT_ID_CHARS + 1], at[24];

	notify_form_v2(b, &alert, config, now + ENDS_S);
	if (b->failed)
		return;
	b->len--;	/* the object goes on */
	incident_id_text(incident, id);
	alert_time_text(incident->at, at);
	buf_printf(b, ",\"updatedAt\":\"%s\",\"fingerprint\":\"%s\","
	    "\"receivers\":[{\"name\":\"smtpulse\"}],\"status\":{\"state\":"
	    "\"active\",\"silencedBy\":[],\"inhibitedBy\":[]}}", at, id);
}
