/*
 * between - files that were the log between two looks.
 *
 * Two rotations can happen before we look again. What was the log after last
 * and is a rotated file now is taken in, oldest first.
 */
#ifndef BETWEEN_H
#define BETWEEN_H

#include "sources.h"

/* path has a new file and last was its file before: what came between them?
   Each is chained behind last and is to be read; the last of them. */
struct source_file	*between_take_in(struct sources *,
			    struct source_file *last, const char *path);

#endif
