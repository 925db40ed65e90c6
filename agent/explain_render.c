#include "explain_lines.h"

static void	add(struct explain_lines *, const char *name,
		    const char *value);
static void	put_text_line(struct buf *, const char *name, const char *);
static void	put_member(struct buf *, const char *name, const char *value);
static void	put_rule(struct buf *, const struct explanation *);

void
explain_text(struct buf *b, const struct explanation *e)
{
	struct explain_lines	lines;

	explain_gather(e, &lines);
	buf_printf(b, "%s%s\n", lines.codes, e->class_help);
	for (size_t i = 0; i < lines.count; i++)
		put_text_line(b, lines.line[i].name, lines.line[i].value);
	if (e->diagnosis.detail.n > 0) {
		buf_printf(b, "  %-10s", "tag");
		buf_put(b, e->diagnosis.detail);
		buf_byte(b, '\n');
	}
	buf_printf(b, "  %-10s", "rule");
	put_rule(b, e);
	buf_byte(b, '\n');
}

void
explain_json(struct buf *b, const struct explanation *e)
{
	struct explain_lines	lines;

	explain_gather(e, &lines);
	buf_text(b, "{\"code\":");
	if (e->reply.code == 0)
		buf_text(b, "null");
	else
		buf_u64(b, e->reply.code);
	put_member(b, "enhanced", *lines.enhanced == '\0' ? NULL :
	    lines.enhanced);
	put_member(b, "class", e->class == CLASS_NONE ? NULL :
	    reply_class_name(e->class));
	put_member(b, "class_help", e->class_help);
	put_member(b, "code_help", e->code_help);
	put_member(b, "enhanced_name", e->enhanced_name);
	put_member(b, "enhanced_help", *e->enhanced_help == '\0' ? NULL :
	    e->enhanced_help);
	put_member(b, "reason", reason_name(e->diagnosis.reason));
	put_member(b, "reason_help", reason_help(e->diagnosis.reason));
	put_member(b, "action", action_name(e->diagnosis.action));
	buf_text(b, ",\"detail\":");
	if (e->diagnosis.detail.n == 0)
		buf_text(b, "null");
	else
		buf_json_string(b, e->diagnosis.detail);
	put_member(b, "who", e->who);
	put_member(b, "next", e->next);
	put_member(b, "retry", e->retry);
	put_member(b, "disagrees", e->disagrees);
	put_member(b, "provider", e->provider_name);
	put_member(b, "provider_note", e->note);
	put_member(b, "provider_page", e->page);
	put_member(b, "rule", e->diagnosis.rule);
	put_member(b, "rule_source", e->rule_source);
	buf_text(b, "}\n");
}

void
explain_gather(const struct explanation *e, struct explain_lines *l)
{
	const struct diagnosis	*d = &e->diagnosis;
	size_t			 n = 0;

	l->count = 0;
	*l->code = *l->enhanced = '\0';
	if (e->reply.code != 0) {
		l->code[n++] = (char)('0' + e->reply.code / 100);
		l->code[n++] = (char)('0' + e->reply.code / 10 % 10);
		l->code[n++] = (char)('0' + e->reply.code % 10);
		l->code[n] = '\0';
	}
	if (e->reply.enhanced.class != 0)
		enhanced_print(e->reply.enhanced, l->enhanced);
	n = 0;
	for (const char *p = l->code; *p != '\0'; p++)
		l->codes[n++] = *p;
	if (n > 0)
		l->codes[n++] = ' ';
	for (const char *p = l->enhanced; *p != '\0'; p++)
		l->codes[n++] = *p;
	if (*l->enhanced != '\0')
		l->codes[n++] = ' ';
	l->codes[n] = '\0';
	add(l, l->code, e->code_help);
	add(l, l->enhanced, e->enhanced_name);
	add(l, e->enhanced_name == NULL ? l->enhanced : "", *e->enhanced_help ==
	    '\0' ? NULL : e->enhanced_help);
	add(l, "reason", reason_name(d->reason));
	add(l, "", reason_help(d->reason));
	add(l, "action", action_name(d->action));
	add(l, "who", e->who);
	add(l, "next", e->next);
	add(l, "retry", e->retry);
	add(l, "but", e->disagrees);
	add(l, "provider", e->provider_name);
	add(l, "note", e->note);
	add(l, "see", e->page);
}

static void
add(struct explain_lines *l, const char *name, const char *value)
{
	if (value != NULL && l->count < EXPLAIN_LINES)
		l->line[l->count++] = (struct explain_line){ name, value };
}

/* Folded at 78 columns. */
static void
put_text_line(struct buf *b, const char *name, const char *value)
{
	enum { INDENT = 12, WIDTH = 66 };
	struct view	rest = view_of(value);

	buf_printf(b, "  %-10s", name);
	while (rest.n > WIDTH) {
		size_t	n = WIDTH;

		while (n > 0 && rest.p[n] != ' ')
			n--;
		if (n == 0)
			break;
		buf_put(b, view_sub(rest, 0, n));
		buf_printf(b, "\n%*s", INDENT, "");
		view_advance(&rest, n + 1);
	}
	buf_put(b, rest);
	buf_byte(b, '\n');
}

static void
put_member(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, ",\"%s\":", name);
	if (value == NULL)
		buf_text(b, "null");
	else
		buf_json_string(b, view_of(value));
}

static void
put_rule(struct buf *b, const struct explanation *e)
{
	buf_text(b, e->diagnosis.rule);
	if (e->rule_source != NULL)
		buf_printf(b, " (%s)", e->rule_source);
}
