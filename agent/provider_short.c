#include "provider_short.h"
#include "provider_table.h"

static bool	fits(struct view start, struct view end, struct view name,
		    size_t *common);
static bool	ends_in(struct view, struct view end);

size_t
provider_cut(struct view relay, size_t *end)
{
	size_t	cut = view_search(relay, VIEW("..."));

	for (*end = cut; *end < relay.n && relay.p[*end] == '.';)
		++*end;
	return cut;
}

/* Of several that end alike, the one the start leads into furthest. */
uint16_t
provider_of_short(struct view relay)
{
	size_t		behind, cut = provider_cut(relay, &behind);
	size_t		best = 0, best_n = 0;
	struct view	start = view_sub(relay, 0, cut);
	struct view	end = view_sub(relay, behind, relay.n);
	uint16_t	id = PROVIDER_OTHER;

	for (size_t i = 0; i < provider_pattern_count; i++) {
		struct view	name = view_of(provider_patterns[i].name);
		size_t		common;

		if (provider_patterns[i].kind != PROVIDER_MX ||
		    !fits(start, end, name, &common))
			continue;
		if (id != PROVIDER_OTHER && (common < best ||
		    (common == best && name.n <= best_n)))
			continue;
		best = common;
		best_n = name.n;
		id = (uint16_t)provider_patterns[i].id;
	}
	return id;
}

/* *common: how many bytes of name already stand at the end of start. */
static bool
fits(struct view start, struct view end, struct view name, size_t *common)
{
	size_t	k;

	*common = 0;
	if (end.n >= name.n || end.n == 0 || !ends_in(name, end))
		return false;
	for (k = name.n - end.n; k > 0; k--) {
		struct view front = view_sub(name, 0, k);

		if (!ends_in(start, front))
			continue;
		if (k < start.n && start.p[start.n - k - 1] != '.')
			continue;
		*common = k;
		break;
	}
	return true;
}

static bool
ends_in(struct view v, struct view end)
{
	return v.n >= end.n &&
	    view_eq_nocase(view_sub(v, v.n - end.n, end.n), end);
}
