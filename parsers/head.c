#include "head.h"

#include "head_plain.h"
#include "head_recall.h"
#include "head_wrap.h"

static bool	recall(const struct head_memory *, struct view line,
		    struct head *);
static void	unwrap_cri(struct view line, struct head *);

bool
head_parse(struct view line, struct scratch *scratch,
    struct head_memory *memory, struct head *out)
{
	if (memory != NULL && recall(memory, line, out))
		return true;
	if (line.n > 1 && line.p[0] == '{' && head_unwrap(line, scratch, out))
		return true;
	if (!head_plain(line, memory, out))
		return false;
	if (out->host.n == 6 && view_starts(out->host, VIEW("std")))
		unwrap_cri(line, out);
	return true;
}

/* A head of the minute and of a process that the memory knows. */
static bool
recall(const struct head_memory *memory, struct view line, struct head *out)
{
	struct view	rest = line;

	*out = (struct head){ .repeat = 1 };
	if (!head_recall_stamp(memory, &rest, &out->stamp) ||
	    !head_recall_origin(memory, &rest, out))
		return false;
	head_finish(out, rest);
	return true;
}

/*
 * "2026-11-01T00:00:03.123456789Z stdout F text": what Kubernetes' runtimes
 * write. What stands inside may have a head of its own.
 */
static void
unwrap_cri(struct view line, struct head *out)
{
	struct view	rest = line, flags;
	struct stamp	stamp;

	if (!stamp_take_rfc3339(&rest, &stamp) ||
	    (!view_skip(&rest, VIEW(" stdout ")) &&
	    !view_skip(&rest, VIEW(" stderr "))) ||
	    !view_cut(&rest, ' ', &flags) || flags.n == 0 ||
	    (*flags.p != 'F' && *flags.p != 'P'))
		return;
	head_plain(rest, NULL, out);
	if (!out->stamp.has_zone)
		out->stamp = stamp;
}
