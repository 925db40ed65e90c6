/*
 * moment - a point in time as people write it on a command line.
 *
 * "2026-11-22", "2026-11-22 04:57", "2026-11-22T04:57:05" in the zone of this
 * machine, with a Z behind it in UTC; "90m", "24h", "7d" before now.
 */
#ifndef MOMENT_H
#define MOMENT_H

#include <stdint.h>

/* 0, or -1 when it is none of these. */
int	moment_parse(const char *text, int64_t now, int64_t *out);

#endif
