/*
 * correlate - what earlier lines said about this message.
 *
 * Two fixed tables: open messages by (source, host, instance, queue id), and
 * the recipients of theirs that wait after a deferral, as keyed hashes. When
 * a table is full its oldest entry goes and is counted; a recipient whose
 * entry went is taken for a first attempt again. The gauges of waiting
 * recipients fall with it. postsuper -d removes the message's entries.
 */
#ifndef CORRELATE_H
#define CORRELATE_H

#include "config.h"
#include "mail_event.h"
#include "store.h"
#include "provider_id.h"
#include "region.h"
#include "tenant.h"
#include "verdict.h"

enum { SENDER_BYTES = 94 };

struct message {
	struct store_node node;
	uint64_t	tenant_hash;	/* says if tenant is still that one */
	uint32_t	arrival;	/* epoch s; 0: not seen */
	uint32_t	login;		/* mask_hash() of it; 0: none */
	uint32_t	waiting;	/* its first waiting recipient */
	uint16_t	tenant;
	uint8_t		tenant_rank;	/* how surely that is the tenant */
	bool		tried;		/* a delivery was seen */
	bool		has_sender;
	uint8_t		sender_len;
	char		sender[SENDER_BYTES];
};

struct correlate;

struct backlog {			/* what waits at one provider */
	uint64_t	recipients;
	int64_t		oldest;		/* first deferral; 0: none waits */
};

int	correlate_init(struct correlate **, const struct config *,
	    struct tenants *, const uint8_t key[16]);
void	correlate_fini(struct correlate *);
/* The regions to be saved: two, in a fixed order. */
struct region	*correlate_region(struct correlate *, int i);

/* After they were loaded: provider p is now number to[p]. */
void	correlate_renumber(struct correlate *,
	    const uint16_t to[PROVIDER_MAX]);

static inline struct view
message_sender(const struct message *m)
{
	return (struct view){ m->sender, m->sender_len };
}

/* Note an arrival: sender, tenant, time. */
void	correlate_arrival(struct correlate *, const struct mail_event *,
	    uint16_t source);
/* The message left the queue: what still waits is dropped. */
void	correlate_removal(struct correlate *, const struct mail_event *,
	    uint16_t source);
/* The event's message, made if need be; NULL without a queue id. Fills what
   it tells: message, tenant, arrival. */
struct message	*correlate_message(struct correlate *,
		    const struct mail_event *, uint16_t source,
		    struct verdict *);
/*
 * One recipient of a delivery: fill first, first_reason, first_deferred and
 * final, and note or drop it as waiting.
 */
void	correlate_recipient(struct correlate *, struct message *,
	    struct view recipient, struct verdict *);
/*
 * Take one waiting recipient off a message that expired. False when there is
 * none left. provider, first_reason and first_deferred are filled.
 */
bool	correlate_take(struct correlate *, struct message *,
	    struct verdict *);
/* "queued as NEXT" at a content filter: NEXT inherits the tenant. */
void	correlate_follow(struct correlate *, const struct message *,
	    const struct mail_event *, uint16_t source);

void	correlate_backlog(const struct correlate *,
	    struct backlog out[PROVIDER_MAX]);
/* Walk through the open messages; start with *at = 0. NULL: no more. */
const struct message *correlate_next(const struct correlate *, uint32_t *at);
size_t	 correlate_messages(const struct correlate *);
uint64_t correlate_evicted(const struct correlate *);

#endif
