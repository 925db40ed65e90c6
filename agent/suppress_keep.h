/*
 * suppress_keep - suppression candidates of the daemon, kept in the state.
 *
 * With suppression = on it listens to the intake and keeps a note for each
 * address, written by the commit that saves the offsets; what was said last
 * longer than retention ago is erased. With suppression = off the notes of an
 * earlier time are erased.
 */
#ifndef SUPPRESS_KEEP_H
#define SUPPRESS_KEEP_H

#include "alerts.h"
#include "commit.h"
#include "suppress.h"

#define SUPPRESS_KIND	"suppress"	/* of the notes */

struct suppress_keep {
	struct suppress		 suppress;	/* cap 0: off */
	struct intake		*intake;
	const struct alerts	*alerts;
	int64_t			 retention_s;
	int64_t			 swept;		/* log time */
	bool			 anew;		/* what the state has is void */
};

/*
 * Hooks itself to the intake, behind the alerts, and joins the commit; 0, or
 * -1 with errno.
 */
int	suppress_keep_init(struct suppress_keep *, const struct config *,
	    const struct alerts *, struct commit *);
void	suppress_keep_fini(struct suppress_keep *);

/* A note as it is kept; the provider's name is a view into body. */
bool	suppress_keep_read(const char *id, struct view body,
	    struct suppress_entry *, struct view *provider);

#endif
