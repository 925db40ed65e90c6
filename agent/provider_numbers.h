/*
 * provider_numbers - which provider had which number in an earlier life.
 *
 * Regions hold numbers; a provider that was added to the configuration, or
 * built in since, moves those behind it.
 */
#ifndef PROVIDER_NUMBERS_H
#define PROVIDER_NUMBERS_H

#include "provider.h"
#include "state.h"

void	provider_numbers_save(struct state *, const struct providers *);
/* True: they have changed, and to[] says how; PROVIDER_OTHER: gone. */
bool	provider_numbers_map(struct state *, const struct providers *,
	    uint16_t to[PROVIDER_MAX]);

#endif
