#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "top_view.h"

enum { PROVIDERS = 512, ALERTS = 3, NAME = 21 };

struct row {
	json_t		*provider;
	struct view	 name;
	size_t		 at;			/* in the agent's order */
	uint64_t	 attempts, waiting;	/* of the last hour; now */
	uint64_t	 now_attempts, now_failures;	/* five minutes */
};

static const struct {
	char		 key;
	const char	*name;
} sorts[] = {
#define X(id, key, name) { key, name },
	TOP_SORTS(X)
#undef X
};

static void	put_head(const struct column *, json_t *);
static void	put_alerts(const struct column *, json_t *);
static void	put_providers(const struct column *, json_t *, enum top_sort);
static void	put_row(const struct column *, const struct row *);
static void	put_code(const struct column *, json_t *provider);
static void	put_sources(const struct column *, json_t *);
static size_t	collect(json_t *providers, struct row *);
static int	by_sort(const void *, const void *, void *sort);
static int	compare(uint64_t, uint64_t);
static struct view text_of(json_t *, const char *key);
static uint64_t	count_of(json_t *, const char *key);
static json_t	*window(json_t *provider, const char *name);

enum top_sort
top_sort_of(int key)
{
	int	i = 0;

	while (i < TOP_SORT_COUNT && sorts[i].key != key)
		i++;
	return (enum top_sort)i;
}

void
top_view(const struct column *c, json_t *status, enum top_sort sort)
{
	put_head(c, status);
	put_alerts(c, json_object_get(status, "alerts"));
	put_providers(c, json_object_get(status, "providers"), sort);
	put_sources(c, json_object_get(status, "sources"));
}

void
top_keys(const struct column *c, enum top_sort sort)
{
	column_paint(c, PAINT_DIM);
	buf_text(c->buf, "order:");
	for (int i = 0; i < TOP_SORT_COUNT; i++)
		buf_printf(c->buf, i == (int)sort ? "  [%c %s]" : "  %c %s",
		    sorts[i].key, sorts[i].name);
	buf_text(c->buf, "   q quit\n");
	column_plain(c);
}

static void
put_head(const struct column *c, json_t *status)
{
	time_t		now = (time_t)count_of(status, "now");
	struct tm	tm;
	char		text[32];

	localtime_r(&now, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	column_paint(c, PAINT_BOLD);
	buf_text(c->buf, "smtpulse  ");
	column_plain(c);
	column_text(c, text_of(status, "host"), 30);
	buf_printf(c->buf, "  %s", text);
	if (json_is_true(json_object_get(status, "catching_up")))
		buf_text(c->buf, "  reading older lines");
	if (json_is_true(json_object_get(status, "demo")))
		buf_text(c->buf, "  demo");
	buf_byte(c->buf, '\n');
}

static void
put_alerts(const struct column *c, json_t *alerts)
{
	size_t	i, count = 0;
	json_t	*a;

	json_array_foreach(alerts, i, a) {
		if (!json_is_true(json_object_get(a, "firing")) ||
		    count++ >= ALERTS)
			continue;
		buf_byte(c->buf, '\n');
		column_paint(c, PAINT_BAD);
		column_wrap(c, text_of(a, "severity"), 0);
		column_plain(c);
		column_wrap(c, text_of(a, "summary"), 2);
		column_wrap(c, text_of(a, "advice"), 2);
	}
	if (count > ALERTS)
		buf_printf(c->buf, "and %zu more alerts\n", count - ALERTS);
	if (count > 0)
		return;
	column_paint(c, PAINT_GOOD);
	buf_text(c->buf, "All quiet\n");
	column_plain(c);
}

static void
put_providers(const struct column *c, json_t *providers, enum top_sort sort)
{
	static struct row	rows[PROVIDERS];
	size_t			n = collect(providers, rows);

	qsort_r(rows, n, sizeof(rows[0]), by_sort, &sort);
	buf_byte(c->buf, '\n');
	column_paint(c, PAINT_BOLD);
	buf_text(c->buf, "PROVIDER             ");
	column_plain(c);
	column_paint(c, PAINT_DIM);
	buf_text(c->buf, " 5m tries failing   1h tries    4xx    5xx  waiting  "
	    "code\n");
	column_plain(c);
	for (size_t i = 0; i < n; i++)
		put_row(c, &rows[i]);
}

static void
put_row(const struct column *c, const struct row *r)
{
	json_t	*hour = window(r->provider, "1h");
	bool	firing = json_is_true(json_object_get(r->provider, "firing"));

	if (firing)
		column_paint(c, PAINT_BAD);
	column_text(c, r->name, NAME - 2);
	buf_text(c->buf, firing ? " !" : "  ");
	column_plain(c);
	column_count(c, r->now_attempts, 9);
	column_share(c, r->now_failures, r->now_attempts, 8);
	column_count(c, r->attempts, 11);
	column_count(c, count_of(hour, "4xx"), 7);
	column_count(c, count_of(hour, "5xx"), 7);
	column_count(c, r->waiting, 9);
	buf_text(c->buf, "  ");
	put_code(c, r->provider);
	buf_byte(c->buf, '\n');
}

/* Fits in what is left of 80 columns only without the enhanced code. */
static void
put_code(const struct column *c, json_t *provider)
{
	json_t		*code = json_array_get(json_object_get(provider,
			    "codes"), 0);
	uint64_t	 number = count_of(code, "code");

	if (code == NULL)
		return;
	if (number > 0)
		buf_u64(c->buf, number);
	else
		column_text(c, text_of(code, "enhanced"), 6);
}

static void
put_sources(const struct column *c, json_t *sources)
{
	size_t	 i;
	json_t	*s;

	json_array_foreach(sources, i, s) {
		uint64_t	lag = count_of(s, "lag_bytes");

		if (json_is_true(json_object_get(s, "up")) && lag == 0)
			continue;
		column_paint(c, PAINT_WARN);
		column_text(c, text_of(s, "name"), NAME);
		if (!json_is_true(json_object_get(s, "up")))
			buf_text(c->buf, " cannot be read\n");
		else
			buf_printf(c->buf, " %llu bytes to read\n",
			    (unsigned long long)lag);
		column_plain(c);
	}
}

static size_t
collect(json_t *providers, struct row *rows)
{
	size_t	 i, n = 0;
	json_t	*p, *now;

	json_array_foreach(providers, i, p) {
		if (n == PROVIDERS)
			break;
		now = window(p, "5m");
		rows[n] = (struct row){
			.provider = p,
			.at = n,
			.name = text_of(p, "name"),
			.attempts = count_of(window(p, "1h"), "attempts"),
			.waiting = count_of(p, "waiting"),
			.now_attempts = count_of(now, "attempts"),
			.now_failures = count_of(now, "4xx") +
			    count_of(now, "5xx"),
		};
		n++;
	}
	return n;
}

/* Equal ones stay in the order of the agent: alarm first. */
static int
by_sort(const void *x, const void *y, void *sort)
{
	const struct row	*a = x, *b = y;
	int			 order = 0;

	switch (*(const enum top_sort *)sort) {
	case TOP_ATTEMPTS:
		order = compare(a->attempts, b->attempts);
		break;
	case TOP_FAILING:
		order = compare(a->now_failures * (b->now_attempts + 1),
		    b->now_failures * (a->now_attempts + 1));
		break;
	case TOP_WAITING:
		order = compare(a->waiting, b->waiting);
		break;
	case TOP_NAME:
		order = strcmp(a->name.p, b->name.p);
		break;
	case TOP_ALARM:
	case TOP_SORT_COUNT:
		break;
	}
	return order != 0 ? order : compare(b->at, a->at);
}

/* The larger one first. */
static int
compare(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static struct view
text_of(json_t *object, const char *key)
{
	const char	*s = json_string_value(json_object_get(object, key));

	return view_of(s == NULL ? "" : s);
}

static uint64_t
count_of(json_t *object, const char *key)
{
	json_int_t	n = json_integer_value(json_object_get(object, key));

	return n < 0 ? 0 : (uint64_t)n;
}

static json_t *
window(json_t *provider, const char *name)
{
	return json_object_get(json_object_get(provider, "windows"), name);
}
