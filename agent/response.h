/*
 * response - bytes on their way to a client, and the headers they carry.
 *
 * Every response forbids the browser whatever our pages do not need. A page
 * is sent from the publication itself, which stays alive until it is sent.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <microhttpd.h>

#include "publication.h"

/* A short text of our own; NULL: no memory. */
struct MHD_Response	*response_text(struct view);
/* A document made for this request; NULL: no memory. */
struct MHD_Response	*response_html(struct view);
/*
 * A page and what follows it. Takes over the reference, and tail with its
 * memory; both are released when the response is, and on failure.
 */
struct MHD_Response	*response_page(struct publication *, enum page_kind,
			    struct buf *tail);
/* The same compressed; the page's compressed form is made if need be. */
struct MHD_Response	*response_gzip(struct publication *, enum page_kind,
			    struct buf *tail);

#endif
