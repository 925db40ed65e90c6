/*
 * provider - who runs the mailbox, from the relay's name.
 *
 * The order: a relay of our own (socket, localhost, an internal option), a
 * known host name of a mail server, and without a relay's name a known
 * recipient domain or where its mail went lately; else the registrable domain
 * of the mail server's name while it is among the busiest; else other. By name
 * and never by address. No allocation after init.
 */
#ifndef PROVIDER_H
#define PROVIDER_H

#include "config.h"
#include "mail_event.h"
#include "provider_domains.h"
#include "provider_table.h"
#include "suffixes.h"
#include "topk.h"

enum {
	PROVIDER_NAME_BYTES = 64,
	PROVIDER_CACHE = 256,		/* relays of the last lines */
	PROVIDER_CACHE_NAME = 68	/* longer names are looked up anew */
};

/* What a relay's name led to. */
struct provider_hit {
	uint16_t	id;		/* PROVIDER_OTHER: see domain_at */
	uint8_t		n;		/* 0: free */
	uint8_t		domain_at;	/* the registrable domain starts here;
					   n: there is none */
	uint64_t	key;		/* of that domain in the sketch */
	char		name[PROVIDER_CACHE_NAME];
};

struct providers {
	struct suffixes		 names;
	struct topk		 busy;
	struct provider_domains	 domains;
	const struct config_provider *configured;	/* the config's */
	char			**own_name;	/* of those with new names */
	uint16_t		 own_count;	/* ids from BUILTIN_COUNT on */
	uint16_t		 dynamic_first;	/* ids of the busy domains */
	bool			 internal_address;	/* some are listed */
	bool			 vacated;
	uint16_t		 vacated_id;
	struct provider_hit	 cache[PROVIDER_CACHE];
};

/* 0, or -1 with errno. */
int		 providers_init(struct providers *, const struct config *);
void		 providers_fini(struct providers *);
/* After the regions (busy.region, domains.store.region) were loaded. */
void		 providers_loaded(struct providers *);
/* Behind providers_loaded(), with what provider_numbers_map() said. */
void		 providers_renumber(struct providers *,
		    uint16_t to[PROVIDER_MAX]);

/* Who it is, as counted at ev->time. recipient: one address, or empty. */
uint16_t	 provider_of(struct providers *, const struct mail_event *,
		    struct view recipient);
/*
 * Did the last provider_of() give the number of one domain to another? Its
 * old counts must be folded into PROVIDER_OTHER before the event is counted.
 */
bool		 provider_vacated(struct providers *, uint16_t *id);
/* "google", "example.org"; "" for a number that nobody has. */
const char	*provider_name(const struct providers *, uint16_t id);
/* Numbers are below this. */
uint16_t	 provider_limit(const struct providers *);
/* The number of that name; PROVIDER_MAX when there is none. */
uint16_t	 provider_by_name(const struct providers *, struct view);

#endif
