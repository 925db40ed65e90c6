/*
 * scrape - what a scrape adds to the published metrics at its own time: the
 * process, the age of the last commit, and the HTTP server's counters.
 */
#ifndef SCRAPE_H
#define SCRAPE_H

#include "peers.h"
#include "process.h"

/* Statuses that we send; what libmicrohttpd answers itself is not counted. */
#define HTTP_STATUSES(X)						\
	X(200)								\
	X(400)								\
	X(401)								\
	X(403)								\
	X(404)								\
	X(405)								\
	X(414)								\
	X(421)								\
	X(429)								\
	X(431)								\
	X(503)								\
	X(505)

enum http_status {
#define X(code) HTTP_##code,
	HTTP_STATUSES(X)
#undef X
	HTTP_STATUS_COUNT
};

struct scrape {
	const struct process	*process;
	const struct peers	*peers;
	const uint64_t		*requests;	/* by enum http_status */
	int64_t			 commit_ms;	/* wall clock; 0: never */
};

unsigned	http_status_code(enum http_status);
/* Up to and with # EOF. */
void	scrape_expose(const struct scrape *, struct buf *,
	    enum expose_format);

#endif
