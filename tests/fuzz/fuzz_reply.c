/*
 * Any text as a reply: codes in range, folding never grows it and keeps the
 * code, and what is folded has nothing left to fold at its front.
 */
#include "fuzz_line.h"
#include "reply.h"

static struct scratch	scratch;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char		*copy = fuzz_copy(data, size);
	struct view	 text = { copy, size }, folded;
	struct reply	 reply = { 0 }, again = { 0 };
	char		 buf[12];

	scratch_reset(&scratch);
	if (!reply_parse(text, &reply)) {
		FUZZ_CHECK(reply.code == 0 && reply.enhanced.class == 0,
		    "left alone");
		free(copy);
		return 0;
	}
	FUZZ_CHECK(reply.code >= 200 && reply.code <= 599, "code");
	FUZZ_CHECK(reply_class_of(&reply) < CLASS_COUNT, "class");
	if (reply.enhanced.class != 0)
		FUZZ_CHECK(enhanced_print(reply.enhanced, buf) < sizeof(buf),
		    "enhanced");
	folded = reply_fold(text, &reply, &scratch);
	FUZZ_CHECK(fuzz_inside(folded, text, &scratch), "inside");
	FUZZ_CHECK(folded.n <= text.n, "grown");
	FUZZ_CHECK(reply_parse(folded, &again) && again.code == reply.code,
	    "code kept");
	FUZZ_CHECK(folded.n <= 3 || folded.p[3] == ' ' || folded.p == text.p,
	    "dash");
	free(copy);
	return 0;
}
