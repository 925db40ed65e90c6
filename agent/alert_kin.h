/*
 * alert_kin - which open incident is this another sign of?
 *
 * One incident, one alert: what rises belongs to an open incident if that has
 * the same reason or code at the same provider, or is one of us all.
 */
#ifndef ALERT_KIN_H
#define ALERT_KIN_H

#include "alert.h"

/* The open incident to which the series that has risen belongs, or NULL. */
struct incident	*alert_kin_of_series(struct alerts *,
		    const struct spike_key *, const struct outbreak *,
		    int64_t now);
/* The rule's own open incident, or the detector's about the same; or NULL. */
struct incident	*alert_kin_of_rule(struct alerts *,
		    const struct config_rule *, uint16_t value,
		    const struct spike_key *, const char *provider);

#endif
