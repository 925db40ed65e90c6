/*
 * Any bytes as what an agent answers to top: no JSON, or a screen of printable
 * text in every order, each line at most 80 columns wide.
 */
#include "fuzz_line.h"
#include "top_view.h"

enum { SCREEN = 1 << 20 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_error_t	 error;
	json_t		*status;
	struct buf	 b;
	struct column	 column = { &b, false };

	status = json_loadb((const char *)data, size, 0, &error);
	if (status == NULL)
		return 0;
	buf_init(&b, SCREEN);
	for (int sort = 0; sort < TOP_SORT_COUNT; sort++) {
		buf_reset(&b);
		top_view(&column, status, (enum top_sort)sort);
		FUZZ_CHECK(!b.failed, "overflow");
		for (size_t i = 0; i < b.len; i++)
			FUZZ_CHECK(b.p[i] == '\n' ||
			    (unsigned char)b.p[i] >= ' ', "control character");
	}
	buf_fini(&b);
	json_decref(status);
	return 0;
}
