#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tls.h"

const char tls_priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

static int	load(gnutls_datum_t *, const char *option, const char *file,
		    char *error);
static int	check_pair(const struct tls *, const struct config *,
		    char *error);

int
tls_load(struct tls *t, const struct config *c, char error[TLS_ERROR_BYTES])
{
	struct stat	st;

	*t = (struct tls){ 0 };
	if (c->web_cert == NULL)
		return 0;
	if (load(&t->cert, "cert", c->web_cert, error) == -1 ||
	    load(&t->key, "key", c->web_key, error) == -1 ||
	    (c->web_client_ca != NULL && load(&t->client_ca, "client_ca",
	    c->web_client_ca, error) == -1))
		goto fail;
	if (stat(c->web_key, &st) == 0 && (st.st_mode & 07) != 0) {
		snprintf(error, TLS_ERROR_BYTES, "web.key: %s: anybody can "
		    "read it; chmod o= first", c->web_key);
		goto fail;
	}
	if (check_pair(t, c, error) == 0)
		return 0;
fail:
	tls_free(t);
	return -1;
}

void
tls_free(struct tls *t)
{
	if (t->key.data != NULL)
		gnutls_memset(t->key.data, 0, t->key.size);
	gnutls_free(t->cert.data);
	gnutls_free(t->key.data);
	gnutls_free(t->client_ca.data);
	*t = (struct tls){ 0 };
}

bool
tls_client_is_known(const struct tls *t, gnutls_session_t session)
{
	unsigned	status;

	return t->client_ca.data == NULL || (session != NULL &&
	    gnutls_certificate_verify_peers2(session, &status) == 0 &&
	    status == 0);
}

static int
load(gnutls_datum_t *out, const char *option, const char *file, char *error)
{
	int	rc;

	errno = 0;
	rc = gnutls_load_file(file, out);
	if (rc == 0)
		return 0;
	snprintf(error, TLS_ERROR_BYTES, "web.%s: %s: %s", option, file,
	    errno != 0 ? strerror(errno) : gnutls_strerror(rc));
	return -1;
}

static int
check_pair(const struct tls *t, const struct config *c, char *error)
{
	gnutls_certificate_credentials_t	cred;
	int					rc;

	if (gnutls_certificate_allocate_credentials(&cred) != 0) {
		snprintf(error, TLS_ERROR_BYTES, "web.cert: out of memory");
		return -1;
	}
	rc = gnutls_certificate_set_x509_key_mem(cred, &t->cert, &t->key,
	    GNUTLS_X509_FMT_PEM);
	if (rc < 0)
		snprintf(error, TLS_ERROR_BYTES, "web.cert %s and web.key %s: "
		    "%s", c->web_cert, c->web_key, gnutls_strerror(rc));
	if (rc >= 0 && t->client_ca.data != NULL) {
		rc = gnutls_certificate_set_x509_trust_mem(cred,
		    &t->client_ca, GNUTLS_X509_FMT_PEM);
		if (rc <= 0)
			snprintf(error, TLS_ERROR_BYTES, "web.client_ca: %s: "
			    "holds no certificate", c->web_client_ca);
		rc = rc <= 0 ? -1 : 0;
	}
	gnutls_certificate_free_credentials(cred);
	return rc < 0 ? -1 : 0;
}
