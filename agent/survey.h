/*
 * survey - fills the picture of the moment (status.h) from the tables.
 *
 * Listens to the intake for what the counters do not keep: what failed how
 * in the last hour. Everything else is read when the picture is wanted.
 */
#ifndef SURVEY_H
#define SURVEY_H

#include "buf.h"
#include "lookout.h"
#include "recent.h"
#include "status.h"

struct survey {
	struct intake	*intake;
	struct recent	 replies, reasons, tenants;
	int64_t		 started;	/* epoch s */
	char		 host[64];
	/* the picture made last, and what its views point to */
	struct status	 status;
	struct buf	 words;		/* sentences of the alerts */
	char		 ids[STATUS_ALERTS][24];
};

struct survey_facts {
	const struct sources	*sources;
	const struct lookout	*lookout;	/* NULL: no alerts */
	int64_t			 now;		/* wall clock, epoch s */
	bool			 catching_up, demo;
};

/* Hooks itself to the intake, which must stay; 0, or -1 with errno. */
int	survey_init(struct survey *, struct intake *, int64_t now);
void	survey_fini(struct survey *);
/* Valid until the next line is read or the next picture is made. */
const struct status *survey_make(struct survey *,
	    const struct survey_facts *);

#endif
