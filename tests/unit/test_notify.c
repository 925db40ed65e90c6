#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "notify_keep.h"

enum { NOW = 1793577600 };

static struct notify	n;
static struct notify_now now;
static struct config_receiver managers[2], hook;
static struct config	config;
static char		body[NOTIFY_RECEIVERS][65536];
static int		posts[NOTIFY_RECEIVERS];

static int
post(void *arg, size_t receiver, const struct config_receiver *c,
    bool alertmanager, struct view v)
{
	(void)arg;
	(void)c;
	(void)alertmanager;
	snprintf(body[receiver], sizeof(body[receiver]), "%.*s", (int)v.n,
	    v.p);
	posts[receiver]++;
	return 0;
}

static int
setup(void **state)
{
	const struct notify_transport	t = { post, NULL };

	(void)state;
	managers[0] = (struct config_receiver){ .name = "a", .url = "u" };
	managers[1] = (struct config_receiver){ .name = "b", .url = "u" };
	hook = (struct config_receiver){ .name = "chat", .url = "u" };
	config = (struct config){ .alertmanager = managers,
	    .alertmanager_count = 2, .webhook = &hook, .webhook_count = 1 };
	memset(posts, 0, sizeof(posts));
	memset(body, 0, sizeof(body));
	now = (struct notify_now){ NOW, 1000, NOW };
	memset(&n, 0, sizeof(n));
	assert_int_equal(notify_init(&n, &config, &t), 0);
	notify_tick(&n, &now);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	notify_fini(&n);
	return 0;
}

static void
pass(int seconds)
{
	while (seconds-- > 0) {
		now.wall_s++;
		now.log_s++;
		now.mono_ms += 1000;
		notify_tick(&n, &now);
	}
}

static struct incident
incident(void)
{
	struct incident	i = { .id = 7, .firing = true, .at = NOW - 60,
			    .onset = NOW - 300, .attempts = 100, .count = 40,
			    .rate = 0.4 };

	snprintf(i.provider, sizeof(i.provider), "google");
	i.key = (struct spike_key){ .class = CLASS_4XX, .code = 421,
	    .reason = REASON_RATE_LIMIT };
	alert_weigh(&i);
	alert_label(&i);
	return i;
}

static void
done_all(enum notify_outcome outcome)
{
	size_t	i;

	for (i = 0; i < n.count; i++)
		if (n.receiver[i].busy)
			notify_done(&n, i, outcome, 0);
}

static void
test_resend_and_resolve(void **state)
{
	struct incident	i = incident();
	int		before;

	(void)state;
	notify_incident(&n, &i);
	pass(1);
	assert_int_equal(posts[0], 1);
	assert_int_equal(posts[1], 1);
	assert_int_equal(posts[2], 1);
	assert_non_null(strstr(body[0], "\"startsAt\":\"2026-11-01T23:55:00Z\""));
	assert_non_null(strstr(body[0], "\"endsAt\":\"2026-11-02T00:04:01Z\""));
	assert_non_null(strstr(body[2], "\"version\":\"4\""));
	done_all(NOTIFY_SENT);
	pass(59);
	assert_int_equal(posts[0], 1);
	pass(2);
	assert_int_equal(posts[0], 2);
	assert_int_equal(posts[2], 1);
	done_all(NOTIFY_SENT);
	i.firing = false;
	i.cleared_at = now.wall_s;
	notify_incident(&n, &i);
	pass(1);
	assert_int_equal(posts[0], 3);
	assert_int_equal(posts[2], 2);
	assert_non_null(strstr(body[0], "\"startsAt\":\"2026-11-01T23:55:00Z\""));
	assert_non_null(strstr(body[0], "\"endsAt\":\"2026-11-02T00:01:"));
	assert_non_null(strstr(body[2], "\"status\":\"resolved\""));
	done_all(NOTIFY_SENT);
	for (before = 0; before < 20; before++) {
		pass(60);
		done_all(NOTIFY_SENT);
	}
	assert_in_range(posts[0], 3 + 14, 3 + 16);
	assert_int_equal(posts[2], 2);
}

static void
test_back_off(void **state)
{
	struct incident	i = incident();
	int		minute, per_hour;

	(void)state;
	notify_incident(&n, &i);
	pass(1);
	notify_done(&n, 0, NOTIFY_SENT, 0);
	notify_done(&n, 2, NOTIFY_FAILED, 0);
	notify_done(&n, 1, NOTIFY_FAILED, 30);
	pass(29);
	assert_int_equal(posts[1], 1);
	assert_in_range(posts[2], 2, 2);
	pass(3);
	assert_int_equal(posts[1], 2);
	for (minute = 0; minute < 3600; minute++) {
		done_all(NOTIFY_FAILED);
		pass(1);
	}
	per_hour = posts[1];
	assert_in_range(per_hour, 12, 40);
	assert_int_equal(notify_queue_length(&n, 1), 1);
	assert_int_equal(notify_queue_length(&n, 2), 1);
}

static void
test_rejected_is_given_up(void **state)
{
	struct incident	i = incident();

	(void)state;
	notify_incident(&n, &i);
	pass(1);
	done_all(NOTIFY_REJECTED);
	assert_int_equal(notify_queue_length(&n, 2), 0);
	assert_int_equal(n.receiver[2].outcome[NOTIFY_REJECTED], 1);
	pass(30);
	assert_int_equal(posts[2], 1);
}

static void
test_queue_is_bounded(void **state)
{
	struct incident	i = incident();
	int		k;

	(void)state;
	for (k = 0; k < NOTIFY_QUEUE + 5; k++) {
		i.firing = k % 2 == 0;
		i.cleared_at = i.firing ? 0 : now.wall_s;
		notify_incident(&n, &i);
	}
	assert_int_equal(notify_queue_length(&n, 2), NOTIFY_QUEUE);
	assert_int_equal(n.receiver[2].outcome[NOTIFY_DROPPED], 5);
}

/* What is under way stays, the next ones go, the newest are kept. */
static void
test_full_queue_with_one_under_way(void **state)
{
	struct incident	i = incident();
	int		k;

	(void)state;
	i.count = 1;
	notify_incident(&n, &i);
	pass(1);
	assert_true(n.receiver[2].busy);
	for (k = 2; k <= NOTIFY_QUEUE + 5; k++) {
		i.firing = k % 2 == 1;
		i.count = (uint32_t)k;
		i.cleared_at = i.firing ? 0 : now.wall_s;
		notify_incident(&n, &i);
	}
	assert_int_equal(n.receiver[2].count, NOTIFY_QUEUE);
	assert_int_equal(n.receiver[2].outcome[NOTIFY_DROPPED], 5);
	assert_non_null(strstr(n.receiver[2].queue[n.receiver[2].first],
	    "\"count\":\"1\""));
	notify_done(&n, 2, NOTIFY_SENT, 0);
	pass(1);
	assert_non_null(strstr(body[2], "\"count\":\"7\""));
	assert_non_null(strstr(n.receiver[2].queue[(n.receiver[2].first +
	    n.receiver[2].count - 1) % NOTIFY_QUEUE], "\"count\":\"1005\""));
}

static void
test_old_news(void **state)
{
	struct incident	i = incident();

	(void)state;
	now.log_s = NOW - 3600;
	notify_tick(&n, &now);
	i.at = i.onset = NOW - 3600;
	notify_incident(&n, &i);
	pass(5);
	assert_int_equal(posts[0], 0);
	i.firing = false;
	i.cleared_at = NOW - 1800;
	notify_incident(&n, &i);
	pass(5);
	assert_int_equal(posts[0], 0);
	assert_int_equal(n.receiver[0].outcome[NOTIFY_OLD], 1);
	/* one that still fires when the present is reached is news */
	i.firing = true;
	i.id = 8;
	notify_incident(&n, &i);
	pass(5);
	assert_int_equal(posts[0], 0);
	now.log_s = now.wall_s;
	pass(1);
	assert_int_equal(posts[0], 1);
}

static void
test_wider_is_a_new_alert(void **state)
{
	struct incident	i = incident();

	(void)state;
	notify_incident(&n, &i);
	pass(1);
	done_all(NOTIFY_SENT);
	i.provider[0] = '\0';
	i.scope = SCOPE_ALL;
	i.cause = CAUSE_SELF;
	alert_label(&i);
	i.at = now.wall_s;
	notify_incident(&n, &i);
	pass(1);
	assert_non_null(strstr(body[0], "SmtpulseAllProviders"));
	assert_non_null(strstr(body[0], "SmtpulseSpike"));
	assert_int_equal(posts[2], 2);
}

/* One commit of what the queues hold. */
static void
save(struct commit *c, struct state *s)
{
	assert_int_equal(state_begin(s), 0);
	c->member[0].save(c->member[0].arg, s);
	assert_int_equal(state_commit(s), 0);
	c->member[0].saved(c->member[0].arg, true);
}

/* What a webhook has not taken is taken by the next life, once, in order. */
static void
test_queue_outlives_us(void **state)
{
	const struct notify_transport	 t = { post, NULL };
	char				 dir[] = "/tmp/smtpulse-test-XXXXXX";
	char				 path[64], command[64], first[65536];
	struct commit			 c = { .member_count = 0 };
	struct state_opening		 how;
	struct state			*s;
	struct incident			 i = incident();

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/state.db", dir);
	assert_int_equal(state_open(&s, path, &how), STATE_OK);
	notify_keep(&n, &c);
	notify_incident(&n, &i);
	pass(1);
	strcpy(first, body[2]);
	i.firing = false;
	i.cleared_at = now.wall_s;
	notify_incident(&n, &i);
	assert_int_equal(notify_queue_length(&n, 2), 2);
	save(&c, s);
	/* killed; and another webhook is not told its news */
	notify_fini(&n);
	memset(&n, 0, sizeof(n));
	assert_int_equal(notify_init(&n, &config, &t), 0);
	c.member[0].load(&n, s, false);
	assert_int_equal(notify_queue_length(&n, 2), 2);
	memset(body, 0, sizeof(body));
	pass(1);
	assert_string_equal(body[2], first);
	notify_done(&n, 2, NOTIFY_SENT, 0);
	pass(1);
	assert_non_null(strstr(body[2], "\"status\":\"resolved\""));
	notify_done(&n, 2, NOTIFY_SENT, 0);
	save(&c, s);
	hook.name = (char[]){ "other" };
	c.member[0].load(&n, s, false);
	assert_int_equal(notify_queue_length(&n, 2), 0);
	state_close(s);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_resend_and_resolve),
		T(test_back_off),
		T(test_rejected_is_given_up),
		T(test_queue_is_bounded),
		T(test_full_queue_with_one_under_way),
		T(test_old_news),
		T(test_wider_is_a_new_alert),
		T(test_queue_outlives_us)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
