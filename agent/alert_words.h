/*
 * alert_words - what an alert advises, and how loud.
 *
 * Sentences are made from the incident's fields alone. No addresses: evidence
 * was masked when it was kept, and tenants are named by number or domain.
 */
#ifndef ALERT_WORDS_H
#define ALERT_WORDS_H

#include "buf.h"
#include "incident.h"

/* What to do about it, one or two sentences: explain's own. */
void	alert_advice(struct buf *, const struct incident *);
/* Settings of the MTA that do it; false, and nothing, when there are none. */
bool	alert_remedy(struct buf *, const struct incident *);
/* Set severity and action from reason, class, scope and what waits. */
void	alert_weigh(struct incident *);
/* Freeze what identifies it to receivers; builtin: rules of our own. */
void	alert_label(struct incident *);

#endif
