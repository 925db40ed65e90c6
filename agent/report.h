/*
 * report - what a span of log says, added up for one look.
 *
 * Listens to the intake like the daemon's rooms do; counts recipients. Its
 * lists are made once at the end, worst or busiest first. Their views point
 * into the intake's tables.
 */
#ifndef REPORT_H
#define REPORT_H

#include "histogram.h"
#include "lookout.h"

enum { REPORT_TENANTS = 20, REPORT_SLOWEST = 5, REPORT_SLOW_LEAST = 10,
	REPORT_PAIRS = 8 };

struct report_provider {
	struct view		name;
	uint64_t		attempts, outcome[OUTCOME_COUNT];
	/* deferred, bounced without an attempt; expired is one of neither */
	uint64_t		untried, untried_bounced;
	struct histogram	transaction;
};

struct report_reason {
	enum reason		reason;
	enum reply_class	class;
	uint64_t		count;
	struct view		provider;	/* where it is most frequent */
};

struct report_pair {
	uint16_t	provider;
	uint8_t		reason;
	uint32_t	count;		/* inherited when the place was taken */
};

struct report_tenant {
	struct view		name;
	uint64_t		attempts, failures;
	struct report_pair	pair[REPORT_PAIRS];
	/* of the most frequent pair; report_end() sets what is not */
	enum reason		worst;
	struct view		provider;
};

struct report {
	struct intake		*intake;
	const struct lookout	*lookout;
	const struct zone	*zone;			/* to show times in */
	bool			 counted;	/* by an agent, since first */
	int64_t			 since, until;		/* epoch s, wanted */
	int64_t			 first, last;		/* seen; 0: nothing */
	uint64_t		 rejects;		/* mail we refused */
	uint64_t		 line[LINE_RESULT_COUNT];
	struct report_provider	 total;
	struct report_provider	*by_id;			/* PROVIDER_MAX */
	uint64_t		(*count)[REASON_COUNT][CLASS_COUNT];
	struct report_tenant	*by_tenant;		/* TENANT_NAMES */
	/* made by report_end() */
	struct report_provider	*provider, *slowest[REPORT_SLOWEST];
	struct report_reason	 reason[REASON_COUNT * CLASS_COUNT];
	struct report_tenant	*tenant;
	size_t			 provider_count, slowest_count, reason_count,
				 tenant_count;
};

/* Hooks itself to the intake; 0, or -1 with errno. */
int	report_begin(struct report *, struct intake *, const struct lookout *);
/* All is read: make the lists. */
void	report_end(struct report *);
void	report_free(struct report *);
/* Walk through the incidents of the span; start with *at = 0. */
const struct incident *report_incident(const struct report *, size_t *at);

#endif
