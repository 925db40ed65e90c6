/*
 * action_words - what to do, in the words of the page, report and top.
 */
#ifndef ACTION_WORDS_H
#define ACTION_WORDS_H

#include "reason.h"

/* "send more slowly" */
const char	*action_words(enum action);

#endif
