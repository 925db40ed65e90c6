/*
 * suppress_spike - which providers teach nothing now.
 *
 * A provider at which bad recipients come far above their normal has a fault
 * of its own, or we write to a bad list: what it says of single people is not
 * believed, from the spike's onset to its end. Told by what the detector holds
 * after each closed minute, so that it is true after a restart, too.
 */
#ifndef SUPPRESS_SPIKE_H
#define SUPPRESS_SPIKE_H

#include "alerts.h"
#include "suppress.h"

void	suppress_spike_minute(struct suppress *, const struct alerts *);

#endif
