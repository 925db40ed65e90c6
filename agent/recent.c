#include <stdlib.h>
#include <string.h>

#include "recent.h"

enum { NEAR = 16 };	/* so far from its place a key may be */

static struct recent_entry *place(struct recent *, uint64_t key, int64_t now);
static void	advance(struct recent_entry *, int64_t slice);

int
recent_init(struct recent *r)
{
	r->entry = calloc(RECENT_ENTRIES, sizeof(*r->entry));
	return r->entry != NULL ? 0 : -1;
}

void
recent_fini(struct recent *r)
{
	free(r->entry);
	r->entry = NULL;
}

void
recent_add(struct recent *r, uint64_t key, int64_t time, uint32_t n)
{
	struct recent_entry	*e = place(r, key, time);
	int64_t			 slice = time / RECENT_SLICE_S;

	if (slice > e->head)
		advance(e, slice);
	if (slice > e->head - RECENT_SLICES)
		e->count[slice % RECENT_SLICES] += n;
}

uint64_t
recent_sum(const struct recent_entry *e, int64_t now)
{
	int64_t		last = now / RECENT_SLICE_S;
	uint64_t	sum = 0;

	for (int64_t s = e->head - RECENT_SLICES + 1; s <= e->head; s++)
		if (s >= 0 && s > last - RECENT_SLICES && s <= last)
			sum += e->count[s % RECENT_SLICES];
	return sum;
}

void
recent_forget(struct recent *r, int (*match)(uint64_t key, uint64_t what),
    uint64_t what)
{
	for (size_t i = 0; i < RECENT_ENTRIES; i++)
		if (r->entry[i].key != 0 && match(r->entry[i].key, what))
			memset(&r->entry[i], 0, sizeof(r->entry[i]));
}

static struct recent_entry *
place(struct recent *r, uint64_t key, int64_t now)
{
	size_t			 at = (key * 0x9e3779b97f4a7c15u) >> 53;
	struct recent_entry	*e, *least = NULL;
	uint64_t		 sum, least_sum = 0;

	for (size_t i = 0; i < NEAR; i++) {
		e = &r->entry[(at + i) % RECENT_ENTRIES];
		if (e->key == key)
			return e;
		sum = e->key == 0 ? 0 : recent_sum(e, now);
		if (least == NULL || sum < least_sum) {
			least = e;
			least_sum = sum;
		}
	}
	memset(least, 0, sizeof(*least));
	least->key = key;
	least->head = now / RECENT_SLICE_S;
	return least;
}

static void
advance(struct recent_entry *e, int64_t slice)
{
	if (slice - e->head >= RECENT_SLICES)
		memset(e->count, 0, sizeof(e->count));
	else
		for (int64_t s = e->head + 1; s <= slice; s++)
			e->count[s % RECENT_SLICES] = 0;
	e->head = slice;
}
