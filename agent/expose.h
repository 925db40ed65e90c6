/*
 * expose - Prometheus' exposition, in both of its dialects.
 *
 * Writes families into a buf: a family once, its samples after it. Names are
 * given as design.md 4 has them ("attempts_total"); the prefix and what the
 * dialects do with _total, _info, # UNIT and # EOF happen here and nowhere
 * else. Label values may be any bytes. There are no timestamps on samples.
 */
#ifndef EXPOSE_H
#define EXPOSE_H

#include "buf.h"

enum expose_format {
	EXPOSE_TEXT,		/* text 0.0.4 */
	EXPOSE_OPENMETRICS	/* OpenMetrics 1.0 */
};

/* in text, in OpenMetrics */
#define EXPOSE_TYPES(X)							\
	X(COUNTER,	"counter",	"counter")			\
	X(GAUGE,	"gauge",	"gauge")			\
	X(HISTOGRAM,	"histogram",	"histogram")			\
	X(INFO,		"gauge",	"info")

enum expose_type {
#define X(id, text, openmetrics) EXPOSE_##id,
	EXPOSE_TYPES(X)
#undef X
	EXPOSE_TYPE_COUNT
};

struct expose_label {
	const char	*name;
	struct view	 value;
};

/* One event behind a count. Only OpenMetrics can carry it. */
struct expose_exemplar {
	const struct expose_label *label;	/* NULL: there is none */
	size_t		 label_count;
	double		 value;
	int64_t		 time_ms;		/* epoch */
};

struct expose_histogram {
	const double	*bound;		/* upper bounds, ascending */
	const uint64_t	*count;		/* in each bucket alone; one more than
					   bounds, the last is above all */
	size_t		 bound_count;
	double		 sum;
	const struct expose_exemplar *exemplar;	/* as many as counts, or NULL */
};

struct expose {
	struct buf		*out;
	enum expose_format	 format;
	enum expose_type	 type;		/* of the family begun last */
	const char		*name;		/* as given */
};

enum { EXPOSE_EXEMPLAR_POINTS = 128 };	/* names and values of its labels */

void	expose_begin(struct expose *, struct buf *, enum expose_format);
/* unit ("seconds") may be NULL; name and help must outlive the family. */
void	expose_family(struct expose *, const char *name, enum expose_type,
	    const char *unit, const char *help);
void	expose_u64(struct expose *, const struct expose_label *, size_t count,
	    uint64_t value, const struct expose_exemplar *);
void	expose_double(struct expose *, const struct expose_label *,
	    size_t count, double value);
void	expose_histogram(struct expose *, const struct expose_label *,
	    size_t count, const struct expose_histogram *);
void	expose_end(struct expose *);

#endif
