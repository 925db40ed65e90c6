/*
 * series - the counters of one metric family.
 *
 * An open-addressing table from up to four label numbers to a 64-bit count,
 * of fixed size, taken at start. When SERIES_MAX series exist, open labels of
 * a new one become "other" (LABEL_OTHER) and the overflow is counted: sums
 * stay true. A new series is shown as 0 in the publication after its birth
 * and with its count from then on, so that rate() sees the step.
 */
#ifndef SERIES_H
#define SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metric.h"

enum {
	SERIES_MAX = 2000,		/* design.md 4: per family */
	SERIES_RESERVE = 512,		/* room for closed labels at overflow */
	SERIES_SLOTS = 4096		/* power of two, above both */
};

struct series_entry {
	uint64_t	key;		/* labels, 16 bits each */
	uint64_t	value;
	bool		used, born;	/* born: not yet shown as 0 */
};

struct series {
	enum metric		 metric;
	struct series_entry	*slot;	/* SERIES_SLOTS */
	uint16_t		*order;	/* slots in order of birth */
	struct series_entry	*spare;	/* room to lay the table anew */
	size_t			 count;
	uint64_t		 overflows;
};

/* Takes the memory; 0, or -1 with errno. */
int	series_init(struct series *, enum metric);
void	series_fini(struct series *);

static inline uint64_t
series_key(const uint16_t label[4])
{
	return (uint64_t)label[0] | (uint64_t)label[1] << 16 |
	    (uint64_t)label[2] << 32 | (uint64_t)label[3] << 48;
}

/* The series of that key, made if need be; never NULL. */
struct series_entry	*series_at(struct series *, uint64_t key);

static inline void
series_add(struct series *s, const uint16_t label[4], uint64_t n)
{
	series_at(s, series_key(label))->value += n;
}

/* Set when a state file is loaded; the series counts as shown. */
void			 series_restore(struct series *,
			    const uint16_t label[4], uint64_t value);

/* What was counted under value of that label moves to other. */
void			 series_fold(struct series *, enum label,
			    uint16_t value);

/* Walk in order of birth, i from 0 to count - 1. */
const struct series_entry *series_get(const struct series *, size_t i,
			    uint16_t label[4]);
/* What a publication shows for it. */
uint64_t		 series_shown(const struct series_entry *);
/* A publication was made: everything born is now known to the outside. */
void			 series_published(struct series *);

#endif
