#include "head_plain.h"

#include "head_recall.h"

enum { YEAR_BYTES = 4, DATE_BYTES = 10, WEEKDAY_BYTES = 4, PID_DIGITS = 10 };

static bool	take_syslog(struct view line, struct head_memory *,
		    struct head *);
static bool	take_spaced(struct view rest, const struct stamp *,
		    struct head *);
static void	take_exim_words(struct view rest, const struct stamp *,
		    struct head *);
static bool	take_rfc5424(struct view rest, struct head *);
static bool	take_dated(struct view line, struct head_memory *,
		    struct head *);
static bool	take_timed(struct view line, struct view rest,
		    struct head_memory *, struct head *);
static bool	take_origin(struct view rest, struct head_memory *,
		    struct head *);
static bool	take_bare_tag(struct view rest, struct head *);
static void	skip_pri(struct view *);
static bool	take_word(struct view *, struct view *word);
static bool	is_level(struct view word);
static bool	split_pid(struct view word, struct head *);
static void	skip_structured(struct view *);
static void	take_repeat(struct view *, uint32_t *repeat);
static void	merge_stamp(struct stamp *, const struct stamp *own);
static bool	is_digit(char);
static bool	is_name(char);
static void	skip_blanks(struct view *);

bool
head_plain(struct view line, struct head_memory *memory, struct head *out)
{
	struct view	rest = line;

	*out = (struct head){ .repeat = 1, .body = line };
	if (rest.n > 0 && *rest.p == '<')
		skip_pri(&rest);
	if (rest.n > 2 && rest.p[0] == '1' && rest.p[1] == ' ' &&
	    take_rfc5424(view_sub(rest, 2, rest.n), out))
		return true;
	return take_syslog(rest, memory, out);
}

bool
head_take_tag(struct view *v, struct head *out)
{
	struct view	rest = *v, word = *v;
	size_t		at;

	if (!take_word(&rest, &word)) {
		word = *v;
		rest = view_sub(*v, v->n, 0);
	}
	if (word.n < 2)
		return false;
	if (word.p[word.n - 1] == ':') {
		word.n--;
		if (!split_pid(word, out))
			return false;
		*v = rest;
		return true;
	}
	/* "sendmail[123] text", "exim[7]:text" */
	at = view_find(word, ']', 0);
	if (at == word.n || at == 0 || !is_digit(word.p[at - 1]))
		return false;
	if (at + 1 < word.n && word.p[at + 1] != ':')
		return false;
	if (!split_pid(view_sub(word, 0, at + 1), out))
		return false;
	view_advance(v, at + 1);
	view_skip_byte(v, ':');
	return true;
}

void
head_finish(struct head *h, struct view body)
{
	skip_blanks(&body);
	if (body.n > 0 && *body.p == '[' && view_starts(body, VIEW("[ID "))) {
		size_t end = view_find(body, ']', 0);

		if (end < body.n)
			view_advance(&body, end + 1);
		skip_blanks(&body);
	}
	if (body.n > 0 && *body.p == 'm')
		take_repeat(&body, &h->repeat);
	h->body = body;
	if (body.n > DATE_BYTES && body.p[YEAR_BYTES] == '-')
		head_take_exim(h);
}

void
head_take_exim(struct head *h)
{
	struct view	rest = h->body;
	struct stamp	own;

	if (stamp_take_exim(&rest, &own) && view_skip_byte(&rest, ' '))
		take_exim_words(rest, &own, h);
}

/* What stands behind Exim's own stamp: "[pid] ", and its words. */
static void
take_exim_words(struct view rest, const struct stamp *own, struct head *h)
{
	uint32_t	pid;

	merge_stamp(&h->stamp, own);
	h->exim_stamp = true;
	h->body = rest;
	if (!view_skip_byte(&rest, '[') || !view_take_u32(&rest, &pid) ||
	    !view_skip(&rest, VIEW("] ")))
		return;
	h->body = rest;
	if (h->pid == 0)
		h->pid = pid;
}

/* A line that begins with a time, or with a tag and no time. */
static bool
take_syslog(struct view line, struct head_memory *memory, struct head *out)
{
	struct view	rest = line;

	if (rest.n == 0)
		return false;
	/* only "2013 Jun 10" of RFC 3164's forms begins with a digit */
	if (is_digit(*rest.p) && rest.n > YEAR_BYTES &&
	    rest.p[YEAR_BYTES] == '-')
		return take_dated(rest, memory, out);
	if (stamp_take_rfc3164(&rest, &out->stamp))
		return take_timed(line, rest, memory, out);
	if (is_digit(*rest.p))
		return false;
	/* journalctl -o short-full: "Sun 2026-11-01 00:00:03 UTC host ..." */
	if (rest.n > WEEKDAY_BYTES && rest.p[3] == ' ' &&
	    is_digit(rest.p[WEEKDAY_BYTES])) {
		struct view dated = view_sub(rest, WEEKDAY_BYTES, rest.n);
		struct view zone;

		if (!stamp_take_exim(&dated, &out->stamp) ||
		    !view_skip_byte(&dated, ' ') || !take_word(&dated, &zone))
			return false;
		out->stamp.has_zone = view_eq(zone, VIEW("UTC"));
		return take_origin(dated, memory, out);
	}
	return take_bare_tag(rest, out);
}

/* RFC 3339, or the form of Exim's own files, which rsyslog may write, too. */
static bool
take_dated(struct view line, struct head_memory *memory, struct head *out)
{
	struct view	rest = line;
	struct stamp	own;

	if (rest.n <= DATE_BYTES)
		return false;
	if (rest.p[DATE_BYTES] != ' ')
		return stamp_take_rfc3339(&rest, &out->stamp) &&
		    take_timed(line, rest, memory, out);
	if (memory == NULL || !head_recall_exim(memory, &rest, &own)) {
		if (!stamp_take_exim(&rest, &own) ||
		    !view_skip_byte(&rest, ' '))
			return false;
		if (memory != NULL)
			head_keep_exim(memory, line, rest, &own);
	}
	if (!take_spaced(rest, &own, out))
		take_exim_words(rest, &own, out);
	return true;
}

/* "2026-11-01 00:00:03 host tag[pid]: text": only a pid makes it syslog's. */
static bool
take_spaced(struct view rest, const struct stamp *stamp, struct head *out)
{
	struct head	syslog = *out;
	struct view	host;

	syslog.stamp = *stamp;
	if (!take_word(&rest, &host) ||
	    !is_name(*host.p) || rest.n == 0 || !is_name(*rest.p) ||
	    !head_take_tag(&rest, &syslog) ||
	    syslog.pid == 0 || !is_name(*syslog.tag.p))
		return false;
	*out = syslog;
	out->host = host;
	head_finish(out, rest);
	return true;
}

/* "<22>1 2026-11-01T00:00:03.1Z host postfix 216 - - text" */
static bool
take_rfc5424(struct view rest, struct head *out)
{
	struct view	host, app, pid, id;
	struct stamp	stamp = { 0 };
	uint32_t	number = 0;

	if (!stamp_take_rfc3339(&rest, &stamp) && !view_skip_byte(&rest, '-'))
		return false;
	if (!view_skip_byte(&rest, ' ') || !take_word(&rest, &host) ||
	    !take_word(&rest, &app) || !take_word(&rest, &pid) ||
	    !take_word(&rest, &id))
		return false;
	view_take_u32(&pid, &number);
	skip_structured(&rest);
	out->stamp = stamp;
	out->host = view_eq(host, VIEW("-")) ? VIEW_NONE : host;
	out->tag = view_eq(app, VIEW("-")) ? VIEW_NONE : app;
	out->pid = pid.n == 0 ? number : 0;
	skip_blanks(&rest);
	view_skip(&rest, VIEW("\xef\xbb\xbf"));
	head_finish(out, rest);
	return true;
}

/* Behind the time at the front of line. */
static bool
take_timed(struct view line, struct view rest, struct head_memory *memory,
    struct head *out)
{
	if (memory != NULL)
		head_keep_minute(memory, line, rest, &out->stamp);
	return view_skip_byte(&rest, ' ') && take_origin(rest, memory, out);
}

/* "host tag[pid]: text" behind a syslog time; host or tag may be missing. */
static bool
take_origin(struct view rest, struct head_memory *memory, struct head *out)
{
	struct view	word, level, after, whole = rest;

	skip_blanks(&rest);
	if (rest.n > 0 && *rest.p == '<') {	/* FreeBSD's syslogd -v */
		if (take_word(&rest, &word))
			skip_blanks(&rest);
	}
	after = rest;
	if (!take_word(&after, &word) || word.p[word.n - 1] == ':' ||
	    (word.n > 1 && word.p[word.n - 1] == ']' &&
	    is_digit(word.p[word.n - 2]))) {
		if (head_take_tag(&rest, out)) {
			head_finish(out, rest);
			return true;
		}
		if (after.n == rest.n) {	/* one word: cut or foreign */
			head_finish(out, rest);
			return true;
		}
	}
	out->host = word;
	rest = after;
	skip_blanks(&rest);
	after = rest;
	if (head_take_tag(&rest, out)) {
		if (memory != NULL)
			head_keep_origin(memory, whole, rest, out);
	} else if (take_word(&after, &level) && is_level(level) &&
	    head_take_tag(&after, out)) {
		rest = after;
	}
	head_finish(out, rest);
	return true;
}

/* "exim[14706]: 2006-11-21 15:01:39 ...": a tag needs its pid to be one. */
static bool
take_bare_tag(struct view rest, struct head *out)
{
	struct view	word = rest, after = rest;

	if (!is_name(*rest.p) || !take_word(&after, &word) || word.n < 4 ||
	    word.p[word.n - 1] != ':' || word.p[word.n - 2] != ']')
		return false;
	if (!head_take_tag(&rest, out) || out->pid == 0)
		return false;
	head_finish(out, rest);
	return true;
}

static void
skip_pri(struct view *v)
{
	struct view	rest = view_sub(*v, 1, v->n);
	uint32_t	pri;

	if (view_take_u32(&rest, &pri) && view_skip_byte(&rest, '>'))
		*v = rest;
}

/* What stands before the first blank, and over the blank; never empty. */
static bool
take_word(struct view *v, struct view *word)
{
	struct view	rest = *v;

	if (!view_cut(&rest, ' ', word) || word->n == 0)
		return false;
	*v = rest;
	return true;
}

/* "mail.info" (BusyBox) or "mail:info" (AIX) between host and tag. */
static bool
is_level(struct view word)
{
	size_t	i, marks = 0;

	for (i = 0; i < word.n; i++) {
		char c = word.p[i];

		if (c == '.' || c == ':' || c == '|')
			marks++;
		else if (!(c >= 'a' && c <= 'z') && !is_digit(c))
			return false;
	}
	return marks == 1;
}

/* Tag and pid of "postfix/smtp[211]"; what is no number is no pid. */
static bool
split_pid(struct view word, struct head *out)
{
	uint64_t	pid = 0;
	size_t		i, open, end = word.n - 1;

	out->pid = 0;
	if (word.n > 3 && word.p[end] == ']') {
		for (open = end - 1; open > 0 && is_digit(word.p[open]);)
			open--;
		if (open > 0 && word.p[open] == '[' &&
		    end - open <= PID_DIGITS + 1) {
			for (i = open + 1; i < end; i++)
				pid = pid * 10 + (uint64_t)(word.p[i] - '0');
			if (pid <= UINT32_MAX)
				out->pid = (uint32_t)pid;
		} else {
			open = view_find(word, '[', 0);
		}
		if (open > 0)
			word.n = open;
	}
	if (word.n == 0)
		return false;
	out->tag = word;
	return true;
}

/* "-", or "[id name=\"value\"][...]" with \" in values. */
static void
skip_structured(struct view *v)
{
	bool	quoted = false;
	size_t	i;

	if (view_skip_byte(v, '-'))
		return;
	while (view_skip_byte(v, '[')) {
		for (i = 0; i < v->n; i++) {
			if (quoted && v->p[i] == '\\')
				i++;
			else if (v->p[i] == '"')
				quoted = !quoted;
			else if (!quoted && v->p[i] == ']')
				break;
		}
		view_advance(v, i + 1);
	}
}

/* rsyslog's "message repeated 3 times: [ text]" */
static void
take_repeat(struct view *body, uint32_t *repeat)
{
	struct view	rest = *body;
	uint64_t	count = 0;
	size_t		i;

	if (!view_skip(&rest, VIEW("message repeated ")))
		return;
	for (i = 0; i < rest.n && is_digit(rest.p[i]); i++)
		if (count <= HEAD_REPEAT_MAX)
			count = count * 10 + (uint64_t)(rest.p[i] - '0');
	view_advance(&rest, i);
	if (i == 0 || !view_skip(&rest, VIEW(" times: [")))
		return;
	if (count < 1)
		count = 1;
	*repeat = count > HEAD_REPEAT_MAX ? HEAD_REPEAT_MAX : (uint32_t)count;
	skip_blanks(&rest);
	if (rest.n > 0 && rest.p[rest.n - 1] == ']')
		rest.n--;
	*body = rest;
}

/*
 * Which of two stamps holds: the one that knows its zone, syslog's first. Else
 * syslog's, because Exim may log in a zone of its own; but it names the year.
 */
static void
merge_stamp(struct stamp *syslog, const struct stamp *own)
{
	if (syslog->month == 0 || (own->has_zone && !syslog->has_zone))
		*syslog = *own;
	else if (syslog->year == 0 && syslog->month == own->month &&
	    syslog->day == own->day)
		syslog->year = own->year;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	    c == '/' || c == '_';
}

static void
skip_blanks(struct view *v)
{
	while (v->n > 0 && (*v->p == ' ' || *v->p == '\t'))
		view_advance(v, 1);
}
