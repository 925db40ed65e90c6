/*
 * alert - the tables from which alerts are made, as one picture.
 *
 * Shared by the files that open, fill and judge incidents; alerts.h has what
 * others call.
 */
#ifndef ALERT_H
#define ALERT_H

#include "culprit.h"
#include "incidents.h"
#include "rule.h"
#include "seen.h"
#include "silence.h"
#include "zone.h"

enum { ALERT_NEWS_MAX = 64, ALERT_REGIONS = 7 };

/* What waits at a provider, in recipients. */
struct alert_facts {
	uint64_t	waiting;
	int64_t		oldest_deferred;	/* epoch s; 0: none */
};

struct alert_ties {
	struct rule_names	names;	/* never give NULL */
	/* may be NULL */
	void			(*facts)(void *arg, uint16_t provider,
				    struct alert_facts *);
	const struct zone	*zone;	/* of times in words; NULL: UTC */
};

struct alert_table {
	int64_t		minute;			/* closed last; 0: none */
	uint32_t	place_of_slot[SPIKE_CAP];	/* incident + 1 */
	uint64_t	recovered[PROVIDER_MAX];	/* recipients that had */
	uint64_t	lost[PROVIDER_MAX];		/* waited: became of */
	uint64_t	spikes;				/* ever fired */
	uint8_t		mta[PROVIDER_MAX];	/* that failed there last */
};

struct alerts {
	const struct config	*config;
	struct alert_ties	 ties;
	struct spike		 spike;
	struct seen		 seen;
	struct profiles		 profiles;
	struct rules		 rules;
	struct silence		 silence;
	struct incidents	 incidents;
	struct region		 region;
	struct alert_table	*table;
	uint16_t		 news[ALERT_NEWS_MAX];	/* places */
	size_t			 news_count;
};

/* The incident's number in the book. */
uint32_t	 alert_place(const struct alerts *, const struct incident *);
const char	*alert_provider(const struct alerts *, uint16_t provider);
/* Is the provider the incident's, or one of its members? */
bool		 alert_concerns(const struct alerts *,
		    const struct incident *, uint16_t provider);
/* There is news of it, this minute. */
void		 alert_tell(struct alerts *, const struct incident *);

#endif
