/*
 * hold - hops that the next line may repeat.
 *
 * Exim writes a host's reply on a line of its own and, for the last host of a
 * delivery, again in the "==" or "**" line. The two are one reply. A hop is
 * kept here until the delivery with the same reply drops it, or until it is
 * old or the table full: then it counts. Events are stored whole, texts cut
 * at HOLD_BYTES; the table lies in a region.
 */
#ifndef HOLD_H
#define HOLD_H

#include "mail_event.h"
#include "region.h"

enum {
	HOLD_MAX = 64,
	HOLD_BYTES = 1536,
	HOLD_S = 60		/* log time; Exim's next line comes sooner */
};

struct held {
	uint64_t		message;	/* 0: the place is free */
	uint64_t		serial;
	uint16_t		source;
	bool			settled;	/* no line will repeat it */
	struct mail_event	event;		/* views are offsets in bytes */
	char			bytes[HOLD_BYTES];
};

struct hold_table {
	uint64_t		serial;
	uint64_t		count;
	struct held		held[HOLD_MAX];
};

struct hold {
	struct region		 region;
	struct hold_table	*table;
};

int	hold_init(struct hold *);
void	hold_fini(struct hold *);
bool	hold_full(const struct hold *);

static inline bool
hold_empty(const struct hold *h)
{
	return h->table->count == 0;
}

/* Keep a hop; the table must not be full. */
void	hold_put(struct hold *, const struct mail_event *, uint16_t source,
	    uint64_t message);
/*
 * Drop the newest hop of that message with the delivery's reply and host. What
 * else the attempt left there stays, and no later one can drop it.
 */
void	hold_drop(struct hold *, uint64_t message,
	    const struct mail_event *);
/*
 * Take the oldest one whose time lies before that; its views stay until the
 * next hold_put(). False when there is none.
 */
bool	hold_take(struct hold *, int64_t before, struct mail_event *,
	    uint16_t *source);

#endif
