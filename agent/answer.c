#include "answer.h"
#include "answer_explain.h"
#include "negotiate.h"
#include "response.h"

/* There is a publication each second, or something hangs. */
enum { STALE_MS = 60000 };

struct route {
	const char		*path;
	bool			 open;		/* to everybody: tells nothing */
	enum page_kind		 kind;
	struct MHD_Response	*(*answer)(struct answer_context *,
				    const struct request *,
				    enum http_status *);
};

struct header_count {
	unsigned	host, length, encoding;
	size_t		bytes;		/* what was read, as sent */
	bool		broken;
};

static const struct route *route_to(const char *path);
static bool	is_for_us(const struct answer_context *,
		    const struct request *);
static enum http_status	admit(struct answer_context *,
		    const struct request *);
static struct MHD_Response *turn_away(const struct answer_context *,
		    enum http_status);
static enum MHD_Result	count_header(void *, enum MHD_ValueKind,
		    const char *, size_t, const char *, size_t);
static bool	is_text(const char *, size_t);
static struct MHD_Response *answer_metrics(struct answer_context *,
		    const struct request *, enum http_status *);
static struct MHD_Response *answer_status(struct answer_context *,
		    const struct request *, enum http_status *);
static struct MHD_Response *answer_healthy(struct answer_context *,
		    const struct request *, enum http_status *);
static struct MHD_Response *answer_ready(struct answer_context *,
		    const struct request *, enum http_status *);
static struct MHD_Response *answer_page(struct answer_context *,
		    const struct request *, enum page_kind,
		    enum http_status *);
static struct MHD_Response *send_page(const struct request *,
		    struct publication *, enum page_kind, struct buf *tail);
static enum MHD_Result	read_accept(void *, enum MHD_ValueKind,
		    const char *, const char *);
static enum MHD_Result	read_accept_encoding(void *, enum MHD_ValueKind,
		    const char *, const char *);

static const struct route routes[] = {
	{ "/", false, 0, answer_status },
	{ "/metrics", false, 0, answer_metrics },
	{ "/alerts", false, PAGE_ALERTS_JSON, NULL },
	{ "/api/v1/status", false, PAGE_STATUS_JSON, NULL },
	{ "/api/v2/alerts", false, PAGE_ALERTS_V2_JSON, NULL },
	{ "/explain", false, 0, answer_explain },
	{ "/-/healthy", true, 0, answer_healthy },
	{ "/-/ready", false, 0, answer_ready },
};

enum http_status
answer_check(const struct request *r)
{
	const union MHD_ConnectionInfo	*size;
	struct header_count		 count = { .bytes = strlen(r->method) +
		r->target_len + strlen(r->version) + sizeof("  \r\n\r\n") - 1 };

	if (strcmp(r->version, "HTTP/1.1") != 0 &&
	    strcmp(r->version, "HTTP/1.0") != 0)
		return HTTP_505;
	if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0)
		return HTTP_405;
	if (strlen(r->path) > ANSWER_PATH_BYTES)
		return HTTP_414;
	size = MHD_get_connection_info(r->connection,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	if (size != NULL && size->header_size > ANSWER_HEADER_BYTES)
		return HTTP_431;
	MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND,
	    count_header, &count);
	/* more was sent than was read: a NUL hides something */
	if (size == NULL || size->header_size > count.bytes)
		return HTTP_400;
	if (count.broken || count.length > 1 || count.encoding > 0 ||
	    count.host > 1 ||
	    (count.host == 0 && strcmp(r->version, "HTTP/1.1") == 0))
		return HTTP_400;
	return HTTP_200;
}

struct MHD_Response *
answer_refuse(enum http_status status)
{
	static const char *const text[HTTP_STATUS_COUNT] = {
		[HTTP_400] = "bad request\n",
		[HTTP_401] = "who are you?\n",
		[HTTP_403] = "not allowed\n",
		[HTTP_404] = "no such page; / has links to what there is\n",
		[HTTP_405] = "only GET and HEAD\n",
		[HTTP_414] = "path too long\n",
		[HTTP_421] = "this server does not answer to that name\n",
		[HTTP_429] = "too many wrong passwords, wait a moment\n",
		[HTTP_431] = "too many headers\n",
		[HTTP_503] = "not published yet, try again\n",
		[HTTP_505] = "only HTTP/1.0 and HTTP/1.1\n",
	};
	struct MHD_Response	*r = response_text(view_of(text[status]));

	if (r == NULL)
		return NULL;
	if (status == HTTP_405)
		MHD_add_response_header(r, "Allow", "GET, HEAD");
	if (status == HTTP_503 || status == HTTP_429)
		MHD_add_response_header(r, "Retry-After", "1");
	if (status == HTTP_400 || status == HTTP_405 || status == HTTP_431)
		MHD_add_response_header(r, "Connection", "close");
	return r;
}

struct MHD_Response *
answer_request(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	const struct route	*route = route_to(request->path);

	*status = is_for_us(a, request) ? HTTP_200 : HTTP_421;
	if (*status == HTTP_200 && (route == NULL || !route->open))
		*status = admit(a, request);
	if (*status == HTTP_200 && route == NULL)
		*status = HTTP_404;
	if (*status != HTTP_200)
		return turn_away(a, *status);
	if (route->answer != NULL)
		return route->answer(a, request, status);
	return answer_page(a, request, route->kind, status);
}

static const struct route *
route_to(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	return NULL;
}

/* With TLS the certificate has settled that; HTTP/1.0 needs no name. */
static bool
is_for_us(const struct answer_context *a, const struct request *request)
{
	const char	*host = MHD_lookup_connection_value(
			    request->connection, MHD_HEADER_KIND, "Host");

	return host == NULL || tls_is_on(&a->tls) ||
	    hosts_has(&a->hosts, view_of(host));
}

static enum http_status
admit(struct answer_context *a, const struct request *request)
{
	const union MHD_ConnectionInfo	*info = NULL;
	const char			*authorization;

	if (a->tls.client_ca.data != NULL)
		info = MHD_get_connection_info(request->connection,
		    MHD_CONNECTION_INFO_GNUTLS_SESSION);
	if (!tls_client_is_known(&a->tls,
	    info != NULL ? info->tls_session : NULL))
		return HTTP_403;
	if (a->auth == NULL)
		return HTTP_200;
	authorization = MHD_lookup_connection_value(request->connection,
	    MHD_HEADER_KIND, "Authorization");
	switch (auth_check(a->auth, view_of(authorization),
	    request->network, request->now_ms)) {
	case AUTH_OK:
		return HTTP_200;
	case AUTH_WAIT:
		return HTTP_429;
	case AUTH_NO:
		break;
	}
	return HTTP_401;
}

static struct MHD_Response *
turn_away(const struct answer_context *a, enum http_status status)
{
	struct MHD_Response	*r = answer_refuse(status);

	if (r != NULL && status == HTTP_401)
		MHD_add_response_header(r, "WWW-Authenticate",
		    auth_challenge(a->auth));
	return r;
}

static enum MHD_Result
count_header(void *cls, enum MHD_ValueKind kind, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
	struct header_count	*count = cls;
	struct view		 v = { name, name_len };

	(void)kind;
	count->bytes += name_len + value_len + sizeof(": \r\n") - 1;
	if (!is_text(name, name_len) || !is_text(value, value_len))
		count->broken = true;
	if (view_eq_nocase(v, VIEW("host")))
		count->host++;
	if (view_eq_nocase(v, VIEW("transfer-encoding")))
		count->encoding++;
	if (!view_eq_nocase(v, VIEW("content-length")))
		return MHD_YES;
	count->length++;
	/* no request of ours has a body */
	if (value_len != 1 || *value != '0')
		count->broken = true;
	return MHD_YES;
}

static bool
is_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') ||
		    s[i] == 0x7f)
			return false;
	return true;
}

static struct MHD_Response *
answer_metrics(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	struct accept	accept;

	accept_init(&accept);
	MHD_get_connection_values(request->connection, MHD_HEADER_KIND,
	    read_accept, &accept);
	return answer_page(a, request,
	    accept_format(&accept) == EXPOSE_OPENMETRICS ?
	    PAGE_METRICS_OPENMETRICS : PAGE_METRICS_TEXT, status);
}

static struct MHD_Response *
answer_healthy(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	(void)a;
	(void)request;
	(void)status;
	return response_text(VIEW("healthy\n"));
}

static struct MHD_Response *
answer_ready(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	struct publication	*p = publication_acquire(a->slot);
	struct view		 why = VIEW_NONE;
	struct MHD_Response	*r;

	if (p == NULL)
		why = VIEW("not ready: just started\n");
	else if (p->not_ready[0] != '\0')
		why = view_of(p->not_ready);
	else if (request->now_ms - p->made_ms > STALE_MS)
		why = VIEW("not ready: nothing was published for a minute\n");
	if (why.n > 0)
		*status = HTTP_503;
	r = response_text(why.n > 0 ? why : VIEW("ready\n"));
	publication_release(p);
	return r;
}

static struct MHD_Response *
answer_page(struct answer_context *a, const struct request *request,
    enum page_kind kind, enum http_status *status)
{
	struct publication	*p;
	struct buf		 tail;

	p = publication_ask(a->slot, kind, request->now_ms);
	if (p == NULL) {
		if (request->patient)
			return NULL;
		*status = HTTP_503;
		return answer_refuse(*status);
	}
	buf_init(&tail, PAGE_BYTES_MAX);
	if (kind == PAGE_METRICS_TEXT || kind == PAGE_METRICS_OPENMETRICS) {
		const struct scrape scrape = { &a->process, a->peers,
			a->requests, p->commit_ms };

		scrape_expose(&scrape, &tail,
		    kind == PAGE_METRICS_TEXT ? EXPOSE_TEXT :
		    EXPOSE_OPENMETRICS);
	}
	return send_page(request, p, kind, &tail);
}

/* The page looks again by itself, unless it was asked to hold still. */
static struct MHD_Response *
answer_status(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	struct MHD_Response	*r;

	r = answer_page(a, request, PAGE_STATUS_HTML, status);
	if (r != NULL && MHD_lookup_connection_value(request->connection,
	    MHD_GET_ARGUMENT_KIND, "still") == NULL)
		MHD_add_response_header(r, "Refresh", "15");
	return r;
}

static struct MHD_Response *
send_page(const struct request *request, struct publication *p,
    enum page_kind kind, struct buf *tail)
{
	struct accept_encoding	encoding;

	accept_encoding_init(&encoding);
	MHD_get_connection_values(request->connection, MHD_HEADER_KIND,
	    read_accept_encoding, &encoding);
	if (p->body[kind].len + tail->len >= ANSWER_GZIP_BYTES &&
	    accept_encoding_gzip(&encoding))
		return response_gzip(p, kind, tail);
	return response_page(p, kind, tail);
}

static enum MHD_Result
read_accept(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	(void)kind;
	if (view_eq_nocase(view_of(name), VIEW("accept")))
		accept_read(cls, view_of(value));
	return MHD_YES;
}

static enum MHD_Result
read_accept_encoding(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	(void)kind;
	if (view_eq_nocase(view_of(name), VIEW("accept-encoding")))
		accept_encoding_read(cls, view_of(value));
	return MHD_YES;
}
