#include "share.h"

static struct share_entry *place(struct share *, uint16_t id,
		    uint32_t failures);

void
share_add(struct share *s, uint16_t id, uint32_t attempts, uint32_t failures)
{
	struct share_entry	*e = place(s, id, failures);

	s->attempts += attempts;
	s->failures += failures;
	if (e == NULL)
		return;
	e->attempts += attempts;
	e->failures += failures;
}

void
share_merge(struct share *s, const struct share *other)
{
	uint32_t	i, attempts = other->attempts;
	uint32_t	failures = other->failures;

	for (i = 0; i < other->count; i++) {
		const struct share_entry *e = &other->entry[i];

		share_add(s, e->id, e->attempts, e->failures);
		attempts -= e->attempts;
		failures -= e->failures;
	}
	s->attempts += attempts;
	s->failures += failures;
}

const struct share_entry *
share_of(const struct share *s, uint16_t id)
{
	uint32_t	i;

	for (i = 0; i < s->count; i++)
		if (s->entry[i].id == id)
			return &s->entry[i];
	return NULL;
}

const struct share_entry *
share_most_failing(const struct share *s)
{
	const struct share_entry *most = NULL;
	uint32_t		  i;

	for (i = 0; i < s->count; i++)
		if (most == NULL || s->entry[i].failures > most->failures)
			most = &s->entry[i];
	return most;
}

/* A failing number takes the place of one that fails less. */
static struct share_entry *
place(struct share *s, uint16_t id, uint32_t failures)
{
	struct share_entry	*least = &s->entry[0];
	uint32_t		 i;

	for (i = 0; i < s->count; i++) {
		struct share_entry *e = &s->entry[i];

		if (e->id == id)
			return e;
		if (e->failures < least->failures ||
		    (e->failures == least->failures &&
		    e->attempts < least->attempts))
			least = e;
	}
	s->seen++;
	if (s->count < SHARE_MAX)
		least = &s->entry[s->count++];
	else if (failures <= least->failures)
		return NULL;
	*least = (struct share_entry){ .id = id };
	return least;
}
