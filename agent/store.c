#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "store.h"

#define LAST	(1u << 31)

_Static_assert(STORE_MAX < 1 << STORE_NUMBER_BITS &&
    STORE_NUMBER_BITS + STORE_TAG_BITS == 31, "a link has 32 bits");

static struct store_node	*node(const struct store *, uint32_t number);
static inline uint32_t	*chain(const struct store *, uint64_t key);
static uint32_t		 link_to(const struct store *, uint64_t key,
			    uint32_t number);
static uint32_t		 number_of(uint32_t link);
static bool		 may_be(uint32_t link, uint64_t key);
static uint32_t		 take(struct store *);
static void		 age_in(struct store *, uint32_t number);
static void		 age_out(struct store *, uint32_t number);
static size_t		 round_up(size_t);

int
store_init(struct store *p, const char *name, uint32_t version, uint32_t max,
    size_t entry_size)
{
	uint32_t	buckets = 1;
	size_t		head, chains;

	assert(max <= STORE_MAX);
	memset(p, 0, sizeof(*p));
	while (buckets < max)
		buckets *= 2;
	head = round_up(sizeof(struct store_head));
	chains = round_up(buckets * sizeof(uint32_t));
	if (region_init(&p->region, name, version,
	    head + chains + ((size_t)max + 1) * entry_size) == -1)
		return -1;
	p->head = (struct store_head *)(void *)p->region.base;
	p->bucket = (uint32_t *)(void *)(p->region.base + head);
	p->entry = p->region.base + head + chains;
	p->entry_size = entry_size;
	p->max = max;
	p->mask = buckets - 1;
	return 0;
}

void
store_fini(struct store *p)
{
	region_fini(&p->region);
}

uint32_t
store_find(const struct store *p, uint64_t key)
{
	uint32_t	link = *chain(p, key);

	while (link != 0) {
		const struct store_node	*n = node(p, number_of(link));

		if (may_be(link, key) && n->key == key)
			return number_of(link);
		if ((link & LAST) != 0)
			return 0;
		link = n->next;
	}
	return 0;
}

uint32_t
store_add(struct store *p, uint64_t key)
{
	uint32_t	 number = take(p);
	struct store_node *n = node(p, number);

	memset(n, 0, p->entry_size);
	n->key = key;
	n->next = *chain(p, key);
	*chain(p, key) = link_to(p, key, number);
	region_touch(&p->region, chain(p, key), sizeof(p->bucket[0]));
	age_in(p, number);
	p->head->count++;
	return number;
}

void
store_remove(struct store *p, uint32_t number)
{
	struct store_node	*n = node(p, number);
	uint32_t		*link = chain(p, n->key);

	while (number_of(*link) != number)
		link = &node(p, number_of(*link))->next;
	*link = n->next;
	region_touch(&p->region, link, sizeof(*link));
	age_out(p, number);
	n->key = 0;
	n->next = p->head->free;
	p->head->free = number;
	p->head->count--;
}

void
store_renew(struct store *p, uint32_t number)
{
	if (p->head->newest == number)
		return;
	age_out(p, number);
	age_in(p, number);
}

void
store_touch(struct store *p, uint32_t number)
{
	region_touch(&p->region, store_at(p, number), p->entry_size);
}

static struct store_node *
node(const struct store *p, uint32_t number)
{
	return (struct store_node *)store_at(p, number);
}

/* By the upper half: keys may set a low bit, so as not to be 0. */
static inline uint32_t *
chain(const struct store *p, uint64_t key)
{
	return &p->bucket[key >> 32 & p->mask];
}

static uint32_t
link_to(const struct store *p, uint64_t key, uint32_t number)
{
	return (*chain(p, key) == 0 ? LAST : 0) |
	    (uint32_t)(key >> (64 - STORE_TAG_BITS)) << STORE_NUMBER_BITS |
	    number;
}

static uint32_t
number_of(uint32_t link)
{
	return link & ((1u << STORE_NUMBER_BITS) - 1);
}

static bool
may_be(uint32_t link, uint64_t key)
{
	return (link & ~LAST) >> STORE_NUMBER_BITS ==
	    key >> (64 - STORE_TAG_BITS);
}

static uint32_t
take(struct store *p)
{
	uint32_t	number = p->head->free;

	region_touch(&p->region, p->head, sizeof(*p->head));
	if (number == 0 && p->head->used < p->max) {
		number = ++p->head->used;
		region_ready(&p->region, (size_t)((unsigned char *)
		    store_at(p, number + 1) - p->region.base));
		return number;
	}
	if (number == 0) {
		number = p->head->oldest;
		p->head->evicted++;
		if (p->drop != NULL)
			p->drop(p->arg, number);
		store_remove(p, number);
	}
	p->head->free = node(p, number)->next;
	return number;
}

static void
age_in(struct store *p, uint32_t number)
{
	struct store_node	*n = node(p, number);

	n->older = p->head->newest;
	n->newer = 0;
	if (n->older != 0) {
		node(p, n->older)->newer = number;
		store_touch(p, n->older);
	} else {
		p->head->oldest = number;
	}
	p->head->newest = number;
	store_touch(p, number);
}

static void
age_out(struct store *p, uint32_t number)
{
	struct store_node	*n = node(p, number);

	if (n->older != 0)
		node(p, n->older)->newer = n->newer;
	else
		p->head->oldest = n->newer;
	if (n->newer != 0)
		node(p, n->newer)->older = n->older;
	else
		p->head->newest = n->older;
	if (n->older != 0)
		store_touch(p, n->older);
	if (n->newer != 0)
		store_touch(p, n->newer);
	store_touch(p, number);
	region_touch(&p->region, p->head, sizeof(*p->head));
}

static size_t
round_up(size_t n)
{
	return (n + 63) & ~(size_t)63;
}
