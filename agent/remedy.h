/*
 * remedy - the settings of an MTA that do what an action asks for.
 *
 * Ready to paste, with the lines that undo it. Text only: nothing is ever
 * applied. Lines for a shell, or "in FILE or SECTION:" followed by lines to
 * put there. Not every action has one.
 */
#ifndef REMEDY_H
#define REMEDY_H

#include "buf.h"
#include "mail_event.h"
#include "reason.h"

struct remedy_wish {
	enum action	 action;
	enum mta	 mta;		/* MTA_COUNT: nothing is written */
	const char	*provider;	/* its name, or a domain; NULL: an
					   example */
};

/* False, and nothing written, when there is none. */
bool	remedy_write(struct buf *, const struct remedy_wish *);

#endif
