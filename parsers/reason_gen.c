/*
 * reason_gen - builds the automaton of reason_match.c from the rules.
 *
 * Run by make. Writes to stdout: the classes of bytes, and the trie of all
 * phrases with failure links (Aho and Corasick, 1975), its edges packed into
 * one array by first fit.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "reason_rules.h"

enum {
	STATES_MAX = 60000, SLOTS_MAX = 65000, HITS_MAX = 60000,
	CLASSES_MAX = 256, NONE = 0xffff
};

struct state {
	uint16_t	 fail, base;
	struct edge	*edges;
};

struct edge {
	struct edge	*next;
	uint16_t	 to;
	unsigned char	 byte;
};

struct hit {
	struct hit	*next;
	uint16_t	 what, len;
};

static struct state	states[STATES_MAX];
static struct hit	*hits[STATES_MAX];
static uint16_t		order[STATES_MAX];
static size_t		state_count = 1;
static unsigned char	class_of[256];
static unsigned		class_count = 1;
static uint16_t		slot_check[SLOTS_MAX], slot_next[SLOTS_MAX];
static size_t		slot_count;

static void	add_all(const char *phrases, size_t what);
static void	add(const char *phrase, size_t len, size_t what);
static uint16_t	step(uint16_t from, unsigned char byte);
static uint16_t	follow(uint16_t from, unsigned char byte);
static void	link_failures(void);
static void	pack(void);
static bool	fits(const struct state *, size_t base);
static void	put_hit(uint16_t state, uint16_t what, uint16_t len);
static void	write_all(void);
static void	write_hits(void);
static void	*take(size_t);

int
main(void)
{
	size_t	i;

	for (i = 0; i < reason_vocabulary_count; i++)
		add_all(reason_vocabulary[i].phrases,
		    reason_vocabulary[i].word);
	for (i = 0; i < reason_rule_count; i++)
		if (reason_rules[i].phrases != NULL)
			add_all(reason_rules[i].phrases, WORD_COUNT + i);
	link_failures();
	pack();
	write_all();
	return 0;
}

static void
add_all(const char *phrases, size_t what)
{
	const char	*p, *end;

	for (p = phrases; *p != '\0'; p = *end == '|' ? end + 1 : end) {
		for (end = p; *end != '\0' && *end != '|'; end++)
			continue;
		if (end - p < 2)
			errx(1, "empty phrase in \"%s\"", phrases);
		add(p, (size_t)(end - p), what);
	}
}

static void
add(const char *phrase, size_t len, size_t what)
{
	uint16_t	state = 0;
	size_t		i;

	if (*phrase == '*') {
		phrase++;
		len--;
	} else {
		state = step(state, ' ');
	}
	for (i = 0; i < len; i++)
		state = step(state, (unsigned char)phrase[i]);
	put_hit(state, (uint16_t)what, (uint16_t)len);
}

/* The state after byte, made when it is not there yet. */
static uint16_t
step(uint16_t from, unsigned char byte)
{
	uint16_t	 to = follow(from, byte);
	struct edge	*e;

	if (to != NONE)
		return to;
	if (state_count == STATES_MAX)
		errx(1, "too many states");
	if (class_of[byte] == 0)
		class_of[byte] = (unsigned char)class_count++;
	e = take(sizeof(*e));
	*e = (struct edge){ states[from].edges, (uint16_t)state_count, byte };
	states[from].edges = e;
	return (uint16_t)state_count++;
}

static uint16_t
follow(uint16_t from, unsigned char byte)
{
	const struct edge	*e;

	for (e = states[from].edges; e != NULL; e = e->next)
		if (e->byte == byte)
			return e->to;
	return NONE;
}

/* Breadth first, so that a state's failure is finished before the state. */
static void
link_failures(void)
{
	size_t			 head = 0, tail = 1;
	const struct edge	*e;
	const struct hit	*h;

	while (head < tail) {
		uint16_t	 s = order[head++];

		for (e = states[s].edges; e != NULL; e = e->next) {
			uint16_t	f = states[s].fail, to;

			while ((to = follow(f, e->byte)) == NONE && f != 0)
				f = states[f].fail;
			if (to == NONE || to == e->to)
				to = 0;
			states[e->to].fail = to;
			for (h = hits[to]; h != NULL; h = h->next)
				put_hit(e->to, h->what, h->len);
			order[tail++] = e->to;
		}
	}
}

static void
pack(void)
{
	size_t			 i, base, hint = 0;
	const struct edge	*e;

	for (i = 0; i < SLOTS_MAX; i++)
		slot_check[i] = NONE;
	for (i = 0; i < state_count; i++) {
		struct state	*s = &states[order[i]];

		if (s->edges == NULL)
			continue;
		while (hint < SLOTS_MAX && slot_check[hint] != NONE)
			hint++;
		for (base = hint > class_count ? hint - class_count : 0;
		    !fits(s, base); base++)
			continue;
		s->base = (uint16_t)base;
		for (e = s->edges; e != NULL; e = e->next) {
			size_t	at = base + class_of[e->byte];

			slot_check[at] = order[i];
			slot_next[at] = e->to;
			if (at >= slot_count)
				slot_count = at + 1;
		}
	}
	slot_count += class_count;	/* so that no lookup leaves the array */
	if (slot_count > SLOTS_MAX)
		errx(1, "too many edges");
}

static bool
fits(const struct state *s, size_t base)
{
	const struct edge	*e;

	if (base + CLASSES_MAX > SLOTS_MAX)
		errx(1, "too many edges");
	for (e = s->edges; e != NULL; e = e->next)
		if (slot_check[base + class_of[e->byte]] != NONE)
			return false;
	return true;
}

static void
put_hit(uint16_t state, uint16_t what, uint16_t len)
{
	struct hit	*h;

	for (h = hits[state]; h != NULL; h = h->next)
		if (h->what == what)
			return;
	h = take(sizeof(*h));
	*h = (struct hit){ hits[state], what, len };
	hits[state] = h;
}

static void
write_all(void)
{
	size_t	i;

	printf("/* made by reason_gen from the rules: %zu states */\n",
	    state_count);
	printf("static const unsigned char classes[256] = {");
	for (i = 0; i < 256; i++)
		printf("%u,%s", class_of[i], i % 16 == 15 ? "\n" : "");
	printf("};\nstatic const struct state states[] = {\n");
	for (i = 0; i < state_count; i++)
		printf("{%u,%u},%s", states[i].base, states[i].fail,
		    i % 8 == 7 ? "\n" : "");
	printf("};\nstatic const struct slot slots[] = {\n");
	for (i = 0; i < slot_count; i++)
		printf("{%u,%u},%s", slot_check[i], slot_next[i],
		    i % 8 == 7 ? "\n" : "");
	printf("};\n");
	write_hits();
}

static void
write_hits(void)
{
	const struct hit	*h;
	size_t			 i, n = 0;

	printf("static const struct reason_hit hits[] = {\n");
	for (i = 0; i < state_count; i++)
		for (h = hits[i]; h != NULL; h = h->next)
			printf("{%u,%u},\n", h->what, h->len);
	printf("};\nstatic const uint16_t first_hit[] = {\n");
	for (i = 0; i < state_count; i++) {
		printf("%zu,%s", n, i % 16 == 15 ? "\n" : "");
		for (h = hits[i]; h != NULL; h = h->next)
			n++;
	}
	printf("%zu};\n", n);
	if (n > HITS_MAX)
		errx(1, "too many hits");
}

static void *
take(size_t size)
{
	void	*p = malloc(size);

	if (p == NULL)
		err(1, "malloc");
	return p;
}
