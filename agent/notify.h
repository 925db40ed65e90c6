/*
 * notify - who must hear of which alert, and when again.
 *
 * Alertmanagers get everything that fires once a minute and what was resolved
 * for a quarter of an hour, each on its own. Webhooks get each change once, in
 * order, from a queue that drops its oldest when it is full. One request at a
 * time for each receiver; what failed is tried again later and later. Time is
 * given; the requests themselves are made by a transport (notify_http.h).
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "incident.h"
#include "notify_form.h"

#define NOTIFY_OUTCOMES(X)						\
	X(SENT, "sent")			/* taken by the receiver */	\
	X(FAILED, "failed")		/* tried, to be tried again */	\
	X(REJECTED, "rejected")		/* never to be taken: given up */ \
	X(DROPPED, "dropped")		/* the queue was full */	\
	X(OLD, "old")			/* over before it was known */

enum notify_outcome {
#define X(id, name) NOTIFY_##id,
	NOTIFY_OUTCOMES(X)
#undef X
	NOTIFY_OUTCOME_COUNT
};

enum { NOTIFY_RECEIVERS = 16, NOTIFY_ALERTS = 128, NOTIFY_QUEUE = 1000 };

struct notify_now {
	int64_t	wall_s, mono_ms, log_s;
};
struct notify_transport {
	/* 0 when it is under way: notify_done() will be called */
	int	(*post)(void *arg, size_t receiver,
		    const struct config_receiver *, bool alertmanager,
		    struct view body);
	void	*arg;
};

struct notify_receiver {
	const struct config_receiver *config;
	bool		alertmanager, busy, troubled;
	int64_t		next_ms;	/* not before, monotonic */
	int64_t		resend_ms;	/* Alertmanager: all again */
	int64_t		wait_ms;	/* after the next failure */
	uint64_t	outcome[NOTIFY_OUTCOME_COUNT];
	/* webhooks: bodies not yet taken, oldest first */
	char		*queue[NOTIFY_QUEUE];
	size_t		 first, count;
};

struct notify {
	const struct config	*config;
	struct notify_transport	 transport;
	struct notify_now	 now;
	uint32_t		 random;	/* for jitter */
	struct notify_receiver	 receiver[NOTIFY_RECEIVERS];
	size_t			 count;
	struct notify_alert	 alert[NOTIFY_ALERTS];
	struct buf		 body;
	bool			 changed;	/* a queue, for its keeper */
};

const char	*notify_outcome_name(enum notify_outcome);

/* Into zeroed memory, as intake_init(). */
int	notify_init(struct notify *, const struct config *,
	    const struct notify_transport *);
void	notify_fini(struct notify *);
/* An incident fired, changed or was resolved. */
void	notify_incident(struct notify *, const struct incident *);
/* Once a second. */
void	notify_tick(struct notify *, const struct notify_now *);
/* How a request ended; retry_after_s as the receiver asked, or 0. */
void	notify_done(struct notify *, size_t receiver, enum notify_outcome,
	    int64_t retry_after_s);
/* Behind what waits for that webhook; false: there is none of that name. */
bool	notify_wait(struct notify *, struct view receiver, struct view body);
size_t	notify_queue_length(const struct notify *, size_t receiver);

#endif
