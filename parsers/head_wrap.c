#include "head_wrap.h"

#include "head_plain.h"
#include "json.h"

enum role { ROLE_TEXT, ROLE_TIME, ROLE_HOST, ROLE_TAG, ROLE_PID, ROLE_COUNT };

/* Members by the names collectors give them; of two, the upper row's counts. */
static const struct row {
	const char	*key;
	enum role	 role;
} rows[] = {
	{ "MESSAGE", ROLE_TEXT },
	{ "msg", ROLE_TEXT },
	{ "message", ROLE_TEXT },
	{ "log", ROLE_TEXT },
	{ "data", ROLE_TEXT },
	{ "line", ROLE_TEXT },
	{ "_raw", ROLE_TEXT },
	{ "raw", ROLE_TEXT },
	{ "event", ROLE_TEXT },
	{ "__REALTIME_TIMESTAMP", ROLE_TIME },
	{ "timestamp", ROLE_TIME },
	{ "time", ROLE_TIME },
	{ "@timestamp", ROLE_TIME },
	{ "timereported", ROLE_TIME },
	{ "ts", ROLE_TIME },
	{ "date", ROLE_TIME },
	{ "_HOSTNAME", ROLE_HOST },
	{ "host", ROLE_HOST },
	{ "hostname", ROLE_HOST },
	{ "HOST", ROLE_HOST },
	{ "SYSLOG_IDENTIFIER", ROLE_TAG },
	{ "tag", ROLE_TAG },
	{ "syslogtag", ROLE_TAG },
	{ "ident", ROLE_TAG },
	{ "appname", ROLE_TAG },
	{ "app-name", ROLE_TAG },
	{ "app_name", ROLE_TAG },
	{ "program", ROLE_TAG },
	{ "PROGRAM", ROLE_TAG },
	{ "programname", ROLE_TAG },
	{ "SYSLOG_PID", ROLE_PID },
	{ "pid", ROLE_PID },
	{ "procid", ROLE_PID },
	{ "PID", ROLE_PID },
	{ "_PID", ROLE_PID },
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]),
	MICROS_DIGITS = 15, MILLIS_DIGITS = 12 };

struct record {
	struct json_member	member[ROLE_COUNT];
	size_t			rank[ROLE_COUNT];	/* row; ROW_COUNT: none */
};

static void	collect(struct view rest, struct record *);
static bool	fits(const struct json_member *, enum role);
static bool	text_of(const struct record *, enum role, struct scratch *,
		    struct view *out);
static void	take_members(const struct record *, struct view tag,
		    struct scratch *, struct head *out);
static void	stamp_of_member(struct view text, struct stamp *);
static void	stamp_of_number(struct view text, struct stamp *);
static void	trim_line(struct view *);

bool
head_unwrap(struct view line, struct scratch *scratch, struct head *out)
{
	struct record	record;
	struct head	inner;
	struct stamp	stamp = { 0 };
	struct view	text, host = VIEW_NONE, tag = VIEW_NONE, value;

	*out = (struct head){ .repeat = 1, .body = line };
	collect(view_sub(line, 1, line.n), &record);
	if (!text_of(&record, ROLE_TEXT, scratch, &text))
		return false;
	trim_line(&text);
	if (text_of(&record, ROLE_TIME, scratch, &value))
		stamp_of_member(value, &stamp);
	text_of(&record, ROLE_HOST, scratch, &host);
	text_of(&record, ROLE_TAG, scratch, &tag);
	head_plain(text, NULL, &inner);
	/* only a whole syslog line says more than the members round it */
	if (tag.n > 0 && (inner.tag.n == 0 || inner.stamp.month == 0)) {
		inner = (struct head){ .repeat = 1, .stamp = stamp };
		take_members(&record, tag, scratch, &inner);
		head_finish(&inner, text);
	}
	if (stamp.has_zone && !inner.stamp.has_zone)
		inner.stamp = stamp;
	if (inner.stamp.month == 0)
		inner.stamp = stamp;
	if (inner.host.n == 0)
		inner.host = host;
	*out = inner;
	return true;
}

/* The first of each role by the order of rows. */
static void
collect(struct view rest, struct record *r)
{
	struct json_member	m;
	size_t			i;

	for (i = 0; i < ROLE_COUNT; i++)
		r->rank[i] = ROW_COUNT;
	while (json_next(&rest, &m)) {
		for (i = 0; i < ROW_COUNT; i++)
			if (view_eq(m.key, view_of(rows[i].key)))
				break;
		if (i == ROW_COUNT || !fits(&m, rows[i].role) ||
		    i >= r->rank[rows[i].role])
			continue;
		r->rank[rows[i].role] = i;
		r->member[rows[i].role] = m;
	}
}

static bool
fits(const struct json_member *m, enum role role)
{
	switch (m->kind) {
	case JSON_STRING:
		return true;
	case JSON_SCALAR:
		return role == ROLE_TIME || role == ROLE_PID;
	case JSON_ARRAY:
		return role == ROLE_TEXT;
	case JSON_OBJECT:
		return false;
	}
	return false;
}

static bool
text_of(const struct record *r, enum role role, struct scratch *scratch,
    struct view *out)
{
	const struct json_member	*m = &r->member[role];

	if (r->rank[role] == ROW_COUNT)
		return false;
	if (m->kind == JSON_ARRAY)
		return json_bytes(m->value, scratch, out);
	if (m->kind == JSON_STRING)
		return json_string(m->value, scratch, out);
	*out = m->value;
	return true;
}

/* Tag and pid from members; "postfix/smtpd[211]:" may hold both. */
static void
take_members(const struct record *r, struct view tag, struct scratch *scratch,
    struct head *out)
{
	struct view	rest = tag, pid;

	if (!head_take_tag(&rest, out))
		out->tag = tag;
	if (out->pid == 0 && text_of(r, ROLE_PID, scratch, &pid))
		view_take_u32(&pid, &out->pid);
}

static void
stamp_of_member(struct view text, struct stamp *out)
{
	if (stamp_take_rfc3339(&text, out) || stamp_take_exim(&text, out) ||
	    stamp_take_rfc3164(&text, out))
		return;
	stamp_of_number(text, out);
}

/* Seconds since 1970 with or without decimals, milli- or microseconds. */
static void
stamp_of_number(struct view text, struct stamp *out)
{
	uint64_t	value = 0;
	int64_t		milli;
	size_t		i;

	for (i = 0; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
		if (value < INT64_MAX / 100)
			value = value * 10 + (uint64_t)(text.p[i] - '0');
	if (i > MICROS_DIGITS)
		stamp_of_epoch((int64_t)value, out);
	else if (i > MILLIS_DIGITS)
		stamp_of_epoch((int64_t)value * 1000, out);
	else if (view_take_milli(&text, &milli))
		stamp_of_epoch(milli * 1000, out);
}

/* Docker keeps the line's LF. */
static void
trim_line(struct view *text)
{
	while (text->n > 0 && (text->p[text->n - 1] == '\n' ||
	    text->p[text->n - 1] == '\r'))
		text->n--;
}
