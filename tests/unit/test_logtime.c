/*
 * Stamps as points in time, over years, leap days and changes of the clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "logtime.h"

enum { HOUR = 3600, DAY = 86400 };

static const char *const zones[] = {
	"UTC", "Europe/Berlin", "America/New_York", "America/St_Johns",
	"Australia/Lord_Howe", "Asia/Kolkata", "Asia/Tehran",
	"Africa/Casablanca", "America/Sao_Paulo", "Pacific/Apia",
	"Pacific/Chatham", "Europe/Dublin", "Asia/Gaza", "Europe/Istanbul",
};

static struct zone	zone;

/* What a clock of that zone shows, without year and zone like syslog. */
static struct stamp
stamp_of(int64_t at, bool with_year)
{
	struct stamp	s;

	stamp_of_epoch((at + zone_offset(&zone, at)) * 1000000, &s);
	s.has_zone = false;
	if (!with_year)
		s.year = 0;
	return s;
}

static void
zones_agree_with_libc(void **state)
{
	size_t	i;
	int64_t	t;

	(void)state;
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		assert_int_equal(zone_load(&zone, zones[i]), 0);
		setenv("TZ", zones[i], 1);
		tzset();
		for (t = 0; t < 4070908800; t += 86400 * 3 + 1234) {
			time_t		now = (time_t)t;
			struct tm	tm;

			localtime_r(&now, &tm);
			if (zone_offset(&zone, t) != tm.tm_gmtoff)
				fail_msg("%s at %lld: want %ld, got %d",
				    zones[i], (long long)t, tm.tm_gmtoff,
				    zone_offset(&zone, t));
		}
	}
}

static void
rules_work_without_tzdata(void **state)
{
	static struct zone	rule;
	int64_t			t;

	(void)state;
	assert_int_equal(zone_load(&rule, "CET-1CEST,M3.5.0,M10.5.0/3"), 0);
	assert_int_equal(zone_load(&zone, "Europe/Berlin"), 0);
	for (t = 1000000000; t < 4000000000; t += 50000)
		assert_int_equal(zone_offset(&rule, t), zone_offset(&zone, t));
	assert_int_equal(zone_load(&rule, "<+0330>-3:30"), 0);
	assert_int_equal(zone_offset(&rule, 0), 12600);
	assert_int_equal(zone_load(&rule, "No/Such_Zone"), -1);
	assert_int_equal(zone_load(&rule, "../../etc/passwd"), -1);
}

static void
new_year_is_found(void **state)
{
	struct logtime	lt;
	int64_t		year, newyear, t, got;

	(void)state;
	assert_int_equal(zone_load(&zone, "UTC"), 0);
	for (year = 1971; year < 2371; year++) {
		newyear = zone_days(year, 1, 1) * DAY;
		/* the file's time is known, or the line before */
		logtime_init(&lt, &zone, newyear + 36 * HOUR, 0);
		for (t = -36 * HOUR; t <= 36 * HOUR; t += 17 * 60 + 1) {
			struct stamp s = stamp_of(newyear + t, false);

			got = logtime_resolve(&lt, &s);
			if (got != newyear + t)
				fail_msg("%lld: want %lld, got %lld",
				    (long long)year,
				    (long long)(newyear + t), (long long)got);
		}
		/* and backwards: a late line of the old year */
		for (t = 36 * HOUR; t >= -36 * HOUR; t -= 5 * HOUR) {
			struct stamp s = stamp_of(newyear + t, false);

			assert_int_equal(logtime_resolve(&lt, &s),
			    newyear + t);
		}
	}
}

static void
first_line_lies_before_its_file(void **state)
{
	struct logtime	lt;
	int64_t		mtime = zone_days(2026, 12, 31) * DAY, d;

	(void)state;
	assert_int_equal(zone_load(&zone, "UTC"), 0);
	for (d = 0; d < 363; d++) {
		struct stamp s = stamp_of(mtime - d * DAY, false);

		logtime_init(&lt, &zone, mtime, 0);
		assert_int_equal(logtime_resolve(&lt, &s), mtime - d * DAY);
	}
}

static void
leap_days_are_found(void **state)
{
	struct logtime	lt;
	int64_t		year, at;

	(void)state;
	assert_int_equal(zone_load(&zone, "UTC"), 0);
	for (year = 1972; year <= 2400; year++) {
		struct stamp s = { .month = 2, .day = 29, .hour = 12 };

		at = zone_days(year, 2, 28) * DAY + 36 * HOUR;
		logtime_resume(&lt, &zone, at - 13 * HOUR);
		if (zone_month_days(year, 2) == 29) {
			assert_int_equal(logtime_resolve(&lt, &s), at);
			logtime_init(&lt, &zone, at + 40 * DAY, 0);
			assert_int_equal(logtime_resolve(&lt, &s), at);
		} else {
			at = logtime_resolve(&lt, &s);
			assert_true(zone_month_days(zone_year(at), 2) == 29);
			assert_true(llabs(zone_year(at) - year) <= 4);
		}
	}
}

static void
invalid_dates_get_the_line_before(void **state)
{
	struct logtime	lt;
	struct stamp	bad = { .month = 4, .day = 31 }, none = { 0 };
	struct stamp	bad_leap = { .year = 2026, .month = 2, .day = 29 };

	(void)state;
	assert_int_equal(zone_load(&zone, "UTC"), 0);
	logtime_resume(&lt, &zone, 1793491203);
	assert_int_equal(logtime_resolve(&lt, &bad), 1793491203);
	assert_int_equal(logtime_resolve(&lt, &bad_leap), 1793491203);
	assert_int_equal(logtime_resolve(&lt, &none), 1793491203);
	assert_int_equal(lt.invalid, 2);
}

static void
given_year_holds_for_the_first_line(void **state)
{
	struct logtime	lt;
	struct stamp	dec = { .month = 12, .day = 31, .hour = 23 };
	struct stamp	jan = { .month = 1, .day = 1, .hour = 1 };

	(void)state;
	assert_int_equal(zone_load(&zone, "UTC"), 0);
	logtime_init(&lt, &zone, 1793491203, 2012);
	assert_int_equal(logtime_resolve(&lt, &dec),
	    zone_days(2012, 12, 31) * DAY + 23 * HOUR);
	assert_int_equal(logtime_resolve(&lt, &jan),
	    zone_days(2013, 1, 1) * DAY + HOUR);
}

/* A line every seven minutes over each transition of every zone above. */
static void
clock_changes_are_followed(void **state)
{
	struct logtime	lt;
	size_t		i, k;
	int64_t		t, at;

	(void)state;
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		assert_int_equal(zone_load(&zone, zones[i]), 0);
		for (k = 0; k < zone.count; k++) {
			at = zone.at[k];
			if (at < 1420070400 || at > 2082758400)
				continue;
			logtime_resume(&lt, &zone, at - 5 * HOUR - 420);
			for (t = at - 5 * HOUR; t < at + 5 * HOUR; t += 420) {
				struct stamp s = stamp_of(t, (t / 420) % 2);
				int64_t got;

				if ((t / 420) % 5 == 0) {
					stamp_of_epoch(t * 1000000, &s);
				}
				got = logtime_resolve(&lt, &s);
				if (got != t)
					fail_msg("%s: want %lld, got %lld",
					    zones[i], (long long)t,
					    (long long)got);
			}
		}
	}
}

static void
skipped_hours_do_not_step_back(void **state)
{
	struct logtime	lt;
	struct stamp	s = { .year = 2026, .month = 3, .day = 29, .hour = 2,
			    .minute = 30 };

	(void)state;
	assert_int_equal(zone_load(&zone, "Europe/Berlin"), 0);
	logtime_resume(&lt, &zone, 1774745999);	/* 01:59:59 CET */
	assert_int_equal(logtime_resolve(&lt, &s), 1774745999 + 1801);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_agree_with_libc),
		cmocka_unit_test(rules_work_without_tzdata),
		cmocka_unit_test(new_year_is_found),
		cmocka_unit_test(first_line_lies_before_its_file),
		cmocka_unit_test(leap_days_are_found),
		cmocka_unit_test(invalid_dates_get_the_line_before),
		cmocka_unit_test(given_year_holds_for_the_first_line),
		cmocka_unit_test(clock_changes_are_followed),
		cmocka_unit_test(skipped_hours_do_not_step_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
