/*
 * Heads and wrappings: what stands in front of an MTA's words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "head.h"

static const struct {
	const char	*what, *line;
	bool		 known;
	const char	*stamp;		/* year-month-day clock.us zone */
	const char	*host, *tag;
	uint32_t	 pid, repeat;
	bool		 exim;
	const char	*body;
} cases[] = {
	{ "padded day",
	    "Jul  5 17:24:35 mail postfix/smtp[9635]: D29: to=<a@b>",
	    true, "0-7-5 17:24:35.0 -", "mail", "postfix/smtp", 9635, 1,
	    false, "D29: to=<a@b>" },
	{ "zero-padded day",
	    "Apr 09 09:29:47 infra.stfc.ac.uk sm-msp-queue[15093]: 03: x",
	    true, "0-4-9 9:29:47.0 -", "infra.stfc.ac.uk", "sm-msp-queue",
	    15093, 1, false, "03: x" },
	{ "unpadded day", "May 8 12:27:36 UTS sendmail[23120]: n4: to=<x>",
	    true, "0-5-8 12:27:36.0 -", "UTS", "sendmail", 23120, 1, false,
	    "n4: to=<x>" },
	{ "two blanks before two digits, and Exim's stamp",
	    "Oct  30 19:24:16 host exim[7706]: 2015-10-30 19:24:16 [17817] "
	    "1ZsFHb-0004dK-SM => b@x", true, "2015-10-30 19:24:16.0 -",
	    "host", "exim", 7706, 1, true, "1ZsFHb-0004dK-SM => b@x" },
	{ "RFC 3339",
	    "2020-01-30T06:26:07.404714+09:00 mail postfix/smtp[1810]: 3D: t",
	    true, "2020-1-30 6:26:7.404714 32400", "mail", "postfix/smtp",
	    1810, 1, false, "3D: t" },
	{ "RFC 3339, UTC", "2020-01-30T06:26:07Z mail postfix/smtp[1]: 3D: t",
	    true, "2020-1-30 6:26:7.0 0", "mail", "postfix/smtp", 1, 1,
	    false, "3D: t" },
	{ "journalctl -o short-iso",
	    "2020-01-30T06:26:07-0330 mail postfix/smtp[1]: 3D: t", true,
	    "2020-1-30 6:26:7.0 -12600", "mail", "postfix/smtp", 1, 1, false,
	    "3D: t" },
	{ "journalctl -o short-full",
	    "Sun 2026-11-01 00:00:03 UTC mail postfix/smtp[1]: 3D: t", true,
	    "2026-11-1 0:0:3.0 0", "mail", "postfix/smtp", 1, 1, false,
	    "3D: t" },
	{ "year first, milliseconds",
	    "2013 Jun 10 15:34:42.123 gds39d postfix/smtp[12216]: 3b: t",
	    true, "2013-6-10 15:34:42.123000 -", "gds39d", "postfix/smtp",
	    12216, 1, false, "3b: t" },
	{ "year behind the day",
	    "Jun 10 2013 15:34:42 gds39d postfix/smtp[12216]: 3b: t", true,
	    "2013-6-10 15:34:42.0 -", "gds39d", "postfix/smtp", 12216, 1,
	    false, "3b: t" },
	{ "year-month-day without T is syslog's when a tag follows",
	    "2026-11-01 00:00:03 mta postfix/qmgr[77]: 3D: removed", true,
	    "2026-11-1 0:0:3.0 -", "mta", "postfix/qmgr", 77, 1, false,
	    "3D: removed" },
	{ "priority", "<22>Nov  1 00:00:03 mta postfix/qmgr[77]: 3D: removed",
	    true, "0-11-1 0:0:3.0 -", "mta", "postfix/qmgr", 77, 1, false,
	    "3D: removed" },
	{ "RFC 5424",
	    "<22>1 2026-11-01T00:00:03.25+00:00 mta postfix 216 - -  3D: r",
	    true, "2026-11-1 0:0:3.250000 0", "mta", "postfix", 216, 1,
	    false, "3D: r" },
	{ "RFC 5424 with structured data and BOM",
	    "<22>1 2026-11-01T00:00:03Z mta sm-mta 216 M1 "
	    "[a@1 b=\"]\\\"c\"][d] \xef\xbb\xbf""x1: r",
	    true, "2026-11-1 0:0:3.0 0", "mta", "sm-mta", 216, 1, false,
	    "x1: r" },
	{ "RFC 5424, nothing known", "<22>1 - - - - - - text", true, "none",
	    "", "", 0, 1, false, "text" },
	{ "Solaris", "Nov  1 00:00:03 mta sendmail[7]: "
	    "[ID 801593 mail.info] x1: to=<a>", true, "0-11-1 0:0:3.0 -",
	    "mta", "sendmail", 7, 1, false, "x1: to=<a>" },
	{ "FreeBSD -v", "Nov  1 00:00:03 <mail.info> mta sm-mta[7]: x1: t",
	    true, "0-11-1 0:0:3.0 -", "mta", "sm-mta", 7, 1, false, "x1: t" },
	{ "BusyBox", "Nov  1 00:00:03 mta mail.info sm-mta[7]: x1: t", true,
	    "0-11-1 0:0:3.0 -", "mta", "sm-mta", 7, 1, false, "x1: t" },
	{ "AIX", "Nov  1 00:00:03 mta mail:info sm-mta[7]: x1: t", true,
	    "0-11-1 0:0:3.0 -", "mta", "sm-mta", 7, 1, false, "x1: t" },
	{ "host with slash", "Apr  6 04:03:12 mail/mail postfix/local[31]: 2",
	    true, "0-4-6 4:3:12.0 -", "mail/mail", "postfix/local", 31, 1,
	    false, "2" },
	{ "host is an address, second time stamp",
	    "Feb 14 18:12:49 192.168.55.51 exim[63062]: "
	    "2025-02-14 18:12:49.175 [63062] 1tivSh-00000000ALP-0mWt == r@d",
	    true, "2025-2-14 18:12:49.0 -", "192.168.55.51", "exim", 63062,
	    1, true, "1tivSh-00000000ALP-0mWt == r@d" },
	{ "Exim's stamp of another day keeps syslog's",
	    "Jan  1 00:00:01 h exim[6]: 2024-12-31 23:00:01 1Z => b", true,
	    "0-1-1 0:0:1.0 -", "h", "exim", 6, 1, true, "1Z => b" },
	{ "Exim's stamp with a zone holds",
	    "Jan  1 00:00:01 h exim[6]: 2024-12-31 23:00:01 +0000 1Z => b",
	    true, "2024-12-31 23:0:1.0 0", "h", "exim", 6, 1, true,
	    "1Z => b" },
	{ "host missing", "Feb 14 18:12:49 postfix/smtp[63062]: 3D: t", true,
	    "0-2-14 18:12:49.0 -", "", "postfix/smtp", 63062, 1, false,
	    "3D: t" },
	{ "tag first, no time",
	    "exim[14706]: 2006-11-21 15:01:39 1Gmary-0002iA-00 ** x", true,
	    "2006-11-21 15:1:39.0 -", "", "exim", 14706, 1, true,
	    "1Gmary-0002iA-00 ** x" },
	{ "tag first, no time, no Exim", "postfix/smtp[7]: 3D: t", true,
	    "none", "", "postfix/smtp", 7, 1, false, "3D: t" },
	{ "no Exim stamp behind syslog",
	    "Jun 29 16:04:19 server exim[1234]: no host name found", true,
	    "0-6-29 16:4:19.0 -", "server", "exim", 1234, 1, false,
	    "no host name found" },
	{ "Exim", "2012-02-13 14:39:28 1RwtEg-0002zL-7C => e@r R=dns", true,
	    "2012-2-13 14:39:28.0 -", "", "", 0, 1, true,
	    "1RwtEg-0002zL-7C => e@r R=dns" },
	{ "Exim with zone, milliseconds and pid",
	    "2020-06-20 01:32:57.861 +0200 [789] 1jmKso-0009d4-Uf ** m@z",
	    true, "2020-6-20 1:32:57.861000 7200", "", "", 789, 1, true,
	    "1jmKso-0009d4-Uf ** m@z" },
	{ "Exim, address in brackets is no pid",
	    "2020-06-20 01:32:57 [10.0.0.1] SMTP", true,
	    "2020-6-20 1:32:57.0 -", "", "", 0, 1, true, "[10.0.0.1] SMTP" },
	{ "instance by address",
	    "Sep 25 18:26:36 n16 postfix-239.58.50.50/smtp[5084]: 23: t",
	    true, "0-9-25 18:26:36.0 -", "n16", "postfix-239.58.50.50/smtp",
	    5084, 1, false, "23: t" },
	{ "empty syslog_name",
	    "Dec 17 06:25:48 sm02 /postfix-script[112854]: the", true,
	    "0-12-17 6:25:48.0 -", "sm02", "/postfix-script", 112854, 1,
	    false, "the" },
	{ "no pid", "Feb  1 13:17:08 mail dovecot: lmtp(28700): C", true,
	    "0-2-1 13:17:8.0 -", "mail", "dovecot", 0, 1, false,
	    "lmtp(28700): C" },
	{ "no colon behind the pid", "Feb  1 13:17:08 m sendmail[5] x1: t",
	    true, "0-2-1 13:17:8.0 -", "m", "sendmail", 5, 1, false,
	    "x1: t" },
	{ "pid is no number", "Feb  1 13:17:08 m sendmail[a1]: x1: t", true,
	    "0-2-1 13:17:8.0 -", "m", "sendmail", 0, 1, false, "x1: t" },
	{ "a bracket where the tag would be", "Feb  1 13:17:08 m ] x", true,
	    "0-2-1 13:17:8.0 -", "m", "", 0, 1, false, "] x" },
	{ "no tag at all", "Feb  1 13:17:08 m last message repeated 3 times",
	    true, "0-2-1 13:17:8.0 -", "m", "", 0, 1, false,
	    "last message repeated 3 times" },
	{ "repeated",
	    "Feb  1 13:17:08 m postfix/smtp[5]: message repeated 3 times: "
	    "[ 3D: t]", true, "0-2-1 13:17:8.0 -", "m", "postfix/smtp", 5,
	    3, false, "3D: t" },
	{ "repeated 0", "Feb  1 13:17:08 m a[5]: message repeated 0 times: "
	    "[ 3D: t]", true, "0-2-1 13:17:8.0 -", "m", "a", 5, 1, false,
	    "3D: t" },
	{ "repeated far too often",
	    "Feb  1 13:17:08 m a[5]: message repeated 4294967296 times: "
	    "[ 3D: t]", true, "0-2-1 13:17:8.0 -", "m", "a", 5, 1000000,
	    false, "3D: t" },
	{ "repeated less than never",
	    "Feb  1 13:17:08 m a[5]: message repeated -1 times: [ 3D]",
	    true, "0-2-1 13:17:8.0 -", "m", "a", 5, 1, false,
	    "message repeated -1 times: [ 3D]" },
	{ "repetition in a text is text",
	    "Feb  1 13:17:08 m a[5]: 3D: message repeated 3 times: [ x]",
	    true, "0-2-1 13:17:8.0 -", "m", "a", 5, 1, false,
	    "3D: message repeated 3 times: [ x]" },
	{ "rsyslog JSON",
	    "{\"timestamp\":\"2026-11-01T00:00:03.5+00:00\",\"host\":\"mta\","
	    "\"tag\":\"postfix\\/smtpd[211]:\",\"msg\":\" 3D: \\u00e4\\\"\"}",
	    true, "2026-11-1 0:0:3.500000 0", "mta", "postfix/smtpd", 211,
	    1, false, "3D: \xc3\xa4\"" },
	{ "journal JSON",
	    "{\"_COMM\":\"smtpd\",\"__REALTIME_TIMESTAMP\":"
	    "\"1789228152650438\",\"_HOSTNAME\":\"an\",\"SYSLOG_PID\":\"31\","
	    "\"SYSLOG_IDENTIFIER\":\"postfix/smtpd\",\"_PID\":\"9\","
	    "\"MESSAGE\":\"NOQUEUE: r\"}", true,
	    "2026-9-12 15:49:12.650438 0", "an", "postfix/smtpd", 31, 1,
	    false, "NOQUEUE: r" },
	{ "journal JSON, bytes",
	    "{ \"MESSAGE\" : [ 51, 68, 58,32, 228 ], \"SYSLOG_IDENTIFIER\": "
	    "\"exim\" }", true, "none", "", "exim", 0, 1, false,
	    "3D: \xe4" },
	{ "Docker, whole syslog line",
	    "{\"log\":\"Nov  1 00:00:03 mta postfix/smtp[1]: 3D: t\\n\","
	    "\"stream\":\"stdout\",\"time\":\"2026-11-01T00:00:03.1Z\"}",
	    true, "2026-11-1 0:0:3.100000 0", "mta", "postfix/smtp", 1, 1,
	    false, "3D: t" },
	{ "Docker, Exim's own line",
	    "{\"log\":\"2026-11-01 00:00:03 1Z => x\\n\",\"stream\":"
	    "\"stdout\",\"time\":\"2026-11-01T00:00:03.1Z\"}", true,
	    "2026-11-1 0:0:3.100000 0", "", "", 0, 1, true, "1Z => x" },
	{ "collector with the line in a member",
	    "{\"data\":\"2022-08-25T17:06:21-07:00 m0 sendmail[22]: 27P: t\","
	    "\"tls\":{\"a\":\"}\",\"b\":[1,{}]},\"ts\":\"x\"}", true,
	    "2022-8-25 17:6:21.0 -25200", "m0", "sendmail", 22, 1, false,
	    "27P: t" },
	{ "a member of that name inside another object is not ours",
	    "{\"log\":{\"message\":\"evil\"},\"message\":\"postfix/smtp[1]: "
	    "3D: t\"}", true, "none", "", "postfix/smtp", 1, 1, false,
	    "3D: t" },
	{ "CRI", "2026-11-01T00:00:03.123456789Z stdout F "
	    "Nov  1 00:00:03 mta postfix/smtp[1]: 3D: t", true,
	    "2026-11-1 0:0:3.123456 0", "mta", "postfix/smtp", 1, 1, false,
	    "3D: t" },
	{ "torn JSON", "{\"log\":\"Nov  1 00:00:03 mta postfix/sm", false,
	    "none", "", "", 0, 1, false,
	    "{\"log\":\"Nov  1 00:00:03 mta postfix/sm" },
	{ "JSON without a line", "{\"a\":1}", false, "none", "", "", 0, 1,
	    false, "{\"a\":1}" },
	{ "body alone", "892A0205B6: to=g@l, relay=local", false, "none", "",
	    "", 0, 1, false, "892A0205B6: to=g@l, relay=local" },
	{ "text that begins like a tag", "warning: x[1]: y", false, "none",
	    "", "", 0, 1, false, "warning: x[1]: y" },
	{ "empty", "", false, "none", "", "", 0, 1, false, "" },
	{ "no such day", "Feb 32 13:17:08 m a[5]: x", false, "none", "", "",
	    0, 1, false, "Feb 32 13:17:08 m a[5]: x" },
};

static const char *
show_stamp(const struct stamp *s)
{
	static char	buf[96];
	char		zone[16] = "-";

	if (s->month == 0)
		return "none";
	if (s->has_zone)
		snprintf(zone, sizeof(zone), "%d", s->zone_s);
	if (s->us == 0)
		snprintf(buf, sizeof(buf), "%d-%u-%u %u:%u:%u.0 %s", s->year,
		    s->month, s->day, s->hour, s->minute, s->second, zone);
	else
		snprintf(buf, sizeof(buf), "%d-%u-%u %u:%u:%u.%06u %s",
		    s->year, s->month, s->day, s->hour, s->minute, s->second,
		    s->us, zone);
	return buf;
}

static void
want_text(const char *what, const char *field, const char *want,
    struct view got)
{
	if (view_eq(view_of(want), got))
		return;
	fail_msg("%s: %s: want '%s', got '%.*s'", what, field, want,
	    (int)got.n, got.p == NULL ? "" : got.p);
}

static void
heads_are_read(void **state)
{
	struct scratch	*scratch = malloc(sizeof(*scratch));
	struct head	 h;
	size_t		 i;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char	*what = cases[i].what;
		bool		 known;

		scratch_reset(scratch);
		known = head_parse(view_of(cases[i].line), scratch, NULL, &h);
		if (known != cases[i].known)
			fail_msg("%s: known: got %d", what, known);
		want_text(what, "stamp", cases[i].stamp,
		    view_of(show_stamp(&h.stamp)));
		want_text(what, "host", cases[i].host, h.host);
		want_text(what, "tag", cases[i].tag, h.tag);
		want_text(what, "body", cases[i].body, h.body);
		if (h.pid != cases[i].pid)
			fail_msg("%s: pid: got %u", what, h.pid);
		if (h.repeat != cases[i].repeat)
			fail_msg("%s: repeat: got %u", what, h.repeat);
		if (h.exim_stamp != cases[i].exim)
			fail_msg("%s: exim: got %d", what, h.exim_stamp);
	}
	free(scratch);
}

static bool
same_heads(const struct head *a, const struct head *b)
{
	return view_eq(a->host, b->host) && view_eq(a->tag, b->tag) &&
	    view_eq(a->body, b->body) && a->pid == b->pid &&
	    a->repeat == b->repeat && a->exim_stamp == b->exim_stamp &&
	    a->stamp.us == b->stamp.us && a->stamp.second == b->stamp.second &&
	    a->stamp.minute == b->stamp.minute &&
	    a->stamp.hour == b->stamp.hour && a->stamp.day == b->stamp.day &&
	    a->stamp.month == b->stamp.month &&
	    a->stamp.year == b->stamp.year &&
	    a->stamp.has_zone == b->stamp.has_zone &&
	    a->stamp.zone_s == b->stamp.zone_s;
}

/* Whatever line stood before, itself and its own beginnings included. */
static void
memory_changes_nothing(void **state)
{
	struct scratch		*scratch = malloc(2 * sizeof(*scratch));
	struct head_memory	*memory = calloc(1, sizeof(*memory));
	struct head		 want, got;
	size_t			 i, k, count = sizeof(cases) / sizeof(cases[0]);

	(void)state;
	assert_non_null(scratch);
	assert_non_null(memory);
	for (i = 0; i < count * count; i++) {
		struct view	before = view_of(cases[i / count].line);
		struct view	line = view_of(cases[i % count].line);

		for (k = 0; k < 2; k++) {
			scratch_reset(&scratch[0]);
			head_parse(k == 0 ? before : line, &scratch[0],
			    memory, &got);
		}
		line.n -= i / count < line.n ? i / count : 0;
		scratch_reset(&scratch[0]);
		scratch_reset(&scratch[1]);
		assert_int_equal(head_parse(line, &scratch[0], memory, &got),
		    head_parse(line, &scratch[1], NULL, &want));
		if (!same_heads(&want, &got))
			fail_msg("%s after %s", cases[i % count].what,
			    cases[i / count].what);
	}
	free(memory);
	free(scratch);
}

/* A head is never read beyond the line's end, wherever it ends. */
static void
cut_lines_stay_in_bounds(void **state)
{
	struct scratch	*scratch = malloc(sizeof(*scratch));
	struct head	 h;
	size_t		 i, n;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t	len = strlen(cases[i].line);

		for (n = 0; n < len; n++) {
			char *copy = malloc(n + 1);

			assert_non_null(copy);
			memcpy(copy, cases[i].line, n);
			scratch_reset(scratch);
			head_parse((struct view){ copy, n }, scratch, NULL, &h);
			assert_true(h.repeat >= 1);
			free(copy);
		}
	}
	free(scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_read),
		cmocka_unit_test(memory_changes_nothing),
		cmocka_unit_test(cut_lines_stay_in_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
