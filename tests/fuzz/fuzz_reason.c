/*
 * Any text as a failed delivery's: a reason and an action of the table, a
 * rule with a name, and a detail that is a piece of the text. The first three
 * bytes choose code and provider.
 */
#include "fuzz_line.h"
#include "reason_text.h"
#include "reason.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reason_text	folded;
	struct diagnosis	d;
	struct reply		reply = { 0 };
	enum provider_id	provider = PROVIDER_OTHER;
	struct view		text;
	char			*copy;

	if (size >= 3) {
		reply.code = (uint16_t)(data[0] % 2 == 0 ? 0 :
		    400 + data[1] % 200);
		provider = data[2] % PROVIDER_BUILTIN_COUNT;
		data += 3;
		size -= 3;
	}
	copy = fuzz_copy(data, size);
	text = (struct view){ copy, size };
	reason_fold(text, reply.code, &folded);
	FUZZ_CHECK(folded.n >= 1 && folded.n <= sizeof(folded.byte) &&
	    folded.byte[folded.n - 1] == ' ', "folded");
	FUZZ_CHECK(reason_origin(&folded, folded.n) <= size, "origin");
	reason_diagnose(&reply, provider, text, &d);
	FUZZ_CHECK(d.reason > REASON_NONE && d.reason < REASON_COUNT,
	    "reason");
	FUZZ_CHECK(d.action > ACTION_NONE && d.action < ACTION_COUNT,
	    "action");
	FUZZ_CHECK(d.rule != NULL && *d.rule != '\0', "rule");
	FUZZ_CHECK(d.detail.n == 0 || (d.detail.p >= copy &&
	    d.detail.p + d.detail.n <= copy + size), "detail");
	free(copy);
	return 0;
}
