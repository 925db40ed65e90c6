/*
 * Any bytes as a stamp, and whatever stamp they make as a point in time.
 */
#include "fuzz_line.h"
#include "logtime.h"

static void
try_one(bool (*take)(struct view *, struct stamp *), struct view line,
    struct logtime *lt)
{
	struct view	rest = line;
	struct stamp	s = { .day = 77 };
	int64_t		at;

	if (!take(&rest, &s)) {
		FUZZ_CHECK(rest.p == line.p && rest.n == line.n &&
		    s.day == 77, "left alone");
		return;
	}
	FUZZ_CHECK(rest.n < line.n && rest.p + rest.n == line.p + line.n,
	    "consumed");
	FUZZ_CHECK(s.month != 0, "month");
	fuzz_check_stamp(&s);
	at = logtime_resolve(lt, &s);
	FUZZ_CHECK(logtime_resolve(lt, &s) == at, "twice");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zone	zone;
	static bool		loaded;
	struct logtime		lt;
	char			*copy = fuzz_copy(data, size);
	struct view		 line = { copy, size };

	if (!loaded)
		zone_load(&zone, "CET-1CEST,M3.5.0,M10.5.0/3");
	loaded = true;
	logtime_init(&lt, &zone, 1793491203, 0);
	try_one(stamp_take_rfc3164, line, &lt);
	try_one(stamp_take_rfc3339, line, &lt);
	try_one(stamp_take_exim, line, &lt);
	free(copy);
	return 0;
}
