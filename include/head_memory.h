/*
 * head_memory - heads of the lines before, because the next ones look alike.
 *
 * Most lines are of the same minute as the one before, and a few programs
 * write most of them. What was read once is known again by its bytes: the time
 * up to the minute, and "host tag[" in a fixed table where a new one takes the
 * place of an old one. All zero is empty. It changes nothing but the
 * time it takes.
 */
#ifndef HEAD_MEMORY_H
#define HEAD_MEMORY_H

#include "stamp.h"
#include "view.h"

enum {
	HEAD_MINUTE_BYTES = 32,	/* "2026-11-01T12:00:" */
	HEAD_ZONE_BYTES = 6,	/* "+00:00" */
	HEAD_ORIGINS = 1024,
	HEAD_ORIGIN_BYTES = 56
};

struct head_minute {
	uint8_t		n, zone_n;
	char		text[HEAD_MINUTE_BYTES], zone[HEAD_ZONE_BYTES];
	struct stamp	stamp;
};

struct head_origin {
	uint8_t		n;			/* bytes of text; 0: free */
	uint8_t		host_n, tag_at, tag_n;	/* where they are in text */
	uint32_t	pid;
	char		text[HEAD_ORIGIN_BYTES];
};

struct head_memory {
	struct head_minute	minute, exim;
	struct head_origin	origin[HEAD_ORIGINS];
};

#endif
