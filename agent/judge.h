/*
 * judge - from an event to verdicts.
 *
 * Joins what earlier lines said, finds provider, egress and reason, and hands
 * on one verdict for each recipient (deliveries) or one for the line (hops,
 * rejects). Owns the rooms of meaning. No allocation after judge_init().
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "config.h"
#include "correlate.h"
#include "egress.h"
#include "hold.h"
#include "memo.h"
#include "provider.h"
#include "tenant.h"
#include "user_reason.h"
#include "verdict.h"

struct judge {
	uint8_t			 key[16];	/* of all keyed hashes */
	struct providers	 providers;
	struct egresses		 egresses;
	struct tenants		 tenants;
	struct user_reasons	 reasons;	/* of agent.conf */
	struct memo		 memo;		/* of our own rules */
	struct correlate	*correlate;
	struct hold		 hold;
	/* set by the owner before the first event */
	void			(*verdict)(void *arg, const struct verdict *);
	void			(*left)(void *arg, uint16_t provider);
	void			*arg;
};

/* 0; or -1 with a message in error. The configuration must stay. */
int	judge_init(struct judge *, const struct config *,
	    char error[CONFIG_ERROR_BYTES]);
void	judge_fini(struct judge *);

/* Deliveries, hops and rejects give verdicts; arrivals and removals teach. */
void	judge_event(struct judge *, struct mail_event *, uint16_t source);
/* It is that late in log time: hand on the hops that no line has repeated. */
void	judge_hops(struct judge *, int64_t log_time);

#endif
