#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "label.h"
#include "tenant.h"

static const uint8_t	key[16] = "0123456789abcdef";
enum { DAY = TENANT_PLACE_S };

static void
note_leaving(void *arg, uint16_t place)
{
	*(uint16_t *)arg = place;
}

static uint16_t
mail(struct tenants *t, const char *name, int64_t time, uint32_t n)
{
	uint16_t	id = tenant_id(t, view_of(name), time);

	tenant_count(t, id, time, n);
	return id;
}

static void
test_names_are_one_case(void **state)
{
	struct tenants	t;
	uint16_t	id;

	(void)state;
	assert_int_equal(tenants_init(&t, 2, key), 0);
	id = mail(&t, "Acme.Example", 1, 1);
	assert_int_equal(mail(&t, "acme.example", 2, 1), id);
	assert_string_equal(tenant_name(&t, id), "acme.example");
	assert_int_equal(tenant_id(&t, VIEW_NONE, 1), 0);
	assert_int_equal(tenant_place(&t, 0), LABEL_OTHER);
	tenants_fini(&t);
}

static void
test_place_is_kept_a_day(void **state)
{
	struct tenants	t;
	uint16_t	a, c, gone = 0;

	(void)state;
	assert_int_equal(tenants_init(&t, 2, key), 0);
	t.leaves = note_leaving;
	t.arg = &gone;
	a = mail(&t, "a", 1, 5);
	mail(&t, "b", 1, 50);
	c = mail(&t, "c", 2, 500);
	assert_int_equal(tenant_place(&t, c), LABEL_OTHER);
	c = mail(&t, "c", DAY + 1, 1);
	assert_int_equal(gone, 1);
	assert_int_equal(tenant_place(&t, c), 1);
	assert_int_equal(tenant_place(&t, a), LABEL_OTHER);
	assert_string_equal(tenant_place_name(&t, 1), "c");
	tenants_fini(&t);
}

/* Random names in any number push out neither the busy nor the placed. */
static void
test_flood_keeps_the_busy(void **state)
{
	struct tenants	t;
	uint16_t	busy, quiet;
	char		name[32];

	(void)state;
	assert_int_equal(tenants_init(&t, 1, key), 0);
	quiet = mail(&t, "placed.example", 1, 1);
	busy = mail(&t, "busy.example", 1, 1000000);
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "r%d.example", i);
		mail(&t, name, 2, 1);
	}
	assert_string_equal(tenant_name(&t, busy), "busy.example");
	assert_string_equal(tenant_name(&t, quiet), "placed.example");
	assert_int_equal(tenant_id(&t, VIEW("busy.example"), 3), busy);
	tenants_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_names_are_one_case),
		cmocka_unit_test(test_place_is_kept_a_day),
		cmocka_unit_test(test_flood_keeps_the_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
