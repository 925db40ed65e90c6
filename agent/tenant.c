#include <string.h>

#include "label.h"
#include "siphash.h"
#include "tenant.h"

enum { EVICT_LOOK = 32 };	/* entries compared for an eviction */

static size_t	clean(struct view name, char text[TENANT_NAME_BYTES]);
static uint16_t	make(struct tenants *, uint64_t hash);
static uint16_t	evict(struct tenants *);
static void	unchain(struct tenant_table *, uint16_t id);
static void	seek_place(struct tenants *, uint16_t id, int64_t time);

int
tenants_init(struct tenants *t, uint16_t top, const uint8_t key[16])
{
	memset(t, 0, sizeof(*t));
	if (region_init(&t->region, "tenants", 1,
	    sizeof(struct tenant_table)) == -1)
		return -1;
	t->table = (struct tenant_table *)(void *)t->region.base;
	t->table->used = 1;	/* entry 0 is nobody */
	t->top = top;
	t->key = key;
	return 0;
}

void
tenants_fini(struct tenants *t)
{
	region_fini(&t->region);
}

uint16_t
tenant_id(struct tenants *t, struct view name, int64_t time)
{
	char		 text[TENANT_NAME_BYTES];
	size_t		 len = clean(name, text);
	struct tenant	*e;
	uint64_t	 hash;
	uint16_t	 id;

	if (len == 0)
		return 0;
	hash = siphash13(t->key, text, len) | 1;
	for (id = t->table->bucket[hash % TENANT_NAMES]; id != 0;
	    id = t->table->entry[id].next)
		if (t->table->entry[id].hash == hash)
			break;
	if (id == 0) {
		id = make(t, hash);
		memcpy(t->table->entry[id].name, text, len + 1);
	}
	e = &t->table->entry[id];
	e->seen = time;
	region_touch(&t->region, e, sizeof(*e));
	return id;
}

void
tenant_count(struct tenants *t, uint16_t id, int64_t time, uint32_t n)
{
	struct tenant	*e = &t->table->entry[id];

	if (id == 0)
		return;
	e->count += n;
	e->seen = time;
	region_touch(&t->region, e, sizeof(*e));
	if (e->place == 0 && t->top > 0)
		seek_place(t, id, time);
}

bool
tenant_is(const struct tenants *t, uint16_t id, uint64_t hash)
{
	return id < TENANT_NAMES && t->table->entry[id].hash == hash;
}

uint64_t
tenant_hash(const struct tenants *t, uint16_t id)
{
	return t->table->entry[id].hash;
}

uint16_t
tenant_place(const struct tenants *t, uint16_t id)
{
	uint16_t	place = t->table->entry[id].place;

	return place == 0 ? LABEL_OTHER : place;
}

const char *
tenant_name(const struct tenants *t, uint16_t id)
{
	return t->table->entry[id].name;
}

const char *
tenant_place_name(const struct tenants *t, uint16_t place)
{
	if (place == 0 || place > TENANT_PLACES)
		return "other";
	return t->table->entry[t->table->owner[place]].name;
}

/* Lower case, printable ASCII and UTF-8 as it is; cut at the entry's size. */
static size_t
clean(struct view name, char text[TENANT_NAME_BYTES])
{
	size_t	n = name.n < TENANT_NAME_BYTES ? name.n :
		    TENANT_NAME_BYTES - 1;

	for (size_t i = 0; i < n; i++) {
		unsigned char	c = (unsigned char)name.p[i];

		if (c < ' ' || c == 0x7f)
			c = '?';
		else if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		text[i] = (char)c;
	}
	text[n] = '\0';
	return n;
}

static uint16_t
make(struct tenants *t, uint64_t hash)
{
	struct tenant_table	*table = t->table;
	uint64_t		 inherited = 0;
	uint16_t		 id;

	if (table->used < TENANT_NAMES) {
		id = table->used++;
	} else {
		id = evict(t);
		inherited = table->entry[id].count;
		unchain(table, id);
	}
	table->entry[id] = (struct tenant){ .hash = hash, .count = inherited,
	    .next = table->bucket[hash % TENANT_NAMES] };
	table->bucket[hash % TENANT_NAMES] = id;
	region_touch(&t->region, table, sizeof(*table) -
	    sizeof(table->entry));
	return id;
}

/* The rarest of the next few that have no place; the hand moves on. */
static uint16_t
evict(struct tenants *t)
{
	struct tenant_table	*table = t->table;
	uint16_t		 best = 0;

	for (int seen = 0; seen < EVICT_LOOK || best == 0; seen++) {
		uint16_t	id = table->hand;

		table->hand = (uint16_t)((table->hand + 1) % TENANT_NAMES);
		if (id == 0 || table->entry[id].place != 0)
			continue;
		if (best == 0 || table->entry[id].count <
		    table->entry[best].count)
			best = id;
	}
	return best;
}

static void
unchain(struct tenant_table *table, uint16_t id)
{
	uint16_t	*link = &table->bucket[table->entry[id].hash %
			    TENANT_NAMES];

	while (*link != id)
		link = &table->entry[*link].next;
	*link = table->entry[id].next;
}

static void
seek_place(struct tenants *t, uint16_t id, int64_t time)
{
	struct tenant_table	*table = t->table;
	struct tenant		*e = &table->entry[id];
	uint16_t		 weakest = 0;

	for (uint16_t place = 1; place <= t->top; place++) {
		struct tenant	*owner = &table->entry[table->owner[place]];

		if (table->owner[place] == 0) {
			weakest = place;
			break;
		}
		if (owner->count < e->count &&
		    time - owner->placed >= TENANT_PLACE_S && (weakest == 0 ||
		    owner->count < table->entry[table->owner[weakest]].count))
			weakest = place;
	}
	if (weakest == 0)
		return;
	if (table->owner[weakest] != 0) {
		if (t->leaves != NULL)
			t->leaves(t->arg, weakest);
		table->entry[table->owner[weakest]].place = 0;
		region_touch(&t->region, &table->entry[table->owner[weakest]],
		    sizeof(*e));
	}
	table->owner[weakest] = id;
	e->place = weakest;
	e->placed = time;
	region_touch(&t->region, table->owner, sizeof(table->owner));
}
