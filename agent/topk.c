#include <assert.h>
#include <sys/random.h>

#include "topk.h"

enum {
	DAY_S = 86400,
	SCAN_S = 60,
	VERSION = 1,
	/* While half of the places are free anybody gets one, so that a small
	   server sees its names at once; the other half is for those that
	   were seen this often. */
	ADMIT_COUNT = 10
};

static struct topk_counter	*find(struct topk_data *, uint64_t key);
static struct topk_counter	*add(struct topk *, uint64_t key);
static void	 index_put(struct topk_data *, uint32_t counter);
static void	 index_remove(struct topk_data *, uint64_t key);
static uint32_t	 admit(struct topk *, struct topk_counter *, struct view,
		    int64_t now, bool *taken);
static uint32_t	 weakest(struct topk *, int64_t now);
static void	 occupy(struct topk *, uint32_t place, struct topk_counter *,
		    struct view name, int64_t now);
static void	 vacate(struct topk *, uint32_t place);
static void	 fade(struct topk *, int64_t now);
static void	 heap_push(struct topk_data *, struct topk_counter *);
static void	 heap_remove(struct topk_data *, struct topk_counter *);
static void	 heap_up(struct topk_data *, uint32_t at);
static void	 heap_down(struct topk_data *, uint32_t at);

int
topk_init(struct topk *t, const char *name, uint32_t limit)
{
	if (region_init(&t->region, name, VERSION, sizeof(struct topk_data)) ==
	    -1)
		return -1;
	t->data = (struct topk_data *)t->region.base;
	t->limit = limit < TOPK_PLACES ? limit : TOPK_PLACES;
	if (getrandom(t->data->hash_key, SIPHASH_KEY_BYTES, 0) !=
	    SIPHASH_KEY_BYTES) {
		topk_fini(t);
		return -1;
	}
	region_touch(&t->region, t->data, sizeof(*t->data));
	return 0;
}

void
topk_fini(struct topk *t)
{
	region_fini(&t->region);
	t->data = NULL;
}

void
topk_loaded(struct topk *t)
{
	for (uint32_t i = t->limit; i < TOPK_PLACES; i++)
		if (t->data->place[i].counter != 0)
			vacate(t, i);
}

uint64_t
topk_key(const struct topk *t, struct view name)
{
	return siphash13(t->data->hash_key, name.p, name.n);
}

uint32_t
topk_offer(struct topk *t, uint64_t key, struct view name, int64_t now,
    bool *taken)
{
	struct topk_data	*d = t->data;
	struct topk_counter	*c;

	*taken = false;
	if (t->limit == 0)
		return 0;
	if (now / DAY_S > d->day)
		fade(t, now);
	c = find(d, key);
	if (c == NULL)
		c = add(t, key);
	c->count++;
	if (c->place != 0) {
		region_touch(&t->region, c, sizeof(*c));
		return c->place;
	}
	heap_down(d, c->heap_at);
	region_touch(&t->region, d, sizeof(*d));
	return admit(t, c, name, now, taken);
}

const char *
topk_name(const struct topk *t, uint32_t place)
{
	assert(place >= 1 && place <= TOPK_PLACES);
	return t->data->place[place - 1].counter == 0 ? "" :
	    t->data->place[place - 1].name;
}

static struct topk_counter *
find(struct topk_data *d, uint64_t key)
{
	for (size_t i = key % TOPK_INDEX; d->index[i] != 0;
	    i = (i + 1) % TOPK_INDEX)
		if (d->counter[d->index[i] - 1].key == key)
			return &d->counter[d->index[i] - 1];
	return NULL;
}

/* A new counter; when all are used, the lowest candidate's with its count,
   as Space-Saving has it. */
static struct topk_counter *
add(struct topk *t, uint64_t key)
{
	struct topk_data	*d = t->data;
	struct topk_counter	*c;

	region_touch(&t->region, d, sizeof(*d));
	if (d->counters < TOPK_COUNTERS) {
		c = &d->counter[d->counters++];
		*c = (struct topk_counter){ .key = key };
		heap_push(d, c);
	} else {
		c = &d->counter[d->heap[0]];
		index_remove(d, c->key);
		c->key = key;
		c->error = c->count;
	}
	index_put(d, (uint32_t)(c - d->counter));
	return c;
}

static void
index_put(struct topk_data *d, uint32_t counter)
{
	size_t	i = d->counter[counter].key % TOPK_INDEX;

	while (d->index[i] != 0)
		i = (i + 1) % TOPK_INDEX;
	d->index[i] = (uint16_t)(counter + 1);
}

/* Close the hole, so that no search ends too early. */
static void
index_remove(struct topk_data *d, uint64_t key)
{
	size_t	hole = key % TOPK_INDEX, i, home;

	while (d->counter[d->index[hole] - 1].key != key)
		hole = (hole + 1) % TOPK_INDEX;
	for (i = (hole + 1) % TOPK_INDEX; d->index[i] != 0;
	    i = (i + 1) % TOPK_INDEX) {
		home = d->counter[d->index[i] - 1].key % TOPK_INDEX;
		if ((i - home) % TOPK_INDEX < (i - hole) % TOPK_INDEX)
			continue;
		d->index[hole] = d->index[i];
		hole = i;
	}
	d->index[hole] = 0;
}

static uint32_t
admit(struct topk *t, struct topk_counter *c, struct view name, int64_t now,
    bool *taken)
{
	struct topk_data	*d = t->data;
	uint32_t		 place;

	if (d->places < t->limit) {
		if (d->places >= (t->limit + 1) / 2 &&
		    c->count - c->error < ADMIT_COUNT)
			return 0;
		for (place = 0; d->place[place].counter != 0; place++)
			continue;
		occupy(t, place, c, name, now);
		return place + 1;
	}
	place = weakest(t, now);
	if (place == 0 || c->count - c->error <=
	    d->counter[d->place[place - 1].counter - 1].count)
		return 0;
	vacate(t, place - 1);
	occupy(t, place - 1, c, name, now);
	d->next_scan = 0;
	*taken = true;
	return place;
}

/* The place with the lowest count that was kept a day, + 1; 0: none. Looked
   for once a minute, because most lines are from names without a place. */
static uint32_t
weakest(struct topk *t, int64_t now)
{
	struct topk_data	*d = t->data;
	uint64_t		 lowest = UINT64_MAX, count;

	if (now < d->next_scan)
		return d->weakest;
	d->next_scan = now + SCAN_S;
	d->weakest = 0;
	for (uint32_t i = 0; i < t->limit; i++) {
		if (d->place[i].counter == 0 ||
		    now - d->place[i].since < DAY_S)
			continue;
		count = d->counter[d->place[i].counter - 1].count;
		if (count < lowest) {
			lowest = count;
			d->weakest = i + 1;
		}
	}
	region_touch(&t->region, d, sizeof(*d));
	return d->weakest;
}

static void
occupy(struct topk *t, uint32_t place, struct topk_counter *c,
    struct view name, int64_t now)
{
	struct topk_data	*d = t->data;
	struct topk_place	*p = &d->place[place];
	size_t			 n = name.n < TOPK_NAME_BYTES ? name.n :
				    TOPK_NAME_BYTES - 1;

	heap_remove(d, c);
	memcpy(p->name, name.p, n);
	p->name[n] = '\0';
	p->since = now;
	p->counter = (uint32_t)(c - d->counter) + 1;
	c->place = place + 1;
	d->places++;
	region_touch(&t->region, d, sizeof(*d));
}

static void
vacate(struct topk *t, uint32_t place)
{
	struct topk_data	*d = t->data;
	struct topk_counter	*c = &d->counter[d->place[place].counter - 1];

	c->place = 0;
	d->place[place].counter = 0;
	d->places--;
	heap_push(d, c);
	region_touch(&t->region, d, sizeof(*d));
}

/* Halving keeps the order, so the heap stays one. */
static void
fade(struct topk *t, int64_t now)
{
	struct topk_data	*d = t->data;

	for (uint32_t i = 0; i < d->counters && d->day != 0; i++) {
		d->counter[i].count /= 2;
		d->counter[i].error /= 2;
	}
	d->day = now / DAY_S;
	region_touch(&t->region, d, sizeof(*d));
}

static void
heap_set(struct topk_data *d, uint32_t at, uint16_t counter)
{
	d->heap[at] = counter;
	d->counter[counter].heap_at = at;
}

static bool
heap_below(const struct topk_data *d, uint32_t a, uint32_t b)
{
	return d->counter[d->heap[a]].count < d->counter[d->heap[b]].count;
}

static void
heap_swap(struct topk_data *d, uint32_t a, uint32_t b)
{
	uint16_t	counter = d->heap[a];

	heap_set(d, a, d->heap[b]);
	heap_set(d, b, counter);
}

static void
heap_push(struct topk_data *d, struct topk_counter *c)
{
	heap_set(d, d->candidates, (uint16_t)(c - d->counter));
	heap_up(d, d->candidates++);
}

static void
heap_remove(struct topk_data *d, struct topk_counter *c)
{
	uint32_t	at = c->heap_at;

	heap_swap(d, at, --d->candidates);
	if (at == d->candidates)
		return;
	heap_up(d, at);
	heap_down(d, at);
}

static void
heap_up(struct topk_data *d, uint32_t at)
{
	while (at > 0) {
		uint32_t parent = (at - 1) / 2;

		if (!heap_below(d, at, parent))
			return;
		heap_swap(d, at, parent);
		at = parent;
	}
}

static void
heap_down(struct topk_data *d, uint32_t at)
{
	for (;;) {
		uint32_t low = at, left = 2 * at + 1;

		if (left < d->candidates && heap_below(d, left, low))
			low = left;
		if (left + 1 < d->candidates && heap_below(d, left + 1, low))
			low = left + 1;
		if (low == at)
			return;
		heap_swap(d, at, low);
		at = low;
	}
}
