/*
 * cmd_top - smtpulse top: a running agent, looked at from a terminal.
 */
#include <curl/curl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "screen.h"
#include "top_view.h"

#define DEFAULT_URL	"http://127.0.0.1:10421"
#define STATUS_PATH	"/api/v1/status"

enum {
	AGAIN_MS = 2000,		/* the agent publishes each second */
	TIMEOUT_S = 5,
	ANSWER_BYTES = 4 << 20, SCREEN_BYTES = 1 << 20, URL_BYTES = 2048
};

struct top {
	char		 url[URL_BYTES];
	CURL		*curl;
	struct buf	 answer, out;
	char		 error[CURL_ERROR_SIZE];
	enum top_sort	 sort;
};

static int	once(struct top *);
static int	live(struct top *);
static void	draw(struct top *, json_t *status);
static json_t	*fetch(struct top *);
static int	prepare(struct top *, const char *url);
static size_t	take(char *, size_t, size_t, void *);

int
cmd_top(int argc, char **argv)
{
	static const struct option	longs[] = {
		{ "once", no_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 }
	};
	static struct top	t;
	bool			only_once = false;
	int			letter, rc = EXIT_FAILED;

	while ((letter = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (letter != 'o')
			return EXIT_USAGE;
		only_once = true;
	}
	if (argc - optind > 1)
		return EXIT_USAGE;
	buf_init(&t.answer, ANSWER_BYTES);
	buf_init(&t.out, SCREEN_BYTES);
	if (prepare(&t, optind < argc ? argv[optind] : DEFAULT_URL) == 0)
		rc = only_once ? once(&t) : live(&t);
	curl_easy_cleanup(t.curl);
	buf_fini(&t.answer);
	buf_fini(&t.out);
	return rc;
}

static int
once(struct top *t)
{
	struct column	 column = { &t->out,
			    column_wants_color(STDOUT_FILENO) };
	json_t		*status = fetch(t);

	if (status == NULL) {
		fprintf(stderr, "smtpulse: %s: %s\n", t->url, t->error);
		return EXIT_FAILED;
	}
	top_view(&column, status, t->sort);
	json_decref(status);
	fwrite(t->out.p, 1, t->out.len, stdout);
	return ferror(stdout) ? EXIT_FAILED : EXIT_OK;
}

static int
live(struct top *t)
{
	struct screen	 screen;
	json_t		*status = fetch(t), *newer;
	int		 key = SCREEN_NOTHING;

	if (screen_open(&screen) == -1) {
		fprintf(stderr, "smtpulse: top needs a terminal; try "
		    "--once\n");
		json_decref(status);
		return EXIT_FAILED;
	}
	while (key != SCREEN_END && key != 'q') {
		draw(t, status);
		screen_show(&screen, buf_view(&t->out));
		key = screen_key(&screen, AGAIN_MS);
		if (top_sort_of(key) != TOP_SORT_COUNT)
			t->sort = top_sort_of(key);
		if (key != SCREEN_NOTHING)
			continue;
		newer = fetch(t);
		if (newer == NULL)
			continue;
		json_decref(status);
		status = newer;
	}
	screen_close(&screen);
	json_decref(status);
	return EXIT_OK;
}

static void
draw(struct top *t, json_t *status)
{
	struct column	column = { &t->out,
			    column_wants_color(STDOUT_FILENO) };

	buf_reset(&t->out);
	top_keys(&column, t->sort);
	if (t->error[0] != '\0') {
		column_wrap(&column, VIEW("The agent does not answer:"), 0);
		column_wrap(&column, view_of(t->error), 2);
	}
	if (status != NULL)
		top_view(&column, status, t->sort);
}

/* The status, or NULL with what is wrong in error. */
static json_t *
fetch(struct top *t)
{
	json_error_t	 error;
	json_t		*status;
	CURLcode	 rc;

	buf_reset(&t->answer);
	t->error[0] = '\0';
	rc = curl_easy_perform(t->curl);
	if (rc != CURLE_OK) {
		if (t->error[0] == '\0')
			snprintf(t->error, sizeof(t->error), "%s",
			    curl_easy_strerror(rc));
		return NULL;
	}
	status = json_loadb(t->answer.p, t->answer.len, 0, &error);
	if (status == NULL || !json_is_object(status) || t->answer.failed) {
		json_decref(status);
		snprintf(t->error, sizeof(t->error), "what came is no "
		    "status of smtpulse");
		return NULL;
	}
	return status;
}

static int
prepare(struct top *t, const char *url)
{
	size_t	n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	if (n + sizeof(STATUS_PATH) > sizeof(t->url)) {
		fprintf(stderr, "smtpulse: the address is too long\n");
		return -1;
	}
	memcpy(t->url, url, n);
	memcpy(t->url + n, STATUS_PATH, sizeof(STATUS_PATH));
	t->curl = curl_easy_init();
	if (t->curl == NULL) {
		fprintf(stderr, "smtpulse: out of memory\n");
		return -1;
	}
	curl_easy_setopt(t->curl, CURLOPT_URL, t->url);
	curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(t->curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
	curl_easy_setopt(t->curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
	return 0;
}

static size_t
take(char *p, size_t size, size_t n, void *arg)
{
	struct top	*t = arg;

	buf_put(&t->answer, (struct view){ p, size * n });
	return size * n;
}
