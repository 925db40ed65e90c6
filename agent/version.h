/*
 * version - which smtpulse this is, and on what it stands.
 */
#ifndef VERSION_H
#define VERSION_H

#include <stdio.h>

const char	*version_number(void);		/* "0.1.0" */
const char	*version_revision(void);	/* of the source: "4ad4f30" */
const char	*version_compiler(void);	/* "gcc 12.2.0" */
/* All of it and the libraries, a line each. */
void		 version_print(FILE *);

#endif
