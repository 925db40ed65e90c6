/*
 * answer_explain - GET /explain?code=421&enhanced=4.7.28&provider=google.
 *
 * Made for the request from constant tables: nothing of ours is read. text=
 * may hold the reply's text. Without a code the answer is the usage.
 */
#ifndef ANSWER_EXPLAIN_H
#define ANSWER_EXPLAIN_H

#include "answer.h"

struct MHD_Response *answer_explain(struct answer_context *,
	    const struct request *, enum http_status *);

#endif
