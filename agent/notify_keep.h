/*
 * notify_keep - what webhooks have not taken yet, over restarts and crashes.
 *
 * The queues lie in the state as notes: after a crash a body may go out twice,
 * but none is lost. Alertmanagers need none, they are told all again anyway.
 */
#ifndef NOTIFY_KEEP_H
#define NOTIFY_KEEP_H

#include "commit.h"
#include "notify.h"

#define NOTIFY_KIND	"notify"	/* of the notes */

/* Joins the commit, before it is opened. */
void	notify_keep(struct notify *, struct commit *);

#endif
