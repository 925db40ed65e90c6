/*
 * window - how much happened during the last minutes of log time.
 *
 * One ring of ten-second buckets an hour long for each provider and class.
 * Time is given with every count; late counts land in their own bucket while
 * the ring still has it, and nowhere when it has not. No allocation after
 * init; the rings live in a region.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "provider_id.h"
#include "region.h"
#include "reply.h"

enum { WINDOW_BUCKET_S = 10, WINDOW_BUCKETS = 361 };

#define WINDOWS(X)							\
	X(1M,	"1m",	60)						\
	X(5M,	"5m",	300)						\
	X(15M,	"15m",	900)						\
	X(1H,	"1h",	3600)

enum window_length {
#define X(id, name, seconds) WINDOW_##id,
	WINDOWS(X)
#undef X
	WINDOW_COUNT
};

struct window_ring {
	int64_t		head;		/* number of the newest bucket */
	uint32_t	bucket[WINDOW_BUCKETS][CLASS_COUNT];
};

struct window {
	struct region		 region;
	struct window_ring	*ring;	/* PROVIDER_MAX of them */
};

struct window_sums {
	uint64_t	count[WINDOW_COUNT][CLASS_COUNT];
};

const char	*window_name(enum window_length);
uint32_t	 window_seconds(enum window_length);

int	window_init(struct window *);
void	window_fini(struct window *);
/* After its region was loaded: provider p is now number to[p]. */
void	window_renumber(struct window *, const uint16_t to[PROVIDER_MAX]);
void	window_add(struct window *, uint16_t provider, enum reply_class,
	    int64_t time, uint32_t n);
/* Sums of the windows that end at time now (epoch s of log time). */
void	window_sum(const struct window *, uint16_t provider, int64_t now,
	    struct window_sums *out);
/* The whole ring of one class as minutes, oldest first: for sparklines. */
void	window_minutes(const struct window *, uint16_t provider,
	    enum reply_class, int64_t now, uint32_t out[60]);

#endif
