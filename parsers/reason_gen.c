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
	STATES_MAX = 0xfff0,
	SLOTS_MAX = 0xfff0, HITS_MAX = 0xffff, CLASSES_MAX = 256,
	NONE = 0xffff
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
static bool		is_base[SLOTS_MAX];
static uint16_t		hits_at[STATES_MAX];	/* in the list that is written */

static void	add_all(const char *phrases, size_t what);
static void	add(const char *phrase, size_t len, size_t what);
static void	add_from(char before, const char *phrase, size_t len,
		    size_t what);
static uint16_t	step(uint16_t from, unsigned char byte);
static uint16_t	follow(uint16_t from, unsigned char byte);
static void	link_failures(void);
static void	pack(void);
static bool	fits(const struct state *, size_t base);
static void	put_hit(uint16_t state, uint16_t what, uint16_t len);
static void	write_all(void);
static void	write_hits(void);
static void	write_slots(void);
static void	write_word_rules(void);
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
	if (*phrase != '*') {
		add_from(' ', phrase, len, what);
		return;
	}
	phrase++;
	len--;
	if ((*phrase >= 'a' && *phrase <= 'z') ||
	    (*phrase >= '0' && *phrase <= '9')) {
		add_from(' ', phrase, len, what);
		add_from('.', phrase, len, what);
	} else {
		add_from('\0', phrase, len, what);
	}
}

/* With the byte before it, if that is not 0. */
static void
add_from(char before, const char *phrase, size_t len, size_t what)
{
	uint16_t	state = 0;
	size_t		i;

	if (before != '\0')
		state = step(state, (unsigned char)before);
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

/* Each state gets a base of its own, which is its name from then on. */
static void
pack(void)
{
	size_t			 i, base, hint = 0;
	const struct edge	*e;

	for (i = 0; i < SLOTS_MAX; i++)
		slot_check[i] = NONE;
	for (i = 0; i < state_count; i++) {
		struct state	*s = &states[order[i]];

		while (is_base[hint])
			hint++;
		for (base = hint; is_base[base] || !fits(s, base); base++)
			continue;
		s->base = (uint16_t)base;
		is_base[base] = true;
		for (e = s->edges; e != NULL; e = e->next) {
			size_t	at = base + class_of[e->byte];

			slot_check[at] = s->base;
			slot_next[at] = e->to;
		}
		if (base + class_count > slot_count)
			slot_count = base + class_count;
	}
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
	printf("};\nstatic const bool starts[256] = {");
	for (i = 0; i < 256; i++)
		printf("%u,%s", follow(0, (unsigned char)i) != NONE,
		    i % 16 == 15 ? "\n" : "");
	printf("};\n");
	write_hits();
	write_slots();
	write_word_rules();
}

/* Lists, each ended by one of length 0; the first list is empty. */
static void
write_hits(void)
{
	const struct hit	*h;
	size_t			 i, n = 1;

	printf("static const struct hit hits[] = {\n{0,0},\n");
	for (i = 0; i < state_count; i++) {
		if (hits[i] == NULL)
			continue;
		hits_at[i] = (uint16_t)n;
		for (h = hits[i]; h != NULL; h = h->next, n++)
			printf("{%u,%u},", h->what, h->len);
		printf("{0,0},\n");
		n++;
	}
	printf("};\n");
	if (n > HITS_MAX)
		errx(1, "too many hits");
}

static void
write_slots(void)
{
	static uint16_t	fail_of[SLOTS_MAX];
	size_t		i;

	printf("static const struct slot slots[] = {\n");
	for (i = 0; i < slot_count; i++) {
		const struct state	*to = &states[slot_next[i]];

		if (slot_check[i] == NONE)
			printf("{%d,0,0,0},", NONE);
		else
			printf("{%u,%u,%u,%u},", slot_check[i], to->base,
			    states[to->fail].base, hits_at[slot_next[i]]);
		if (i % 8 == 7)
			printf("\n");
	}
	for (i = 0; i < state_count; i++)
		fail_of[states[i].base] = states[states[i].fail].base;
	printf("};\nstatic const uint16_t fails[] = {\n");
	for (i = 0; i < slot_count; i++)
		printf("%u,%s", fail_of[i], i % 16 == 15 ? "\n" : "");
	printf("};\n");
}

/* The rules without a phrase: each sentence must be asked about them. */
static void
write_word_rules(void)
{
	size_t	i;

	printf("const uint16_t reason_word_rules[] = {\n");
	for (i = 0; i < reason_rule_count; i++)
		if (reason_rules[i].phrases == NULL)
			printf("%zu,\n", i);
	printf("};\nconst size_t reason_word_rule_count ="
	    " sizeof(reason_word_rules) / sizeof(*reason_word_rules);\n");
}

static void *
take(size_t size)
{
	void	*p = malloc(size);

	if (p == NULL)
		err(1, "malloc");
	return p;
}
