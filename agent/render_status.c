#include "render_status.h"

static const char *const window_name[] = {
#define X(id, name, seconds) name,
	STATUS_WINDOWS(X)
#undef X
};

static void	put_provider(struct buf *, const struct status_provider *);
static void	put_windows(struct buf *, const struct status_provider *);
static void	put_classes(struct buf *, const uint64_t replies[CLASS_COUNT]);
static void	put_minutes(struct buf *, const struct status_provider *);
static void	put_codes(struct buf *, const struct status_provider *);
static void	put_reason(struct buf *, const struct status_reason *);
static void	put_tenant(struct buf *, const struct status_tenant *);
static void	put_alert(struct buf *, const struct status_alert *);
static void	put_source(struct buf *, const struct status_source *);
static void	put_unclassified(struct buf *,
		    const struct status_unclassified *);
static void	put_enhanced(struct buf *, struct enhanced);
static void	text(struct buf *, const char *key, struct view);
static void	number(struct buf *, const char *key, int64_t);
static void	count(struct buf *, const char *key, uint64_t);
static void	truth(struct buf *, const char *key, bool);
static void	begin(struct buf *, const char *key, char bracket);
static void	end(struct buf *, char bracket);
static void	key_of(struct buf *, const char *key);

#define LIST(b, key, s, list, put)					\
	do {								\
		begin(b, key, '[');					\
		for (size_t i_ = 0; i_ < (s)->list##_count; i_++)	\
			put(b, &(s)->list[i_]);				\
		end(b, ']');						\
	} while (0)

void
render_status(struct buf *b, const struct status *s)
{
	begin(b, NULL, '{');
	text(b, "host", s->host);
	text(b, "version", s->version);
	number(b, "now", s->now);
	number(b, "log_time", s->log_time);
	number(b, "started", s->started);
	truth(b, "catching_up", s->catching_up);
	truth(b, "demo", s->demo);
	LIST(b, "alerts", s, alert, put_alert);
	LIST(b, "providers", s, provider, put_provider);
	LIST(b, "reasons", s, reason, put_reason);
	if (!s->tenants_hidden)
		LIST(b, "tenants", s, tenant, put_tenant);
	LIST(b, "sources", s, source, put_source);
	count(b, "unclassified_total", s->unclassified_total);
	LIST(b, "unclassified", s, unclassified, put_unclassified);
	end(b, '}');
	buf_byte(b, '\n');
}

static void
put_provider(struct buf *b, const struct status_provider *p)
{
	begin(b, NULL, '{');
	text(b, "name", p->name);
	truth(b, "firing", p->firing);
	put_windows(b, p);
	put_minutes(b, p);
	put_codes(b, p);
	count(b, "waiting", p->waiting);
	number(b, "oldest_waiting", p->oldest_waiting);
	begin(b, "retries", '{');
	count(b, "deferred", p->retry_deferred);
	count(b, "delivered", p->retry_delivered);
	count(b, "bounced", p->retry_bounced);
	number(b, "median_s", p->retry_median_s);
	end(b, '}');
	end(b, '}');
}

static void
put_windows(struct buf *b, const struct status_provider *p)
{
	begin(b, "windows", '{');
	for (int w = 0; w < STATUS_WINDOW_COUNT; w++) {
		begin(b, window_name[w], '{');
		count(b, "attempts", p->attempts[w]);
		put_classes(b, p->replies[w]);
		end(b, '}');
	}
	end(b, '}');
}

static void
put_classes(struct buf *b, const uint64_t replies[CLASS_COUNT])
{
	for (int c = 0; c < CLASS_COUNT; c++)
		count(b, reply_class_name((enum reply_class)c), replies[c]);
}

/* One list a class, oldest minute first. */
static void
put_minutes(struct buf *b, const struct status_provider *p)
{
	begin(b, "minutes", '{');
	for (int c = 0; c < CLASS_COUNT; c++) {
		begin(b, reply_class_name((enum reply_class)c), '[');
		for (size_t i = 0; i < STATUS_MINUTES; i++)
			count(b, NULL, p->minute[i][c]);
		end(b, ']');
	}
	end(b, '}');
}

static void
put_codes(struct buf *b, const struct status_provider *p)
{
	begin(b, "codes", '[');
	for (size_t i = 0; i < p->code_count; i++) {
		begin(b, NULL, '{');
		number(b, "code", p->code[i].code);
		put_enhanced(b, p->code[i].enhanced);
		count(b, "count", p->code[i].count);
		end(b, '}');
	}
	end(b, ']');
}

static void
put_reason(struct buf *b, const struct status_reason *r)
{
	begin(b, NULL, '{');
	text(b, "reason", view_of(reason_name(r->reason)));
	text(b, "class", view_of(reply_class_name(r->class)));
	text(b, "action", view_of(action_name(r->action)));
	count(b, "count", r->count);
	text(b, "provider", r->provider);
	end(b, '}');
}

static void
put_tenant(struct buf *b, const struct status_tenant *t)
{
	begin(b, NULL, '{');
	text(b, "name", t->name);
	count(b, "attempts", t->attempts);
	count(b, "failures", t->failures);
	text(b, "provider", t->provider);
	text(b, "reason", t->reason < 0 ? VIEW_NONE :
	    view_of(reason_name((enum reason)t->reason)));
	end(b, '}');
}

static void
put_alert(struct buf *b, const struct status_alert *a)
{
	begin(b, NULL, '{');
	text(b, "id", a->id);
	truth(b, "firing", a->firing);
	text(b, "severity", a->severity);
	text(b, "provider", a->provider);
	number(b, "code", a->code);
	put_enhanced(b, a->enhanced);
	text(b, "reason", a->reason < 0 ? VIEW_NONE :
	    view_of(reason_name((enum reason)a->reason)));
	number(b, "onset", a->onset);
	number(b, "cleared", a->cleared);
	count(b, "waiting", a->waiting);
	text(b, "tenant", a->tenant);
	count(b, "tenants_affected", a->tenants_affected);
	text(b, "summary", a->summary);
	text(b, "advice", a->advice);
	end(b, '}');
}

static void
put_source(struct buf *b, const struct status_source *s)
{
	begin(b, NULL, '{');
	text(b, "name", s->name);
	text(b, "path", s->path);
	text(b, "mta", s->mta);
	truth(b, "up", s->up);
	count(b, "lag_bytes", s->lag_bytes);
	number(b, "last_line", s->last_line);
	count(b, "lines", s->lines);
	count(b, "events", s->events);
	count(b, "unknown", s->unknown);
	end(b, '}');
}

static void
put_unclassified(struct buf *b, const struct status_unclassified *u)
{
	begin(b, NULL, '{');
	number(b, "code", u->code);
	put_enhanced(b, u->enhanced);
	text(b, "provider", u->provider);
	text(b, "text", u->text);
	count(b, "count", u->count);
	end(b, '}');
}

static void
put_enhanced(struct buf *b, struct enhanced enhanced)
{
	char	out[12] = "";

	if (enhanced.class != 0)
		enhanced_print(enhanced, out);
	text(b, "enhanced", view_of(out));
}

static void
text(struct buf *b, const char *key, struct view value)
{
	key_of(b, key);
	buf_json_string(b, value);
}

static void
number(struct buf *b, const char *key, int64_t value)
{
	key_of(b, key);
	buf_i64(b, value);
}

static void
count(struct buf *b, const char *key, uint64_t value)
{
	key_of(b, key);
	buf_u64(b, value);
}

static void
truth(struct buf *b, const char *key, bool value)
{
	key_of(b, key);
	buf_text(b, value ? "true" : "false");
}

static void
begin(struct buf *b, const char *key, char bracket)
{
	key_of(b, key);
	buf_byte(b, bracket);
}

static void
end(struct buf *b, char bracket)
{
	buf_byte(b, bracket);
}

/* The comma before, unless it is the first; then the key, if it has one. */
static void
key_of(struct buf *b, const char *key)
{
	if (b->len > 0 && strchr("[{", b->p[b->len - 1]) == NULL)
		buf_byte(b, ',');
	if (key == NULL)
		return;
	buf_json_string(b, view_of(key));
	buf_byte(b, ':');
}
