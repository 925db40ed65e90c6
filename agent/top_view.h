/*
 * top_view - what top shows: the status of an agent, in 80 columns.
 *
 * The status is JSON from somebody else: what is missing or of another kind
 * counts as 0 or empty.
 */
#ifndef TOP_VIEW_H
#define TOP_VIEW_H

#include <jansson.h>

#include "column.h"

/*	id, key, what it sorts by					*/
#define TOP_SORTS(X)							\
	X(ALARM,	'd', "alarm")					\
	X(ATTEMPTS,	'a', "attempts")				\
	X(FAILING,	'f', "failing now")				\
	X(WAITING,	'w', "waiting")					\
	X(NAME,		'n', "name")

enum top_sort {
#define X(id, key, name) TOP_##id,
	TOP_SORTS(X)
#undef X
	TOP_SORT_COUNT
};

/* The order behind a key; TOP_SORT_COUNT: none. */
enum top_sort	top_sort_of(int key);
void		top_view(const struct column *, json_t *status,
		    enum top_sort);
/* One line: which keys there are. */
void		top_keys(const struct column *, enum top_sort);

#endif
