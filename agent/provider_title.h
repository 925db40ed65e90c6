/*
 * provider_title - a provider's name as people write it.
 *
 * For sentences and tables; metrics, JSON and queries have the name itself.
 */
#ifndef PROVIDER_TITLE_H
#define PROVIDER_TITLE_H

#include "view.h"

/* "Microsoft 365" for "microsoft365"; a name that we do not know, as it is. */
struct view	provider_title(struct view name);

#endif
