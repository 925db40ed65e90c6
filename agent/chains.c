#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "chains.h"

/* Who moves a directory away brings it back within days, or never. */
enum { AWAY_S = 7 * 86400 };

static int		 take_in(struct sources *, struct state_file *,
			    size_t count, int64_t oldest_ns);
static size_t		 count_chains(const struct state_file *, size_t);
static int		 in_order(const void *, const void *);
static struct source	*source_of(struct sources *,
			    const struct state_file *);
static bool		 is_overdue(const struct chain *, int64_t oldest_ns);
static int		 wait_for(struct sources *, const struct chain *);

int
chains_take_in(struct sources *s, struct state_file *row, size_t count)
{
	return take_in(s, row, count, INT64_MIN);
}

int
chains_return(struct sources *s, int64_t wall)
{
	struct state_file	*row = s->away;
	size_t			 i, count = s->away_count;
	int			 rc;

	if (count == 0)
		return 0;
	s->away = NULL;
	s->away_count = 0;
	rc = take_in(s, row, count, (wall - AWAY_S) * 1000000000);
	for (i = 0; i < count; i++)
		free((char *)(uintptr_t)row[i].path);
	free(row);
	return rc;
}

bool
chains_wait_for(const struct sources *s, const char *path)
{
	size_t	i;

	for (i = 0; i < s->away_count; i++)
		if (strcmp(s->away[i].path, path) == 0)
			return true;
	return false;
}

static int
take_in(struct sources *s, struct state_file *row, size_t count,
    int64_t oldest_ns)
{
	struct chain	*chain;
	size_t		 i, at, n = 0;
	int		 rc = -1;

	qsort(row, count, sizeof(*row), in_order);
	chain = calloc(count_chains(row, count), sizeof(*chain));
	if (chain == NULL)
		return -1;
	for (at = 0; at < count; at += chain[n - 1].count) {
		struct chain *c = &chain[n++];

		c->source = source_of(s, &row[at]);
		c->row = &row[at];
		while (at + c->count < count &&
		    in_order(c->row, c->row + c->count) / 2 == 0)
			c->count++;
		c->overdue = is_overdue(c, oldest_ns);
		if (chain_find(c, s) == -1 ||
		    (c->away && wait_for(s, c) == -1))
			goto out;
	}
	for (i = 0; i < n; i++)
		if (!chain[i].away && chain_follow(&chain[i], s) == -1)
			goto out;
	rc = 0;
out:
	for (i = 0; i < n; i++)
		chain_fini(&chain[i]);
	free(chain);
	return rc;
}

static size_t
count_chains(const struct state_file *row, size_t count)
{
	size_t	i, n = 1;

	for (i = 1; i < count; i++)
		n += in_order(&row[i - 1], &row[i]) / 2 != 0;
	return n;
}

/* Two for another source or path, one for another file of the same. */
static int
in_order(const void *a, const void *b)
{
	const struct state_file	*x = a, *y = b;
	int			 order = strcmp(x->source, y->source);

	if (order == 0)
		order = strcmp(x->path, y->path);
	if (order != 0)
		return order < 0 ? -2 : 2;
	if (x->id == y->id)
		return 0;
	return x->id < y->id ? -1 : 1;
}

static struct source *
source_of(struct sources *s, const struct state_file *row)
{
	size_t	i = 0;

	while (strcmp(s->source[i].name, row->source) != 0)
		i++;
	return &s->source[i];
}

static bool
is_overdue(const struct chain *c, int64_t oldest_ns)
{
	size_t	i;

	for (i = 0; i < c->count; i++)
		if (c->row[i].mtime_ns >= oldest_ns)
			return false;
	return true;
}

static int
wait_for(struct sources *s, const struct chain *c)
{
	struct state_file	*away;
	size_t			 i;

	away = realloc(s->away, (s->away_count + c->count) * sizeof(*away));
	if (away == NULL)
		return -1;
	s->away = away;
	for (i = 0; i < c->count; i++) {
		away[s->away_count++] = c->row[i];
		c->row[i].path = NULL;
	}
	return 0;
}
