/*
 * suppress - whom not to write to again, as far as the logs show.
 *
 * A recipient is a candidate after a permanent reply that the mailbox or its
 * domain is not there or closed; when it stayed full for days; when the same,
 * or that the mailbox is not available now, was said temporarily for more than
 * two days. Never for policy, reputation or content, never from a burst in
 * which a provider refuses most of what it gets, and no longer once mail was
 * accepted. Holds addresses: only with suppression = on, or in the command.
 * Fixed memory; what finds no room is counted. What changed since
 * suppress_clean() is marked, for whoever keeps it.
 */
#ifndef SUPPRESS_H
#define SUPPRESS_H

#include "verdict.h"

enum {
	SUPPRESS_ADDRESS_BYTES = 128,
	SUPPRESS_FULL_S = 3 * 86400,	/* a mailbox full for so long */
	SUPPRESS_TEMPORARY_S = 48 * 3600,
	SUPPRESS_BURST_S = 600,		/* one look at a provider */
	SUPPRESS_BURST_COUNT = 20,	/* fewer are no burst */
	SUPPRESS_BLOCK = 64,		/* entries that share a mark */
	SUPPRESS_GONE = 512		/* removals noted one by one */
};

enum suppress_kind {
	SUPPRESS_TEMPORARY, SUPPRESS_FULL, SUPPRESS_PERMANENT
};

struct suppress_entry {
	enum suppress_kind	 kind;
	enum reason		 reason;
	struct reply		 reply;		/* the last one */
	uint16_t		 provider;
	uint16_t		 len;		/* of address; 0: free */
	uint32_t		 count;		/* replies of this kind */
	bool			 changed, kept;	/* kept: by its keeper, too */
	int64_t			 first, last;	/* of them, epoch s */
	char			 address[SUPPRESS_ADDRESS_BYTES];
};

struct suppress_burst {
	int64_t			 begin;		/* epoch s */
	uint32_t		 attempts, refused;
	bool			 now;
};

struct suppress {
	struct suppress_entry	*entry;
	size_t			 cap, used;	/* cap: a power of two */
	uint64_t		 dropped;	/* no room, or too long */
	int64_t			 now;		/* log time */
	uint8_t			*changed;	/* of each block */
	/* what its keeper has and we not any more; too many: lost */
	struct suppress_entry	*gone;
	size_t			 gone_count;
	bool			 gone_lost;
	bool			 paused[PROVIDER_MAX];
	struct suppress_burst	 burst[PROVIDER_MAX];
};

/* 0, or -1 with errno. */
int	suppress_init(struct suppress *, size_t cap);
void	suppress_fini(struct suppress *);
void	suppress_note(struct suppress *, const struct verdict *);
/*
 * The provider is in a spike of bad recipients since onset: forget what was
 * learnt from it since then and learn nothing until it is over.
 */
void	suppress_pause(struct suppress *, uint16_t provider, int64_t onset);
void	suppress_resume(struct suppress *, uint16_t provider);
/* Erase all that was said last before then. */
void	suppress_expire(struct suppress *, int64_t before);
/* This provider's number will mean somebody else. */
void	suppress_left(struct suppress *, uint16_t provider);
/* Erase one address; was it there? */
bool	suppress_forget(struct suppress *, struct view address);
/* The next candidate from *at on; NULL at the end. Start with *at = 0. */
const struct suppress_entry	*suppress_next(const struct suppress *,
				    size_t *at);
/* Is it a candidate by now? */
bool	suppress_is_due(const struct suppress_entry *);
/* Put one back that was kept. */
void	suppress_restore(struct suppress *, const struct suppress_entry *);
/* All that changed is kept now. */
void	suppress_clean(struct suppress *);

#endif
