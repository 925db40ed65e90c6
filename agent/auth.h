/*
 * auth - may this client read?
 *
 * A bearer token, or a name and a password whose bcrypt hash is in the
 * configuration. Secrets are compared as keyed digests in constant time; a
 * password is hashed once, then its digest is remembered. Wrong passwords
 * are slowed down, for each network and for all, since each costs bcrypt.
 */
#ifndef AUTH_H
#define AUTH_H

#include "config.h"
#include "view.h"

enum {
	AUTH_DIGEST_BYTES = 32, AUTH_NETWORK_BYTES = 16, AUTH_ERROR_BYTES = 256
};

enum auth_result {
	AUTH_OK,
	AUTH_NO,		/* nothing, or nothing right, was presented */
	AUTH_WAIT		/* too many wrong ones: not even looked at */
};

struct auth;

/* 0; -1 with one message in error. *out is NULL when nobody is asked. */
int	auth_init(struct auth **out, const struct config *,
	    char error[AUTH_ERROR_BYTES]);
void	auth_free(struct auth *);
/* What the Authorization header says; network is where it came from. */
enum auth_result auth_check(struct auth *, struct view authorization,
	    const unsigned char network[AUTH_NETWORK_BYTES], int64_t now_ms);
/* For WWW-Authenticate. */
const char	*auth_challenge(const struct auth *);

#endif
