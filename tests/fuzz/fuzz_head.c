/*
 * Any line to head_parse() and join_feed(): views inside, the same twice.
 */
#include "fuzz_line.h"
#include "join.h"

static struct scratch	scratch[2];
static struct head_memory	memory;

static void
check(const struct head *h, struct view line, const struct scratch *s)
{
	FUZZ_CHECK(fuzz_inside(h->host, line, s), "host");
	FUZZ_CHECK(fuzz_inside(h->tag, line, s), "tag");
	FUZZ_CHECK(fuzz_inside(h->body, line, s), "body");
	FUZZ_CHECK(h->repeat >= 1 && h->repeat <= HEAD_REPEAT_MAX, "repeat");
	fuzz_check_stamp(&h->stamp);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct join	*join;
	char			*copy = fuzz_copy(data, size);
	struct view		 line = { copy, size };
	struct head		 a, b;
	bool			 known;

	if (join == NULL) {
		join = malloc(sizeof(*join));
		if (join == NULL || join_init(join) == -1)
			abort();
	}
	scratch_reset(&scratch[0]);
	scratch_reset(&scratch[1]);
	known = head_parse(line, &scratch[0], NULL, &a);
	check(&a, line, &scratch[0]);
	/* what it remembers of other lines, and of this one, changes nothing */
	head_parse(line, &scratch[1], &memory, &b);
	scratch_reset(&scratch[1]);
	FUZZ_CHECK(head_parse(line, &scratch[1], &memory, &b) == known,
	    "twice");
	FUZZ_CHECK(view_eq(a.body, b.body) && view_eq(a.tag, b.tag) &&
	    view_eq(a.host, b.host) && a.pid == b.pid &&
	    a.repeat == b.repeat, "twice");
	FUZZ_CHECK(known || view_eq(a.body, line), "unknown");
	if (join_feed(join, (uint16_t)(size % 3), &b)) {
		FUZZ_CHECK(b.repeat >= 1, "joined");
		join_keep(join, (uint16_t)(size % 3), &b);
	}
	free(copy);
	return 0;
}
