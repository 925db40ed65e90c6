/*
 * publish - a publication made from the rooms: each page somebody asked for
 * lately, rendered once.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "commit_time.h"
#include "notify.h"
#include "publication.h"
#include "sandbox.h"
#include "survey.h"

struct publish {
	struct publication_slot	*slot;
	const struct config	*config;
	const struct intake	*intake;
	const struct lookout	*lookout;
	const struct notify	*notify;
	struct survey		*survey;
};

struct publish_facts {
	const struct sources	*sources;
	struct clock_now	 now;
	int64_t			 commit_ms;	/* wall clock; 0: never */
	const struct commit_time *commits;
	bool			 catching_up, reload_ok, demo;
	enum sandbox_level	 sandbox;
	const char		*not_ready;	/* why; empty: ready */
};

/* 0, or -1 when there was no memory: the publication before stays. */
int	publish(const struct publish *, const struct publish_facts *);

#endif
