/*
 * provider_domains - where mail to a domain went lately.
 *
 * A delivery that names its relay teaches which provider has the recipient's
 * domain; one that could not name any is then counted there. A fixed number
 * of domains, by a keyed hash only, the longest unused goes first; it lasts
 * over a restart. No allocation after init.
 */
#ifndef PROVIDER_DOMAINS_H
#define PROVIDER_DOMAINS_H

#include "provider_id.h"
#include "store.h"

struct provider_domains {
	struct store	store;
};

/* 0, or -1 with errno. */
int		provider_domains_init(struct provider_domains *);
void		provider_domains_fini(struct provider_domains *);
/* PROVIDER_OTHER: it has gone to one that has no number. */
void		provider_domains_learn(struct provider_domains *, uint64_t key,
		    uint16_t provider);
/* PROVIDER_OTHER when nothing is known. */
uint16_t	provider_domains_find(const struct provider_domains *,
		    uint64_t key);
/* That number is another provider's from now on. */
void		provider_domains_forget(struct provider_domains *,
		    uint16_t provider);
/* Numbers have changed; those that became PROVIDER_OTHER are forgotten. */
void		provider_domains_renumber(struct provider_domains *,
		    const uint16_t to[PROVIDER_MAX]);

#endif
