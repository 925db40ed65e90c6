#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "inbox.h"

static struct inbox	in;

static void
note(uint16_t code, enum reason reason, const char *text)
{
	struct mail_event	ev = { .text = view_of(text) };
	struct verdict		v = { .event = &ev, .counts = true,
				    .provider = PROVIDER_GOOGLE };

	v.reply.code = code;
	v.diagnosis.reason = reason;
	inbox_note(&in, &v);
}

static void
a_section_to_paste(void **state)
{
	struct buf	b;

	(void)state;
	inbox_init(&in);
	note(551, REASON_UNKNOWN, "551 5.3.0 It isn't yet 17 a@b.example");
	note(551, REASON_UNKNOWN, "551 5.3.0 It isn't yet 18 c@d.example");
	note(551, REASON_POLICY, "551 5.3.0 It isn't yet 19 c@d.example");
	assert_int_equal(in.templates.used, 1);
	assert_int_equal(in.templates.slot[0].count, 2);
	buf_init(&b, 4096);
	inbox_section(&b, &in, 0, "google", 1);
	buf_byte(&b, '\0');
	assert_string_equal(b.p, "reason \"unclassified-1\" { "
	    "provider = \"google\" code = 551 match = "
	    "'5\\.3\\.0 It isn.t yet \\S+ \\S+' reason = policy }\n");
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_section_to_paste),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
