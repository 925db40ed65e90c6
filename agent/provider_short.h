/*
 * provider_short - relays whose name lost its middle.
 *
 * Sendmail logs at most 40 characters of a relay: "contoso-example.ma...
 * ction.outlook.com". Which of the built-in providers fits both ends?
 */
#ifndef PROVIDER_SHORT_H
#define PROVIDER_SHORT_H

#include "view.h"

/*
 * Where the dots stand: three, or four with one of the name's own. *end is
 * behind them. relay.n when nothing was lost.
 */
size_t		provider_cut(struct view relay, size_t *end);
/* The provider, or PROVIDER_OTHER. */
uint16_t	provider_of_short(struct view relay);

#endif
