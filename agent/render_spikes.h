/*
 * render_spikes - what the detector and the receivers have to say in /metrics.
 *
 * A series is shown from its first failure on, at 0 while it is calm. Codes
 * that are in no registry share the value other and are one series.
 */
#ifndef RENDER_SPIKES_H
#define RENDER_SPIKES_H

#include "alerts.h"
#include "expose.h"
#include "metric.h"
#include "notify.h"

void	render_spikes(struct expose *, enum metric, const struct alerts *);
void	render_notifications(struct expose *, enum metric,
	    const struct notify *);

#endif
