#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "log.h"
#include "notify_http.h"

enum { ANSWER_BYTES = 64 * 1024, SECRET_BYTES = 4096, CONNECT_S = 5 };

static int	open_multi(struct notify_http *);
static int	prepare(struct notify_request *,
		    const struct config_receiver *, bool alertmanager,
		    struct view body);
static int	authorise(struct notify_request *,
		    const struct config_receiver *);
static int	add_header(struct notify_request *, const char *);
static bool	read_secret(const char *file, char *out, size_t cap);
static int	on_socket(CURL *, curl_socket_t, int what, void *http,
		    void *known);
static int	on_timer(CURLM *, long ms, void *http);
static void	on_ready(void *http, int fd, uint32_t events);
static void	on_tick(void *http);
static size_t	on_answer(char *, size_t, size_t, void *request);
static void	finish(struct notify_http *);
static enum notify_outcome judge(CURLcode, long status);
static void	report(struct notify_request *, enum notify_outcome, CURLcode,
		    long status);

int
notify_http_init(struct notify_http *h, struct loop *loop, struct notify *n,
    const struct config *config)
{
	size_t	i;

	memset(h, 0, sizeof(*h));
	h->loop = loop;
	h->notify = n;
	h->timer = loop_timer(loop, on_tick, h);
	if (h->timer == -1)
		return -1;
	for (i = 0; i < NOTIFY_RECEIVERS; i++) {
		h->request[i].http = h;
		h->request[i].receiver = i;
	}
	if (config->alertmanager_count + config->webhook_count == 0)
		return 0;
	return open_multi(h);
}

void
notify_http_fini(struct notify_http *h)
{
	size_t	i;

	if (h->multi == NULL)
		return;
	for (i = 0; i < NOTIFY_RECEIVERS; i++) {
		struct notify_request *r = &h->request[i];

		if (r->easy != NULL) {
			curl_multi_remove_handle(h->multi, r->easy);
			curl_easy_cleanup(r->easy);
		}
		curl_slist_free_all(r->headers);
	}
	curl_multi_cleanup(h->multi);
	h->multi = NULL;
}

int
notify_http_post(void *http, size_t receiver,
    const struct config_receiver *config, bool alertmanager, struct view body)
{
	struct notify_http	*h = http;
	struct notify_request	*r = &h->request[receiver];

	if (h->multi == NULL && open_multi(h) == -1)
		return -1;
	if (r->easy == NULL)
		r->easy = curl_easy_init();
	if (r->easy == NULL || prepare(r, config, alertmanager, body) == -1)
		return -1;
	return curl_multi_add_handle(h->multi, r->easy) == CURLM_OK ? 0 : -1;
}

static int
open_multi(struct notify_http *h)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (h->multi = curl_multi_init()) == NULL) {
		log_warnx("%s cannot be loaded: no alert is pushed",
		    CURL_SONAME);
		return -1;
	}
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	return 0;
}

static int
prepare(struct notify_request *r, const struct config_receiver *config,
    bool alertmanager, struct view body)
{
	CURL	*e = r->easy;
	char	 url[2048];
	size_t	 n = strlen(config->url);

	if (alertmanager && n > 0 && config->url[n - 1] == '/')
		n--;
	if (n + sizeof("/api/v2/alerts") > sizeof(url))
		return -1;
	snprintf(url, sizeof(url), "%.*s%s", (int)n, config->url,
	    alertmanager ? "/api/v2/alerts" : "");
	curl_easy_reset(e);
	curl_slist_free_all(r->headers);
	r->headers = NULL;
	r->answer_bytes = 0;
	if (add_header(r, "Content-Type: application/json") == -1 ||
	    add_header(r, "Expect:") == -1 || authorise(r, config) == -1)
		return -1;
	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "smtpulse");
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(e, CURLOPT_TIMEOUT, (long)config->timeout_s);
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, (long)body.n);
	curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, body.p);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, r->headers);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(e, CURLOPT_PRIVATE, r);
	return 0;
}

static int
authorise(struct notify_request *r, const struct config_receiver *config)
{
	char	secret[SECRET_BYTES], header[SECRET_BYTES + 32];

	if (config->token_file != NULL) {
		if (!read_secret(config->token_file, secret, sizeof(secret)))
			return -1;
		snprintf(header, sizeof(header), "Authorization: Bearer %s",
		    secret);
		if (add_header(r, header) == -1)
			return -1;
	}
	if (config->user == NULL)
		return 0;
	secret[0] = '\0';
	if (config->password_file != NULL &&
	    !read_secret(config->password_file, secret, sizeof(secret)))
		return -1;
	curl_easy_setopt(r->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(r->easy, CURLOPT_USERNAME, config->user);
	curl_easy_setopt(r->easy, CURLOPT_PASSWORD, secret);
	return 0;
}

static int
add_header(struct notify_request *r, const char *text)
{
	struct curl_slist	*more = curl_slist_append(r->headers, text);

	if (more == NULL)
		return -1;
	r->headers = more;
	return 0;
}

/* The first line of the file. */
static bool
read_secret(const char *file, char *out, size_t cap)
{
	FILE	*f = fopen(file, "re");
	bool	 ok = f != NULL && fgets(out, (int)cap, f) != NULL;

	if (f != NULL)
		fclose(f);
	if (!ok) {
		log_warn("%s: cannot read the secret", file);
		return false;
	}
	out[strcspn(out, "\r\n")] = '\0';
	return true;
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *http, void *known)
{
	struct notify_http	*h = http;
	uint32_t		 events = 0;

	(void)easy;
	(void)known;
	if (what == CURL_POLL_REMOVE) {
		loop_remove(h->loop, fd);
		return 0;
	}
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= EPOLLOUT;
	return loop_add(h->loop, fd, events, on_ready, h);
}

static int
on_timer(CURLM *multi, long ms, void *http)
{
	struct notify_http	*h = http;

	(void)multi;
	return loop_timer_set(h->loop, h->timer, ms, 0);
}

static void
on_ready(void *http, int fd, uint32_t events)
{
	struct notify_http	*h = http;
	int			 running, what = 0;

	if ((events & EPOLLIN) != 0)
		what |= CURL_CSELECT_IN;
	if ((events & EPOLLOUT) != 0)
		what |= CURL_CSELECT_OUT;
	if ((events & (EPOLLERR | EPOLLHUP)) != 0)
		what |= CURL_CSELECT_ERR;
	curl_multi_socket_action(h->multi, fd, what, &running);
	finish(h);
}

static void
on_tick(void *http)
{
	struct notify_http	*h = http;
	int			 running;

	curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	finish(h);
}

/* Nobody reads the answer; too long a one ends the request. */
static size_t
on_answer(char *data, size_t size, size_t n, void *request)
{
	struct notify_request	*r = request;

	(void)data;
	r->answer_bytes += size * n;
	return r->answer_bytes > ANSWER_BYTES ? 0 : size * n;
}

static void
finish(struct notify_http *h)
{
	struct notify_request	*r;
	CURLMsg			*msg;
	CURLcode		 result;
	enum notify_outcome	 outcome;
	curl_off_t		 wait;
	long			 status;
	int			 left;

	while ((msg = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		status = 0;
		wait = 0;
		result = msg->data.result;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &r);
		curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(r->easy, CURLINFO_RETRY_AFTER, &wait);
		curl_multi_remove_handle(h->multi, r->easy);
		outcome = judge(result, status);
		report(r, outcome, result, status);
		if (wait < 0 || wait > 3600)
			wait = 0;
		notify_done(h->notify, r->receiver, outcome, (int64_t)wait);
	}
}

/* An answer that is too long still says in its status what it says. */
static enum notify_outcome
judge(CURLcode result, long status)
{
	if (result != CURLE_OK && result != CURLE_WRITE_ERROR)
		return NOTIFY_FAILED;
	if (status >= 200 && status < 300)
		return NOTIFY_SENT;
	if (status == 408 || status == 429 || status >= 500)
		return NOTIFY_FAILED;
	return NOTIFY_REJECTED;
}

/* Once for each change, without the URL's secrets: its name says enough. */
static void
report(struct notify_request *r, enum notify_outcome outcome, CURLcode result,
    long status)
{
	const struct notify_receiver *to =
	    &r->http->notify->receiver[r->receiver];
	const char	*kind = to->alertmanager ? "alertmanager" : "webhook";
	bool		 failing = outcome != NOTIFY_SENT;

	if (failing == r->failing)
		return;
	r->failing = failing;
	if (!failing)
		log_info("%s \"%s\": takes alerts again", kind,
		    to->config->name);
	else if (status != 0)
		log_warnx("%s \"%s\": answers %ld, %s", kind,
		    to->config->name, status, outcome == NOTIFY_REJECTED ?
		    "giving up on this alert" : "trying again later");
	else
		log_warnx("%s \"%s\": %s, trying again later", kind,
		    to->config->name, curl_easy_strerror(result));
}
