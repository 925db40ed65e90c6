#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "correlate.h"

enum { T0 = 1795323420 };

struct world {
	struct config		 config;
	struct tenants		 tenants;
	struct correlate	*c;
};

static const uint8_t	key[16] = "0123456789abcdef";

static int
setup(void **state)
{
	struct world	*w = calloc(1, sizeof(*w));

	w->config.correlation_messages = 100;
	assert_int_equal(tenants_init(&w->tenants, 20, key), 0);
	assert_int_equal(correlate_init(&w->c, &w->config, &w->tenants, key),
	    0);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world	*w = *state;

	correlate_fini(w->c);
	tenants_fini(&w->tenants);
	free(w);
	return 0;
}

static struct mail_event
event(enum event_kind kind, const char *id)
{
	return (struct mail_event){ .kind = kind, .mta = MTA_POSTFIX,
	    .time = T0, .queue_id = view_of(id), .host = VIEW("mx1"),
	    .instance = VIEW("postfix"), .count = 1, .recipient_count = 1 };
}

static void
arrive(struct world *w, const char *id, const char *login,
    const char *sender)
{
	struct mail_event	client = event(EVENT_ARRIVAL, id);
	struct mail_event	from = event(EVENT_ARRIVAL, id);

	client.client = VIEW("app.example");
	client.login = view_of(login);
	correlate_arrival(w->c, &client, 0);
	from.sender = view_of(sender);
	from.has_sender = true;
	correlate_arrival(w->c, &from, 0);
}

/* One recipient's turn; the verdict that it got. */
static struct verdict
deliver(struct world *w, const char *id, const char *to, enum outcome outcome,
    int64_t time)
{
	static struct mail_event	 ev;
	struct verdict			 v;
	struct message			*m;

	ev = event(EVENT_DELIVERY, id);
	ev.outcome = outcome;
	ev.attempt = true;
	ev.time = time;
	memset(&v, 0, sizeof(v));
	v.event = &ev;
	v.counts = true;
	v.provider = PROVIDER_GOOGLE;
	v.diagnosis.reason = outcome == OUTCOME_DEFERRED ? REASON_GREYLIST :
	    REASON_NONE;
	m = correlate_message(w->c, &ev, 0, &v);
	assert_non_null(m);
	correlate_recipient(w->c, m, view_of(to), &v);
	return v;
}

static void
test_tenant_by_rank(void **state)
{
	struct world	*w = *state;
	struct verdict	 v;

	arrive(w, "A1", "news@acme.example", "bounce@list.example");
	v = deliver(w, "A1", "a@gmail.com", OUTCOME_DELIVERED, T0);
	assert_string_equal(tenant_name(&w->tenants, v.tenant),
	    "acme.example");
	arrive(w, "A2", NULL, "x@Shop.Example");
	v = deliver(w, "A2", "a@gmail.com", OUTCOME_DELIVERED, T0);
	assert_string_equal(tenant_name(&w->tenants, v.tenant),
	    "shop.example");
	arrive(w, "A3", "school", "x@shop.example");
	v = deliver(w, "A3", "a@gmail.com", OUTCOME_DELIVERED, T0);
	assert_string_equal(tenant_name(&w->tenants, v.tenant), "school");
	v = deliver(w, "A4", "a@gmail.com", OUTCOME_DELIVERED, T0);
	assert_int_equal(v.tenant, 0);
}

static void
test_retry_history(void **state)
{
	struct world	*w = *state;
	struct backlog	 all[PROVIDER_MAX];
	struct verdict	 v;

	v = deliver(w, "B1", "a@gmail.com", OUTCOME_DEFERRED, T0);
	assert_true(v.first);
	assert_false(v.final);
	correlate_backlog(w->c, all);
	assert_int_equal(all[PROVIDER_GOOGLE].recipients, 1);
	assert_int_equal(all[PROVIDER_GOOGLE].oldest, T0);
	v = deliver(w, "B1", "a@gmail.com", OUTCOME_DEFERRED, T0 + 300);
	assert_false(v.first);
	v = deliver(w, "B1", "other@gmail.com", OUTCOME_DELIVERED, T0 + 300);
	assert_true(v.first);
	assert_int_equal(v.first_deferred, 0);
	v = deliver(w, "B1", "a@gmail.com", OUTCOME_DELIVERED, T0 + 900);
	assert_false(v.first);
	assert_true(v.final);
	assert_int_equal(v.first_deferred, T0);
	assert_int_equal(v.first_reason, REASON_GREYLIST);
	correlate_backlog(w->c, all);
	assert_int_equal(all[PROVIDER_GOOGLE].recipients, 0);
}

static void
test_expiry_takes_all_that_wait(void **state)
{
	struct world		*w = *state;
	struct mail_event	 ev = event(EVENT_DELIVERY, "C1");
	struct verdict		 v = { .event = &ev };
	struct message		*m;
	int			 n = 0;

	deliver(w, "C1", "a@gmail.com", OUTCOME_DEFERRED, T0);
	deliver(w, "C1", "b@gmail.com", OUTCOME_DEFERRED, T0);
	deliver(w, "C1", "c@gmail.com", OUTCOME_DEFERRED, T0);
	deliver(w, "C1", "b@gmail.com", OUTCOME_DELIVERED, T0 + 60);
	m = correlate_message(w->c, &ev, 0, &v);
	while (correlate_take(w->c, m, &v))
		n++;
	assert_int_equal(n, 2);
	assert_int_equal(v.provider, PROVIDER_GOOGLE);
}

static void
test_removal_forgets(void **state)
{
	struct world		*w = *state;
	struct mail_event	 removed = event(EVENT_REMOVAL, "D1");
	struct backlog		 all[PROVIDER_MAX];
	struct verdict		 v;

	arrive(w, "D1", "acme", "x@acme.example");
	deliver(w, "D1", "a@gmail.com", OUTCOME_DEFERRED, T0);
	correlate_removal(w->c, &removed, 0);
	correlate_backlog(w->c, all);
	assert_int_equal(all[PROVIDER_GOOGLE].recipients, 0);
	assert_int_equal(correlate_messages(w->c), 0);
	v = deliver(w, "D1", "a@gmail.com", OUTCOME_DELIVERED, T0);
	assert_int_equal(v.tenant, 0);
}

static void
test_reused_id_joins_no_strangers(void **state)
{
	struct world	*w = *state;
	struct verdict	 v;

	arrive(w, "E1", "acme", "x@acme.example");
	deliver(w, "E1", "a@gmail.com", OUTCOME_DEFERRED, T0);
	arrive(w, "E1", NULL, "y@bank.example");
	v = deliver(w, "E1", "a@gmail.com", OUTCOME_DELIVERED, T0 + 9);
	assert_string_equal(tenant_name(&w->tenants, v.tenant),
	    "bank.example");
	assert_true(v.first);
}

static void
test_content_filter_passes_the_tenant_on(void **state)
{
	struct world		*w = *state;
	struct mail_event	 ev = event(EVENT_DELIVERY, "F1");
	struct verdict		 v = { .event = &ev };
	struct message		*m;

	arrive(w, "F1", "acme", "x@acme.example");
	arrive(w, "F2", NULL, "x@acme.example");
	ev.next_id = VIEW("F2");
	m = correlate_message(w->c, &ev, 0, &v);
	correlate_follow(w->c, m, &ev, 0);
	v = deliver(w, "F2", "a@gmail.com", OUTCOME_DELIVERED, T0);
	assert_string_equal(tenant_name(&w->tenants, v.tenant), "acme");
}

/* A full table drops its oldest and stays sound. */
static void
test_flood_is_bounded(void **state)
{
	struct world	*w = *state;
	struct backlog	 all[PROVIDER_MAX];
	char		 id[24];

	for (int i = 0; i < 5000; i++) {
		snprintf(id, sizeof(id), "Q%d", i);
		deliver(w, id, "a@gmail.com", OUTCOME_DEFERRED, T0 + i);
		if (i % 3 == 0)
			deliver(w, id, "b@gmail.com", OUTCOME_DEFERRED,
			    T0 + i);
	}
	assert_int_equal(correlate_messages(w->c), 100);
	assert_true(correlate_evicted(w->c) >= 4900);
	correlate_backlog(w->c, all);
	assert_in_range(all[PROVIDER_GOOGLE].recipients, 1, 100);
	assert_false(deliver(w, "Q4999", "a@gmail.com", OUTCOME_DELIVERED,
	    T0 + 5000).first);
	assert_true(deliver(w, "Q1", "a@gmail.com", OUTCOME_DELIVERED,
	    T0 + 5000).first);
}

/* A Sendmail process: the login has no queue id, its messages have. */
static void
log_in(struct world *w, uint32_t pid, const char *login, const char *client)
{
	struct mail_event	ev = event(EVENT_ARRIVAL, "");

	ev.mta = MTA_SENDMAIL;
	ev.queue_id = VIEW_NONE;
	ev.pid = pid;
	ev.login = view_of(login);
	ev.client = view_of(client);
	correlate_arrival(w->c, &ev, 0);
}

static void
want_tenant(struct world *w, uint32_t pid, const char *id,
    const struct mail_event *like, const char *tenant)
{
	struct mail_event	ev = event(EVENT_ARRIVAL, id);
	struct verdict		v = { .event = &ev };

	ev.mta = MTA_SENDMAIL;
	ev.pid = pid;
	ev.time = like->time;
	ev.client = like->client;
	ev.sender = VIEW("x@list.example");
	ev.has_sender = true;
	correlate_arrival(w->c, &ev, 0);
	ev.kind = EVENT_DELIVERY;
	ev.pid++;
	assert_non_null(correlate_message(w->c, &ev, 0, &v));
	if (strcmp(tenant_name(&w->tenants, v.tenant), tenant) != 0)
		fail_msg("%s: %s, not %s", id, tenant_name(&w->tenants,
		    v.tenant), tenant);
}

static void
test_login_of_a_session(void **state)
{
	const struct mail_event	at_once = { .time = T0 + 1,
				    .client = VIEW("app.example") };
	const struct mail_event	soon = { .time = T0 + 500,
				    .client = VIEW("app.example") };
	const struct mail_event	late = { .time = T0 + 9000,
				    .client = VIEW("app.example") };
	const struct mail_event	other = { .time = T0 + 2,
				    .client = VIEW("other.example") };
	struct world		*w = *state;
	char			 id[8];

	log_in(w, 7, "u@acme.example", "app.example");
	want_tenant(w, 7, "S1", &at_once, "acme.example");
	want_tenant(w, 7, "S2", &soon, "acme.example");
	want_tenant(w, 8, "S3", &soon, "list.example");
	want_tenant(w, 7, "S4", &other, "list.example");
	log_in(w, 7, "u@acme.example", "app.example");
	want_tenant(w, 7, "S5", &late, "list.example");
	log_in(w, 7, "u@acme.example", "app.example");
	log_in(w, 7, "u@shop.example", "app.example");
	want_tenant(w, 7, "S6", &at_once, "shop.example");
	for (uint32_t i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "T%u", i);
		log_in(w, 100 + i, "u@acme.example", "app.example");
		want_tenant(w, 100 + i, id, &at_once, "acme.example");
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest	tests[] = {
		T(test_tenant_by_rank),
		T(test_retry_history),
		T(test_expiry_takes_all_that_wait),
		T(test_removal_forgets),
		T(test_reused_id_joins_no_strangers),
		T(test_content_filter_passes_the_tenant_on),
		T(test_flood_is_bounded),
		T(test_login_of_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
