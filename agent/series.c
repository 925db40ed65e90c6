#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "series.h"

static void	unpack(uint64_t key, uint16_t label[4]);
static size_t	slot_of(const struct series *, uint64_t key);
static uint64_t	fold(struct series *, uint64_t key);
static void	drop_empty(struct series *, int i, uint16_t value);

int
series_init(struct series *s, enum metric metric)
{
	memset(s, 0, sizeof(*s));
	s->metric = metric;
	s->slot = calloc(SERIES_SLOTS, sizeof(*s->slot));
	s->order = calloc(SERIES_MAX + SERIES_RESERVE, sizeof(*s->order));
	s->spare = calloc(SERIES_MAX + SERIES_RESERVE, sizeof(*s->spare));
	if (s->slot == NULL || s->order == NULL || s->spare == NULL) {
		series_fini(s);
		return -1;
	}
	return 0;
}

void
series_fini(struct series *s)
{
	free(s->slot);
	free(s->order);
	free(s->spare);
	s->slot = NULL;
	s->order = NULL;
	s->spare = NULL;
}

struct series_entry *
series_at(struct series *s, uint64_t key)
{
	size_t	at = slot_of(s, key);

	if (s->slot[at].used)
		return &s->slot[at];
	if (s->count >= SERIES_MAX) {
		s->overflows++;
		at = slot_of(s, key = fold(s, key));
		if (s->slot[at].used)
			return &s->slot[at];
		/* closed labels have few values, so the reserve suffices */
		assert(s->count < SERIES_MAX + SERIES_RESERVE);
	}
	s->slot[at] = (struct series_entry){ .key = key, .used = true,
	    .born = true };
	s->order[s->count++] = (uint16_t)at;
	return &s->slot[at];
}

void
series_restore(struct series *s, const uint16_t label[4], uint64_t value)
{
	struct series_entry	*e = series_at(s, series_key(label));

	e->value += value;
	e->born = false;
}

void
series_fold(struct series *s, enum label label, uint16_t value)
{
	const enum label	*kind = metric_table[s->metric].label;
	size_t			 count = s->count;
	int			 i = 0;

	while (i < 4 && kind[i] != label)
		i++;
	if (i == 4)
		return;
	for (size_t at = 0; at < count; at++) {
		struct series_entry	*e = &s->slot[s->order[at]];
		uint16_t		 to[4];
		uint64_t		 moved;

		unpack(e->key, to);
		if (to[i] != value)
			continue;
		moved = e->value;
		e->value = 0;
		to[i] = LABEL_OTHER;
		series_add(s, to, moved);
	}
	drop_empty(s, i, value);
}

const struct series_entry *
series_get(const struct series *s, size_t i, uint16_t label[4])
{
	const struct series_entry	*e = &s->slot[s->order[i]];

	unpack(e->key, label);
	return e;
}

uint64_t
series_shown(const struct series_entry *e)
{
	return e->born ? 0 : e->value;
}

void
series_published(struct series *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->slot[s->order[i]].born = false;
}

static void
unpack(uint64_t key, uint16_t label[4])
{
	for (int i = 0; i < 4; i++)
		label[i] = (uint16_t)(key >> (16 * i));
}

/* The labels are small numbers of our own, so a plain mix is enough. */
static size_t
slot_of(const struct series *s, uint64_t key)
{
	size_t	at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 40);

	for (at &= SERIES_SLOTS - 1; s->slot[at].used; at = (at + 1) &
	    (SERIES_SLOTS - 1))
		if (s->slot[at].key == key)
			break;
	return at;
}

/* Take the folded series out and lay the rest anew. Rare: once a day. */
static void
drop_empty(struct series *s, int i, uint16_t value)
{
	size_t	count = s->count;

	s->count = 0;
	for (size_t at = 0; at < count; at++) {
		struct series_entry	e = s->slot[s->order[at]];
		uint16_t		label[4];

		unpack(e.key, label);
		if (label[i] != value)
			s->spare[s->count++] = e;
	}
	memset(s->slot, 0, SERIES_SLOTS * sizeof(*s->slot));
	for (size_t at = 0; at < s->count; at++) {
		size_t	slot = slot_of(s, s->spare[at].key);

		s->slot[slot] = s->spare[at];
		s->order[at] = (uint16_t)slot;
	}
}

static uint64_t
fold(struct series *s, uint64_t key)
{
	const enum label	*kind = metric_table[s->metric].label;
	uint16_t		 label[4];

	unpack(key, label);
	for (int i = 0; i < 4; i++)
		if (label_is_open(kind[i]))
			label[i] = LABEL_OTHER;
	return series_key(label);
}
