/*
 * Any bytes as what we read of a request ourselves: which header, says the
 * first byte. Oracles: a name of others is never ours, the wrong token never
 * right, decoding never longer than what it decodes.
 */
#include <ctype.h>
#include <unistd.h>

#include "auth.h"
#include "fuzz_line.h"
#include "host.h"
#include "negotiate.h"
#include "percent.h"

#define TOKEN	"a token long enough to be one"

static void
negotiate(struct view v)
{
	struct accept		accept;
	struct accept_encoding	encoding;
	enum expose_format	format;

	accept_init(&accept);
	accept_read(&accept, v);
	format = accept_format(&accept);
	FUZZ_CHECK(format == EXPOSE_TEXT || format == EXPOSE_OPENMETRICS,
	    "format");
	accept_encoding_init(&encoding);
	accept_encoding_read(&encoding, v);
	accept_encoding_read(&encoding, v);
	(void)accept_encoding_gzip(&encoding);
}

static void
name(struct view v)
{
	struct config	c = { .web_external_url = (char[]){
			    "https://mx.example:8443/x" } };
	struct hosts	h;
	bool		ours;

	FUZZ_CHECK(hosts_init(&h, &c) == 0, "memory");
	ours = hosts_has(&h, v);
	for (size_t i = 0; i < v.n; i++)
		if (isspace((unsigned char)v.p[i]) || v.p[i] == '@' ||
		    v.p[i] == '/' || v.p[i] == '\0')
			FUZZ_CHECK(!ours, "not a name");
	hosts_fini(&h);
}

static void
unescape(struct view v)
{
	char	*s = malloc(v.n + 1);
	size_t	 n;

	FUZZ_CHECK(s != NULL, "memory");
	memcpy(s, v.p, v.n);
	s[v.n] = '\0';
	n = strlen(s);
	FUZZ_CHECK(percent_decode(NULL, NULL, s) <= n, "longer");
	FUZZ_CHECK(memchr(s, '\0', n + 1) != NULL, "no end");
	free(s);
}

static void
authorize(struct view v)
{
	static const unsigned char	network[AUTH_NETWORK_BYTES];
	static struct auth		*auth;
	static char			 name_and_hash[] = "ann:*";
	char				*user = name_and_hash;
	char				 path[] = "/tmp/smtpulse-fuzz-XXXXXX";
	char				 error[AUTH_ERROR_BYTES];
	struct config			 c = { .web_token_file = path,
					    .web_users = { &user, 1 } };
	int				 fd;

	if (auth == NULL) {
		fd = mkstemp(path);
		FUZZ_CHECK(fd != -1 && write(fd, TOKEN, sizeof(TOKEN) - 1) ==
		    (ssize_t)sizeof(TOKEN) - 1, "token");
		close(fd);
		FUZZ_CHECK(auth_init(&auth, &c, error) == 0, error);
		unlink(path);
	}
	if (auth_check(auth, v, network, 0) == AUTH_OK)
		FUZZ_CHECK(memmem(v.p, v.n, TOKEN, sizeof(TOKEN) - 1) !=
		    NULL, "wrong token");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void	(*const parts[])(struct view) = {
		negotiate, name, unescape, authorize
	};
	char		*copy;

	if (size == 0)
		return 0;
	copy = fuzz_copy(data + 1, size - 1);
	parts[data[0] % 4]((struct view){ copy, size - 1 });
	free(copy);
	return 0;
}
