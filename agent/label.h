/*
 * label - the closed sets that label values come from.
 *
 * A label value is a small number here; text only when it is shown. Codes and
 * enhanced codes that are in no registry become "other", so that a remote
 * server cannot make series.
 */
#ifndef LABEL_H
#define LABEL_H

#include <stdint.h>

#include "reply.h"

/*	id, name, open: its values depend on traffic or configuration	*/
#define LABELS(X)							\
	X(PROVIDER,	"provider",	1)				\
	X(OUTCOME,	"outcome",	0)				\
	X(CLASS,	"class",	0)				\
	X(CODE,		"code",		1)				\
	X(ENHANCED,	"enhanced",	1)				\
	X(REASON,	"reason",	0)				\
	X(FIRST_REASON,	"first_reason",	0)				\
	X(ACTION,	"action",	0)				\
	X(STAGE,	"stage",	0)				\
	X(TENANT,	"tenant",	1)				\
	X(EGRESS,	"egress",	1)				\
	X(SOURCE,	"source",	1)				\
	X(MTA,		"mta",		0)				\
	X(RESULT,	"result",	0)				\
	X(WINDOW,	"window",	0)				\
	X(METRIC,	"metric",	0)				\
	X(RECEIVER,	"receiver",	0)				\
	X(GAP,		"reason",	0)

enum label {
	LABEL_NONE,
#define X(id, name, open) LABEL_##id,
	LABELS(X)
#undef X
	LABEL_COUNT
};

enum { LABEL_OTHER = 0xffff };	/* the last slot of every open label */

const char	*label_name(enum label);
/* May new values of it appear while running? Those can overflow. */
int		 label_is_open(enum label);

/* The code itself if RFC 5321 or a provider documents it, 0 if 0 ("none"),
   else LABEL_OTHER. */
uint16_t	 label_of_code(uint16_t code);
/* A number for a registered enhanced code, 0 if there is none, else
   LABEL_OTHER. */
uint16_t	 label_of_enhanced(struct enhanced);
/* The text of such a number into buf (at least 12 bytes). */
const char	*label_enhanced_print(uint16_t, char *buf);
const char	*label_code_print(uint16_t, char *buf);

#endif
