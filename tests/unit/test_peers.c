#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "peers.h"

static const struct peers_limits limits = {
	.header_ms = 5000, .request_ms = 10000, .idle_ms = 60000,
	.connections = 8, .per_network = 4,
};

static struct peer *
knock(struct peers *ps, const char *text, int64_t now, struct peer **victim)
{
	struct address	a;

	assert_true(address_parse(&a, text));
	return peers_admit(ps, &a.any, now, victim);
}

/* The fifth from one network replaces that network's oldest. */
static void
test_network(void **state)
{
	struct peers	 ps;
	struct peer	*first, *victim, *other;

	(void)state;
	peers_init(&ps, &limits);
	other = knock(&ps, "10.0.0.9:1", 0, &victim);
	first = knock(&ps, "[2001:db8::1]:1", 0, &victim);
	for (int i = 0; i < 3; i++)
		assert_non_null(knock(&ps, "[2001:db8::2]:1", 0, &victim));
	assert_null(victim);
	assert_non_null(knock(&ps, "[2001:db8::3]:1", 0, &victim));
	assert_ptr_equal(victim, first);
	assert_int_equal(victim->phase, PEER_DYING);
	/* another /64 is another network */
	assert_non_null(knock(&ps, "[2001:db8:0:1::1]:1", 0, &victim));
	assert_null(victim);
	assert_int_equal(other->phase, PEER_READING);
	assert_int_equal(ps.evicted, 1);
}

/* An answer under way is left alone for a while; then it has to go too. */
static void
test_flood(void **state)
{
	struct peers	 ps;
	struct peer	*p[8], *victim;
	char		 from[32] = "10.0.0.1:1";

	(void)state;
	peers_init(&ps, &limits);
	for (int i = 0; i < 8; i++) {
		from[7] = (char)('1' + i);
		p[i] = knock(&ps, from, i, &victim);
		assert_non_null(p[i]);
		peers_enter(&ps, p[i], PEER_SENDING, 100);
	}
	assert_null(knock(&ps, "10.0.0.9:1", 200, &victim));
	assert_int_equal(ps.refused, 1);
	peers_enter(&ps, p[5], PEER_IDLE, 300);
	assert_non_null(knock(&ps, "10.0.0.9:1", 300, &victim));
	assert_ptr_equal(victim, p[5]);
	assert_non_null(knock(&ps, "10.0.0.8:1", 1200, &victim));
	assert_ptr_equal(victim, p[0]);
}

static void
test_deadlines(void **state)
{
	struct peers	 ps;
	struct peer	*p, *victim;

	(void)state;
	peers_init(&ps, &limits);
	assert_int_equal(peers_wait(&ps, 0), -1);
	p = knock(&ps, "10.0.0.1:1", 100, &victim);
	assert_int_equal(peers_wait(&ps, 200), 4900);
	assert_null(peers_overdue(&ps, 5099));
	assert_ptr_equal(peers_overdue(&ps, 5100), p);
	peers_enter(&ps, p, PEER_SENDING, 5000);
	assert_null(peers_overdue(&ps, 14999));
	assert_ptr_equal(peers_overdue(&ps, 15000), p);
	peers_enter(&ps, p, PEER_IDLE, 6000);
	assert_int_equal(peers_wait(&ps, 6000), 60000);
	peers_enter(&ps, p, PEER_DYING, 7000);
	assert_int_equal(peers_wait(&ps, 99999999), -1);
}

/* Whoever is shut down keeps its place until it is cleaned up. */
static void
test_dying(void **state)
{
	struct peers	 ps;
	struct peer	*victim;
	int		 admitted = 0;

	(void)state;
	peers_init(&ps, &limits);
	while (knock(&ps, "10.0.0.1:1", 0, &victim) != NULL)
		admitted++;
	assert_int_equal(admitted, PEERS_MAX);
	assert_int_equal(peers_count(&ps, PEER_DYING), PEERS_MAX - 4);
}

static void
test_address(void **state)
{
	static const struct {
		const char	*text;
		bool		 valid, loopback;
	} cases[] = {
		{ "127.0.0.1:10421", true, true },
		{ "127.20.3.4:0", true, true },
		{ "0.0.0.0:80", true, false },
		{ "192.0.2.1:80", true, false },
		{ "[::1]:10421", true, true },
		{ "[::]:1", true, false },
		{ "[2001:db8::1]:65535", true, false },
		{ "127.0.0.1", false, false },
		{ "127.0.0.1:", false, false },
		{ "127.0.0.1:65536", false, false },
		{ "127.0.0.1:80 ", false, false },
		{ ":80", false, false },
		{ "localhost:80", false, false },
		{ "::1:80", false, false },
		{ "[::1]80", false, false },
		{ "", false, false },
	};
	struct address	a;
	char		text[ADDRESS_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (address_parse(&a, cases[i].text) != cases[i].valid)
			fail_msg("%s: want %d", cases[i].text,
			    cases[i].valid);
		if (!cases[i].valid)
			continue;
		address_print(&a, text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(address_is_loopback(&a), cases[i].loopback);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_dying),
		cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
