#include <time.h>

#include "render_event.h"

static void	put_key(struct buf *, const char *key);
static void	put_text(struct buf *, const char *key, struct view);
static void	put_word(struct buf *, const char *key, const char *);
static void	put_number(struct buf *, const char *key, bool known, int64_t);
static void	put_time(struct buf *, int64_t epoch);
static void	put_reply(struct buf *, const struct verdict *,
		    struct scratch *);

void
render_event(struct buf *b, const struct verdict *v,
    const struct event_names *names, struct scratch *scratch)
{
	const struct mail_event	*ev = v->event;
	bool			 delivery = ev->kind == EVENT_DELIVERY;

	put_time(b, ev->time);
	put_word(b, "mta", mta_name(ev->mta));
	put_word(b, "event", event_kind_name(ev->kind));
	put_word(b, "outcome", delivery ? outcome_name(ev->outcome) : NULL);
	buf_text(b, ",\"attempt\":");
	buf_text(b, v->counts ? "true" : "false");
	put_text(b, "queue_id", ev->queue_id);
	if (ev->has_sender && ev->sender.n == 0)
		buf_text(b, ",\"sender\":\"\"");
	else
		put_text(b, "sender", ev->sender);
	put_text(b, "tenant", v->tenant_name);
	put_word(b, "egress", names->egress);
	put_text(b, "recipient", v->recipient);
	put_text(b, "relay", ev->relay);
	put_text(b, "relay_ip", ev->relay_ip);
	put_word(b, "provider", names->provider);
	put_reply(b, v, scratch);
	buf_text(b, "}\n");
}

static void
put_reply(struct buf *b, const struct verdict *v, struct scratch *scratch)
{
	const struct mail_event	*ev = v->event;
	bool			 failed = v->diagnosis.reason != REASON_NONE;
	char			 enhanced[16];
	size_t			 used = scratch->used;

	put_number(b, "code", v->reply.code != 0, v->reply.code);
	if (v->reply.enhanced.class != 0)
		enhanced_print(v->reply.enhanced, enhanced);
	put_word(b, "enhanced", v->reply.enhanced.class != 0 ? enhanced :
	    NULL);
	put_word(b, "class", v->class != CLASS_NONE ?
	    reply_class_name(v->class) : NULL);
	put_word(b, "stage", ev->stage != STAGE_NONE ? stage_name(ev->stage) :
	    NULL);
	put_word(b, "reason", failed ? reason_name(v->diagnosis.reason) :
	    NULL);
	put_word(b, "action", failed ? action_name(v->diagnosis.action) :
	    NULL);
	put_text(b, "detail", v->diagnosis.detail);
	buf_text(b, ",\"delay\":");
	if (ev->delay_ms >= 0)
		buf_double(b, ev->delay_ms / 1000.0);
	else
		buf_text(b, "null");
	put_number(b, "count", true, ev->count);
	put_text(b, "text", ev->reply.code != 0 ?
	    reply_fold(ev->text, &ev->reply, scratch) : ev->text);
	scratch->used = used;
}

static void
put_time(struct buf *b, int64_t epoch)
{
	time_t		t = (time_t)epoch;
	struct tm	tm;
	char		text[32];

	if (epoch == 0) {
		buf_text(b, "{\"time\":null");
		return;
	}
	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_text(b, "{\"time\":\"");
	buf_text(b, text);
	buf_byte(b, '"');
}

static void
put_key(struct buf *b, const char *key)
{
	buf_text(b, ",\"");
	buf_text(b, key);
	buf_text(b, "\":");
}

static void
put_text(struct buf *b, const char *key, struct view text)
{
	put_key(b, key);
	if (text.n == 0)
		buf_text(b, "null");
	else
		buf_json_string(b, text);
}

static void
put_word(struct buf *b, const char *key, const char *word)
{
	put_text(b, key, view_of(word));
}

static void
put_number(struct buf *b, const char *key, bool known, int64_t n)
{
	put_key(b, key);
	if (known)
		buf_i64(b, n);
	else
		buf_text(b, "null");
}
