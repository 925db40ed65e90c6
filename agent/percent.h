/*
 * percent - %XX in a request's target, decoded in place.
 *
 * What is no hexadecimal pair stays as it is, and so does %00: decoded, it
 * would hide what comes behind it.
 */
#ifndef PERCENT_H
#define PERCENT_H

#include <stddef.h>

struct MHD_Connection;

/* As a callback of libmicrohttpd; the length of what it leaves in s. */
size_t	percent_decode(void *, struct MHD_Connection *, char *s);

#endif
