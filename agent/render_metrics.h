/*
 * render_metrics - /metrics as it stands, in either dialect.
 *
 * Walks the metric table in order; where a family's values come from is one
 * row here. What only the HTTP side knows (process_*, ages at scrape time) is
 * added there, so the page has no end mark yet.
 */
#ifndef RENDER_METRICS_H
#define RENDER_METRICS_H

#include "commit_time.h"
#include "expose.h"
#include "intake.h"
#include "render_spikes.h"
#include "sandbox.h"

struct metrics_input {
	const struct intake	*intake;
	const struct sources	*sources;
	const struct alerts	*alerts;	/* NULL: none are made */
	const struct notify	*notify;	/* NULL: nobody is told */
	const struct commit_time *commits;	/* NULL: nothing is kept */
	bool			 catching_up;
	bool			 reload_ok;
	enum sandbox_level	 sandbox;
};

/* The encoder is left open for whoever adds families behind. */
void	render_metrics(struct buf *, enum expose_format,
	    const struct metrics_input *, struct expose *);

#endif
