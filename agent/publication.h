/*
 * publication - the pages rendered from one commit; all that HTTP serves.
 *
 * The log thread makes one, renders the pages that somebody asked for lately
 * and swaps it into the slot; from then on it never changes (but for the
 * compressed form, which the HTTP thread alone makes and reads). References
 * keep it alive while it is being sent. The slot is the only thing that the
 * two threads share, behind one mutex that nobody holds for long.
 */
#ifndef PUBLICATION_H
#define PUBLICATION_H

#include <pthread.h>
#include <stdatomic.h>

#include "buf.h"
#include "pack.h"

#define PAGE_KINDS(X)							\
	X(METRICS_TEXT,		"text/plain; version=0.0.4; charset=utf-8") \
	X(METRICS_OPENMETRICS,	"application/openmetrics-text; "	\
	    "version=1.0.0; charset=utf-8; escaping=underscores")	\
	X(STATUS_HTML,		"text/html; charset=utf-8")		\
	X(STATUS_JSON,		"application/json")			\
	X(ALERTS_JSON,		"application/json")			\
	X(ALERTS_V2_JSON,	"application/json")

enum page_kind {
#define X(id, type) PAGE_##id,
	PAGE_KINDS(X)
#undef X
	PAGE_KIND_COUNT
};

enum {
	PAGE_BYTES_MAX = 16 * 1024 * 1024,
	PAGE_WARM_MS = 5 * 60 * 1000,	/* rendered so long after a request */
	NOT_READY_BYTES = 512
};

struct publication {
	struct buf	body[PAGE_KIND_COUNT];	/* metrics: without # EOF, which
						   comes after what a scrape
						   adds; empty: not rendered */
	struct pack	pack[PAGE_KIND_COUNT];	/* the HTTP thread's */
	int64_t		commit_ms;	/* wall clock; 0: no commit yet */
	int64_t		made_ms;	/* monotonic */
	char		not_ready[NOT_READY_BYTES];	/* why; empty: ready */
	atomic_uint	references;
};

struct publication_slot {
	pthread_mutex_t		 lock;
	struct publication	*current;
	int64_t			 asked_ms[PAGE_KIND_COUNT];
	bool			 waiting;	/* HTTP wants the next one */
	int			 asked_fd;	/* eventfd to the log thread: a page
						   is missing, publish now */
	int			 published_fd;	/* eventfd to the HTTP thread */
};

const char	*page_type(enum page_kind);

/* Empty, with one reference: the caller's. NULL: no memory. */
struct publication	*publication_new(void);
void	publication_release(struct publication *);
bool	publication_has(const struct publication *, enum page_kind);

int	publication_slot_init(struct publication_slot *);
void	publication_slot_fini(struct publication_slot *);
/* Was the page asked for within PAGE_WARM_MS? now_ms is monotonic. */
bool	publication_wanted(struct publication_slot *, enum page_kind,
	    int64_t now_ms);
/* Takes over the caller's reference. */
void	publication_swap(struct publication_slot *, struct publication *);
/*
 * Did the HTTP thread wake up when it was asked by the call before this one?
 * It is asked again.
 */
bool	publication_awake(struct publication_slot *);
/* With a reference for the caller; NULL before the first one. */
struct publication	*publication_acquire(struct publication_slot *);
/*
 * The same, but only if it has the page. Else NULL: the log thread is told,
 * and published_fd will be readable after the next swap.
 */
struct publication	*publication_ask(struct publication_slot *,
			    enum page_kind, int64_t now_ms);

#endif
