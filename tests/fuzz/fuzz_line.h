/*
 * fuzz_line - what every target of a line needs: exact memory and oracles.
 *
 * A line is copied to memory of its own size, so that reading one byte too far
 * is seen; results are compared by what they say, not by where it stands.
 */
#ifndef FUZZ_LINE_H
#define FUZZ_LINE_H

#include <stdio.h>
#include <stdlib.h>

#include "head.h"

#define FUZZ_CHECK(x, what)						\
	do {								\
		if (!(x)) {						\
			fprintf(stderr, "%s: %s\n", what, #x);		\
			abort();					\
		}							\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Exactly n bytes, on the heap. */
static inline char *
fuzz_copy(const uint8_t *data, size_t n)
{
	char	*copy = malloc(n == 0 ? 1 : n);

	if (copy == NULL)
		abort();
	if (n > 0)
		memcpy(copy, data, n);
	return copy;
}

/* Does the view lie in the line, in scratch, or point nowhere? */
static inline bool
fuzz_inside(struct view v, struct view line, const struct scratch *s)
{
	if (v.n == 0)
		return true;
	if (v.p >= line.p && v.p + v.n <= line.p + line.n)
		return true;
	return v.p >= s->byte && v.p + v.n <= s->byte + SCRATCH_BYTES;
}

static inline void
fuzz_check_stamp(const struct stamp *s)
{
	if (s->month == 0)
		return;
	FUZZ_CHECK(s->month <= 12 && s->day >= 1 && s->day <= 31, "date");
	FUZZ_CHECK(s->hour <= 23 && s->minute <= 59 && s->second <= 60,
	    "clock");
	FUZZ_CHECK(s->year >= 0 && s->year <= 9999 && s->us <= 999999,
	    "year or fraction");
	FUZZ_CHECK(s->zone_s > -86400 && s->zone_s < 86400, "zone");
}

#endif
