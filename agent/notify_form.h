/*
 * notify_form - alerts in the forms that receivers take.
 *
 * Labels identify and are frozen while an alert fires; everything that
 * changes, names of tenants included, stands in annotations.
 */
#ifndef NOTIFY_FORM_H
#define NOTIFY_FORM_H

#include "alert_summary.h"
#include "alert_words.h"

/* An alert as receivers know it; a new set of labels is a new one. */
struct notify_alert {
	struct incident	incident;	/* as last heard of; id 0: free */
	int64_t		starts, ends;	/* epoch s; ends 0: it fires */
	int64_t		gone_s;		/* wall time it was resolved at */
	bool		known;		/* receivers have heard of it */
	uint16_t	pending;	/* bit for each Alertmanager */
};

/* One element of Alertmanager's POST /api/v2/alerts. */
void	notify_form_v2(struct buf *, const struct notify_alert *,
	    const struct config *, int64_t ends);
/* One element of its answer to GET /api/v2/alerts; it fires. */
void	notify_form_get(struct buf *, const struct notify_alert *,
	    const struct config *, int64_t updated);
/* Alertmanager's webhook, version 4, with one alert. */
void	notify_form_webhook(struct buf *, const struct notify_alert *,
	    const struct config *, const char *receiver);
/* {"text": …} as Slack, Mattermost and many others take it. */
void	notify_form_slack(struct buf *, const struct notify_alert *,
	    const struct config *);

#endif
