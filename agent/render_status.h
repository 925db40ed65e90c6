/*
 * render_status - the status as JSON: /api/v1/status, what top reads.
 */
#ifndef RENDER_STATUS_H
#define RENDER_STATUS_H

#include "buf.h"
#include "status.h"

void	render_status(struct buf *, const struct status *);

#endif
