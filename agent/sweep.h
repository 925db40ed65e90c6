/*
 * sweep - compare the file system with what we have open.
 *
 * The one place where new, grown, rotated, truncated and vanished files are
 * noticed. Costs one fstat for each open file and one stat for each name.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "sources.h"

void	sources_sweep(struct sources *, const struct clock_now *);

#endif
