#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "page.h"
#include "render_status.h"

enum { PAGE_BYTES_ALLOWED = 100 * 1000 };

static const char	hostile[] = "\"><script>alert(1)</script><img src=x "
    "onerror=alert(1)> ' & \xff\xfe \xe2\x80\xae </style></title> {{7*7}}";

static struct status	status;		/* too large for the stack */

static const int64_t	now = 1790000000;

static void
add_provider(const char *name, uint32_t sent, uint32_t deferred,
    uint32_t refused)
{
	struct status_provider	*p = &status.provider[status.provider_count++];

	memset(p, 0, sizeof(*p));
	p->name = view_of(name);
	p->retry_median_s = -1;
	for (size_t i = 0; i < STATUS_MINUTES; i++) {
		uint32_t	wave = (uint32_t)(i * 37 % 11);
		bool		late = i > 48;
		uint32_t	value[CLASS_COUNT] = { 0,
			sent * (late && deferred > 0 ? 7 : 10 + wave) / 15,
			late ? deferred : deferred / 40,
			i % 9 == 0 ? refused : 0 };

		for (int c = 0; c < CLASS_COUNT; c++) {
			p->minute[i][c] = value[c];
			p->replies[STATUS_1H][c] += value[c];
			p->attempts[STATUS_1H] += value[c];
			if (i < STATUS_MINUTES - 5)
				continue;
			p->replies[STATUS_5M][c] += value[c];
			p->attempts[STATUS_5M] += value[c];
		}
	}
}

static void
add_code(uint16_t code, uint8_t class, uint16_t subject, uint16_t detail,
    uint64_t count)
{
	struct status_provider	*p =
	    &status.provider[status.provider_count - 1];

	p->code[p->code_count++] = (struct status_code){ code,
		{ class, subject, detail }, count };
}

static void
set_quiet(void)
{
	memset(&status, 0, sizeof(status));
	status.host = VIEW("mx1.acme.example");
	status.version = VIEW("0.1.0");
	status.now = now;
	status.log_time = now - 1;
	status.started = now - 93784;
	add_provider("google", 240, 0, 1);
	add_code(550, 5, 1, 1, 7);
	add_provider("microsoft365", 170, 0, 2);
	add_code(550, 5, 4, 1, 11);
	add_code(452, 4, 2, 2, 3);
	add_provider("yahoo", 40, 0, 0);
	add_provider("t-online", 22, 1, 1);
	add_code(554, 5, 7, 1, 4);
	add_provider("gmx", 18, 0, 0);
	add_provider("acme-partner.example", 3, 0, 0);
	status.reason[status.reason_count++] = (struct status_reason){
		REASON_BAD_RECIPIENT, CLASS_5XX, ACTION_SUPPRESS, 18,
		VIEW("microsoft365") };
	status.reason[status.reason_count++] = (struct status_reason){
		REASON_MAILBOX_FULL, CLASS_4XX, ACTION_RETRY, 3,
		VIEW("microsoft365") };
	status.tenant[status.tenant_count++] = (struct status_tenant){
		VIEW("shop.example"), 8211, 14, VIEW("microsoft365"),
		REASON_BAD_RECIPIENT };
	status.tenant[status.tenant_count++] = (struct status_tenant){
		VIEW("newsletter.example"), 20911, 4, VIEW("t-online"),
		REASON_REPUTATION };
	status.source[status.source_count++] = (struct status_source){
		VIEW("mail"), VIEW("/var/log/mail.log"), VIEW("postfix"),
		true, 0, now - 2, 1824003, 260211, 12 };
}

static void
add_alert(const char *severity, const char *summary, const char *advice,
    int reason)
{
	status.alert[status.alert_count++] = (struct status_alert){
		.id = VIEW("9f2c41d07be35a18"), .severity = view_of(severity),
		.summary = view_of(summary), .advice = view_of(advice),
		.provider = VIEW("google"), .firing = true,
		.onset = now - 640, .code = 421,
		.enhanced = { 4, 7, 28 }, .reason = reason,
		.action = ACTION_SLOW_DOWN, .waiting = 1240,
		.tenant = VIEW("newsletter.example"), .tenant_percent = 81,
		.tenants_affected = 7 };
}

static void
set_incident(void)
{
	struct status_provider	*p;

	set_quiet();
	add_alert("warning", "Google defers 48 % of mail with 421 4.7.28 since "
	    "12:04 (normally 0.2 %); 1240 recipients wait, the first bounces "
	    "about Thu 09:40", "Google limits how fast this server may send. "
	    "Lower the rate to Google (Postfix: a transport of its own with "
	    "default_destination_rate_delay) and let the queue drain; look "
	    "for a customer who sends more than usual.", REASON_RATE_LIMIT);
	status.provider_count = 0;
	add_provider("google", 240, 160, 1);
	p = &status.provider[0];
	p->firing = true;
	p->waiting = 1240;
	p->oldest_waiting = now - 630;
	p->retry_deferred = 412;
	p->retry_delivered = 391;
	p->retry_median_s = 840;
	p->retry_bounced = 2;
	add_code(421, 4, 7, 28, 1705);
	add_code(421, 4, 7, 0, 61);
	add_code(550, 5, 1, 1, 7);
	add_provider("microsoft365", 170, 0, 2);
	add_code(550, 5, 4, 1, 11);
	add_code(0, 4, 4, 1, 3);
	add_provider("t-online", 22, 1, 1);
	add_code(554, 5, 7, 1, 4);
	add_provider("yahoo", 40, 0, 0);
	add_provider("gmx", 18, 0, 0);
	status.provider[2].retry_deferred = 31;
	status.provider[2].retry_delivered = 30;
	status.provider[2].retry_median_s = 312;
	status.reason[status.reason_count++] = (struct status_reason){
		REASON_RATE_LIMIT, CLASS_4XX, ACTION_SLOW_DOWN, 1766,
		VIEW("google") };
}

static void
set_many(void)
{
	set_incident();
	add_alert("critical", "T-Online refuses 100 % of mail with 554 5.7.1: "
	    "our address is blocked since 11:58", "Ask for removal with the "
	    "form that the reply names, after finding what was sent.",
	    REASON_REPUTATION);
	add_alert("info", "Yahoo answers more slowly than usual", "Nothing to "
	    "do yet.", -1);
	status.alert[status.alert_count++] = (struct status_alert){
		.id = VIEW("77"), .severity = VIEW("warning"),
		.summary = VIEW("GMX deferred 30 % of mail with 450 4.7.0"),
		.onset = now - 9000, .cleared = now - 6200,
		.reason = -1, .action = -1 };
	status.catching_up = true;
	status.source[0].lag_bytes = 48123456;
	status.source[status.source_count++] = (struct status_source){
		VIEW("exim"), VIEW("/var/log/exim4/mainlog"), VIEW("exim"),
		false, 0, 0, 0, 0, 0 };
}

/* Every place full, every text hostile and long. */
static void
set_worst(void)
{
	static char	long_text[4000];
	struct view	v = { long_text, sizeof(long_text) };

	for (size_t i = 0; i < sizeof(long_text); i++)
		long_text[i] = hostile[i % (sizeof(hostile) - 1)];
	set_quiet();
	status.host = status.version = v;
	status.provider_count = 0;
	while (status.provider_count < STATUS_PROVIDERS) {
		add_provider(hostile, 97, 61, 40);
		status.provider[status.provider_count - 1].name = v;
		for (uint16_t i = 0; i < STATUS_CODES; i++)
			add_code(599, 5, 999, 999, 9999999999);
		for (uint32_t i = 0; i < STATUS_MINUTES; i++)
			for (uint32_t c = 0; c < CLASS_COUNT; c++)
				status.provider[status.provider_count - 1]
				    .minute[i][c] = i * 7919 * (c + 3) % 1013;
	}
	while (status.reason_count < STATUS_REASONS)
		status.reason[status.reason_count++] = (struct status_reason){
			REASON_POLICY, CLASS_5XX, ACTION_SUPPRESS,
			INT64_MAX, v };
	while (status.tenant_count < STATUS_TENANTS)
		status.tenant[status.tenant_count++] = (struct status_tenant){
			v, 1, 1, v, REASON_POLICY };
	while (status.alert_count < STATUS_ALERTS)
		status.alert[status.alert_count++] = (struct status_alert){
			.id = v, .severity = v, .summary = v, .advice = v,
			.provider = v, .firing = true, .reason = -1,
			.tenant = v, .tenant_percent = 100,
			.tenants_affected = UINT32_MAX };
	while (status.source_count < STATUS_SOURCES)
		status.source[status.source_count++] = (struct status_source){
			.name = v, .path = v, .mta = v };
}

static void
set_empty(void)
{
	memset(&status, 0, sizeof(status));
	status.now = status.started = now;
}

static const struct {
	const char	*name;
	void		(*set)(void);
	const char	*holds;
} cases[] = {
	{ "empty", set_empty, "Waiting for the first line" },
	{ "quiet", set_quiet, "All quiet" },
	{ "incident", set_incident, "<span>Google defers 48 %" },
	{ "many", set_many, "3 incidents are going on" },
	{ "worst", set_worst, "20 incidents" },
};

/* PAGE_DIR=DIR keeps the pages, to be looked at. */
static void
keep(const char *name, const struct buf *b)
{
	const char	*dir = getenv("PAGE_DIR");
	char		 path[256];
	FILE		*f;

	if (dir == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%s.html", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fwrite(b->p, 1, b->len, f);
	fclose(f);
}

static bool
holds(const struct buf *b, const char *needle)
{
	return view_search(buf_view(b), view_of(needle)) < b->len;
}

static void
test_pages(void **state)
{
	struct buf	b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&b, 1 << 22);
		cases[i].set();
		page_render(&b, &status);
		keep(cases[i].name, &b);
		if (b.failed || b.len > PAGE_BYTES_ALLOWED)
			fail_msg("%s: %zu bytes", cases[i].name, b.len);
		if (!holds(&b, cases[i].holds))
			fail_msg("%s: no \"%s\"", cases[i].name,
			    cases[i].holds);
		/* nothing from outside opens a tag or leaves an attribute */
		assert_false(holds(&b, "<script"));
		assert_false(holds(&b, "<img"));
		assert_false(holds(&b, "\"><script"));
		assert_false(holds(&b, "\xff"));
		buf_fini(&b);
	}
}

/* Reported, not judged: how long the slowest page takes. */
static void
test_time(void **state)
{
	enum { TIMES = 50 };
	struct timespec	from, to;
	struct buf	b;
	double		us, most = 0;

	(void)state;
	buf_init(&b, 1 << 22);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].set();
		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int n = 0; n < TIMES; n++) {
			buf_reset(&b);
			page_render(&b, &status);
		}
		clock_gettime(CLOCK_MONOTONIC, &to);
		us = ((double)(to.tv_sec - from.tv_sec) * 1e9 +
		    (double)(to.tv_nsec - from.tv_nsec)) / 1e3 / TIMES;
		most = us > most ? us : most;
	}
	assert_false(b.failed);
	buf_fini(&b);
	print_message("the slowest page took %.0f us\n", most);
}

static void
test_json(void **state)
{
	struct buf	 b;
	json_t		*root, *google;
	json_error_t	 error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&b, 1 << 22);
		cases[i].set();
		render_status(&b, &status);
		assert_false(b.failed);
		root = json_loadb(b.p, b.len, 0, &error);
		if (root == NULL)
			fail_msg("%s: %s", cases[i].name, error.text);
		json_decref(root);
		buf_fini(&b);
	}
	buf_init(&b, 1 << 22);
	set_incident();
	status.unclassified[0].text = VIEW("551 It isn't <n>");
	status.unclassified_count = 1;
	render_status(&b, &status);
	root = json_loadb(b.p, b.len, 0, &error);
	assert_string_equal(json_string_value(json_object_get(json_array_get(
	    json_object_get(root, "unclassified"), 0), "text")),
	    "551 It isn't <n>");
	google = json_array_get(json_object_get(root, "providers"), 0);
	assert_string_equal(json_string_value(json_object_get(google, "name")),
	    "google");
	assert_int_equal(json_integer_value(json_object_get(google,
	    "waiting")), 1240);
	json_decref(root);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
