#include "page.h"
#include "page_style.h"
#include "page_tables.h"
#include "words.h"

enum { SUMMARY_CHARS = 300, ADVICE_CHARS = 700, TITLE_CHARS = 70,
	HOST_CHARS = 64 };

/* What the moment looks like; in the order of alarm. */
#define MOODS(X)							\
	X(QUIET,	"quiet",	"%232c7a55",			\
	    "<circle cx=13 cy=13 r=11 /><path d=\"M8 13.5l3.5 3.5 7-8\"/>") \
	X(INFO,		"info",		"%231b6390",			\
	    "<circle cx=13 cy=13 r=11 /><path d=\"M13 12v7M13 7v1\"/>")	\
	X(WARNING,	"warning",	"%23dd9412",			\
	    "<path d=\"M13 3L24 22.500H2z\"/><path d=\"M13 10v6M13 19v.5\"/>") \
	X(CRITICAL,	"critical",	"%23c23a2e",			\
	    "<path d=\"M8.500 2h9l6.500 6.500v9L17.500 24h-9L2 17.500v-9z\"/>" \
	    "<path d=\"M13 7v7M13 18v.5\"/>")

enum mood {
#define X(id, name, color, icon) MOOD_##id,
	MOODS(X)
#undef X
	MOOD_COUNT
};

static const struct {
	const char	*name, *color, *icon;
} moods[] = {
#define X(id, name, color, icon) { name, color, icon },
	MOODS(X)
#undef X
};

struct totals {
	uint64_t	attempts, replies[CLASS_COUNT], waiting;
	size_t		firing;
	const struct status_alert *first;	/* of those that fire */
	enum mood	mood;
};

static struct totals totals_of(const struct status *);
static enum mood mood_of(const struct status_alert *);
static void	put_head(struct buf *, const struct status *,
		    const struct totals *);
static void	put_moment(struct buf *, const struct status *,
		    const struct totals *);
static void	put_sentence(struct buf *, const struct totals *, size_t max);
static void	put_under(struct buf *, const struct status *,
		    const struct totals *);
static void	put_alert(struct buf *, const struct status *,
		    const struct status_alert *, bool with_summary);
static void	put_facts(struct buf *, const struct status *,
		    const struct status_alert *);
static void	put_resolved(struct buf *, const struct status *);
static void	put_notes(struct buf *, const struct status *);
static void	put_explain(struct buf *);
static void	put_foot(struct buf *, const struct status *);

void
page_render(struct buf *b, const struct status *s)
{
	struct totals	t = totals_of(s);

	put_head(b, s, &t);
	buf_text(b, "<main>\n");
	put_moment(b, s, &t);
	put_notes(b, s);
	page_providers(b, s);
	page_reasons(b, s);
	buf_text(b, "<div class=pair><div>");
	page_tenants(b, s);
	put_resolved(b, s);
	buf_text(b, "</div><div>");
	page_retries(b, s);
	put_explain(b);
	buf_text(b, "</div></div>\n");
	page_sources(b, s);
	buf_text(b, "</main>\n");
	put_foot(b, s);
}

static struct totals
totals_of(const struct status *s)
{
	struct totals	t = { .mood = MOOD_QUIET };

	for (size_t i = 0; i < s->provider_count; i++) {
		const struct status_provider	*p = &s->provider[i];

		t.attempts += p->attempts[STATUS_1H];
		t.waiting += p->waiting;
		for (int c = 0; c < CLASS_COUNT; c++)
			t.replies[c] += p->replies[STATUS_1H][c];
	}
	for (size_t i = 0; i < s->alert_count; i++) {
		if (!s->alert[i].firing)
			continue;
		if (t.firing++ == 0)
			t.first = &s->alert[i];
		if (mood_of(&s->alert[i]) > t.mood)
			t.mood = mood_of(&s->alert[i]);
	}
	return t;
}

static enum mood
mood_of(const struct status_alert *a)
{
	for (int i = 0; i < MOOD_COUNT; i++)
		if (view_eq(a->severity, view_of(moods[i].name)))
			return (enum mood)i;
	return MOOD_WARNING;
}

static void
put_head(struct buf *b, const struct status *s, const struct totals *t)
{
	buf_text(b, "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
	    "<meta name=viewport content=\"width=device-width\">"
	    "<meta name=color-scheme content=\"light dark\"><title>");
	if (t->firing > 0)
		buf_printf(b, "(%zu) ", t->firing);
	put_sentence(b, t, TITLE_CHARS);
	buf_text(b, " &#183; smtpulse</title><link rel=icon href=\""
	    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
	    "viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='");
	buf_text(b, moods[t->mood].color);
	buf_text(b, "'/%3E%3C/svg%3E\"><style>");
	buf_text(b, page_style);
	buf_text(b, "</style></head>\n<body><header><b>"
	    "<svg width=22 height=16 viewBox=\"0 0 22 16\" fill=none "
	    "stroke=currentColor stroke-width=2 stroke-linejoin=round "
	    "aria-hidden=true><path d=\"M0 9h5l3-7 4 12 3-8 1.500 3H22\"/>"
	    "</svg>smtpulse</b><span class=host>");
	words_cut(b, s->host, HOST_CHARS);
	buf_text(b, "</span><span>");
	words_time(b, s->now, s->now);
	buf_text(b, "</span><nav><a href=/metrics>metrics</a>"
	    "<a href=/alerts>alerts</a><a href=/api/v1/status>JSON</a>"
	    "</nav></header>\n");
}

static void
put_moment(struct buf *b, const struct status *s, const struct totals *t)
{
	buf_printf(b, "<section class=\"moment %s\"><h1><svg width=28 "
	    "height=28 viewBox=\"0 0 26 26\" fill=none stroke=currentColor "
	    "stroke-width=2.2 stroke-linecap=round stroke-linejoin=round "
	    "aria-hidden=true>%s</svg><span>", moods[t->mood].name,
	    moods[t->mood].icon);
	put_sentence(b, t, SUMMARY_CHARS);
	buf_text(b, "</span></h1>\n");
	for (size_t i = 0; i < s->alert_count; i++)
		if (s->alert[i].firing && b->len < PAGE_ALERTS_END)
			put_alert(b, s, &s->alert[i], t->firing > 1);
	buf_text(b, "<p class=under>");
	put_under(b, s, t);
	buf_text(b, "</p></section>\n");
}

static void
put_sentence(struct buf *b, const struct totals *t, size_t max)
{
	if (t->firing == 0)
		buf_text(b, "All quiet");
	else if (t->firing == 1)
		words_cut(b, t->first->summary, max);
	else
		buf_printf(b, "%zu incidents are going on", t->firing);
}

static void
put_under(struct buf *b, const struct status *s, const struct totals *t)
{
	if (s->log_time == 0) {
		buf_text(b, "Waiting for the first line of a mail log.");
		return;
	}
	if (t->attempts == 0) {
		buf_text(b, "No mail was sent in the last hour; the last line "
		    "is of ");
		words_time(b, s->log_time, s->now);
		buf_byte(b, '.');
		return;
	}
	buf_text(b, "In the last hour ");
	words_count(b, t->attempts);
	buf_printf(b, " attempts at %zu provider%s: ", s->provider_count,
	    s->provider_count == 1 ? "" : "s");
	words_share(b, t->replies[CLASS_2XX], t->attempts);
	buf_text(b, " accepted, ");
	words_share(b, t->replies[CLASS_4XX], t->attempts);
	buf_text(b, " answered 4xx, ");
	words_share(b, t->replies[CLASS_5XX], t->attempts);
	buf_text(b, " answered 5xx; ");
	if (t->waiting == 0) {
		buf_text(b, "nobody waits.");
		return;
	}
	words_count(b, t->waiting);
	buf_text(b, t->waiting == 1 ? " recipient waits." :
	    " recipients wait.");
}

static void
put_alert(struct buf *b, const struct status *s, const struct status_alert *a,
    bool with_summary)
{
	buf_text(b, "<article class=alert>");
	if (with_summary) {
		buf_text(b, "<h3>");
		words_cut(b, a->summary, SUMMARY_CHARS);
		buf_text(b, "</h3>");
	}
	if (a->advice.n > 0) {
		buf_text(b, "<p class=advice>");
		words_cut(b, a->advice, ADVICE_CHARS);
		buf_text(b, "</p>");
	}
	put_facts(b, s, a);
	buf_text(b, "</article>\n");
}

static void
put_facts(struct buf *b, const struct status *s, const struct status_alert *a)
{
	buf_printf(b, "<ul class=facts><li><span class=\"word %s\">%s</span>"
	    "<li>since ", moods[mood_of(a)].name, moods[mood_of(a)].name);
	words_time(b, a->onset, s->now);
	buf_text(b, ", ");
	words_span(b, s->now - a->onset);
	if (a->reason > REASON_NONE) {
		buf_text(b, "<li>");
		buf_text(b, reason_name((enum reason)a->reason));
	}
	if (a->code != 0 || a->enhanced.class != 0) {
		buf_text(b, "<li>what ");
		page_code(b, a->code, a->enhanced, a->provider);
		buf_text(b, " means");
	}
	if (a->waiting > 0) {
		buf_text(b, "<li>");
		words_count(b, a->waiting);
		buf_text(b, " waiting");
	}
	if (a->tenant.n > 0) {
		buf_text(b, "<li>mail of ");
		words_cut(b, a->tenant, HOST_CHARS);
		buf_printf(b, ": %u&#8239;%%", a->tenant_percent);
		if (a->tenants_affected > 1)
			buf_printf(b, ", of %u tenants in all",
			    a->tenants_affected);
	}
	buf_text(b, "<li>incident ");
	words_cut(b, a->id, HOST_CHARS);
	buf_text(b, "</ul>");
}

static void
put_resolved(struct buf *b, const struct status *s)
{
	bool	any = false;

	for (size_t i = 0; i < s->alert_count; i++) {
		const struct status_alert	*a = &s->alert[i];

		if (a->firing || b->len > PAGE_RESOLVED_END)
			continue;
		if (!any)
			buf_text(b, "<section><h2>Over since</h2>"
			    "<ul class=plain>\n");
		any = true;
		buf_text(b, "<li>");
		words_cut(b, a->summary, SUMMARY_CHARS);
		buf_text(b, " <span class=soft>");
		words_time(b, a->onset, s->now);
		buf_text(b, "&#8211;");
		words_time(b, a->cleared, s->now);
		buf_text(b, "</span>\n");
	}
	if (any)
		buf_text(b, "</ul></section>\n");
}

static void
put_notes(struct buf *b, const struct status *s)
{
	uint64_t	lag = 0;
	size_t		down = 0;

	for (size_t i = 0; i < s->source_count; i++) {
		lag += s->source[i].lag_bytes;
		down += !s->source[i].up;
	}
	if (s->catching_up) {
		buf_text(b, "<section class=note><p>Reading older lines "
		    "first, ");
		words_bytes(b, lag);
		buf_text(b, " to go. What is shown is of ");
		words_time(b, s->log_time, s->now);
		buf_text(b, ".</section>\n");
	}
	if (down > 0)
		buf_printf(b, "<section class=note><p>%zu of %zu sources "
		    "cannot be read: what they say is missing here. See the "
		    "table at the end.</section>\n", down, s->source_count);
	if (s->demo)
		buf_text(b, "<section class=note><p>This is the demo: the "
		    "mail is invented.</section>\n");
}

static void
put_explain(struct buf *b)
{
	buf_text(b, "<section><h2>What does a reply mean?</h2>"
	    "<form action=/explain><label class=hidden for=code>Code</label>"
	    "<input id=code class=short name=code inputmode=numeric "
	    "placeholder=421 maxlength=3>"
	    "<label class=hidden for=enhanced>Enhanced code</label>"
	    "<input id=enhanced class=short name=enhanced placeholder=4.7.28 "
	    "maxlength=11><label class=hidden for=text>Text</label>"
	    "<input id=text class=long name=text placeholder=\"the text, "
	    "if there is any\" maxlength=500><button>Explain</button></form>"
	    "</section>\n");
}

static void
put_foot(struct buf *b, const struct status *s)
{
	buf_text(b, "<footer><span>smtpulse ");
	words_cut(b, s->version, HOST_CHARS);
	buf_text(b, "</span><span>running for ");
	words_span(b, s->now - s->started);
	buf_text(b, "</span><span>looks again every 15 seconds: "
	    "<a href=\"/?still=1\">hold still</a> &#183; "
	    "<a href=\"/\">go on</a></span></footer></body></html>\n");
}
