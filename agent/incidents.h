/*
 * incidents - the book of incidents: open ones, and closed ones for 90 days.
 *
 * A fixed number of records in a region. When all are in use the oldest
 * closed one goes; while everything is open nothing new is taken, and that is
 * counted.
 */
#ifndef INCIDENTS_H
#define INCIDENTS_H

#include "incident.h"

enum {
	INCIDENT_MAX = 512,
	INCIDENT_KEEP_S = 90 * 86400,
	INCIDENT_REOPEN_S = 3600,	/* goes on as if never cleared */
	INCIDENT_EPISODE_S = 6 * 3600	/* the same one, flapping */
};

struct incident_table {
	uint64_t	 refused;	/* no room */
	int32_t		 used;		/* places ever taken: what is behind
					   them was never touched */
	struct incident	 incident[INCIDENT_MAX];	/* id 0: free */
};

struct incidents {
	struct region		 region;
	struct incident_table	*table;
};

int	incidents_init(struct incidents *);
void	incidents_fini(struct incidents *);
/* After the region was loaded: empty again if it is not sound. */
bool	incidents_restore(struct incidents *);

/* A new record for the key, its id and history filled in; NULL: no room. */
struct incident	*incident_open(struct incidents *, const struct spike_key *,
		    const char *provider, const char *rule, int64_t onset);
/* A record of the same key or rule that was closed so lately; or NULL. */
struct incident	*incident_lately(struct incidents *,
		    const struct spike_key *, const char *provider,
		    const char *rule, int64_t now);
struct incident	*incident_by_id(struct incidents *, uint64_t id);
/* Forget what was closed long ago. */
void		 incidents_expire(struct incidents *, int64_t now);

#endif
