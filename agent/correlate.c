#include <stdlib.h>
#include <string.h>

#include "correlate.h"
#include "mask.h"
#include "origin.h"
#include "siphash.h"

/* How surely we know whose mail it is; a better answer replaces a worse. */
enum { RANK_NONE, RANK_SENDER, RANK_USER, RANK_LOGIN };

enum { ID_BYTES = 64, RECIPIENT_BYTES = 320,
	WAITING_PER_MESSAGE = 1,
	SESSIONS = 256, SESSION_S = 600 };

/* One recipient that was deferred and has no final outcome yet. */
struct waiting {
	struct store_node node;
	uint32_t	first_deferred;	/* epoch s */
	uint32_t	sibling;	/* next of the same message */
	uint32_t	message;
	uint16_t	provider;
	uint8_t		first_reason;
	bool		tried;		/* a real attempt was made */
};

struct correlate {
	struct store		 messages, waiting;
	struct tenants		*tenants;
	const uint8_t		*key;
	enum config_tenant_by	 by;
	struct origin		 origin;
	uint64_t		 session[SESSIONS];	/* keys, a ring */
	size_t			 session_count;
};

static uint64_t	message_key(struct correlate *, const struct mail_event *,
		    uint16_t source, struct view id);
static uint64_t	session_key(struct correlate *, const struct mail_event *,
		    uint16_t source);
static uint32_t	message_at(struct correlate *, uint64_t key);
static void	message_drop(void *arg, uint32_t number);
static void	waiting_drop(void *arg, uint32_t number);
static void	forget_waiting(struct correlate *, struct message *);
static void	set_tenant(struct correlate *, struct message *, struct view,
		    uint8_t rank, int64_t time);
static void	name_tenant(struct correlate *, struct message *,
		    const struct mail_event *);
static void	inherit_session(struct correlate *, struct message *,
		    const struct mail_event *, uint16_t source);
static void	remember_session(struct correlate *, struct message *,
		    struct view client);
static struct view domain_of(struct view address);

int
correlate_init(struct correlate **out, const struct config *config,
    struct tenants *tenants, const uint8_t key[16])
{
	struct correlate	*c = calloc(1, sizeof(*c));
	uint32_t		 max = config->correlation_messages;

	if (c == NULL)
		return -1;
	if (store_init(&c->messages, "messages", 4, max,
	    sizeof(struct message)) == -1 ||
	    store_init(&c->waiting, "waiting", 3, max * WAITING_PER_MESSAGE,
	    sizeof(struct waiting)) == -1) {
		correlate_fini(c);
		return -1;
	}
	c->messages.drop = message_drop;
	c->messages.arg = c;
	c->waiting.drop = waiting_drop;
	c->waiting.arg = c;
	c->tenants = tenants;
	c->key = key;
	c->by = config->tenant_by;
	*out = c;
	return 0;
}

void
correlate_fini(struct correlate *c)
{
	if (c == NULL)
		return;
	store_fini(&c->messages);
	store_fini(&c->waiting);
	free(c);
}

struct region *
correlate_region(struct correlate *c, int i)
{
	return i == 0 ? &c->messages.region : &c->waiting.region;
}

void
correlate_renumber(struct correlate *c, const uint16_t to[PROVIDER_MAX])
{
	for (uint32_t i = 1; i <= c->waiting.head->used; i++) {
		struct waiting	*w = store_at(&c->waiting, i);

		if (w->node.key == 0 || w->provider >= PROVIDER_MAX)
			continue;
		w->provider = to[w->provider];
		store_touch(&c->waiting, i);
	}
}

void
correlate_arrival(struct correlate *c, const struct mail_event *ev,
    uint16_t source)
{
	bool		 starts = ev->client.n > 0 || ev->user.n > 0;
	bool		 session = ev->queue_id.n == 0;
	uint64_t	 key = session ? session_key(c, ev, source) :
			    message_key(c, ev, source, ev->queue_id);
	uint32_t	 number = message_at(c, key);
	struct message	*m = store_at(&c->messages, number);

	if (starts && (m->tried || session)) {
		/* id or process is used again: that was another's */
		store_remove(&c->messages, number);
		forget_waiting(c, m);
		number = message_at(c, key);
		m = store_at(&c->messages, number);
	}
	if (m->arrival == 0)
		m->arrival = (uint32_t)ev->time;
	if (ev->has_sender && ev->sender.n <= SENDER_BYTES) {
		m->has_sender = true;
		m->sender_len = (uint8_t)ev->sender.n;
		if (ev->sender.n > 0)
			memcpy(m->sender, ev->sender.p, ev->sender.n);
	}
	if (session)
		remember_session(c, m, ev->client);
	else if (ev->mta == MTA_SENDMAIL)
		inherit_session(c, m, ev, source);
	name_tenant(c, m, ev);
	store_touch(&c->messages, number);
}

void
correlate_removal(struct correlate *c, const struct mail_event *ev,
    uint16_t source)
{
	uint32_t	number = store_find(&c->messages,
			    message_key(c, ev, source, ev->queue_id));

	if (number == 0)
		return;
	forget_waiting(c, store_at(&c->messages, number));
	store_remove(&c->messages, number);
}

struct message *
correlate_message(struct correlate *c, const struct mail_event *ev,
    uint16_t source, struct verdict *v)
{
	struct message	*m;
	uint32_t	 number;

	if (ev->queue_id.n == 0)
		return NULL;
	v->message = message_key(c, ev, source, ev->queue_id);
	number = message_at(c, v->message);
	m = store_at(&c->messages, number);
	name_tenant(c, m, ev);
	if (ev->kind == EVENT_DELIVERY)
		m->tried = true;
	if (tenant_is(c->tenants, m->tenant, m->tenant_hash)) {
		v->tenant = m->tenant;
		v->tenant_name = view_of(tenant_name(c->tenants, m->tenant));
	}
	v->arrival = m->arrival;
	v->login = m->login;
	store_touch(&c->messages, number);
	return m;
}

void
correlate_recipient(struct correlate *c, struct message *m,
    struct view recipient, struct verdict *v)
{
	struct waiting	*w = NULL;
	uint64_t	 key;
	uint32_t	 number;
	size_t		 n;

	v->first = v->counts;
	v->final = v->event->outcome != OUTCOME_DEFERRED;
	if (v->final && m->waiting == 0)
		return;
	n = recipient.n < RECIPIENT_BYTES ? recipient.n : RECIPIENT_BYTES;
	key = siphash13_under(c->key, v->message, recipient.p, n) | 1;
	number = store_find(&c->waiting, key);
	if (number != 0)
		w = store_at(&c->waiting, number);
	if (w != NULL) {
		v->first = v->counts && !w->tried;
		v->first_deferred = w->first_deferred;
		v->first_reason = (enum reason)w->first_reason;
	}
	if (v->final && w != NULL) {
		waiting_drop(c, number);
		store_remove(&c->waiting, number);
		return;
	}
	if (v->final)
		return;
	if (w == NULL) {
		number = store_add(&c->waiting, key);
		w = store_at(&c->waiting, number);
		w->first_deferred = (uint32_t)v->event->time;
		w->first_reason = (uint8_t)v->diagnosis.reason;
		w->message = (uint32_t)(((unsigned char *)m -
		    c->messages.entry) / (ptrdiff_t)sizeof(*m));
		w->sibling = m->waiting;
		m->waiting = number;
		/* adding may have dropped another message's last recipient,
		   never the message itself */
	}
	w->provider = v->provider;
	w->tried = w->tried || v->counts;
	store_touch(&c->waiting, number);
}

bool
correlate_take(struct correlate *c, struct message *m, struct verdict *v)
{
	uint32_t	 number = m->waiting;
	struct waiting	*w = store_at(&c->waiting, number);

	if (number == 0)
		return false;
	v->provider = w->provider;
	v->first_reason = (enum reason)w->first_reason;
	v->first_deferred = w->first_deferred;
	m->waiting = w->sibling;
	store_remove(&c->waiting, number);
	return true;
}

void
correlate_follow(struct correlate *c, const struct message *m,
    const struct mail_event *ev, uint16_t source)
{
	uint64_t	 key;
	struct message	 from = *m;
	struct message	*to;

	if (ev->next_id.n == 0 || m->tenant_rank == RANK_NONE)
		return;
	key = message_key(c, ev, source, ev->next_id);
	to = store_at(&c->messages, message_at(c, key));
	if (to->tenant_rank >= RANK_LOGIN)
		return;
	to->tenant = from.tenant;
	to->tenant_hash = from.tenant_hash;
	to->tenant_rank = from.tenant_rank;
	to->login = from.login;
	if (to->arrival == 0)
		to->arrival = (uint32_t)ev->time;
}

void
correlate_backlog(const struct correlate *c,
    struct backlog out[PROVIDER_MAX])
{
	memset(out, 0, PROVIDER_MAX * sizeof(out[0]));
	for (uint32_t i = 1; i <= c->waiting.head->used; i++) {
		const struct waiting	*w = store_at(&c->waiting, i);
		struct backlog		*b = &out[w->provider];

		if (w->node.key == 0)
			continue;
		b->recipients++;
		if (b->oldest == 0 || w->first_deferred < b->oldest)
			b->oldest = w->first_deferred;
	}
}

const struct message *
correlate_next(const struct correlate *c, uint32_t *at)
{
	const struct message	*m;

	while (*at < c->messages.head->used && *at < c->messages.max) {
		m = store_at(&c->messages, ++*at);
		if (m->node.key != 0)
			return m;
	}
	return NULL;
}

size_t
correlate_messages(const struct correlate *c)
{
	return c->messages.head->count;
}

uint64_t
correlate_evicted(const struct correlate *c)
{
	return c->messages.head->evicted + c->waiting.head->evicted;
}

static uint64_t
message_key(struct correlate *c, const struct mail_event *ev, uint16_t source,
    struct view id)
{
	uint64_t	origin = origin_hash(&c->origin, c->key, ev, source);
	size_t		n = id.n < ID_BYTES ? id.n : ID_BYTES;

	return siphash13_under(c->key, origin, id.p, n) | 1;
}

/*
 * Sendmail writes the login on a line without queue id; the process is what
 * joins it to its message.
 */
static uint64_t
session_key(struct correlate *c, const struct mail_event *ev, uint16_t source)
{
	char	pid[16] = "pid ";

	memcpy(pid + 4, &ev->pid, sizeof(ev->pid));
	return message_key(c, ev, source,
	    (struct view){ pid, 4 + sizeof(ev->pid) });
}

static uint32_t
message_at(struct correlate *c, uint64_t key)
{
	uint32_t	number = store_find(&c->messages, key);

	if (number == 0)
		return store_add(&c->messages, key);
	store_renew(&c->messages, number);
	return number;
}

static void
message_drop(void *arg, uint32_t number)
{
	struct correlate	*c = arg;

	forget_waiting(c, store_at(&c->messages, number));
}

/* A waiting recipient goes: take it out of its message's list. */
static void
waiting_drop(void *arg, uint32_t number)
{
	struct correlate	*c = arg;
	struct waiting		*w = store_at(&c->waiting, number);
	struct message		*m = store_at(&c->messages, w->message);
	uint32_t		*link = &m->waiting;

	while (*link != number)
		link = &((struct waiting *)store_at(&c->waiting,
		    *link))->sibling;
	*link = w->sibling;
	region_touch(&c->waiting.region, w, sizeof(*w));
	store_touch(&c->messages, w->message);
}

static void
forget_waiting(struct correlate *c, struct message *m)
{
	while (m->waiting != 0) {
		uint32_t	 number = m->waiting;
		struct waiting	*w = store_at(&c->waiting, number);

		m->waiting = w->sibling;
		store_remove(&c->waiting, number);
	}
}

static void
name_tenant(struct correlate *c, struct message *m,
    const struct mail_event *ev)
{
	struct view	domain;

	if (ev->login.n > 0)
		m->login = mask_hash(ev->login);
	if (c->by == TENANT_OFF)
		return;
	if (ev->login.n > 0 && c->by != TENANT_SENDER) {
		domain = domain_of(ev->login);
		set_tenant(c, m, c->by == TENANT_LOGIN || domain.n == 0 ?
		    ev->login : domain, RANK_LOGIN, ev->time);
	}
	if (ev->user.n > 0 && c->by == TENANT_AUTO)
		set_tenant(c, m, ev->user, RANK_USER, ev->time);
	if (ev->has_sender && m->tenant_rank < RANK_SENDER &&
	    c->by != TENANT_LOGIN)
		set_tenant(c, m, domain_of(ev->sender), RANK_SENDER,
		    ev->time);
}

static void
set_tenant(struct correlate *c, struct message *m, struct view name,
    uint8_t rank, int64_t time)
{
	if (name.n == 0 || m->tenant_rank >= rank)
		return;
	m->tenant = tenant_id(c->tenants, name, time);
	m->tenant_hash = tenant_hash(c->tenants, m->tenant);
	m->tenant_rank = rank;
}

static void
inherit_session(struct correlate *c, struct message *m,
    const struct mail_event *ev, uint16_t source)
{
	uint32_t		 number = store_find(&c->messages,
				    session_key(c, ev, source));
	struct message		*session;

	if (number == 0 || ev->client.n == 0)
		return;
	session = store_at(&c->messages, number);
	/* a process of the same number, hours later or for somebody else */
	if (ev->time - session->arrival > SESSION_S ||
	    !view_eq(message_sender(session),
	    view_sub(ev->client, 0, SENDER_BYTES))) {
		store_remove(&c->messages, number);
		return;
	}
	session->arrival = (uint32_t)ev->time;
	store_renew(&c->messages, number);
	if (session->tenant_rank > m->tenant_rank) {
		m->tenant = session->tenant;
		m->tenant_hash = session->tenant_hash;
		m->tenant_rank = session->tenant_rank;
		m->login = session->login;
	}
}

/* A session has no sender: its place holds whose session it is. */
static void
remember_session(struct correlate *c, struct message *m, struct view client)
{
	uint64_t	*place = &c->session[c->session_count++ % SESSIONS];
	uint32_t	 old = *place == 0 ? 0 :
			    store_find(&c->messages, *place);

	/* who only logs in must not push out messages that wait */
	if (old != 0 && *place != m->node.key)
		store_remove(&c->messages, old);
	*place = m->node.key;
	client = view_sub(client, 0, SENDER_BYTES);
	m->sender_len = (uint8_t)client.n;
	if (client.n > 0)
		memcpy(m->sender, client.p, client.n);
}

/* What stands behind the last @; nothing without one. */
static struct view
domain_of(struct view address)
{
	return view_sub(address, view_find_last(address, '@') + 1, address.n);
}
