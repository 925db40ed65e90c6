/*
 * answer - from a request to a response.
 *
 * A table of routes, GET and HEAD only; whatever is not exactly a request as
 * we want it is refused before it is looked at. Pages come from the
 * publication; one that nobody asked for lately is waited for.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <microhttpd.h>

#include "auth.h"
#include "host.h"
#include "publication.h"
#include "scrape.h"
#include "tls.h"

enum {
	ANSWER_PATH_BYTES = 256,
	ANSWER_HEADER_BYTES = 8192,
	ANSWER_GZIP_BYTES = 1024	/* shorter ones go as they are */
};

struct answer_context {
	struct publication_slot	*slot;
	struct process		 process;
	struct auth		*auth;		/* NULL: nobody is asked */
	struct tls		 tls;
	struct hosts		 hosts;
	const struct peers	*peers;
	uint64_t		 requests[HTTP_STATUS_COUNT];
};

struct request {
	struct MHD_Connection	*connection;
	const char		*method, *path, *version;
	const unsigned char	*network;	/* where it comes from */
	size_t			 target_len;	/* as it was sent */
	int64_t			 now_ms;	/* monotonic */
	bool			 patient;	/* may still wait for a page */
};

/* Is it a request as we want it? HTTP_200, or why not: answer that at once. */
enum http_status	 answer_check(const struct request *);
struct MHD_Response	*answer_refuse(enum http_status);
/*
 * The response and its status; NULL with HTTP_200 says: wait for the next
 * publication and ask again. NULL with another status: close.
 */
struct MHD_Response	*answer_request(struct answer_context *,
			    const struct request *, enum http_status *);

#endif
