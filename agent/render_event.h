/*
 * render_event - an event as one line of JSON, as design.md 4 has it.
 *
 * All keys are always there, null where the line does not say. Addresses
 * stand in it: for replay output only.
 */
#ifndef RENDER_EVENT_H
#define RENDER_EVENT_H

#include "buf.h"
#include "scratch.h"
#include "verdict.h"

struct event_names {
	const char	*provider;	/* NULL: not known */
	const char	*egress;
};

void	render_event(struct buf *, const struct verdict *,
	    const struct event_names *, struct scratch *);

#endif
