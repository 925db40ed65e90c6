/*
 * notify_http - notify's requests, by libcurl in the epoll loop.
 *
 * One connection for each receiver, kept open. No redirects, http and https
 * only, answers are read up to 64 KiB and forgotten. A slow receiver costs
 * its own time only. Secrets are read from their files for each request, so
 * that a new one needs no restart.
 */
#ifndef NOTIFY_HTTP_H
#define NOTIFY_HTTP_H

#include <curl/curl.h>

#include "loop.h"
#include "notify.h"

struct notify_http;

struct notify_request {
	struct notify_http	*http;
	size_t			 receiver;
	CURL			*easy;
	struct curl_slist	*headers;
	size_t			 answer_bytes;
	bool			 failing;	/* said so in the log */
};

struct notify_http {
	struct loop		*loop;
	struct notify		*notify;
	CURLM			*multi;		/* NULL: not needed yet */
	int			 timer;
	struct notify_request	 request[NOTIFY_RECEIVERS];
};

/*
 * 0, or -1; also when there are receivers and no libcurl. The transport of the
 * notify is to be notify_http_post().
 */
int	notify_http_init(struct notify_http *, struct loop *,
	    struct notify *, const struct config *);
void	notify_http_fini(struct notify_http *);
int	notify_http_post(void *http, size_t receiver,
	    const struct config_receiver *, bool alertmanager,
	    struct view body);

#endif
