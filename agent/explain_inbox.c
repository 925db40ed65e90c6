#include <stdio.h>

#include "command.h"
#include "explain_inbox.h"
#include "replay.h"

enum { OUTPUT_BYTES = 1 << 20 };

static void	print_slot(struct buf *, const struct intake *, size_t slot,
		    unsigned number);

int
explain_inbox(char *const *path, int count)
{
	struct replay_options	 options;
	struct replay		 r;
	struct buf		 b;
	int			 rc;

	replay_options_init(&options);
	rc = replay_open(&r, &options, path, (size_t)count);
	if (rc == EXIT_OK)
		rc = replay_run(&r);
	if (rc == EXIT_OK) {
		struct templates	*t = &r.intake->inbox.templates;

		buf_init(&b, OUTPUT_BYTES);
		template_sort(t);
		for (unsigned i = 0; i < t->used; i++)
			print_slot(&b, r.intake, t->order[i], i + 1);
		fwrite(b.p, 1, b.len, stdout);
		buf_fini(&b);
	}
	replay_close(&r);
	return rc;
}

static void
print_slot(struct buf *b, const struct intake *in, size_t slot,
    unsigned number)
{
	const struct template	*t = &in->inbox.templates.slot[slot];

	buf_printf(b, "# %llu times: ", (unsigned long long)t->count);
	buf_put(b, (struct view){ t->text, t->text_len });
	buf_byte(b, '\n');
	inbox_section(b, &in->inbox, slot, provider_name(&in->judge.providers,
	    in->inbox.about[slot].provider), number);
}
