/*
 * label_value - what a label's number is called, and back.
 *
 * Numbers are of this process: a provider's, tenant's or source's may be
 * another one in the next. The state therefore keeps texts.
 */
#ifndef LABEL_VALUE_H
#define LABEL_VALUE_H

#include "judge.h"
#include "label.h"
#include "sources.h"

enum { LABEL_VALUE_BYTES = 24 };	/* for numbers as text */

struct label_owners {
	const struct judge	*judge;
	const struct sources	*sources;
};

/* Into buf only if it has to be made. */
const char	*label_value_text(const struct label_owners *, enum label,
		    uint16_t value, char buf[LABEL_VALUE_BYTES]);
/* LABEL_OTHER when nothing is called that. */
uint16_t	 label_value_of(const struct label_owners *, enum label,
		    const char *text);

#endif
