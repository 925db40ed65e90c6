#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>

#include "address.h"
#include "clock.h"
#include "http.h"

enum { ANSWER_BYTES = 64 * 1024, FLOOD = 300 };

struct scene {
	struct publication_slot	 slot;
	struct http		*http;
	uint16_t		 port;
	char			 answer[ANSWER_BYTES + 1];
	size_t			 len;
};

static char			*listen_item[] = { (char[]){ "127.0.0.1:0" },
				    (char[]){ "[::1]:0" } };
static char			*name_item[] = { (char[]){ "mx.example" } };
static const struct peers_limits quick = { 300, 600, 900, 32, 32 };

static void	publish_at(struct scene *, const char *not_ready,
		    int64_t made_ms);

static void
publish(struct scene *s, const char *not_ready)
{
	publish_at(s, not_ready, clock_read().mono_ms);
}

static void
publish_at(struct scene *s, const char *not_ready, int64_t made_ms)
{
	struct publication	*p = publication_new();

	for (int i = 0; i < PAGE_KIND_COUNT; i++)
		buf_printf(&p->body[i], "# page %d\n%2000s", i, "\n");
	buf_text(&p->body[PAGE_ALERTS_JSON], "");
	p->commit_ms = 1762000000500;
	p->made_ms = made_ms;
	snprintf(p->not_ready, sizeof(p->not_ready), "%s", not_ready);
	publication_swap(&s->slot, p);
}

static int
setup(void **state)
{
	struct scene	*s = calloc(1, sizeof(*s));
	struct config	 config = { .listen = { listen_item, 2 },
			    .web_names = { name_item, 1 } };
	struct http_setup setup_of = { .config = &config, .limits = &quick };
	char		 error[HTTP_ERROR_BYTES];

	setup_of.slot = &s->slot;
	if (publication_slot_init(&s->slot) == -1 ||
	    http_start(&s->http, &setup_of, error) == -1)
		return -1;
	s->port = http_port(s->http, 0);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	struct scene	*s = *state;

	http_stop(s->http);
	publication_slot_fini(&s->slot);
	free(s);
	return 0;
}

static int
dial(const struct scene *s)
{
	struct address	a;
	int		fd;

	assert_true(address_parse(&a, "127.0.0.1:1"));
	a.v4.sin_port = htons(s->port);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, &a.any, a.len), 0);
	return fd;
}

/* Read to the end of the connection; false when that takes too long. */
static bool
read_all(struct scene *s, int fd, int wait_ms)
{
	struct pollfd	p = { .fd = fd, .events = POLLIN };
	ssize_t		n;

	s->len = 0;
	while (poll(&p, 1, wait_ms) == 1) {
		n = read(fd, s->answer + s->len, ANSWER_BYTES - s->len);
		if (n <= 0) {
			s->answer[s->len] = '\0';
			return true;
		}
		s->len += (size_t)n;
	}
	s->answer[s->len] = '\0';
	return false;
}

static int
status_of(const struct scene *s)
{
	return strncmp(s->answer, "HTTP/1.", 7) == 0 ?
	    atoi(s->answer + 9) : 0;
}

static void
exchange(struct scene *s, struct view request)
{
	int	fd = dial(s);

	assert_int_equal(send(fd, request.p, request.n, MSG_NOSIGNAL),
	    (ssize_t)request.n);
	assert_true(read_all(s, fd, 5000));
	close(fd);
}

static const char *
body(struct scene *s)
{
	char	*p = strstr(s->answer, "\r\n\r\n");

	assert_non_null(p);
	return p + 4;
}

#define END	" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

static void
test_pages(void **state)
{
	static const struct {
		const char	*request;
		int		 status;
		const char	*holds;		/* NULL: not looked at */
	} cases[] = {
		{ "GET /-/healthy" END, 200, "healthy\n" },
		{ "GET /-/ready" END, 200, "ready\n" },
		{ "GET /" END, 200, "# page 2\n" },
		{ "GET /alerts" END, 200, "# page 4\n" },
		{ "GET /api/v1/status" END, 200, "# page 3\n" },
		{ "GET /api/v2/alerts" END, 200, "# page 5\n" },
		{ "GET /metrics" END, 200, "# page 0\n" },
		{ "GET /metrics" END, 200, "\nprocess_open_fds " },
		{ "GET /metrics" END, 200,
		    "\nsmtpulse_last_commit_timestamp_seconds 1762000000.5" },
		{ "GET /metrics" END, 200, "text/plain; version=0.0.4" },
		{ "GET /metrics?x=1" END, 200, "# page 0\n" },
		{ "GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
		    "Connection: close\r\nAccept: application/openmetrics-text\r\n\r\n", 200,
		    "# page 1\n" },
		{ "GET / HTTP/1.0\r\n\r\n", 200, "# page 2\n" },
		{ "GET /" END, 200, "default-src 'none'" },
		{ "GET /" END, 200, "Refresh: 15" },
		{ "GET /nothing" END, 404, "nosniff" },
		{ "GET /metrics/" END, 404, NULL },
		{ "GET /metrics%00" END, 404, NULL },
		{ "GET /%6detrics" END, 200, "# page 0\n" },
		{ "POST /metrics" END, 405, "Allow: GET, HEAD" },
		{ "DELETE /" END, 405, NULL },
		{ "get /" END, 405, NULL },
		{ "OPTIONS *" END, 405, NULL },
	};
	struct scene	*s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		publish(s, "");
		exchange(s, view_of(cases[i].request));
		if (status_of(s) != cases[i].status ||
		    (cases[i].holds != NULL &&
		    strstr(s->answer, cases[i].holds) == NULL))
			fail_msg("%s: got %s", cases[i].request, s->answer);
	}
	exchange(s, VIEW("GET /?still=1" END));
	assert_null(strstr(s->answer, "Refresh"));
	exchange(s, VIEW("HEAD /metrics" END));
	assert_int_equal(status_of(s), 200);
	assert_string_equal(body(s), "");
	assert_non_null(strstr(s->answer, "Content-Length: "));
}

/* # EOF comes last, after what the scrape added. */
static void
test_openmetrics_end(void **state)
{
	struct scene	*s = *state;

	publish(s, "");
	exchange(s, VIEW("GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
	    "Accept: application/openmetrics-text\r\n"
	    "Connection: close\r\n\r\n"));
	assert_true(view_ends((struct view){ s->answer, s->len },
	    VIEW("\n# EOF\n")));
	assert_non_null(strstr(s->answer,
	    "escaping=underscores\r\n"));
	exchange(s, VIEW("GET /metrics" END));
	assert_null(strstr(s->answer, "# EOF"));
}

static void
test_gzip(void **state)
{
	static char	 plain[ANSWER_BYTES];
	struct scene	*s = *state;
	z_stream	 z = { 0 };

	publish(s, "");
	for (int i = 0; i < 2; i++) {
		exchange(s, VIEW("GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
		    "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"));
		assert_non_null(strstr(s->answer, "Content-Encoding: gzip"));
		inflateInit2(&z, 16 + MAX_WBITS);
		z.next_in = (unsigned char *)(uintptr_t)body(s);
		z.avail_in = (unsigned)(s->len -
		    (size_t)(body(s) - s->answer));
		z.next_out = (unsigned char *)plain;
		z.avail_out = sizeof(plain);
		assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
		inflateEnd(&z);
		assert_true(strncmp(plain, "# page 0\n", 9) == 0);
		assert_non_null(strstr(plain, "\nprocess_cpu_seconds_total "));
	}
	exchange(s, VIEW("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n"
	    "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"));
	assert_null(strstr(s->answer, "Content-Encoding"));
}

/* A page that nobody rendered is waited for; at last there is an answer. */
static void
test_waiting(void **state)
{
	struct scene	*s = *state;
	struct pollfd	 asked = { .fd = s->slot.asked_fd, .events = POLLIN };
	struct view	 request = VIEW("GET /" END);
	int		 fd = dial(s);

	assert_int_equal(send(fd, request.p, request.n, 0),
	    (ssize_t)request.n);
	assert_int_equal(poll(&asked, 1, 5000), 1);
	publish(s, "");
	assert_true(read_all(s, fd, 5000));
	assert_int_equal(status_of(s), 200);
	close(fd);

	publication_swap(&s->slot, publication_new());
	exchange(s, request);
	assert_int_equal(status_of(s), 503);
	assert_non_null(strstr(s->answer, "Retry-After"));
}

static void
test_ready(void **state)
{
	struct scene	*s = *state;

	exchange(s, VIEW("GET /-/ready" END));
	assert_int_equal(status_of(s), 503);
	publish(s, "source mail: not read yet\n");
	exchange(s, VIEW("GET /-/ready" END));
	assert_int_equal(status_of(s), 503);
	assert_string_equal(body(s), "source mail: not read yet\n");
	exchange(s, VIEW("GET /-/healthy" END));
	assert_int_equal(status_of(s), 200);
	publish_at(s, "", clock_read().mono_ms - 61000);
	exchange(s, VIEW("GET /-/ready" END));
	assert_int_equal(status_of(s), 503);
	assert_non_null(strstr(body(s), "nothing was published"));
}

/* Whoever is asked for by another's name does not answer. */
static void
test_name(void **state)
{
	static const struct {
		const char	*host;
		int		 status;
	} cases[] = {
		{ "localhost", 200 }, { "LOCALHOST:10421", 200 },
		{ "localhost.", 200 }, { "127.0.0.1", 200 },
		{ "127.0.0.1:1", 200 }, { "192.0.2.7:10421", 200 },
		{ "[::1]", 200 }, { "[::1]:10421", 200 },
		{ "mx.example", 200 }, { "MX.example.:443", 200 },
		{ "evil.example", 421 }, { "localhost.evil.example", 421 },
		{ "127.0.0.1.evil.example", 421 }, { "127.1", 421 },
		{ "mx.example.evil", 421 }, { "xmx.example", 421 },
		{ "localhost:x", 421 }, { "localhost:123456", 421 },
		{ "[::1", 421 }, { "[::1]x", 421 }, { "[localhost]", 421 },
		{ ":80", 421 }, { ".", 421 }, { "a b", 421 },
		{ "localhost@evil.example", 421 },
	};
	struct scene	*s = *state;
	char		 request[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		publish(s, "");
		snprintf(request, sizeof(request), "GET /-/healthy HTTP/1.1"
		    "\r\nHost: %s\r\nConnection: close\r\n\r\n",
		    cases[i].host);
		exchange(s, view_of(request));
		if (status_of(s) != cases[i].status)
			fail_msg("%s: got %s", cases[i].host, s->answer);
	}
}

/* Never 200: either an error or a closed connection. */
static void
test_malformed(void **state)
{
	static const struct view cases[] = {
		VIEW("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n"
		    "Connection: close\r\n\r\n"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\n"
		    "Content-Length: 3\r\nConnection: close\r\n\r\nabc"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\n"
		    "Content-Length: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\n"
		    "Content-Length: -1\r\nConnection: close\r\n\r\n"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\n"
		    "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"
		    "Connection: close\r\n\r\n"
		    "0\r\n\r\n"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\nX: \001\r\n"
		    "Connection: close\r\n\r\n"),
		VIEW("GET / HTTP/9.9\r\nHost: localhost\r\n"
		    "Connection: close\r\n\r\n"),
		VIEW("GET /\r\n\r\n"),
		VIEW("GET  / HTTP/1.1\r\nHost: localhost\r\n"
		    "Connection: close\r\n\r\n"),
		VIEW("\r\n\r\n\r\n\r\n"),
		VIEW("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
		VIEW("GET / HTTP/1.1\r\nno colon\r\nConnection: close\r\n\r\n"),
		VIEW("GET /\0 HTTP/1.1\r\nHost: localhost\r\n"
		    "Connection: close\r\n\r\n"),
		VIEW("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n"
		    "Connection: close\r\n\r\n"),
	};
	struct scene	*s = *state;

	publish(s, "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		exchange(s, cases[i]);
		if (status_of(s) == 200)
			fail_msg("case %zu: %.40s", i, s->answer);
	}
}

static void
test_too_long(void **state)
{
	static char	 request[ANSWER_BYTES];
	struct scene	*s = *state;

	publish(s, "");
	snprintf(request, sizeof(request), "GET /%0400d" END, 1);
	exchange(s, view_of(request));
	assert_int_equal(status_of(s), 414);
	snprintf(request, sizeof(request), "GET / HTTP/1.1\r\n"
	    "Host: localhost\r\nConnection: close\r\nX: %09000d\r\n\r\n", 1);
	exchange(s, view_of(request));
	assert_int_equal(status_of(s), 431);
	snprintf(request, sizeof(request), "GET / HTTP/1.1\r\n"
	    "Host: localhost\r\nConnection: close\r\nX: %040000d\r\n\r\n", 1);
	exchange(s, view_of(request));
	assert_int_equal(status_of(s), 431);
}

/* A byte now and then does not keep a connection open. */
static void
test_slow(void **state)
{
	struct scene	*s = *state;
	struct pollfd	 p = { .fd = dial(s), .events = POLLIN };
	int64_t		 start = clock_read().mono_ms, took;

	while (poll(&p, 1, 20) == 0 && clock_read().mono_ms - start < 5000)
		if (send(p.fd, "G", 1, MSG_NOSIGNAL) == -1)
			break;
	took = clock_read().mono_ms - start;
	close(p.fd);
	assert_in_range(took, quick.header_ms - 50, 2000);
}

/* Many who say nothing do not keep out the one who has a question. */
static void
test_flood(void **state)
{
	struct scene	*s = *state;
	int		 fd[FLOOD];

	publish(s, "");
	for (int i = 0; i < FLOOD; i++)
		fd[i] = dial(s);
	exchange(s, VIEW("GET /metrics" END));
	assert_int_equal(status_of(s), 200);
	for (int i = 0; i < FLOOD; i++)
		close(fd[i]);
}

static void
test_keep_alive(void **state)
{
	struct scene	*s = *state;
	struct view	 request = VIEW("GET /-/healthy HTTP/1.1\r\n"
			    "Host: localhost\r\n\r\n");
	int		 fd = dial(s);

	for (int i = 0; i < 3; i++) {
		assert_int_equal(send(fd, request.p, request.n, 0),
		    (ssize_t)request.n);
		assert_false(read_all(s, fd, 100));
		assert_int_equal(status_of(s), 200);
	}
	/* idle for too long: closed */
	assert_true(read_all(s, fd, 5000));
	close(fd);
}

static void
test_start_errors(void **state)
{
	struct scene	*s = *state;
	char		 taken[64], error[HTTP_ERROR_BYTES], *item = taken;
	struct config	 config = { .listen = { &item, 1 } };
	struct http_setup setup_of = { .config = &config,
				    .slot = &s->slot };
	struct http	*h;

	snprintf(taken, sizeof(taken), "127.0.0.1:%u", s->port);
	assert_int_equal(http_start(&h, &setup_of, error), -1);
	assert_non_null(strstr(error, taken));
	assert_non_null(strstr(error, strerror(EADDRINUSE)));
	snprintf(taken, sizeof(taken), "localhost");
	assert_int_equal(http_start(&h, &setup_of, error), -1);
	assert_non_null(strstr(error, "localhost"));
}

int
main(void)
{
#define IN_SCENE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_SCENE(test_pages),
		IN_SCENE(test_openmetrics_end),
		IN_SCENE(test_gzip),
		IN_SCENE(test_waiting),
		IN_SCENE(test_ready),
		IN_SCENE(test_name),
		IN_SCENE(test_malformed),
		IN_SCENE(test_too_long),
		IN_SCENE(test_slow),
		IN_SCENE(test_flood),
		IN_SCENE(test_keep_alive),
		IN_SCENE(test_start_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
