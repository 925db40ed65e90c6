#include "alert_json.h"
#include "report_form.h"

static void	put_outcomes(struct buf *, const struct report_provider *);
static void	put_provider(struct buf *, const struct report_provider *);
static void	put_reason(struct buf *, const struct report_reason *);
static void	put_tenant(struct buf *, const struct report_tenant *);
static void	put_alerts(struct buf *, const struct report *);
static void	text(struct buf *, const char *before, struct view);
static void	count(struct buf *, const char *before, uint64_t);

#define LIST(b, key, list, n, put)					\
	do {								\
		buf_text(b, ",\"" key "\":[");				\
		for (size_t i_ = 0; i_ < (n); i_++) {			\
			buf_text(b, i_ == 0 ? "" : ",");		\
			put(b, &(list)[i_]);				\
		}							\
		buf_byte(b, ']');					\
	} while (0)

void
report_json(struct buf *b, const struct report *r)
{
	buf_printf(b, "{\"from\":%lld,\"to\":%lld,\"lines\":{",
	    (long long)r->first, (long long)r->last);
	for (int i = 0; i < LINE_RESULT_COUNT; i++)
		buf_printf(b, "%s\"%s\":%llu", i == 0 ? "" : ",",
		    line_result_name((enum line_result)i),
		    (unsigned long long)r->line[i]);
	count(b, "},\"rejects\":", r->rejects);
	buf_text(b, ",\"total\":{");
	put_outcomes(b, &r->total);
	buf_byte(b, '}');
	LIST(b, "providers", r->provider, r->provider_count, put_provider);
	LIST(b, "reasons", r->reason, r->reason_count, put_reason);
	LIST(b, "tenants", r->tenant, r->tenant_count, put_tenant);
	put_alerts(b, r);
	buf_text(b, "}\n");
}

static void
put_outcomes(struct buf *b, const struct report_provider *p)
{
	count(b, "\"attempts\":", p->attempts);
	count(b, ",\"delivered\":", p->outcome[OUTCOME_DELIVERED]);
	count(b, ",\"deferred\":", p->outcome[OUTCOME_DEFERRED]);
	count(b, ",\"bounced\":", p->outcome[OUTCOME_BOUNCED]);
	count(b, ",\"expired\":", p->outcome[OUTCOME_EXPIRED]);
	count(b, ",\"untried\":", p->untried);
	count(b, ",\"untried_bounced\":", p->untried_bounced);
}

static void
put_provider(struct buf *b, const struct report_provider *p)
{
	int64_t	median = histogram_median_ms(&p->transaction);

	text(b, "{\"name\":", p->name);
	buf_byte(b, ',');
	put_outcomes(b, p);
	buf_text(b, ",\"transaction_median_ms\":");
	if (median < 0)
		buf_text(b, "null");
	else
		buf_i64(b, median);
	buf_byte(b, '}');
}

static void
put_reason(struct buf *b, const struct report_reason *r)
{
	text(b, "{\"reason\":", view_of(reason_name(r->reason)));
	text(b, ",\"class\":", view_of(reply_class_name(r->class)));
	text(b, ",\"action\":", view_of(action_name(reason_action(r->reason,
	    r->class))));
	count(b, ",\"count\":", r->count);
	text(b, ",\"provider\":", r->provider);
	buf_byte(b, '}');
}

static void
put_tenant(struct buf *b, const struct report_tenant *t)
{
	text(b, "{\"name\":", t->name);
	count(b, ",\"attempts\":", t->attempts);
	count(b, ",\"failures\":", t->failures);
	text(b, ",\"provider\":", t->provider);
	text(b, ",\"reason\":", view_of(reason_name(t->worst)));
	buf_byte(b, '}');
}

static void
put_alerts(struct buf *b, const struct report *r)
{
	const struct incident	*i;
	const char		*before = ",\"alerts\":[";
	size_t			 at = 0;

	while ((i = report_incident(r, &at)) != NULL) {
		buf_text(b, before);
		before = ",";
		alert_json(b, i);
	}
	buf_text(b, before[1] == '\0' ? "]" : ",\"alerts\":[]");
}

static void
text(struct buf *b, const char *before, struct view value)
{
	buf_text(b, before);
	buf_json_string(b, value);
}

static void
count(struct buf *b, const char *before, uint64_t n)
{
	buf_text(b, before);
	buf_u64(b, n);
}
