/*
 * alert_json - an incident in the form of design.md 4.
 */
#ifndef ALERT_JSON_H
#define ALERT_JSON_H

#include "buf.h"
#include "incident.h"

enum { INCIDENT_ID_CHARS = 16 };

/* One object without a line end. */
void	alert_json(struct buf *, const struct incident *);
/* The id as it is written: 16 hex digits and a NUL. */
void	incident_id_text(const struct incident *,
	    char out[INCIDENT_ID_CHARS + 1]);
/* "2026-11-01T00:00:03Z" and a NUL; out has at least 24 bytes. */
void	alert_time_text(int64_t epoch, char *out);

#endif
