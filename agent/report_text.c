#include <time.h>

#include "action_words.h"
#include "alert_summary.h"
#include "alert_words.h"
#include "report_form.h"

enum {
	NAME = 22, TENANT = 20, NUMBER = 10,	/* columns */
	PROVIDERS_SHOWN = 30, REASONS_SHOWN = 15,
	SENTENCE_BYTES = 16 * 1024, TIME_BYTES = 32
};

static void	put_span(const struct column *, const struct report *);
static void	put_providers(const struct column *, const struct report *);
static void	put_provider(const struct column *,
		    const struct report_provider *);
static void	put_reasons(const struct column *, const struct report *);
static void	put_tenants(const struct column *, const struct report *);
static void	put_alerts(const struct column *, const struct report *);
static void	put_slowest(const struct column *, const struct report *);
static void	heading(const struct column *, const char *title,
		    const char *columns);
static void	outcome(const struct column *, uint64_t n, enum paint);
static void	text(const struct column *, const char *, size_t width);
static const char *time_text(const struct report *, int64_t,
		    char out[TIME_BYTES]);

void
report_text(const struct column *c, const struct report *r)
{
	put_span(c, r);
	put_alerts(c, r);
	put_providers(c, r);
	put_reasons(c, r);
	put_tenants(c, r);
	put_slowest(c, r);
}

static void
put_span(const struct column *c, const struct report *r)
{
	char	from[TIME_BYTES], to[TIME_BYTES];

	if (r->first == 0) {
		buf_text(c->buf, "No line of that time was found.\n");
		return;
	}
	column_paint(c, PAINT_BOLD);
	buf_printf(c->buf, r->counted ? "Mail sent, counted since %s, "
	    "up to %s\n" : "Mail sent, %s to %s\n",
	    time_text(r, r->first, from), time_text(r, r->last, to));
	column_plain(c);
	buf_printf(c->buf, "%llu lines of events, %llu without, %llu unknown",
	    (unsigned long long)r->line[LINE_EVENT],
	    (unsigned long long)r->line[LINE_IGNORED],
	    (unsigned long long)r->line[LINE_UNKNOWN] +
	    (unsigned long long)r->line[LINE_OVERSIZE]);
	if (r->rejects > 0)
		buf_printf(c->buf, "; %llu rejected by us",
		    (unsigned long long)r->rejects);
	buf_byte(c->buf, '\n');
}

static void
put_providers(const struct column *c, const struct report *r)
{
	if (r->provider_count == 0)
		return;
	heading(c, "PROVIDERS             ",
	    "  attempts delivered  deferred   bounced not tried failing");
	for (size_t i = 0; i < r->provider_count && i < PROVIDERS_SHOWN; i++)
		put_provider(c, &r->provider[i]);
	if (r->provider_count > PROVIDERS_SHOWN)
		buf_printf(c->buf, "and %zu more\n",
		    r->provider_count - PROVIDERS_SHOWN);
	column_paint(c, PAINT_BOLD);
	put_provider(c, &r->total);
}

static void
put_provider(const struct column *c, const struct report_provider *p)
{
	uint64_t	bounced = p->outcome[OUTCOME_BOUNCED] +
			    p->outcome[OUTCOME_EXPIRED] + p->untried_bounced;

	column_text(c, p->name.n == 0 ? VIEW("all") : p->name, NAME);
	column_count(c, p->attempts, NUMBER);
	column_count(c, p->outcome[OUTCOME_DELIVERED], NUMBER);
	outcome(c, p->outcome[OUTCOME_DEFERRED], PAINT_WARN);
	outcome(c, bounced, PAINT_BAD);
	column_count(c, p->untried, NUMBER);
	column_share(c, p->attempts - p->outcome[OUTCOME_DELIVERED],
	    p->attempts, 7);
	column_plain(c);
	buf_byte(c->buf, '\n');
}

static void
put_reasons(const struct column *c, const struct report *r)
{
	if (r->reason_count == 0)
		return;
	heading(c, "WHY                ",
	    "class failures  mostly at          what to do");
	for (size_t i = 0; i < r->reason_count && i < REASONS_SHOWN; i++) {
		const struct report_reason	*one = &r->reason[i];

		text(c, reason_name(one->reason), 19);
		text(c, reply_class_name(one->class), 4);
		column_count(c, one->count, 9);
		buf_text(c->buf, "  ");
		column_text(c, one->provider, 17);
		buf_byte(c->buf, ' ');
		buf_text(c->buf, action_words(reason_action(one->reason,
		    one->class)));
		buf_byte(c->buf, '\n');
	}
}

static void
put_tenants(const struct column *c, const struct report *r)
{
	if (r->tenant_count == 0)
		return;
	heading(c, "WHOSE MAIL FAILS    ",
	    " attempts  failed  share  mostly at       why");
	for (size_t i = 0; i < r->tenant_count; i++) {
		const struct report_tenant	*t = &r->tenant[i];

		column_text(c, t->name, TENANT);
		column_count(c, t->attempts, 9);
		column_count(c, t->failures, 8);
		column_share(c, t->failures, t->attempts, 7);
		buf_text(c->buf, "  ");
		column_text(c, t->provider, 15);
		buf_byte(c->buf, ' ');
		buf_text(c->buf, reason_name(t->worst));
		buf_byte(c->buf, '\n');
	}
}

static void
put_alerts(const struct column *c, const struct report *r)
{
	const struct incident	*i;
	struct buf		 words;
	size_t			 at = 0, count = 0;
	char			 from[TIME_BYTES];

	buf_init(&words, SENTENCE_BYTES);
	while ((i = report_incident(r, &at)) != NULL) {
		if (count++ == 0)
			heading(c, "ALERTS", "");
		buf_reset(&words);
		column_paint(c, i->firing ? PAINT_BAD : PAINT_BOLD);
		buf_printf(c->buf, "%s  %s%s\n", time_text(r, i->onset, from),
		    severity_name((enum config_severity)i->severity),
		    i->firing ? ", going on" : "");
		column_plain(c);
		alert_summary(&words, i);
		column_wrap(c, buf_view(&words), 2);
		buf_reset(&words);
		alert_advice(&words, i);
		column_wrap(c, buf_view(&words), 2);
	}
	if (count == 0 && r->first != 0) {
		column_paint(c, PAINT_GOOD);
		buf_text(c->buf, "No provider failed beyond its own normal.\n");
		column_plain(c);
	}
	buf_fini(&words);
}

static void
put_slowest(const struct column *c, const struct report *r)
{
	if (r->slowest_count == 0)
		return;
	heading(c, "SLOWEST TO ANSWER     ", "    median   average");
	for (size_t i = 0; i < r->slowest_count; i++) {
		const struct report_provider	*p = r->slowest[i];

		column_text(c, p->name, NAME);
		column_span(c, histogram_median_ms(&p->transaction), NUMBER);
		column_span(c, (int64_t)(p->transaction.sum_ms /
		    histogram_count(&p->transaction)), NUMBER);
		buf_byte(c->buf, '\n');
	}
}

static void
heading(const struct column *c, const char *title, const char *columns)
{
	buf_byte(c->buf, '\n');
	column_paint(c, PAINT_BOLD);
	buf_text(c->buf, title);
	column_plain(c);
	column_paint(c, PAINT_DIM);
	buf_text(c->buf, columns);
	column_plain(c);
	buf_byte(c->buf, '\n');
}

static void
outcome(const struct column *c, uint64_t n, enum paint paint)
{
	if (n > 0)
		column_paint(c, paint);
	column_count(c, n, NUMBER);
	if (n > 0)
		column_plain(c);
}

static void
text(const struct column *c, const char *s, size_t width)
{
	column_text(c, view_of(s), width);
}

static const char *
time_text(const struct report *r, int64_t epoch, char out[TIME_BYTES])
{
	time_t		t = (time_t)(epoch + zone_offset(r->zone, epoch));
	struct tm	tm;

	gmtime_r(&t, &tm);
	strftime(out, TIME_BYTES, "%Y-%m-%d %H:%M", &tm);
	return out;
}
