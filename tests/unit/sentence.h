/*
 * sentence - a buffer that the sentences of a test are written to, and its time.
 */
#ifndef SENTENCE_H
#define SENTENCE_H

#include "buf.h"

/* 2026-11-01T23:20:00Z, a Sunday */
enum { NOW = 1793575200 };

static struct buf	words;

static inline int
setup(void **state)
{
	(void)state;
	buf_init(&words, 65536);
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	buf_fini(&words);
	return 0;
}

#endif
