#include <errno.h>
#include <stdlib.h>

#include "suffixes.h"

enum { SLOTS_FIRST = 256 };

/* FNV-1a, 32 bits, fed from the right. */
#define HASH_START	UINT32_C(2166136261)
#define HASH_PRIME	UINT32_C(16777619)

struct suffix {
	char		*name;		/* lower case; NULL: free */
	uint32_t	 hash;
	uint16_t	 n;
	uint16_t	 id[SUFFIX_KINDS];
};

static int		 grow(struct suffixes *);
static struct suffix	*place(const struct suffixes *, const char *name,
			    size_t n, uint32_t hash);
static uint32_t		 hash_of(const char *name, size_t n);

static inline unsigned char
lower(char c)
{
	unsigned char	u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? u | 0x20 : u;
}

int
suffixes_put(struct suffixes *s, const char *name, unsigned kind, uint16_t id)
{
	struct suffix	*slot;
	size_t		 n;

	if (name[0] == '*' && name[1] == '.')
		name += 2;
	n = strlen(name);
	if (n > 0 && name[n - 1] == '.')
		n--;
	if (n == 0 || n > SUFFIX_NAME_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (4 * (s->count + 1) > s->slots && grow(s) == -1)
		return -1;
	slot = place(s, name, n, hash_of(name, n));
	if (slot->name == NULL) {
		slot->name = malloc(n);
		if (slot->name == NULL)
			return -1;
		for (size_t i = 0; i < n; i++)
			slot->name[i] = (char)lower(name[i]);
		slot->n = (uint16_t)n;
		slot->hash = hash_of(name, n);
		s->count++;
	}
	slot->id[kind] = id;
	return 0;
}

void
suffixes_fini(struct suffixes *s)
{
	for (size_t i = 0; i < s->slots; i++)
		free(s->slot[i].name);
	free(s->slot);
	*s = (struct suffixes){ 0 };
}

uint16_t
suffixes_find(const struct suffixes *s, struct view name, unsigned kind)
{
	uint32_t	 hash = HASH_START;
	uint16_t	 id = 0;
	struct suffix	*slot;

	if (s->count == 0 || name.n > SUFFIX_NAME_MAX)
		return 0;
	for (size_t i = name.n; i > 0; i--) {
		hash = (hash ^ lower(name.p[i - 1])) * HASH_PRIME;
		if (i > 1 && name.p[i - 2] != '.')
			continue;
		slot = place(s, name.p + i - 1, name.n - i + 1, hash);
		if (slot->name != NULL && slot->id[kind] != 0)
			id = slot->id[kind];
	}
	return id;
}

/* A quarter full, so that a search that finds nothing ends at once. */
static int
grow(struct suffixes *s)
{
	struct suffixes	bigger = { NULL, SLOTS_FIRST, s->count };

	if (s->slots > 0)
		bigger.slots = 2 * s->slots;
	bigger.slot = calloc(bigger.slots, sizeof(*bigger.slot));
	if (bigger.slot == NULL)
		return -1;
	for (size_t i = 0; i < s->slots; i++)
		if (s->slot[i].name != NULL)
			*place(&bigger, s->slot[i].name, s->slot[i].n,
			    s->slot[i].hash) = s->slot[i];
	free(s->slot);
	*s = bigger;
	return 0;
}

/* The slot of that name, or the free one where it would be put. */
static struct suffix *
place(const struct suffixes *s, const char *name, size_t n, uint32_t hash)
{
	/* the low bits of FNV are its best, the high ones are mixed in */
	size_t	i = (hash ^ hash >> 16) & (s->slots - 1), at;

	for (; s->slot[i].name != NULL; i = (i + 1) & (s->slots - 1)) {
		if (s->slot[i].hash != hash || s->slot[i].n != n)
			continue;
		for (at = 0; at < n; at++)
			if (lower(name[at]) !=
			    (unsigned char)s->slot[i].name[at])
				break;
		if (at == n)
			break;
	}
	return &s->slot[i];
}

static uint32_t
hash_of(const char *name, size_t n)
{
	uint32_t	hash = HASH_START;

	while (n > 0)
		hash = (hash ^ lower(name[--n])) * HASH_PRIME;
	return hash;
}
