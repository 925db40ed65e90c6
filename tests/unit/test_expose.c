#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "expose.h"
#include "utf8.h"

static const struct expose_label google[] = {
	{ "provider", { "google", 6 } },
	{ "class", { "4xx", 3 } },
};
static const struct expose_label queue_id[] = {
	{ "queue_id", { "4F1", 3 } },
};
static const struct expose_exemplar exemplar = { queue_id, 1, 1.0,
	1762000000123 };

static void
begin(struct expose *e, struct buf *b, enum expose_format format)
{
	buf_init(b, 1 << 20);
	expose_begin(e, b, format);
}

static void
expect(struct expose *e, const char *want)
{
	expose_end(e);
	if (e->out->failed || !view_eq(buf_view(e->out), view_of(want)))
		fail_msg("got:\n%.*swant:\n%s", (int)e->out->len, e->out->p,
		    want);
	buf_fini(e->out);
}

static void
counter(struct expose *e)
{
	expose_family(e, "replies_total", EXPOSE_COUNTER, NULL,
	    "Replies \"as\\is\".");
	expose_u64(e, google, 2, 17, &exemplar);
	expose_u64(e, NULL, 0, UINT64_MAX, NULL);
}

static void
test_counter(void **state)
{
	struct expose	e;
	struct buf	b;

	(void)state;
	begin(&e, &b, EXPOSE_TEXT);
	counter(&e);
	expect(&e,
	    "# HELP smtpulse_replies_total Replies \"as\\\\is\".\n"
	    "# TYPE smtpulse_replies_total counter\n"
	    "smtpulse_replies_total{provider=\"google\",class=\"4xx\"} 17\n"
	    "smtpulse_replies_total 18446744073709551615\n");
	begin(&e, &b, EXPOSE_OPENMETRICS);
	counter(&e);
	expect(&e,
	    "# HELP smtpulse_replies Replies \\\"as\\\\is\\\".\n"
	    "# TYPE smtpulse_replies counter\n"
	    "smtpulse_replies_total{provider=\"google\",class=\"4xx\"} 17"
	    " # {queue_id=\"4F1\"} 1 1762000000.123\n"
	    "smtpulse_replies_total 18446744073709551615\n"
	    "# EOF\n");
}

static void
others(struct expose *e)
{
	static const struct expose_label version[] = {
		{ "version", { "a\\b\"c\nd\xff", 8 } },
	};

	expose_family(e, "build_info", EXPOSE_INFO, NULL, "Build.");
	expose_u64(e, version, 1, 1, NULL);
	expose_family(e, "process_cpu_seconds_total", EXPOSE_COUNTER,
	    "seconds", "CPU.");
	expose_double(e, NULL, 0, 0.25);
	expose_family(e, "log_time_seconds", EXPOSE_GAUGE, "seconds", "Time.");
	expose_double(e, NULL, 0, 1762000000.0);
}

static void
test_others(void **state)
{
	struct expose	e;
	struct buf	b;

	(void)state;
	begin(&e, &b, EXPOSE_TEXT);
	others(&e);
	expect(&e,
	    "# HELP smtpulse_build_info Build.\n"
	    "# TYPE smtpulse_build_info gauge\n"
	    "smtpulse_build_info{version=\"a\\\\b\\\"c\\nd\xef\xbf\xbd\"} 1\n"
	    "# HELP process_cpu_seconds_total CPU.\n"
	    "# TYPE process_cpu_seconds_total counter\n"
	    "process_cpu_seconds_total 0.25\n"
	    "# HELP smtpulse_log_time_seconds Time.\n"
	    "# TYPE smtpulse_log_time_seconds gauge\n"
	    "smtpulse_log_time_seconds 1762000000\n");
	begin(&e, &b, EXPOSE_OPENMETRICS);
	others(&e);
	expect(&e,
	    "# HELP smtpulse_build Build.\n"
	    "# TYPE smtpulse_build info\n"
	    "smtpulse_build_info{version=\"a\\\\b\\\"c\\nd\xef\xbf\xbd\"} 1\n"
	    "# HELP process_cpu_seconds CPU.\n"
	    "# TYPE process_cpu_seconds counter\n"
	    "# UNIT process_cpu_seconds seconds\n"
	    "process_cpu_seconds_total 0.25\n"
	    "# HELP smtpulse_log_time_seconds Time.\n"
	    "# TYPE smtpulse_log_time_seconds gauge\n"
	    "# UNIT smtpulse_log_time_seconds seconds\n"
	    "smtpulse_log_time_seconds 1762000000\n"
	    "# EOF\n");
}

static void
test_histogram(void **state)
{
	static const double	bound[] = { 0.00001, 0.25, 1, 604800, 1e6,
		1.5e6 };
	static const uint64_t	count[] = { 1, 0, 2, 0, 0, 3, 4 };
	static const struct expose_exemplar exemplars[7] = {
		[2] = { queue_id, 1, 0.5, 1000 },
	};
	const struct expose_histogram h = { bound, count, 6, 12.5, exemplars };
	struct expose	e;
	struct buf	b;

	(void)state;
	begin(&e, &b, EXPOSE_OPENMETRICS);
	expose_family(&e, "delivery_seconds", EXPOSE_HISTOGRAM, "seconds", "D.");
	expose_histogram(&e, google, 1, &h);
#define BUCKET	"smtpulse_delivery_seconds_bucket{provider=\"google\",le="
	expect(&e,
	    "# HELP smtpulse_delivery_seconds D.\n"
	    "# TYPE smtpulse_delivery_seconds histogram\n"
	    "# UNIT smtpulse_delivery_seconds seconds\n"
	    BUCKET "\"1e-05\"} 1\n"
	    BUCKET "\"0.25\"} 1\n"
	    BUCKET "\"1.0\"} 3 # {queue_id=\"4F1\"} 0.5 1\n"
	    BUCKET "\"604800.0\"} 3\n"
	    BUCKET "\"1e+06\"} 3\n"
	    BUCKET "\"1.5e+06\"} 6\n"
	    BUCKET "\"+Inf\"} 10\n"
	    "smtpulse_delivery_seconds_sum{provider=\"google\"} 12.5\n"
	    "smtpulse_delivery_seconds_count{provider=\"google\"} 10\n"
	    "# EOF\n");
}

/* Names and values of an exemplar's labels: 128 code points, not bytes. */
static void
test_exemplar_limit(void **state)
{
	static const size_t	lengths[] = { 0, 1, 119, 120, 121, 500 };
	char		text[1000];
	struct expose	e;
	struct buf	b;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct expose_label label = { "queue_id",
			{ text, lengths[i] * 2 } };
		struct expose_exemplar x = { &label, 1, 1.0, 0 };
		struct view	line, labels;

		begin(&e, &b, EXPOSE_OPENMETRICS);
		expose_family(&e, "a_total", EXPOSE_COUNTER, NULL, "A.");
		buf_reset(&b);
		expose_u64(&e, NULL, 0, 1, &x);
		line = buf_view(&b);
		assert_true(view_cut(&line, '"', &labels));
		assert_true(view_cut(&line, '"', &labels));
		assert_int_equal(utf8_count(labels),
		    lengths[i] < 120 ? lengths[i] : 120);
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counter),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_exemplar_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
