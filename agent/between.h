/*
 * between - files that were the log between two looks.
 *
 * Two rotations can happen before we look again. What was the log after last
 * and is a rotated file now is taken in, oldest first.
 */
#ifndef BETWEEN_H
#define BETWEEN_H

#include "sources.h"

/* The file of last was the log called path, and open is its file now (-1:
   there is none). What came between them is chained behind last and is to be
   read. The last of them. */
struct source_file	*between_take_in(struct sources *,
			    struct source_file *last, const char *path,
			    int open);

#endif
