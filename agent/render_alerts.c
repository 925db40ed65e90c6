#include "alert_json.h"
#include "notify_form.h"
#include "render_alerts.h"

void
render_alerts(struct buf *b, const struct alerts *a, int64_t now)
{
	const struct incident	*i;
	size_t			 at = 0;
	bool			 first = true;

	buf_text(b, "{\"alerts\":[");
	while ((i = alerts_next(a, &at, now - RENDER_RESOLVED_S)) != NULL) {
		if (!first)
			buf_byte(b, ',');
		first = false;
		alert_json(b, i);
	}
	buf_text(b, "]}\n");
}

void
render_alerts_v2(struct buf *b, const struct alerts *a, int64_t now)
{
	const struct incident	*i;
	size_t			 at = 0;
	bool			 first = true;

	buf_byte(b, '[');
	while ((i = alerts_next(a, &at, INT64_MAX)) != NULL) {
		struct notify_alert	alert = { .incident = *i,
					    .starts = i->onset };

		if (!first)
			buf_byte(b, ',');
		first = false;
		notify_form_get(b, &alert, a->config, now);
	}
	buf_text(b, "]\n");
}
