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
	memset(&in, 0, sizeof(in));
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

/* What is shown on a page and by HTTP tells nobody's name. */
static void
names_are_masked(void **state)
{
	struct mail_event	ev = { .sender = VIEW("jane.roe@b.example"),
				    .text = VIEW("551 Not to john.doe, jane.roe "
				    "or x@c.example") };
	struct verdict		v = { .event = &ev, .counts = true,
				    .recipient = VIEW("john.doe@d.example") };

	(void)state;
	memset(&in, 0, sizeof(in));
	v.reply.code = 551;
	v.diagnosis.reason = REASON_UNKNOWN;
	inbox_note(&in, &v);
	assert_int_equal(in.templates.used, 1);
	for (size_t i = 0; i < 3; i++) {
		static const char *const	names[] = { "john", "jane",
						    "x@" };
		const struct template		*t = &in.templates.slot[0];
		const struct view		 name = view_of(names[i]);

		assert_int_equal(view_search((struct view){ t->text,
		    t->text_len }, name), t->text_len);
		assert_int_equal(view_search((struct view){ t->example,
		    t->example_len }, name), t->example_len);
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_section_to_paste),
		cmocka_unit_test(names_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
