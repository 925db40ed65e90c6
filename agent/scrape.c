#include "scrape.h"

static const struct {
	unsigned	 code;
	struct view	 text;
} statuses[] = {
#define X(code) { code, { #code, 3 } },
	HTTP_STATUSES(X)
#undef X
};

static void	expose_requests(const struct scrape *, struct expose *);
static void	expose_connections(const struct scrape *, struct expose *);

unsigned
http_status_code(enum http_status status)
{
	return statuses[status].code;
}

void
scrape_expose(const struct scrape *s, struct buf *out,
    enum expose_format format)
{
	struct expose	e;

	expose_begin(&e, out, format);
	expose_family(&e, "last_commit_timestamp_seconds", EXPOSE_GAUGE,
	    "seconds", "When the served values became durable, as Unix time; "
	    "0 before the first commit.");
	expose_double(&e, NULL, 0, (double)s->commit_ms / 1000);
	expose_requests(s, &e);
	expose_connections(s, &e);
	process_expose(s->process, &e);
	expose_end(&e);
}

static void
expose_requests(const struct scrape *s, struct expose *e)
{
	struct expose_label	label = { "code", VIEW_NONE };

	expose_family(e, "http_requests_total", EXPOSE_COUNTER, NULL,
	    "HTTP requests answered, by status.");
	for (int i = 0; i < HTTP_STATUS_COUNT; i++) {
		label.value = statuses[i].text;
		expose_u64(e, &label, 1, s->requests[i], NULL);
	}
}

static void
expose_connections(const struct scrape *s, struct expose *e)
{
	const struct {
		struct view	name;
		uint64_t	count;
	} dropped[] = {
		{ VIEW("evicted"), s->peers->evicted },
		{ VIEW("expired"), s->peers->expired },
		{ VIEW("refused"), s->peers->refused },
	};
	struct expose_label	label = { "cause", VIEW_NONE };
	unsigned		free_count;

	free_count = peers_count(s->peers, PEER_FREE);
	expose_family(e, "http_connections", EXPOSE_GAUGE, NULL,
	    "HTTP connections that are open.");
	expose_u64(e, NULL, 0, PEERS_MAX - free_count, NULL);
	expose_family(e, "http_dropped_connections_total", EXPOSE_COUNTER,
	    NULL, "HTTP connections closed by the server: to make room for a "
	    "newer one, past their deadline, or because there was no room.");
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		label.value = dropped[i].name;
		expose_u64(e, &label, 1, dropped[i].count, NULL);
	}
}
