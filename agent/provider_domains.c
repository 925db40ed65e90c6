#include "provider_domains.h"

enum { DOMAINS = 4096 };

struct domain {
	struct store_node	node;
	uint16_t		provider;
};

static struct domain	*domain_at(const struct provider_domains *,
			    uint32_t number);
static uint64_t		 usable(uint64_t key);

int
provider_domains_init(struct provider_domains *d)
{
	return store_init(&d->store, "domains", 3, DOMAINS,
	    sizeof(struct domain));
}

void
provider_domains_fini(struct provider_domains *d)
{
	store_fini(&d->store);
}

void
provider_domains_learn(struct provider_domains *d, uint64_t key,
    uint16_t provider)
{
	uint32_t	number = store_find(&d->store, usable(key));

	if (provider == PROVIDER_OTHER) {
		if (number != 0)
			store_remove(&d->store, number);
		return;
	}
	if (number == 0)
		number = store_add(&d->store, usable(key));
	else
		store_renew(&d->store, number);
	if (domain_at(d, number)->provider == provider)
		return;
	domain_at(d, number)->provider = provider;
	store_touch(&d->store, number);
}

uint16_t
provider_domains_find(const struct provider_domains *d, uint64_t key)
{
	uint32_t	number = store_find(&d->store, usable(key));

	return number == 0 ? (uint16_t)PROVIDER_OTHER :
	    domain_at(d, number)->provider;
}

void
provider_domains_forget(struct provider_domains *d, uint16_t provider)
{
	for (uint32_t i = 1; i <= d->store.head->used; i++)
		if (domain_at(d, i)->node.key != 0 &&
		    domain_at(d, i)->provider == provider)
			store_remove(&d->store, i);
}

void
provider_domains_renumber(struct provider_domains *d,
    const uint16_t to[PROVIDER_MAX])
{
	for (uint32_t i = 1; i <= d->store.head->used; i++) {
		struct domain	*domain = domain_at(d, i);

		if (domain->node.key == 0)
			continue;
		domain->provider = domain->provider < PROVIDER_MAX ?
		    to[domain->provider] : (uint16_t)PROVIDER_OTHER;
		store_touch(&d->store, i);
		if (domain->provider == PROVIDER_OTHER)
			store_remove(&d->store, i);
	}
}

static struct domain *
domain_at(const struct provider_domains *d, uint32_t number)
{
	return store_at(&d->store, number);
}

/* 0 marks a free entry. */
static uint64_t
usable(uint64_t key)
{
	return key == 0 ? 1 : key;
}
