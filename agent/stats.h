/*
 * stats - where a line ends: counters, histograms and windows.
 *
 * Counts recipients, as MTAs log them. Nothing here knows names: providers,
 * tenants and the rest are numbers until somebody renders them. No allocation
 * after stats_init().
 */
#ifndef STATS_H
#define STATS_H

#include "histogram.h"
#include "parser.h"
#include "series.h"
#include "tenant.h"
#include "verdict.h"
#include "window.h"

enum { EXEMPLAR_ID_BYTES = 40 };

/* What a line was to us. */
#define LINE_RESULTS(X)							\
	X(EVENT,	"event")					\
	X(IGNORED,	"ignored")					\
	X(UNKNOWN,	"unknown")					\
	X(OVERSIZE,	"oversize")

enum line_result {
#define X(id, name) LINE_##id,
	LINE_RESULTS(X)
#undef X
	LINE_RESULT_COUNT
};

/* The last queue id behind a series of replies_total. */
struct stats_exemplar {
	int64_t	time;
	uint8_t	len;
	char	id[EXEMPLAR_ID_BYTES];
};

struct stats {
	struct series		 family[METRIC_COUNT];	/* counters only */
	struct histogram	*retry, *delivery, *transaction;
	struct stats_exemplar	*exemplar;	/* by slot of REPLIES */
	struct window		 window;
	struct tenants		*tenants;
	bool			 known[PROVIDER_MAX];	/* row was made */
	int64_t			 log_time;	/* newest line, epoch s */
};

const char	*line_result_name(enum line_result);

int	stats_init(struct stats *, struct tenants *);
void	stats_fini(struct stats *);
/* Is that family kept in family[]? */
bool	stats_has_family(enum metric);

void	stats_line(struct stats *, uint16_t source, enum mta,
	    enum line_result, uint32_t n);
/* A delivery, hop or reject. */
void	stats_verdict(struct stats *, const struct verdict *);
/* Make the row of a provider, so that its series exist at 0. */
void	stats_provider(struct stats *, uint16_t provider);
/* A provider's or tenant's number will mean somebody else: what it counted
   moves to other. */
void	stats_fold(struct stats *, enum label, uint16_t value);

#endif
