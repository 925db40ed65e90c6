/*
 * peers - who is connected, and who has to go.
 *
 * A fixed table of connections with the time since when each is in its
 * phase. Deadlines are absolute: a byte now and then buys nobody more time.
 * When there are too many, the one that has waited longest makes room for
 * the newcomer, so that a flood cannot lock an honest scrape out. Works on
 * numbers only; the owner closes what is named here.
 */
#ifndef PEERS_H
#define PEERS_H

#include "address.h"
#include "view.h"

enum { PEERS_MAX = 256 };

#define PEER_PHASES(X)							\
	X(FREE)			/* no connection */			\
	X(READING)		/* its request is not complete */	\
	X(WAITING)		/* suspended until a publication */	\
	X(SENDING)		/* being answered */			\
	X(IDLE)			/* kept alive between requests */	\
	X(DYING)		/* shut down, not yet cleaned up */

enum peer_phase {
#define X(id) PEER_##id,
	PEER_PHASES(X)
#undef X
};

struct peer {
	enum peer_phase	 phase;
	int		 fd;
	unsigned char	 network[16];	/* IPv4 as mapped, IPv6 /64 */
	int64_t		 since_ms;
	uint64_t	 order;		/* who came into its phase first */
	void		*connection;	/* the owner's */
	bool		 complete;	/* the request's headers were seen */
	size_t		 target_len;	/* of its target as it was sent */
};

struct peers_limits {
	int64_t		header_ms, request_ms, idle_ms;	/* longest phases */
	unsigned	connections, per_network;
};

struct peers {
	struct peers_limits	limits;
	uint64_t		order;
	uint64_t		evicted, expired, refused;	/* totals */
	struct peer		peer[PEERS_MAX];
};

extern const struct peers_limits	peers_default_limits;

void	peers_init(struct peers *, const struct peers_limits *);
/*
 * Somebody knocks. NULL: no room even so. *victim is who has to be shut down
 * for it (already marked as dying), or NULL.
 */
struct peer	*peers_admit(struct peers *, const struct sockaddr *,
		    int64_t now_ms, struct peer **victim);
void		 peers_enter(struct peers *, struct peer *, enum peer_phase,
		    int64_t now_ms);
/* The next one whose time is up, NULL when there is none. */
struct peer	*peers_overdue(struct peers *, int64_t now_ms);
/* Milliseconds until somebody's time is up; -1: nobody's. */
int		 peers_wait(const struct peers *, int64_t now_ms);
unsigned	 peers_count(const struct peers *, enum peer_phase);

#endif
