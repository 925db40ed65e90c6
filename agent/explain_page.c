#include "explain_lines.h"
#include "page_style.h"

static void	put_row(struct buf *, const char *name, const char *value);

/* The status page's own style: the policy in our headers allows no other. */
void
explain_html(struct buf *b, const struct explanation *e, struct view remedies)
{
	struct explain_lines	lines;

	explain_gather(e, &lines);
	buf_text(b, "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
	    "<meta name=viewport content=\"width=device-width\">"
	    "<meta name=color-scheme content=\"light dark\">"
	    "<title>smtpulse: explain</title><style>");
	buf_text(b, page_style);
	buf_text(b, "</style></head>\n<body><header><b>smtpulse</b><nav>"
	    "<a href=/>status</a></nav></header>\n<main><h1>");
	buf_text(b, lines.codes);
	buf_text(b, reason_name(e->diagnosis.reason));
	buf_text(b, "</h1><p>");
	buf_html(b, view_of(e->class_help));
	buf_text(b, "</p>\n<table>\n");
	for (size_t i = 0; i < lines.count; i++)
		put_row(b, lines.line[i].name, lines.line[i].value);
	put_row(b, "rule", e->diagnosis.rule);
	buf_text(b, "</table>");
	if (remedies.n > 0) {
		buf_text(b, "\n<pre>");
		buf_html(b, remedies);
		buf_text(b, "</pre>");
	}
	buf_text(b, "</main></body></html>\n");
}

static void
put_row(struct buf *b, const char *name, const char *value)
{
	buf_text(b, "<tr><th scope=row>");
	buf_html(b, view_of(name));
	buf_text(b, "</th><td>");
	buf_html(b, view_of(value));
	buf_text(b, "</td></tr>\n");
}
