#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "judge.h"

static void	judge_delivery(struct judge *, struct mail_event *,
		    uint16_t source);
static void	judge_expired(struct judge *, struct message *,
		    struct verdict *);
static void	judge_recipient(struct judge *, struct message *,
		    struct verdict *);
static void	judge_hop(struct judge *, struct mail_event *,
		    uint16_t source);
static void	keep_hop(struct judge *, struct mail_event *,
		    uint16_t source);
static void	judge_reject(struct judge *, const struct mail_event *,
		    uint16_t source);
static void	begin(const struct mail_event *,
		    uint16_t source, struct verdict *);
static void	join_message(struct judge *, struct mail_event *,
		    uint16_t source, struct verdict *, struct message **);
static void	diagnose(struct judge *, struct verdict *);

int
judge_init(struct judge *j, const struct config *config,
    char error[CONFIG_ERROR_BYTES])
{
	if (getrandom(j->key, sizeof(j->key), 0) != (ssize_t)sizeof(j->key) ||
	    providers_init(&j->providers, config) == -1 ||
	    tenants_init(&j->tenants, (uint16_t)config->tenant_top,
	    j->key) == -1 ||
	    correlate_init(&j->correlate, config, &j->tenants, j->key) == -1 ||
	    hold_init(&j->hold) == -1 || memo_init(&j->memo) == -1) {
		snprintf(error, CONFIG_ERROR_BYTES, "out of memory");
		return -1;
	}
	egresses_init(&j->egresses, config);
	return user_reason_init(&j->reasons, config, error);
}

void
judge_fini(struct judge *j)
{
	user_reason_fini(&j->reasons);
	memo_fini(&j->memo);
	hold_fini(&j->hold);
	correlate_fini(j->correlate);
	tenants_fini(&j->tenants);
	providers_fini(&j->providers);
}

void
judge_event(struct judge *j, struct mail_event *ev, uint16_t source)
{
	switch (ev->kind) {
	case EVENT_DELIVERY:
		judge_delivery(j, ev, source);
		return;
	case EVENT_HOP:
		if (ev->mta == MTA_EXIM && ev->reply.code != 0 &&
		    ev->queue_id.n > 0)
			keep_hop(j, ev, source);
		else
			judge_hop(j, ev, source);
		return;
	case EVENT_REJECT:
		judge_reject(j, ev, source);
		return;
	case EVENT_ARRIVAL:
		correlate_arrival(j->correlate, ev, source);
		return;
	case EVENT_REMOVAL:
		correlate_removal(j->correlate, ev, source);
		return;
	case EVENT_COUNT:
		return;
	}
}

static void
judge_delivery(struct judge *j, struct mail_event *ev, uint16_t source)
{
	struct verdict	 v;
	struct message	*m;
	struct view	 rest = ev->recipients;

	begin(ev, source, &v);
	join_message(j, ev, source, &v, &m);
	if (ev->recipient_count == 0) {
		judge_expired(j, m, &v);
		return;
	}
	if (ev->mta == MTA_EXIM && ev->reply.code != 0)
		hold_drop(&j->hold, v.message, ev);
	v.egress = egress_of(&j->egresses, ev);
	while (recipient_next(ev, &rest, &v.recipient))
		judge_recipient(j, m, &v);
	if (m != NULL && v.provider == PROVIDER_INTERNAL &&
	    ev->outcome == OUTCOME_DELIVERED)
		correlate_follow(j->correlate, m, ev, source);
}

/* "returned to sender": it holds for all recipients that still wait. */
static void
judge_expired(struct judge *j, struct message *m, struct verdict *v)
{
	bool	any = false;

	v->final = true;
	v->diagnosis.reason = REASON_NETWORK;
	v->diagnosis.action = reason_action(REASON_NETWORK, CLASS_5XX);
	v->diagnosis.rule = "expired";
	while (m != NULL && correlate_take(j->correlate, m, v)) {
		any = true;
		j->verdict(j->arg, v);
	}
	if (any)
		return;
	v->provider = PROVIDER_OTHER;
	v->final = false;	/* nobody is known to have waited */
	j->verdict(j->arg, v);
}

static void
judge_recipient(struct judge *j, struct message *m, struct verdict *v)
{
	const struct mail_event	*ev = v->event;
	uint16_t		 provider = provider_of(&j->providers, ev,
				    v->recipient), vacated;

	if (provider_vacated(&j->providers, &vacated))
		j->left(j->arg, vacated);
	if (provider != v->provider || v->diagnosis.rule == NULL) {
		v->provider = provider;
		v->counts = ev->attempt && provider != PROVIDER_INTERNAL;
		diagnose(j, v);
	}
	v->first = v->counts;
	v->final = ev->outcome != OUTCOME_DEFERRED;
	v->first_deferred = 0;
	v->first_reason = REASON_NONE;
	if (m != NULL && provider != PROVIDER_INTERNAL)
		correlate_recipient(j->correlate, m, v->recipient, v);
	if (v->counts)
		tenant_count(&j->tenants, v->tenant, ev->time, v->recipients);
	j->verdict(j->arg, v);
}

/* The next line of this message may say the same: see hold.h. */
static void
keep_hop(struct judge *j, struct mail_event *ev, uint16_t source)
{
	struct verdict		 v;
	struct mail_event	 oldest;
	uint16_t		 oldest_source;

	if (hold_full(&j->hold) &&
	    hold_take(&j->hold, INT64_MAX, &oldest, &oldest_source))
		judge_hop(j, &oldest, oldest_source);
	correlate_message(j->correlate, ev, source, &v);
	hold_put(&j->hold, ev, source, v.message);
}

void
judge_hops(struct judge *j, int64_t log_time)
{
	struct mail_event	ev;
	uint16_t		source;

	if (hold_empty(&j->hold))
		return;
	while (hold_take(&j->hold, log_time - HOLD_S, &ev, &source))
		judge_hop(j, &ev, source);
}

static void
judge_hop(struct judge *j, struct mail_event *ev, uint16_t source)
{
	struct verdict	 v;
	struct message	*m;

	begin(ev, source, &v);
	join_message(j, ev, source, &v, &m);
	v.egress = egress_of(&j->egresses, ev);
	if (ev->recipient_count == 1)
		v.recipient = ev->recipients;
	v.provider = provider_of(&j->providers, ev, v.recipient);
	diagnose(j, &v);
	j->verdict(j->arg, &v);
}

static void
judge_reject(struct judge *j, const struct mail_event *ev, uint16_t source)
{
	struct verdict	v;

	begin(ev, source, &v);
	v.recipient = ev->recipient_count == 1 ? ev->recipients : VIEW_NONE;
	memo_diagnose(&j->memo, &v.reply, PROVIDER_OTHER, ev->text,
	    &v.diagnosis);
	j->verdict(j->arg, &v);
}

static void
begin(const struct mail_event *ev, uint16_t source,
    struct verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->event = ev;
	v->source = source;
	v->reply = ev->reply;
	v->class = reply_class_of(&ev->reply);
	v->recipients = ev->count;
}

static void
join_message(struct judge *j, struct mail_event *ev, uint16_t source,
    struct verdict *v, struct message **out)
{
	struct message	*m = correlate_message(j->correlate, ev, source, v);

	*out = m;
	if (m != NULL && !ev->has_sender && m->has_sender) {
		ev->has_sender = true;
		ev->sender = message_sender(m);
	}
}

static void
diagnose(struct judge *j, struct verdict *v)
{
	const struct mail_event	*ev = v->event;
	struct diagnosis	*d = &v->diagnosis;
	enum reply_class	 class = v->class;

	if (ev->kind == EVENT_DELIVERY && ev->outcome == OUTCOME_DELIVERED) {
		*d = (struct diagnosis){ .rule = "delivered" };
		return;
	}
	if (!user_reason_find(&j->reasons, &v->reply,
	    provider_name(&j->providers, v->provider), ev->text, d))
		memo_diagnose(&j->memo, &v->reply,
		    (enum provider_id)v->provider, ev->text, d);
	/* without a reply, what the MTA did says if it may pass */
	if (class == CLASS_NONE)
		class = ev->outcome == OUTCOME_DEFERRED ||
		    ev->kind == EVENT_HOP ? CLASS_4XX : CLASS_5XX;
	d->action = reason_action(d->reason, class);
}
