/*
 * lookout - alerts tied to the intake.
 *
 * Hands every verdict and every closed minute to the alerts, and gives them
 * what they may not know themselves: the names of numbers, and what waits in
 * the queue. Used alike by the daemon and by replay.
 */
#ifndef LOOKOUT_H
#define LOOKOUT_H

#include "alerts.h"
#include "intake.h"

struct lookout {
	struct alerts	 alerts;
	struct intake	*intake;
	struct zone	 zone;		/* of times in words */
	struct backlog	 backlog[PROVIDER_MAX];
	bool		 counted;	/* backlog[] is of this minute */
	/* each alert that fired, changed or was resolved; may be NULL */
	void		(*tell)(void *arg, const struct incident *);
	void		*arg;
};

/* Hooks itself to the intake; 0, or -1 with errno. Both must stay. */
int	lookout_init(struct lookout *, struct intake *,
	    const struct config *, const struct zone *);
void	lookout_fini(struct lookout *);

#endif
