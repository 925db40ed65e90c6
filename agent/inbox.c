#include "inbox.h"
#include "mask.h"

enum { PATTERN_BYTES = 120 };	/* of the template; the rest is dropped */

static void	note(struct inbox *, const struct verdict *);
static void	put_pattern(struct buf *, struct view template);
static bool	skip_mask(struct view *);

void
inbox_note(struct inbox *in, const struct verdict *v)
{
	if (v->counts && v->diagnosis.reason == REASON_UNKNOWN)
		note(in, v);
}

void
inbox_section(struct buf *b, const struct inbox *in, size_t slot,
    const char *provider, unsigned number)
{
	const struct template	*t = &in->templates.slot[slot];
	const struct reply	*reply = &in->about[slot].reply;
	struct view		 text = { t->text, t->text_len };
	uint16_t		 code;

	buf_printf(b, "reason \"unclassified-%u\" {", number);
	if (in->about[slot].provider > PROVIDER_INTERNAL && provider != NULL &&
	    *provider != '\0') {
		buf_text(b, " provider = ");
		buf_json_string(b, view_of(provider));
	}
	if (reply->code != 0)
		buf_printf(b, " code = %u", reply->code);
	reply_take_code(&text, &code);
	text = view_trim(view_sub(text, 0, PATTERN_BYTES));
	if (text.n > 0) {
		buf_text(b, " match = '");
		put_pattern(b, text);
		buf_byte(b, '\'');
	}
	buf_printf(b, " reason = %s }\n",
	    reply_class_of(reply) == CLASS_5XX ? "policy" : "server-error");
}

static void
note(struct inbox *in, const struct verdict *v)
{
	char		text[TEMPLATE_EXAMPLE_BYTES];
	struct mask	mask;
	size_t		slot, n;
	bool		fresh;

	mask_init(&mask);
	mask_add(&mask, v->event->sender);
	mask_add(&mask, v->recipient);
	mask_add(&mask, v->event->login);
	n = mask_text(&mask, v->event->text, text, sizeof(text));
	slot = template_note(&in->templates, (struct view){ text, n }, &fresh);
	if (!fresh)
		return;
	in->about[slot].reply = v->reply;
	in->about[slot].provider = v->provider;
}

/* What was masked may be anything but a blank; the rest is literal. */
static void
put_pattern(struct buf *b, struct view v)
{
	while (v.n > 0) {
		char	c = *v.p;

		if (skip_mask(&v)) {
			buf_text(b, "\\S+");
			continue;
		}
		if (c == '\'' || (c & 0x80) != 0 || c < ' ')
			c = '.';	/* quotes end the string */
		else if (strchr("\\^$.|?*+()[]{}", c) != NULL)
			buf_byte(b, '\\');
		buf_byte(b, c);
		view_advance(&v, 1);
	}
}

static bool
skip_mask(struct view *v)
{
	return view_skip(v, VIEW("<n>")) || view_skip(v, VIEW("<ip>")) ||
	    view_skip(v, VIEW("<id>")) || view_skip(v, VIEW("<url>")) ||
	    view_skip(v, VIEW("<host>")) || view_skip(v, VIEW("<address>")) ||
	    view_skip(v, VIEW("[...]"));
}
