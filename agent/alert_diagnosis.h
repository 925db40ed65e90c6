/*
 * alert_diagnosis - what ails, and who is to blame for it?
 *
 * Scope, cause and numbers of an incident, as far as they are known now, from
 * the series that speaks for it. It grows wider, and never narrower; once a
 * tenant or a way out is named it stays so.
 */
#ifndef ALERT_DIAGNOSIS_H
#define ALERT_DIAGNOSIS_H

#include "alert.h"

void	 alert_diagnose(struct alerts *, struct incident *, uint16_t slot,
	     int32_t minute);
/* A rule that counts tenants or ways out apart knows whom it means. */
void	 alert_blame(const struct alerts *, struct incident *,
	     enum config_per, uint16_t value);
/* The incident's series with most failures; or SPIKE_NO_SLOT. */
uint16_t alert_speaker(const struct alerts *, const struct incident *);
/* What the rule is about, where it is worst just now; or SPIKE_NO_SLOT. */
uint16_t alert_worst_series(const struct alerts *,
	     const struct config_rule *, uint16_t value);
/* When that began: within the rule's window, epoch s. */
int64_t	 alert_began(const struct alerts *, const struct config_rule *,
	     uint16_t slot, int64_t now);

#endif
