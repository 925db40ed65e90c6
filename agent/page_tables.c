#include "action_words.h"
#include "page_spark.h"
#include "page_tables.h"
#include "provider_title.h"
#include "words.h"

enum { NAME_CHARS = 64, PATH_CHARS = 120, QUERY_BYTES = 64 };

static void	put_provider(struct buf *, const struct status_provider *);
static void	put_class(struct buf *, const struct status_provider *,
		    enum reply_class, const char *label, const char *style);
static void	put_codes(struct buf *, const struct status_provider *);
static void	put_waiting(struct buf *, const struct status_provider *,
		    int64_t now);
static void	put_retry(struct buf *, const struct status_provider *);
static void	put_source(struct buf *, const struct status_source *,
		    int64_t now);

void
page_providers(struct buf *b, const struct status *s)
{
	if (s->provider_count == 0)
		return;
	buf_text(b, "<section><table><caption><h2>Providers</h2>"
	    "<span class=key><span>last hour:</span>"
	    "<span><i class=a></i>delivered or no reply</span>"
	    "<span><i class=d></i>4xx</span><span><i class=b></i>5xx</span>"
	    "</span></caption><thead><tr>"
	    "<th scope=col class=text>Provider<th scope=col>Last hour"
	    "<th scope=col>Attempts<th scope=col>2xx<th scope=col>4xx"
	    "<th scope=col>5xx<th scope=col>No reply"
	    "<th scope=col class=text>Fails with<th scope=col>Waiting"
	    "<tbody>\n");
	for (size_t i = 0; i < s->provider_count && !page_is_full(b,
	    PAGE_PROVIDERS_END, s->provider_count - i); i++) {
		put_provider(b, &s->provider[i]);
		put_waiting(b, &s->provider[i], s->now);
	}
	buf_text(b, "</table></section>\n");
}

void
page_reasons(struct buf *b, const struct status *s)
{
	const struct status_reason	*r;

	if (s->reason_count == 0)
		return;
	buf_text(b, "<section><table><caption><h2>Why, and what to do</h2>"
	    "<span>failures of the last hour</span></caption><thead><tr>"
	    "<th scope=col class=text>Reason<th scope=col>Class"
	    "<th scope=col>Failures<th scope=col class=text>Mostly at"
	    "<th scope=col class=text>What to do<tbody>\n");
	for (size_t i = 0; i < s->reason_count && !page_is_full(b,
	    PAGE_REASONS_END, s->reason_count - i); i++) {
		r = &s->reason[i];
		buf_text(b, "<tr><th scope=row>");
		buf_text(b, reason_name(r->reason));
		buf_text(b, "<small>");
		buf_text(b, reason_help(r->reason));
		buf_text(b, "</small><td data-label=Class>");
		buf_text(b, reply_class_name(r->class));
		buf_text(b, "<td data-label=Failures>");
		words_count(b, r->count);
		buf_text(b, "<td class=text data-label=\"Mostly at\">");
		words_cut(b, provider_title(r->provider), NAME_CHARS);
		buf_text(b, "<td class=text data-label=\"What to do\">");
		buf_text(b, action_words(r->action));
		buf_byte(b, '\n');
	}
	buf_text(b, "</table></section>\n");
}

void
page_tenants(struct buf *b, const struct status *s)
{
	const struct status_tenant	*t;

	if (s->tenant_count == 0 || s->tenants_hidden)
		return;
	buf_text(b, "<section><table><caption><h2>Whose mail fails</h2>"
	    "</caption><thead><tr><th scope=col class=text>Tenant"
	    "<th scope=col>Attempts<th scope=col>Failed"
	    "<th scope=col class=text>Mostly at<tbody>\n");
	for (size_t i = 0; i < s->tenant_count && !page_is_full(b,
	    PAGE_TENANTS_END, s->tenant_count - i); i++) {
		t = &s->tenant[i];
		buf_text(b, "<tr><th scope=row>");
		words_cut(b, t->name, NAME_CHARS);
		buf_text(b, "<td data-label=Attempts>");
		words_count(b, t->attempts);
		buf_text(b, "<td data-label=Failed>");
		words_count(b, t->failures);
		buf_text(b, "<small>");
		words_share(b, t->failures, t->attempts);
		buf_text(b, "</small><td class=text data-label=\"Mostly at\">");
		words_cut(b, provider_title(t->provider), NAME_CHARS);
		if (t->reason > REASON_NONE) {
			buf_text(b, "<small>");
			buf_text(b, reason_name((enum reason)t->reason));
			buf_text(b, "</small>");
		}
		buf_byte(b, '\n');
	}
	buf_text(b, "</table></section>\n");
}

void
page_retries(struct buf *b, const struct status *s)
{
	bool	any = false;

	for (size_t i = 0; i < s->provider_count; i++) {
		if (s->provider[i].retry_deferred == 0)
			continue;
		if (!any)
			buf_text(b, "<section><h2>What became of deferred "
			    "mail</h2><ul class=plain>\n");
		any = true;
		if (b->len > PAGE_RETRIES_END)
			break;
		put_retry(b, &s->provider[i]);
	}
	if (any)
		buf_text(b, "</ul></section>\n");
}

void
page_sources(struct buf *b, const struct status *s)
{
	if (s->source_count == 0)
		return;
	buf_text(b, "<section><table><caption><h2>Sources</h2></caption>"
	    "<thead><tr><th scope=col class=text>Log"
	    "<th scope=col class=text>State<th scope=col>Last line"
	    "<th scope=col>Still to read<th scope=col>Lines"
	    "<th scope=col>Not understood<tbody>\n");
	for (size_t i = 0; i < s->source_count && !page_is_full(b,
	    PAGE_SOURCES_END, s->source_count - i); i++)
		put_source(b, &s->source[i], s->now);
	buf_text(b, "</table></section>\n");
}

bool
page_is_full(struct buf *b, size_t end, size_t left)
{
	if (b->len <= end)
		return false;
	buf_printf(b, "<tr><th scope=row>and %zu more\n", left);
	return true;
}

void
page_code(struct buf *b, uint16_t code, struct enhanced enhanced,
    struct view provider)
{
	char	text[16] = "";

	if (enhanced.class != 0)
		enhanced_print(enhanced, text);
	if (code == 0 && enhanced.class == 0) {
		buf_text(b, "no reply");
		return;
	}
	buf_text(b, "<a href=\"/explain?provider=");
	words_query(b, view_sub(provider, 0, QUERY_BYTES));
	if (code != 0)
		buf_printf(b, "&amp;code=%u", code);
	if (enhanced.class != 0)
		buf_printf(b, "&amp;enhanced=%s", text);
	buf_text(b, "\">");
	if (code != 0)
		buf_printf(b, "%u ", code);
	buf_text(b, text);
	buf_text(b, "</a>");
}

static void
put_provider(struct buf *b, const struct status_provider *p)
{
	buf_text(b, "<tr><th scope=row>");
	words_cut(b, provider_title(p->name), NAME_CHARS);
	if (p->firing)
		buf_text(b, "<small class=bad>&#9650; alert</small>");
	buf_text(b, "<td class=wide data-label=\"Last hour\">");
	page_spark(b, p);
	buf_text(b, "<td data-label=Attempts>");
	words_count(b, p->attempts[STATUS_1H]);
	put_class(b, p, CLASS_2XX, "2xx", "");
	put_class(b, p, CLASS_4XX, "4xx", "defer");
	put_class(b, p, CLASS_5XX, "5xx", "bounce");
	put_class(b, p, CLASS_NONE, "No reply", "");
	put_codes(b, p);
}

/* The hour's count and share; the share of the last minutes if it is news. */
static void
put_class(struct buf *b, const struct status_provider *p,
    enum reply_class class, const char *label, const char *style)
{
	uint64_t	n = p->replies[STATUS_1H][class];
	uint64_t	all = p->attempts[STATUS_1H];
	uint64_t	recent = p->replies[STATUS_5M][class];
	uint64_t	recent_all = p->attempts[STATUS_5M];

	buf_printf(b, "<td%s data-label=\"%s\"><span class=\"%s\">",
	    n > 0 ? "" : " class=nil", label, n > 0 ? style : "none");
	words_count(b, n);
	buf_text(b, "</span>");
	if (n == 0)
		return;
	buf_text(b, "<small>");
	words_share(b, n, all);
	buf_text(b, "</small>");
	/* twice as bad as the hour was, and not by a single message */
	if (class == CLASS_2XX || recent < 3 ||
	    recent * all < 2 * n * recent_all)
		return;
	buf_text(b, "<small class=now>now ");
	words_share(b, recent, recent_all);
	buf_text(b, "</small>");
}

static void
put_codes(struct buf *b, const struct status_provider *p)
{
	if (p->code_count == 0) {
		buf_text(b, "<td class=\"text nil\">"
		    "<span class=none>&#8211;</span>");
		return;
	}
	buf_text(b, "<td class=\"text wide\" data-label=\"Fails with\">"
	    "<ul class=codes>");
	for (size_t i = 0; i < p->code_count; i++) {
		buf_text(b, "<li>");
		page_code(b, p->code[i].code, p->code[i].enhanced, p->name);
		buf_text(b, " &#215;&#8239;");
		words_count(b, p->code[i].count);
	}
	buf_text(b, "</ul>");
}

static void
put_waiting(struct buf *b, const struct status_provider *p, int64_t now)
{
	if (p->waiting == 0) {
		buf_text(b, "<td class=nil><span class=none>0</span>\n");
		return;
	}
	buf_text(b, "<td data-label=Waiting>");
	words_count(b, p->waiting);
	if (p->oldest_waiting > 0) {
		buf_text(b, "<small>for ");
		words_span(b, now - p->oldest_waiting);
		buf_text(b, "</small>");
	}
	buf_byte(b, '\n');
}

static void
put_retry(struct buf *b, const struct status_provider *p)
{
	buf_text(b, "<li>Of ");
	words_count(b, p->retry_deferred);
	buf_text(b, " deferred at <b>");
	words_cut(b, provider_title(p->name), NAME_CHARS);
	buf_text(b, "</b>, ");
	words_count(b, p->retry_delivered);
	buf_text(b, " delivered later");
	if (p->retry_median_s >= 0 && p->retry_delivered > 0) {
		buf_text(b, " (median ");
		words_span(b, p->retry_median_s);
		buf_byte(b, ')');
	}
	if (p->retry_bounced > 0) {
		buf_text(b, ", <span class=bounce>");
		words_count(b, p->retry_bounced);
		buf_text(b, " lost</span>");
	}
	buf_text(b, ".\n");
}

static void
put_source(struct buf *b, const struct status_source *s, int64_t now)
{
	buf_text(b, "<tr><th scope=row>");
	words_cut(b, s->name, NAME_CHARS);
	buf_text(b, "<small>");
	words_cut(b, s->path, PATH_CHARS);
	buf_text(b, "</small><td class=text data-label=State>");
	buf_text(b, s->up ? "<span class=good>&#10003; read</span><small>" :
	    "<span class=bad>&#10007; cannot be read</span><small>");
	words_cut(b, s->mta, NAME_CHARS);
	buf_text(b, "</small><td data-label=\"Last line\">");
	if (s->last_line == 0) {
		buf_text(b, "<span class=none>none yet</span>");
	} else {
		words_time(b, s->last_line, now);
		buf_text(b, "<small>");
		words_span(b, now - s->last_line);
		buf_text(b, " ago</small>");
	}
	buf_text(b, "<td data-label=\"Still to read\">");
	if (s->lag_bytes == 0)
		buf_text(b, "<span class=none>0</span>");
	else
		words_bytes(b, s->lag_bytes);
	buf_text(b, "<td data-label=Lines>");
	words_count(b, s->lines);
	buf_text(b, "<td data-label=\"Not understood\">");
	words_count(b, s->unknown);
	buf_text(b, "<small>");
	words_share(b, s->unknown, s->lines);
	buf_text(b, "</small>\n");
}
