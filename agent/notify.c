#include <stdlib.h>
#include <string.h>

#include "notify.h"

enum {
	RESEND_S = 60,
	ENDS_S = 4 * RESEND_S,		/* a dead agent's alerts end by then */
	RESOLVED_S = 15 * 60,		/* how long a resolve is repeated */
	OLD_S = 10 * 60,		/* further behind is not news */
	WAIT_FIRST_MS = 1000, WAIT_MOST_MS = 5 * 60 * 1000,
	BODY_BYTES = 1 << 20
};

static void	add(struct notify *, const struct config_receiver *,
		    bool alertmanager);
static struct notify_alert *find(struct notify *, const struct incident *);
static bool	same_labels(const struct incident_labels *,
		    const struct incident_labels *);
static struct notify_alert *place(struct notify *);
static void	retire(struct notify *, const struct incident *);
static void	announce(struct notify *, struct notify_alert *);
static void	enqueue(struct notify *, struct notify_receiver *,
		    const struct notify_alert *);
static void	put_last(struct notify *, struct notify_receiver *, char *body);
static void	drop_oldest(struct notify_receiver *);
static void	forget(struct notify *);
static bool	is_old(const struct notify *, const struct notify_alert *);
static void	serve(struct notify *, size_t receiver);
static bool	collect(struct notify *);
static int64_t	jitter(struct notify *, int64_t ms);

const char *
notify_outcome_name(enum notify_outcome outcome)
{
	static const char *const names[] = {
#define X(id, name) name,
		NOTIFY_OUTCOMES(X)
#undef X
	};

	return names[outcome];
}

int
notify_init(struct notify *n, const struct config *config,
    const struct notify_transport *transport)
{
	size_t	i;

	n->config = config;
	n->transport = *transport;
	n->random = 2463534242u;
	buf_init(&n->body, BODY_BYTES);
	for (i = 0; i < config->alertmanager_count; i++)
		add(n, &config->alertmanager[i], true);
	for (i = 0; i < config->webhook_count; i++)
		add(n, &config->webhook[i], false);
	return 0;
}

void
notify_fini(struct notify *n)
{
	size_t	i;

	for (i = 0; i < n->count; i++) {
		struct notify_receiver *r = &n->receiver[i];

		for (; r->count > 0; r->count--) {
			free(r->queue[r->first]);
			r->first = (r->first + 1) % NOTIFY_QUEUE;
		}
	}
	buf_fini(&n->body);
}

void
notify_incident(struct notify *n, const struct incident *i)
{
	struct notify_alert	*a = find(n, i);
	bool			 news;

	if (a == NULL) {
		if (!i->firing && n->now.wall_s - i->cleared_at > OLD_S) {
			for (size_t k = 0; k < n->count; k++)
				n->receiver[k].outcome[NOTIFY_OLD]++;
			return;
		}
		retire(n, i);
		a = place(n);
		if (a == NULL)
			return;
		memset(a, 0, sizeof(*a));
		a->starts = i->flaps > 0 ? i->at : i->onset;
	}
	news = a->incident.id == 0 || a->incident.firing != i->firing ||
	    a->incident.scope != i->scope || a->incident.cause != i->cause;
	if (i->firing && a->ends != 0)
		a->starts = i->at;
	a->incident = *i;
	a->ends = i->firing ? 0 : i->cleared_at;
	if (!i->firing)
		a->gone_s = n->now.wall_s;
	if (a->ends != 0 && a->ends < a->starts)
		a->ends = a->starts;
	if (news)
		announce(n, a);
}

void
notify_tick(struct notify *n, const struct notify_now *now)
{
	size_t	i;

	n->now = *now;
	for (i = 0; i < NOTIFY_ALERTS; i++) {
		struct notify_alert *a = &n->alert[i];

		if (a->incident.id != 0 && !a->known)
			announce(n, a);
	}
	forget(n);
	for (i = 0; i < n->count; i++)
		serve(n, i);
}

void
notify_done(struct notify *n, size_t receiver, enum notify_outcome outcome,
    int64_t retry_after_s)
{
	struct notify_receiver	*r = &n->receiver[receiver];
	size_t			 i;

	r->busy = false;
	r->outcome[outcome]++;
	r->troubled = outcome != NOTIFY_SENT;
	if (outcome == NOTIFY_FAILED) {
		r->next_ms = n->now.mono_ms + jitter(n, r->wait_ms);
		if (r->next_ms < n->now.mono_ms + 1000 * retry_after_s)
			r->next_ms = n->now.mono_ms + 1000 * retry_after_s;
		r->wait_ms = r->wait_ms * 2 > WAIT_MOST_MS ? WAIT_MOST_MS :
		    r->wait_ms * 2;
		if (r->alertmanager)
			r->resend_ms = r->next_ms;
		return;
	}
	r->wait_ms = WAIT_FIRST_MS;
	if (r->alertmanager) {
		for (i = 0; i < NOTIFY_ALERTS; i++)
			n->alert[i].pending &= (uint16_t)~(1u << receiver);
		return;
	}
	if (r->count == 0)
		return;
	free(r->queue[r->first]);
	r->first = (r->first + 1) % NOTIFY_QUEUE;
	r->count--;
	n->changed = true;
}

bool
notify_wait(struct notify *n, struct view receiver, struct view body)
{
	for (size_t i = 0; i < n->count; i++) {
		struct notify_receiver *r = &n->receiver[i];

		if (r->alertmanager ||
		    !view_eq(receiver, view_of(r->config->name)))
			continue;
		put_last(n, r, strndup(body.p, body.n));
		return true;
	}
	return false;
}

size_t
notify_queue_length(const struct notify *n, size_t receiver)
{
	size_t	i, count = n->receiver[receiver].count;

	for (i = 0; i < NOTIFY_ALERTS; i++)
		count += n->alert[i].incident.id != 0 &&
		    (n->alert[i].pending >> receiver & 1) != 0;
	return count;
}

static void
add(struct notify *n, const struct config_receiver *config, bool alertmanager)
{
	struct notify_receiver	*r;

	if (n->count == NOTIFY_RECEIVERS)
		return;
	r = &n->receiver[n->count++];
	r->config = config;
	r->alertmanager = alertmanager;
	r->wait_ms = WAIT_FIRST_MS;
}

/* The alert under the labels that the incident has now. */
static struct notify_alert *
find(struct notify *n, const struct incident *i)
{
	size_t	k;

	for (k = 0; k < NOTIFY_ALERTS; k++) {
		struct notify_alert *a = &n->alert[k];

		if (a->incident.id == i->id && i->id != 0 &&
		    same_labels(&a->incident.labels, &i->labels))
			return a;
	}
	return NULL;
}

static bool
same_labels(const struct incident_labels *a, const struct incident_labels *b)
{
	return strcmp(a->alertname, b->alertname) == 0 &&
	    strcmp(a->provider, b->provider) == 0 &&
	    a->class == b->class && a->reason == b->reason &&
	    a->cause == b->cause && a->severity == b->severity &&
	    a->code == b->code && enhanced_eq(a->enhanced, b->enhanced);
}

/* A free place, else that of the one resolved longest ago. */
static struct notify_alert *
place(struct notify *n)
{
	struct notify_alert	*oldest = NULL;
	size_t			 k;

	for (k = 0; k < NOTIFY_ALERTS; k++) {
		struct notify_alert *a = &n->alert[k];

		if (a->incident.id == 0)
			return a;
		if (a->ends != 0 && (oldest == NULL ||
		    a->gone_s < oldest->gone_s))
			oldest = a;
	}
	return oldest;
}

/* Under its former labels the alert is over. */
static void
retire(struct notify *n, const struct incident *i)
{
	size_t	k;

	for (k = 0; k < NOTIFY_ALERTS; k++) {
		struct notify_alert *a = &n->alert[k];

		if (a->incident.id != i->id || a->ends != 0)
			continue;
		a->ends = i->firing ? i->at : i->cleared_at;
		if (a->ends < a->starts)
			a->ends = a->starts;
		a->gone_s = n->now.wall_s;
		a->incident.firing = false;
		a->incident.cleared_at = a->ends;
		announce(n, a);
	}
}

/*
 * While old lines are read nobody is told; what is over by the time we are
 * at the present is recorded only.
 */
static void
announce(struct notify *n, struct notify_alert *a)
{
	size_t	i;

	if (n->now.wall_s - n->now.log_s > OLD_S && !a->known && a->ends == 0)
		return;
	if (!a->known && is_old(n, a)) {
		for (i = 0; i < n->count; i++)
			n->receiver[i].outcome[NOTIFY_OLD]++;
		a->incident.id = 0;
		return;
	}
	a->known = true;
	for (i = 0; i < n->count; i++) {
		if (!n->receiver[i].alertmanager)
			enqueue(n, &n->receiver[i], a);
		else {
			a->pending |= (uint16_t)(1u << i);
			if (n->receiver[i].wait_ms == WAIT_FIRST_MS)
				n->receiver[i].resend_ms = n->now.mono_ms;
		}
	}
}

static bool
is_old(const struct notify *n, const struct notify_alert *a)
{
	return a->ends != 0 && n->now.wall_s - a->ends > OLD_S;
}

static void
enqueue(struct notify *n, struct notify_receiver *r,
    const struct notify_alert *a)
{
	char	*body;

	buf_reset(&n->body);
	if (r->config->format == WEBHOOK_SLACK)
		notify_form_slack(&n->body, a, n->config);
	else
		notify_form_webhook(&n->body, a, n->config, r->config->name);
	buf_byte(&n->body, '\0');
	body = n->body.failed ? NULL : strdup(n->body.p);
	put_last(n, r, body);
}

static void
put_last(struct notify *n, struct notify_receiver *r, char *body)
{
	if (body == NULL) {
		r->outcome[NOTIFY_DROPPED]++;
		return;
	}
	if (r->count == NOTIFY_QUEUE)
		drop_oldest(r);
	r->queue[(r->first + r->count++) % NOTIFY_QUEUE] = body;
	n->changed = true;
}

/* The one under way is not to be dropped any more. */
static void
drop_oldest(struct notify_receiver *r)
{
	size_t	next = (r->first + 1) % NOTIFY_QUEUE;

	if (r->busy) {
		free(r->queue[next]);
		r->queue[next] = r->queue[r->first];
	} else
		free(r->queue[r->first]);
	r->first = next;
	r->count--;
	r->outcome[NOTIFY_DROPPED]++;
}

static void
forget(struct notify *n)
{
	size_t	i;

	for (i = 0; i < NOTIFY_ALERTS; i++) {
		struct notify_alert *a = &n->alert[i];

		if (a->incident.id != 0 && a->ends != 0 &&
		    n->now.wall_s - a->gone_s > RESOLVED_S)
			memset(a, 0, sizeof(*a));
	}
}

static void
serve(struct notify *n, size_t at)
{
	struct notify_receiver	*r = &n->receiver[at];
	struct view		 body;

	if (r->busy || n->now.mono_ms < r->next_ms)
		return;
	if (r->alertmanager) {
		if (n->now.mono_ms < r->resend_ms || !collect(n))
			return;
		r->resend_ms = n->now.mono_ms + RESEND_S * 1000;
		body = buf_view(&n->body);
	} else if (r->count > 0)
		body = view_of(r->queue[r->first]);
	else
		return;
	r->busy = true;
	if (n->transport.post(n->transport.arg, at, r->config,
	    r->alertmanager, body) == -1)
		notify_done(n, at, NOTIFY_FAILED, 0);
}

/* Everything that an Alertmanager must be told again; false: nothing. */
static bool
collect(struct notify *n)
{
	bool	any = false;
	size_t	i;

	buf_reset(&n->body);
	buf_byte(&n->body, '[');
	for (i = 0; i < NOTIFY_ALERTS; i++) {
		const struct notify_alert *a = &n->alert[i];

		if (a->incident.id == 0 || !a->known)
			continue;
		if (any)
			buf_byte(&n->body, ',');
		notify_form_v2(&n->body, a, n->config, a->ends != 0 ?
		    a->ends : n->now.wall_s + ENDS_S);
		any = true;
	}
	buf_byte(&n->body, ']');
	return any && !n->body.failed;
}

/* Between three and five quarters, so that many agents do not march. */
static int64_t
jitter(struct notify *n, int64_t ms)
{
	n->random ^= n->random << 13;
	n->random ^= n->random >> 17;
	n->random ^= n->random << 5;
	return ms * 3 / 4 + (int64_t)(n->random % 1000) * ms / 2000;
}
