#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "http.h"

/* Certificates of an authority of our own, and of one that is not. */
static const char	make_certificates[] =
    "set -e; exec >/dev/null 2>&1\n"
    "new='openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
    "for ca in ours theirs; do\n"
    "$new -x509 -days 2 -subj /CN=$ca -keyout $ca.key -out $ca.pem\n"
    "$new -subj /CN=client -keyout $ca-client.key -out $ca.csr\n"
    "openssl x509 -req -days 2 -in $ca.csr -CA $ca.pem -CAkey $ca.key"
    " -CAcreateserial -out $ca-client.pem; done\n"
    "$new -x509 -days 2 -subj /CN=127.0.0.1"
    " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem\n"
    "printf 'a-token-long-enough' >token; chmod 600 key.pem token\n";

static char	*listen_item[] = { (char[]){ "127.0.0.1:0" } };
static char	 dir[] = "/tmp/smtpulse-tls-XXXXXX";

static int
setup(void **state)
{
	(void)state;
	curl_global_init(CURL_GLOBAL_ALL);
	return mkdtemp(dir) != NULL && chdir(dir) == 0 &&
	    system(make_certificates) == 0 ? 0 : -1;
}

static int
teardown(void **state)
{
	char	command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return chdir("/") == 0 ? system(command) : -1;
}

static size_t
swallow(char *p, size_t size, size_t n, void *cls)
{
	(void)p;
	(void)cls;
	return size * n;
}

struct visit {
	const char	*what, *scheme, *client, *token;
	long		 version, want;		/* want 0: no answer at all */
};

static long
status_of(const struct visit *v, uint16_t port)
{
	CURL			*curl = curl_easy_init();
	struct curl_slist	*list = NULL;
	char			 text[128];
	long			 status = 0;

	snprintf(text, sizeof(text), "%s://127.0.0.1:%u/", v->scheme, port);
	curl_easy_setopt(curl, CURLOPT_URL, text);
	curl_easy_setopt(curl, CURLOPT_CAINFO, "cert.pem");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 5000L);
	if (v->version != 0)
		curl_easy_setopt(curl, CURLOPT_SSLVERSION, v->version);
	if (v->client != NULL) {
		snprintf(text, sizeof(text), "%s-client.pem", v->client);
		curl_easy_setopt(curl, CURLOPT_SSLCERT, text);
		snprintf(text, sizeof(text), "%s-client.key", v->client);
		curl_easy_setopt(curl, CURLOPT_SSLKEY, text);
	}
	if (v->token != NULL) {
		snprintf(text, sizeof(text), "Authorization: Bearer %s",
		    v->token);
		list = curl_slist_append(NULL, text);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	}
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(list);
	return status;
}

static void
visit_all(const struct config *config, const struct visit *visit, size_t count)
{
	struct publication_slot	 slot;
	struct publication	*p = publication_new();
	struct http_setup	 how = { .config = config, .slot = &slot };
	struct http		*http;
	char			 error[HTTP_ERROR_BYTES] = "";
	long			 got;

	assert_int_equal(publication_slot_init(&slot), 0);
	buf_printf(&p->body[PAGE_STATUS_HTML], "%100000s", "page");
	publication_swap(&slot, p);
	if (http_start(&http, &how, error) == -1)
		fail_msg("%s", error);
	for (size_t i = 0; i < count; i++) {
		got = status_of(&visit[i], http_port(http, 0));
		if (got != visit[i].want)
			fail_msg("%s: got %ld, want %ld", visit[i].what, got,
			    visit[i].want);
	}
	http_stop(http);
	publication_slot_fini(&slot);
}

static void
test_client_certificate(void **state)
{
	static const struct visit visits[] = {
		{ "ours", "https", "ours", NULL, 0, 200 },
		{ "none", "https", NULL, NULL, 0, 403 },
		{ "theirs", "https", "theirs", NULL, 0, 403 },
		{ "no TLS", "http", NULL, NULL, 0, 0 },
		{ "TLS 1.2", "https", "ours", NULL,
		    CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2,
		    200 },
		{ "TLS 1.1", "https", "ours", NULL,
		    CURL_SSLVERSION_TLSv1_1 | CURL_SSLVERSION_MAX_TLSv1_1,
		    0 },
	};
	struct config	c = { .listen = { listen_item, 1 } };

	(void)state;
	c.web_cert = (char[]){ "cert.pem" };
	c.web_key = (char[]){ "key.pem" };
	c.web_client_ca = (char[]){ "ours.pem" };
	visit_all(&c, visits, sizeof(visits) / sizeof(visits[0]));
}

static void
test_token(void **state)
{
	static const struct visit visits[] = {
		{ "none", "https", NULL, NULL, 0, 401 },
		{ "wrong", "https", NULL, "a-token-long-enougH", 0, 401 },
		{ "right", "https", NULL, "a-token-long-enough", 0, 200 },
	};
	struct config	c = { .listen = { listen_item, 1 } };

	(void)state;
	c.web_cert = (char[]){ "cert.pem" };
	c.web_key = (char[]){ "key.pem" };
	c.web_token_file = (char[]){ "token" };
	visit_all(&c, visits, sizeof(visits) / sizeof(visits[0]));
}

static void
test_refused(void **state)
{
	static const struct {
		const char	*cert, *key, *ca, *want;
	} cases[] = {
		{ "nowhere.pem", "key.pem", NULL, "web.cert: nowhere.pem: " },
		{ "cert.pem", "nowhere.pem", NULL, "web.key: nowhere.pem: " },
		{ "cert.pem", "theirs.key", NULL, "cert.pem and web.key" },
		{ "token", "key.pem", NULL, "web.cert token" },
		{ "cert.pem", "key.pem", "token", "web.client_ca: token" },
		{ "cert.pem", "open.pem", NULL, "anybody can read it" },
	};
	char		 cert[32], key[32], ca[32], error[HTTP_ERROR_BYTES];
	struct config	 c = { .listen = { listen_item, 1 } };
	struct http_setup how = { .config = &c };
	struct http	*http;

	(void)state;
	assert_int_equal(system("cp key.pem open.pem; chmod 604 open.pem"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(cert, sizeof(cert), "%s", cases[i].cert);
		snprintf(key, sizeof(key), "%s", cases[i].key);
		snprintf(ca, sizeof(ca), "%s",
		    cases[i].ca != NULL ? cases[i].ca : "");
		c.web_cert = cert;
		c.web_key = key;
		c.web_client_ca = cases[i].ca != NULL ? ca : NULL;
		assert_int_equal(http_start(&http, &how, error), -1);
		if (strstr(error, cases[i].want) == NULL)
			fail_msg("got \"%s\", want \"%s\"", error,
			    cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_certificate),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
