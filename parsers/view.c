#include <strings.h>

#include "view.h"

struct view
view_trim(struct view v)
{
	while (v.n > 0 && (*v.p == ' ' || *v.p == '\t'))
		view_advance(&v, 1);
	while (v.n > 0 && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
		v.n--;
	return v;
}

bool
view_eq_nocase(struct view a, struct view b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

bool
view_starts_nocase(struct view v, struct view prefix)
{
	return v.n >= prefix.n &&
	    (prefix.n == 0 || strncasecmp(v.p, prefix.p, prefix.n) == 0);
}

size_t
view_search(struct view v, struct view needle)
{
	const char	*hit;

	if (v.n == 0 || needle.n == 0)
		return needle.n == 0 ? 0 : v.n;
	hit = memmem(v.p, v.n, needle.p, needle.n);
	return hit == NULL ? v.n : (size_t)(hit - v.p);
}

bool
view_take_u32(struct view *v, uint32_t *out)
{
	uint64_t	value = 0;
	size_t		i;

	for (i = 0; i < v->n && v->p[i] >= '0' && v->p[i] <= '9'; i++) {
		value = value * 10 + (uint64_t)(v->p[i] - '0');
		if (value > UINT32_MAX)
			return false;
	}
	if (i == 0)
		return false;
	*out = (uint32_t)value;
	view_advance(v, i);
	return true;
}

bool
view_take_milli(struct view *v, int64_t *out)
{
	static const int16_t	scale[] = { 100, 10, 1 };
	struct view		rest = *v;
	uint32_t		whole = 0;
	size_t			i = 0;
	bool			digits = view_take_u32(&rest, &whole);
	int64_t			milli = (int64_t)whole * 1000;

	if (view_skip_byte(&rest, '.')) {
		for (; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9'; i++)
			if (i < sizeof(scale) / sizeof(scale[0]))
				milli += scale[i] * (rest.p[i] - '0');
		view_advance(&rest, i);
	}
	if (!digits && i == 0)
		return false;
	*out = milli;
	*v = rest;
	return true;
}
