#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth.h"

enum {
	BUCKETS = 256,
	NETWORK_BURST = 5, NETWORK_REFILL_MS = 5000,
	ALL_BURST = 10, ALL_REFILL_MS = 500,	/* two bcrypts a second */
	TOKEN_BYTES_MIN = 16, TOKEN_BYTES_MAX = 4096, CREDENTIAL_BYTES = 512
};

struct digest {
	unsigned char	byte[AUTH_DIGEST_BYTES];
};

struct user {
	const char	*name;
	size_t		 name_len;
	const char	*hash;
	struct digest	 good;		/* of the last right credential */
	bool		 has_good;
};

/* Tries left, and when the next one comes back. */
struct bucket {
	unsigned char	network[AUTH_NETWORK_BYTES];
	unsigned	used;
	int64_t		since_ms;
};

struct auth {
	unsigned char		 key[AUTH_DIGEST_BYTES];	/* random */
	struct digest		 token;
	bool			 has_token;
	struct user		*user;
	size_t			 user_count;
	char			**names;	/* owned copies behind user[] */
	struct bucket		 all, bucket[BUCKETS];
	struct crypt_data	 crypt;
};

static int	load_token(struct auth *, const char *file, char *error);
static int	read_secret(const char *file, char *out, size_t size,
		    size_t *len, char *error);
static int	load_users(struct auth *, const struct config_list *);
static struct digest digest_of(const struct auth *, struct view);
static bool	same(const struct digest *, const struct digest *);
static enum auth_result check_basic(struct auth *, struct view,
		    struct bucket *, int64_t now_ms);
static bool	check_password(struct auth *, struct user *, const char *);
static struct user *user_named(struct auth *, struct view);
static struct bucket *bucket_of(struct auth *,
		    const unsigned char network[AUTH_NETWORK_BYTES],
		    int64_t now_ms);
static void	refill(struct bucket *, int64_t every_ms, int64_t now_ms);

int
auth_init(struct auth **out, const struct config *c,
    char error[AUTH_ERROR_BYTES])
{
	struct auth	*a;

	*out = NULL;
	if (c->web_token_file == NULL && c->web_users.count == 0)
		return 0;
	a = calloc(1, sizeof(*a));
	if (a == NULL ||
	    gnutls_rnd(GNUTLS_RND_KEY, a->key, sizeof(a->key)) != 0 ||
	    load_users(a, &c->web_users) == -1) {
		snprintf(error, AUTH_ERROR_BYTES, "web.users: out of memory");
		auth_free(a);
		return -1;
	}
	if (c->web_token_file != NULL &&
	    load_token(a, c->web_token_file, error) == -1) {
		auth_free(a);
		return -1;
	}
	*out = a;
	return 0;
}

void
auth_free(struct auth *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; a->names != NULL && i < a->user_count; i++)
		free(a->names[i]);
	free(a->names);
	free(a->user);
	gnutls_memset(a, 0, sizeof(*a));
	free(a);
}

enum auth_result
auth_check(struct auth *a, struct view authorization,
    const unsigned char network[AUTH_NETWORK_BYTES], int64_t now_ms)
{
	struct digest	digest;

	if (view_starts_nocase(authorization, VIEW("Bearer "))) {
		view_advance(&authorization, sizeof("Bearer ") - 1);
		digest = digest_of(a, view_trim(authorization));
		return a->has_token && same(&digest, &a->token) ? AUTH_OK :
		    AUTH_NO;
	}
	if (a->user_count == 0 ||
	    !view_starts_nocase(authorization, VIEW("Basic ")))
		return AUTH_NO;
	view_advance(&authorization, sizeof("Basic ") - 1);
	return check_basic(a, view_trim(authorization),
	    bucket_of(a, network, now_ms), now_ms);
}

const char *
auth_challenge(const struct auth *a)
{
	return a->user_count > 0 ?
	    "Basic realm=\"smtpulse\", charset=\"UTF-8\"" :
	    "Bearer realm=\"smtpulse\"";
}

static int
load_token(struct auth *a, const char *file, char *error)
{
	char		text[TOKEN_BYTES_MAX];
	size_t		len = 0;
	struct view	token;

	if (read_secret(file, text, sizeof(text), &len, error) == -1)
		return -1;
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	token = view_trim((struct view){ text, len });
	if (token.n < TOKEN_BYTES_MIN) {
		snprintf(error, AUTH_ERROR_BYTES, "web.token_file: %s: a token "
		    "has at least %d characters", file, TOKEN_BYTES_MIN);
		return -1;
	}
	a->token = digest_of(a, token);
	a->has_token = true;
	gnutls_memset(text, 0, sizeof(text));
	return 0;
}

static int
read_secret(const char *file, char *out, size_t size, size_t *len,
    char *error)
{
	struct stat	st;
	ssize_t		n = -1;
	int		fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd != -1 && fstat(fd, &st) == 0 && (st.st_mode & 07) != 0) {
		snprintf(error, AUTH_ERROR_BYTES, "web.token_file: %s: anybody "
		    "can read it; chmod o= first", file);
		close(fd);
		return -1;
	}
	if (fd != -1)
		n = read(fd, out, size);
	if (n < 0)
		snprintf(error, AUTH_ERROR_BYTES, "web.token_file: %s: %s",
		    file, strerror(errno));
	else
		*len = (size_t)n;
	if (fd != -1)
		close(fd);
	return n < 0 ? -1 : 0;
}

static int
load_users(struct auth *a, const struct config_list *list)
{
	char	*colon;

	if (list->count == 0)
		return 0;
	a->user = calloc(list->count, sizeof(*a->user));
	a->names = calloc(list->count, sizeof(*a->names));
	if (a->user == NULL || a->names == NULL)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		a->names[i] = strdup(list->item[i]);
		if (a->names[i] == NULL)
			return -1;
		a->user_count++;
		colon = strchr(a->names[i], ':');
		if (colon == NULL)
			continue;	/* refused by the configuration */
		a->user[i].name = a->names[i];
		a->user[i].name_len = (size_t)(colon - a->names[i]);
		a->user[i].hash = colon + 1;
	}
	return 0;
}

static struct digest
digest_of(const struct auth *a, struct view v)
{
	struct digest	d = { { 0 } };

	if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, a->key, sizeof(a->key), v.p,
	    v.n, d.byte) != 0)
		gnutls_rnd(GNUTLS_RND_NONCE, d.byte, sizeof(d.byte));
	return d;
}

static bool
same(const struct digest *x, const struct digest *y)
{
	return gnutls_memcmp(x->byte, y->byte, sizeof(x->byte)) == 0;
}

static enum auth_result
check_basic(struct auth *a, struct view encoded, struct bucket *bucket,
    int64_t now_ms)
{
	const gnutls_datum_t	in = { (unsigned char *)(uintptr_t)encoded.p,
		(unsigned)encoded.n };
	gnutls_datum_t		out;
	char			text[CREDENTIAL_BYTES + 1];
	struct view		credential, name;
	struct digest		digest;
	struct user		*user;
	bool			good;

	if (encoded.n > CREDENTIAL_BYTES ||
	    gnutls_base64_decode2(&in, &out) != 0)
		return AUTH_NO;
	memcpy(text, out.data, out.size);
	text[out.size] = '\0';
	credential = (struct view){ text, out.size };
	gnutls_free(out.data);
	digest = digest_of(a, credential);
	if (strlen(text) != credential.n ||
	    !view_cut(&credential, ':', &name))
		return AUTH_NO;
	user = user_named(a, name);
	if (user != NULL && user->has_good && same(&digest, &user->good))
		return AUTH_OK;
	refill(&a->all, ALL_REFILL_MS, now_ms);
	if (bucket->used >= NETWORK_BURST || a->all.used >= ALL_BURST)
		return AUTH_WAIT;
	bucket->used++;
	a->all.used++;
	good = check_password(a, user, credential.p);
	gnutls_memset(text, 0, sizeof(text));
	if (!good)
		return AUTH_NO;
	bucket->used--;
	user->good = digest;
	user->has_good = true;
	return AUTH_OK;
}

/* A name that does not exist takes as long as one that does. */
static bool
check_password(struct auth *a, struct user *user, const char *password)
{
	const char	*hash = user != NULL ? user->hash : a->user[0].hash;
	const char	*made = crypt_r(password, hash, &a->crypt);

	return made != NULL && *made != '*' && strlen(made) == strlen(hash) &&
	    gnutls_memcmp(made, hash, strlen(hash)) == 0 && user != NULL;
}

static struct user *
user_named(struct auth *a, struct view name)
{
	for (size_t i = 0; i < a->user_count; i++)
		if (view_eq(name, (struct view){ a->user[i].name,
		    a->user[i].name_len }))
			return &a->user[i];
	return NULL;
}

/* The network's own, or the one that is least used. */
static struct bucket *
bucket_of(struct auth *a, const unsigned char network[AUTH_NETWORK_BYTES],
    int64_t now_ms)
{
	struct bucket	*best = &a->bucket[0];

	for (size_t i = 0; i < BUCKETS; i++) {
		struct bucket	*b = &a->bucket[i];

		refill(b, NETWORK_REFILL_MS, now_ms);
		if (memcmp(b->network, network, AUTH_NETWORK_BYTES) == 0)
			return b;
		if (b->used < best->used)
			best = b;
	}
	*best = (struct bucket){ .since_ms = now_ms };
	memcpy(best->network, network, AUTH_NETWORK_BYTES);
	return best;
}

static void
refill(struct bucket *b, int64_t every_ms, int64_t now_ms)
{
	int64_t	back = (now_ms - b->since_ms) / every_ms;

	if (back <= 0)
		return;
	b->used = back >= (int64_t)b->used ? 0 : b->used - (unsigned)back;
	b->since_ms += back * every_ms;
}
