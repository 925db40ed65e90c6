#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "provider_numbers.h"

static const char FAMILY[] = "provider_number";

struct map {
	const struct providers	*providers;
	uint16_t		*to;
	int			 first;		/* then, of the busy domains */
	bool			 changed;
};

static void	take(void *arg, const char *family, const char *labels,
		    uint64_t value);

/* The busy domains have their names in a region: how far they moved is
   enough. */
void
provider_numbers_save(struct state *state, const struct providers *p)
{
	for (uint16_t id = 0; id < p->dynamic_first; id++)
		state_counter(state, FAMILY, provider_name(p, id), id);
	state_counter(state, FAMILY, "", p->dynamic_first);
}

bool
provider_numbers_map(struct state *state, const struct providers *p,
    uint16_t to[PROVIDER_MAX])
{
	struct map	map = { p, to, -1, false };
	int		id, moved;

	for (id = 0; id < PROVIDER_MAX; id++)
		to[id] = PROVIDER_OTHER;
	if (state_each_counter(state, take, &map) == -1 || map.first < 0)
		return false;
	moved = p->dynamic_first - map.first;
	map.changed |= moved != 0;
	for (id = map.first; id < PROVIDER_MAX; id++)
		if (id + moved < provider_limit(p))
			to[id] = (uint16_t)(id + moved);
	return map.changed;
}

static void
take(void *arg, const char *family, const char *labels, uint64_t value)
{
	struct map	*map = arg;
	uint16_t	 now;

	if (strcmp(family, FAMILY) != 0 || value >= PROVIDER_MAX)
		return;
	if (*labels == '\0') {
		map->first = (int)value;
		return;
	}
	now = provider_by_name(map->providers, view_of(labels));
	if (now == PROVIDER_MAX)
		now = PROVIDER_OTHER;
	map->to[value] = now;
	map->changed |= now != value;
}
