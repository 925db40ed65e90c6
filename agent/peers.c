#include <stdlib.h>

#include "peers.h"

/* An answer that is being sent is left alone for so long even in a flood. */
enum { SENDING_GRACE_MS = 1000 };

const struct peers_limits peers_default_limits = {
	.header_ms = 5000,
	.request_ms = 10000,
	.idle_ms = 75000,	/* above the usual minute between scrapes */
	.connections = 128,
	.per_network = 16,
};

static void	network_of(const struct sockaddr *, unsigned char out[16]);
static bool	lives(const struct peer *);
static struct peer *oldest(struct peers *, const unsigned char *network,
		    int64_t now_ms);
static struct peer *unused(struct peers *);
static int64_t	deadline(const struct peers *, const struct peer *);

void
peers_init(struct peers *ps, const struct peers_limits *limits)
{
	memset(ps, 0, sizeof(*ps));
	ps->limits = *limits;
}

struct peer *
peers_admit(struct peers *ps, const struct sockaddr *from, int64_t now_ms,
    struct peer **victim)
{
	unsigned char	 network[16];
	unsigned	 all = 0, same = 0;
	struct peer	*fresh = unused(ps);

	*victim = NULL;
	network_of(from, network);
	for (size_t i = 0; i < PEERS_MAX; i++) {
		if (!lives(&ps->peer[i]))
			continue;
		all++;
		same += memcmp(ps->peer[i].network, network, 16) == 0;
	}
	if (same >= ps->limits.per_network)
		*victim = oldest(ps, network, now_ms);
	else if (all >= ps->limits.connections)
		*victim = oldest(ps, NULL, now_ms);
	if (fresh == NULL || (*victim == NULL &&
	    (same >= ps->limits.per_network ||
	    all >= ps->limits.connections))) {
		*victim = NULL;
		ps->refused++;
		return NULL;
	}
	if (*victim != NULL) {
		ps->evicted++;
		peers_enter(ps, *victim, PEER_DYING, now_ms);
	}
	memset(fresh, 0, sizeof(*fresh));
	fresh->fd = -1;
	memcpy(fresh->network, network, sizeof(network));
	peers_enter(ps, fresh, PEER_READING, now_ms);
	return fresh;
}

void
peers_enter(struct peers *ps, struct peer *p, enum peer_phase phase,
    int64_t now_ms)
{
	p->phase = phase;
	p->since_ms = now_ms;
	p->order = ps->order++;
}

struct peer *
peers_overdue(struct peers *ps, int64_t now_ms)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (deadline(ps, &ps->peer[i]) <= now_ms)
			return &ps->peer[i];
	return NULL;
}

int
peers_wait(const struct peers *ps, int64_t now_ms)
{
	int64_t	next = INT64_MAX;

	for (size_t i = 0; i < PEERS_MAX; i++)
		if (deadline(ps, &ps->peer[i]) < next)
			next = deadline(ps, &ps->peer[i]);
	if (next == INT64_MAX)
		return -1;
	return next <= now_ms ? 0 : (int)(next - now_ms);
}

unsigned
peers_count(const struct peers *ps, enum peer_phase phase)
{
	unsigned	count = 0;

	for (size_t i = 0; i < PEERS_MAX; i++)
		count += ps->peer[i].phase == phase;
	return count;
}

/* Who owns an IPv6 network owns all its addresses. */
static void
network_of(const struct sockaddr *from, unsigned char out[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct sockaddr_in	v4;
	struct sockaddr_in6	v6;

	memset(out, 0, 16);
	if (from->sa_family == AF_INET6) {
		memcpy(&v6, from, sizeof(v6));
		memcpy(out, v6.sin6_addr.s6_addr, 8);
		return;
	}
	memcpy(&v4, from, sizeof(v4));
	memcpy(out, mapped, sizeof(mapped));
	memcpy(out + sizeof(mapped), &v4.sin_addr, 4);
}

static bool
lives(const struct peer *p)
{
	return p->phase != PEER_FREE && p->phase != PEER_DYING;
}

/* Of those that may be sent away; of one network, or of all. */
static struct peer *
oldest(struct peers *ps, const unsigned char *network, int64_t now_ms)
{
	struct peer	*best = NULL;

	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer	*p = &ps->peer[i];

		if (!lives(p) || p->phase == PEER_WAITING)
			continue;
		if (p->phase == PEER_SENDING &&
		    now_ms - p->since_ms < SENDING_GRACE_MS)
			continue;
		if (network != NULL && memcmp(p->network, network, 16) != 0)
			continue;
		if (best == NULL || p->order < best->order)
			best = p;
	}
	return best;
}

static struct peer *
unused(struct peers *ps)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (ps->peer[i].phase == PEER_FREE)
			return &ps->peer[i];
	return NULL;
}

static int64_t
deadline(const struct peers *ps, const struct peer *p)
{
	switch (p->phase) {
	case PEER_READING:
		return p->since_ms + ps->limits.header_ms;
	case PEER_WAITING:
	case PEER_SENDING:
		return p->since_ms + ps->limits.request_ms;
	case PEER_IDLE:
		return p->since_ms + ps->limits.idle_ms;
	case PEER_FREE:
	case PEER_DYING:
		break;
	}
	return INT64_MAX;
}
