/*
 * loss - does the logger say that it lost messages?
 *
 * rsyslog and the journal drop what comes too fast and put a line about it in
 * their log. Only the closing line with the number counts, so that each loss
 * is one gap, and of the journal's only those about a mail service.
 */
#ifndef LOSS_H
#define LOSS_H

#include <stdbool.h>

#include "head.h"

bool	loss_is_said(const struct head *);

#endif
