/*
 * utf8 - foreign bytes as code points.
 *
 * What is no valid UTF-8 (RFC 3629: overlong forms and surrogates too) reads
 * as U+FFFD, one for each maximal broken part. Never reads beyond the view.
 */
#ifndef UTF8_H
#define UTF8_H

#include "view.h"

enum { UTF8_BROKEN = 0xfffd };

/*
 * The code point at the front of a view that is not empty, and how many bytes
 * it takes (1 to 4). *valid is false when it stands for broken bytes.
 */
size_t	utf8_next(struct view, uint32_t *point, bool *valid);
/* The first at most max code points of a view. */
struct view	utf8_head(struct view, size_t max);
size_t	utf8_count(struct view);

#endif
