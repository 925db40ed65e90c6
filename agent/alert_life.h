/*
 * alert_life - how an incident opens, joins, changes and ends.
 *
 * One incident, one alert: what rises belongs to an open incident if that has
 * the same reason at the same provider, or is one of us all. Called by
 * alerts.c once a minute.
 */
#ifndef ALERT_LIFE_H
#define ALERT_LIFE_H

#include "alert.h"

/* Nobody keeps any incident open yet, this minute. */
void	alert_life_begin(struct alerts *);
/* A series has risen. */
void	alert_life_raise(struct alerts *, uint16_t slot, int32_t minute);
/* A rule is on. */
void	alert_life_rule(struct alerts *, const struct rule_news *,
	    int32_t minute);
/* Close what nobody keeps open, bring the rest up to date. */
void	alert_life_end(struct alerts *, int32_t minute);

#endif
