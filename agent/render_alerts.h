/*
 * render_alerts - /alerts and /api/v2/alerts.
 */
#ifndef RENDER_ALERTS_H
#define RENDER_ALERTS_H

#include "alerts.h"
#include "buf.h"

enum { RENDER_RESOLVED_S = 3600 };	/* how long a resolved one is shown */

/* {"alerts":[…]}: firing, and resolved lately; now is log time. */
void	render_alerts(struct buf *, const struct alerts *, int64_t now);
/* As Alertmanager answers, for amtool and Grafana: firing ones. */
void	render_alerts_v2(struct buf *, const struct alerts *, int64_t now);

#endif
