/*
 * alert_summary - an incident in one sentence.
 *
 * Who, what, whose mail, since when, how much against normal, what waits;
 * after its end, what became of the mail. Made from the incident's fields
 * alone, which hold no addresses.
 */
#ifndef ALERT_SUMMARY_H
#define ALERT_SUMMARY_H

#include "buf.h"
#include "incident.h"

void	alert_summary(struct buf *, const struct incident *);
/* "421 4.7.28", "421", "5xx"; for people. */
void	alert_code(struct buf *, const struct incident *);

#endif
