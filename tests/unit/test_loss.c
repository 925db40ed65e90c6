/* What syslog and the journal say about messages that they dropped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "loss.h"

static const struct {
	const char	*line;
	bool		 lost;
} cases[] = {
	{ "Nov  1 00:00:00 mx rsyslogd: imuxsock[pid: 7, name: smtp]: 50 "
	    "messages lost due to rate-limiting (200 allowed within 5 "
	    "seconds)", true },
	{ "2026-11-01T00:00:00.000000+00:00 mx rsyslogd: imuxsock[pid: 7]: "
	    "50 messages lost due to rate-limiting", true },
	{ "Nov  1 00:00:00 mx rsyslogd: imjournal: 1234 messages lost due to "
	    "rate-limiting (20000 allowed within 600 seconds)", true },
	{ "Nov  1 00:00:00 mx rsyslogd: imuxsock lost 50 messages from pid 7 "
	    "due to rate-limiting", true },
	/* the closing line has the number */
	{ "Nov  1 00:00:00 mx rsyslogd: imjournal: begin to drop messages "
	    "due to rate-limiting", false },
	{ "Nov  1 00:00:00 mx rsyslogd: imjournal: journal files changed, "
	    "reloading...", false },
	{ "Nov  1 00:00:00 mx rsyslogd: imuxsock[pid: 7", false },
	{ "Nov  1 00:00:00 mx rsyslogd: ", false },
	{ "Nov  1 00:00:00 mx systemd-journald[1]: Suppressed 12 messages "
	    "from postfix@-.service", true },
	{ "Nov  1 00:00:00 mx systemd-journald[1]: Suppressed 12 messages "
	    "from /system.slice/exim4.service", true },
	{ "Nov  1 00:00:00 mx systemd-journald[1]: Suppressed 12 messages "
	    "from chatty.service", false },
	{ "Nov  1 00:00:00 mx systemd-journald[1]: Suppressed many messages "
	    "from postfix@-.service", false },
	/* a text is a text */
	{ "Nov  1 00:00:00 mx postfix/smtp[7]: A1: to=<a@b.c>, relay=d[1.2."
	    "3.4]:25, delay=1, dsn=4.0.0, status=deferred (host d said: 450 "
	    "rsyslogd: imjournal: 9 messages lost due to rate-limiting)",
	    false },
	{ "Nov  1 00:00:00 mx postfix/smtp[7]: imjournal: 9 messages lost "
	    "due to rate-limiting", false },
};

static void
test_cases(void **state)
{
	static struct scratch	scratch;
	struct head		h;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scratch_reset(&scratch);
		head_parse(view_of(cases[i].line), &scratch, NULL, &h);
		if (loss_is_said(&h) != cases[i].lost)
			fail_msg("%s", cases[i].line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
