/*
 * page - the status page: one HTML document that needs nothing else.
 *
 * Rendered on the server, useful without scripts (it has none), in both
 * colour schemes. All text from outside goes through buf_html().
 */
#ifndef PAGE_H
#define PAGE_H

#include "buf.h"
#include "status.h"

void	page_render(struct buf *, const struct status *);

#endif
