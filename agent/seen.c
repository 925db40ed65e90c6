#include <stdlib.h>
#include <string.h>

#include "seen.h"

static size_t	find(const struct seen *, uint64_t hash);

int
seen_init(struct seen *s)
{
	memset(s, 0, sizeof(*s));
	s->index = calloc(SEEN_INDEX, sizeof(*s->index));
	if (s->index == NULL)
		return -1;
	if (region_init(&s->region, "seen", 1,
	    sizeof(struct seen_table)) == -1) {
		free(s->index);
		s->index = NULL;
		return -1;
	}
	s->table = (struct seen_table *)(void *)s->region.base;
	return 0;
}

void
seen_fini(struct seen *s)
{
	region_fini(&s->region);
	free(s->index);
	s->table = NULL;
	s->index = NULL;
}

bool
seen_restore(struct seen *s)
{
	bool		sound = s->table->count <= SEEN_MAX;
	uint32_t	i;

	if (s->table->count > 0)
		memset(s->index, 0, SEEN_INDEX * sizeof(*s->index));
	if (!sound)
		s->table->count = 0;
	for (i = 0; i < s->table->count; i++)
		s->index[find(s, s->table->hash[i])] = i + 1;
	return sound;
}

bool
seen_first(struct seen *s, uint64_t hash)
{
	struct seen_table	*t = s->table;
	size_t			 at = find(s, hash);

	if (s->index[at] != 0)
		return false;
	if (t->count == SEEN_MAX) {
		t->overflow++;
		return true;
	}
	t->hash[t->count] = hash;
	region_touch(&s->region, &t->hash[t->count], sizeof(*t->hash));
	s->index[at] = ++t->count;
	region_touch(&s->region, t, sizeof(t->overflow) + sizeof(t->count));
	return true;
}

/* From the newest on, so that each is found before its way there is gone. */
void
seen_clear(struct seen *s)
{
	struct seen_table	*t = s->table;

	while (t->count > 0) {
		s->index[find(s, t->hash[t->count - 1])] = 0;
		t->count--;
	}
	region_touch(&s->region, t, sizeof(t->overflow) + sizeof(t->count));
}

static size_t
find(const struct seen *s, uint64_t hash)
{
	size_t	at = (size_t)(hash & (SEEN_INDEX - 1));

	while (s->index[at] != 0 &&
	    s->table->hash[s->index[at] - 1] != hash)
		at = (at + 1) & (SEEN_INDEX - 1);
	return at;
}
