#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "store.h"

enum { MAX = 64, TURNS = 20000 };

struct entry {
	struct store_node	node;
	uint32_t		number;		/* in the order of arrival */
};

/* What a store must say, by looking at everything. */
struct model {
	uint64_t	key[MAX + 1];		/* 0: free */
	size_t		count;
};

static uint64_t
draw(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void
dropped(void *arg, uint32_t number)
{
	struct model	*m = arg;

	m->key[number] = 0;
	m->count--;
}

static void
check(const struct store *p, const struct model *m, uint64_t key)
{
	uint32_t	want = 0;

	for (uint32_t i = 1; i <= MAX; i++)
		if (m->key[i] == key)
			want = i;
	assert_int_equal(store_find(p, key), want);
	assert_int_equal(p->head->count, m->count);
}

/*
 * Keys that share their bucket, their tag, both or neither: mask gives those
 * bits of a key that may differ.
 */
static void
live(uint64_t mask)
{
	struct store	p;
	struct model	m = { .count = 0 };
	uint64_t	x = 88172645463325252u;

	assert_int_equal(store_init(&p, "test", 1, MAX,
	    sizeof(struct entry)), 0);
	p.drop = dropped;
	p.arg = &m;
	for (int i = 0; i < TURNS; i++) {
		uint64_t	key = (draw(&x) & mask) | 1;
		uint32_t	number = store_find(&p, key);

		check(&p, &m, key);
		if (number == 0) {
			number = store_add(&p, key);
			assert_int_equal(m.key[number], 0);
			m.key[number] = key;
			m.count++;
		} else if (draw(&x) % 2 == 0) {
			store_remove(&p, number);
			m.key[number] = 0;
			m.count--;
		} else {
			store_renew(&p, number);
		}
		check(&p, &m, key);
	}
	for (uint32_t i = 1; i <= MAX; i++)
		if (m.key[i] != 0)
			check(&p, &m, m.key[i]);
	store_fini(&p);
}

static void
test_keys_of_all_kinds(void **state)
{
	(void)state;
	live(UINT64_MAX);
	live(UINT64_C(0xff) << 32);			/* one tag */
	live(UINT64_C(0xff) << 54);			/* one bucket */
	live(0xfe);					/* one of both */
	live(UINT64_C(0x7) << 61 | UINT64_C(0xf) << 32);
}

static void
test_oldest_goes(void **state)
{
	struct store	p;

	(void)state;
	assert_int_equal(store_init(&p, "test", 1, 3, sizeof(struct entry)),
	    0);
	store_add(&p, 11);
	store_add(&p, 12);
	store_add(&p, 13);
	store_renew(&p, store_find(&p, 11));
	store_add(&p, 14);
	assert_int_equal(store_find(&p, 12), 0);
	assert_int_not_equal(store_find(&p, 11), 0);
	assert_int_equal(p.head->evicted, 1);
	store_fini(&p);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_keys_of_all_kinds),
		cmocka_unit_test(test_oldest_goes)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
