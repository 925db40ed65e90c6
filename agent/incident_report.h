/*
 * incident_report - one incident as a Markdown file.
 *
 * For a ticket or a review: what happened when, whose mail, what became of
 * it, what to do, and a text for the provider's postmaster. No addresses, and
 * no tenants in what goes to the provider.
 */
#ifndef INCIDENT_REPORT_H
#define INCIDENT_REPORT_H

#include "buf.h"
#include "incident.h"

void	incident_report(struct buf *, const struct incident *);

#endif
