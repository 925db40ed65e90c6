/*
 * store - a fixed number of entries, found by a keyed hash, oldest out.
 *
 * Every entry starts with a struct store_node. All of it lives in one region:
 * numbers only, number 0 means none. Adding to a full store drops the entry
 * that was added or renewed longest ago; the owner is told first.
 *
 * A bucket leads to its entries by links. A link says besides the number some
 * bits of the entry's key, and whether the chain was empty when the entry came:
 * then there is nothing behind it. So an entry that is not meant is mostly not
 * looked at, which would cost more than all else here.
 */
#ifndef STORE_H
#define STORE_H

#include "region.h"

enum {
	STORE_NUMBER_BITS = 21,
	STORE_MAX = 1 << 20,		/* entries of one store */
	STORE_TAG_BITS = 10
};

struct store_node {
	uint64_t	key;		/* keyed hash, never 0 in use */
	uint32_t	next;		/* link of its bucket; free list */
	uint32_t	older, newer;
};

struct store_head {
	uint32_t	used;		/* entries ever touched */
	uint32_t	count;
	uint32_t	free;
	uint32_t	oldest, newest;
	uint32_t	unused;
	uint64_t	evicted;
};

struct store {
	struct region	  region;
	struct store_head *head;
	uint32_t	 *bucket;	/* links */
	unsigned char	 *entry;
	size_t		  entry_size;
	uint32_t	  max, mask;
	/* called before an entry is dropped because the store is full */
	void		  (*drop)(void *arg, uint32_t number);
	void		  *arg;
};

int	store_init(struct store *, const char *name, uint32_t version,
	    uint32_t max, size_t entry_size);
void	store_fini(struct store *);

static inline void *
store_at(const struct store *p, uint32_t number)
{
	return p->entry + (size_t)number * p->entry_size;
}

/* Number of the entry with that key; 0 when there is none. */
uint32_t	store_find(const struct store *, uint64_t key);
/* A zeroed entry with that key; the key must not be there yet. */
uint32_t	store_add(struct store *, uint64_t key);
void		store_remove(struct store *, uint32_t number);
/* It was used: it is now the newest. */
void		store_renew(struct store *, uint32_t number);
void		store_touch(struct store *, uint32_t number);

#endif
