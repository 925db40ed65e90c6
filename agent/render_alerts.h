/*
 * render_alerts - the alerts over HTTP: as we write them, and in the shape of
 * Alertmanager's /api/v2/alerts for amtool and Grafana.
 */
#ifndef RENDER_ALERTS_H
#define RENDER_ALERTS_H

#include "alerts.h"
#include "buf.h"
#include "config.h"

/* now: wall clock, epoch s. Firing ones and those resolved within a day. */
void	render_alerts(struct buf *, const struct alerts *, int64_t now);
/* Firing ones only, as Alertmanager lists them; labels of the configuration. */
void	render_alerts_v2(struct buf *, const struct alerts *,
	    const struct config *, int64_t now);

#endif
