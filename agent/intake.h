/*
 * intake - the way of one line, from the file to the counters.
 *
 * head -> join -> parser -> judge (correlate, provider, reason) -> stats.
 * Lines of all files go by in the order of their minutes; a minute of log time
 * is closed when every file that is not at its end has passed it. The same
 * code reads live logs, a backlog and a replay. Nothing here allocates after
 * intake_init().
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "clock.h"
#include "config.h"
#include "inbox.h"
#include "join.h"
#include "judge.h"
#include "sources.h"
#include "stats.h"
#include "template.h"

enum { INTAKE_HOOKS = 4 };

/* Who else wants to know; each may be NULL. */
struct intake_hooks {
	void	(*verdict)(void *arg, const struct verdict *);
	/* An arrival or removal: events that get no verdict. */
	void	(*event)(void *arg, const struct mail_event *);
	void	(*line)(void *arg, const struct source_file *, struct view,
		    enum line_result);
	/* This minute (epoch s / 60, log time) is complete. */
	void	(*minute)(void *arg, int64_t minute);
	/* This provider's number will mean somebody else. */
	void	(*left)(void *arg, uint16_t provider);
	void	*arg;
};

struct intake {
	struct scratch		 scratch;
	struct head_memory	 heads;
	struct mail_event	 event;		/* of this line */
	struct join		 join;
	struct judge		 judge;
	struct stats		 stats;
	struct templates	 unknown;	/* lines nobody understood */
	struct inbox		 inbox;		/* failures without a reason */
	struct intake_hooks	 hooks[INTAKE_HOOKS];
	size_t			 hook_count;
	int64_t			 minute;	/* the open one; 0: none yet */
	int64_t			 wall_s;	/* of this turn */
	uint64_t		 skewed;	/* lines from the future */
};

/*
 * Into zeroed memory: most of it is not touched before it is used. 0; or -1
 * with a message in error. The configuration must stay.
 */
int	intake_init(struct intake *, const struct config *,
	    char error[CONFIG_ERROR_BYTES]);
void	intake_fini(struct intake *);
void	intake_hook(struct intake *, const struct intake_hooks *);

/*
 * Read up to about budget bytes. True: there is more to read at once.
 */
bool	intake_turn(struct intake *, struct sources *, size_t budget,
	    const struct clock_now *);
/*
 * Every file is at its end and it is now that late in log time: close the
 * minutes before it.
 */
void	intake_idle(struct intake *, int64_t log_time);
/* Nothing more will come: close the last minute too. */
void	intake_end(struct intake *);
/* What was born since the last publication has now been shown as 0. */
void	intake_published(struct intake *);

#endif
