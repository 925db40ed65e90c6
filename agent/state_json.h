/*
 * state_json - a state as JSON.
 *
 * What the rows say stands as it is; what regions hold is shown by whoever
 * understands it and is null where this program knows
 * another layout, or the configuration asks for another size. What is long is
 * given in numbers only, unless all of it is wanted: then addresses are shown
 * too.
 */
#ifndef STATE_JSON_H
#define STATE_JSON_H

#include <stdio.h>

#include "buf.h"
#include "intake.h"
#include "lookout.h"
#include "state.h"

enum state_table {
	TABLE_WINDOWS, TABLE_DETECTOR, TABLE_MESSAGES, TABLE_WAITING,
	TABLE_TENANTS, TABLE_INCIDENTS, TABLE_COUNT
};

struct state_json {
	struct state	*state;
	const char	*path;
	struct intake	*intake;		/* fresh: filled from the state */
	struct lookout	*lookout;
	bool		 all;
	FILE		*out;
	struct buf	 buf;
	bool		 have[TABLE_COUNT];	/* was it in the state? */
	uint16_t	 to[PROVIDER_MAX];	/* saved numbers, as of now */
	bool		 first;			/* of a list */
};

/* 0, or -1: state_error() says why, or out has an error. */
int	state_json(struct state_json *);

/* state_json_tables.c: fill the regions, then write what they hold. */
int	state_json_load(struct state_json *);
void	state_json_tables(struct state_json *);
/* Start the next element of a list. */
void	state_json_next(struct state_json *);
void	state_json_flush(struct state_json *);
void	state_json_time(struct buf *, int64_t epoch);	/* null for 0 */

#endif
