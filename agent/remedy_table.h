/*
 * remedy_table - the texts of the remedies.
 *
 * In a text "@N" stands for the provider's name, "@U" for the same as one
 * word, "@D" for a domain of its, "@C" for all of them as a list of Exim, "@L"
 * for its mail servers; "@@" is an @. A line that begins with "*" is written
 * once for each domain.
 */
#ifndef REMEDY_TABLE_H
#define REMEDY_TABLE_H

#include "mail_event.h"
#include "reason.h"

struct remedy {
	enum action	 action;
	enum mta	 mta;
	const char	*what, *text, *undo;	/* undo may be NULL */
};

extern const struct remedy	remedy_table[];
extern const size_t		remedy_count;

#endif
