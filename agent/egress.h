/*
 * egress - which way out a delivery took.
 *
 * The first section egress of agent.conf that fits, by instance, service,
 * transport and local address; what a section does not name fits always.
 */
#ifndef EGRESS_H
#define EGRESS_H

#include "config.h"
#include "mail_event.h"

struct egresses {
	const struct config_egress	*section;	/* the config's */
	uint16_t			 count;
};

void		 egresses_init(struct egresses *, const struct config *);
/* 0: default; else 1 to count. */
uint16_t	 egress_of(const struct egresses *, const struct mail_event *);
const char	*egress_name(const struct egresses *, uint16_t id);

#endif
