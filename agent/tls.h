/*
 * tls - certificate, key and client authority, read once at the start.
 */
#ifndef TLS_H
#define TLS_H

#include <gnutls/gnutls.h>

#include "config.h"

enum { TLS_ERROR_BYTES = 256 };

struct tls {
	gnutls_datum_t	cert, key, client_ca;	/* PEM; NULL: not used */
};

/* At least TLS 1.2. */
extern const char	tls_priorities[];

/* Checks that they fit together; 0, or -1 with one message in error. */
int	tls_load(struct tls *, const struct config *,
	    char error[TLS_ERROR_BYTES]);
void	tls_free(struct tls *);
static inline bool
tls_is_on(const struct tls *t)
{
	return t->cert.data != NULL;
}
/* Did the client show a certificate of the authority, if there is one? */
bool	tls_client_is_known(const struct tls *, gnutls_session_t);

#endif
