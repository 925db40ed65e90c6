/*
 * exim_show - a line of Exim's as text, for tables of cases.
 *
 * "|event=delivery|outcome=bounced|...|" or "|unknown|", "|ignored|". A wish
 * is one or more of these pairs, joined by bars; each must be there.
 */
#ifndef EXIM_SHOW_H
#define EXIM_SHOW_H

#include <stdio.h>
#include <stdlib.h>

#include "parser.h"

enum { SHOW_MAX = 32768 };

static inline size_t
show_view(char *to, size_t at, const char *key, struct view v)
{
	int	n = snprintf(to + at, SHOW_MAX - at, "%s=%.*s|", key,
		    (int)v.n, v.n == 0 ? "" : v.p);

	return at + (size_t)n;
}

static inline size_t
show_number(char *to, size_t at, const char *key, int number)
{
	int	n = snprintf(to + at, SHOW_MAX - at, "%s=%d|", key, number);

	return at + (size_t)n;
}

static inline size_t
show_name(char *to, size_t at, const char *key, const char *name)
{
	return show_view(to, at, key, view_of(name));
}

static inline size_t
show_reply(char *to, size_t at, const struct mail_event *e)
{
	char	enhanced[24] = "";

	if (e->reply.enhanced.class != 0)
		enhanced_print(e->reply.enhanced, enhanced);
	at = show_number(to, at, "code", e->reply.code);
	at = show_name(to, at, "enhanced", enhanced);
	return show_name(to, at, "class",
	    reply_class_name(reply_class_of(&e->reply)));
}

static inline void
show_event(char *to, const struct mail_event *e)
{
	static const char *const relays[] = { "none", "host", "socket",
	    "local" };
	size_t	at = 1;

	to[0] = '|';
	at = show_name(to, at, "event", event_kind_name(e->kind));
	at = show_name(to, at, "outcome", outcome_name(e->outcome));
	at = show_number(to, at, "attempt", e->attempt);
	at = show_reply(to, at, e);
	at = show_name(to, at, "stage", stage_name(e->stage));
	at = show_view(to, at, "id", e->queue_id);
	at = show_number(to, at, "count", (int)e->recipient_count);
	at = show_view(to, at, "to", e->recipients);
	at = show_view(to, at, e->has_sender ? "from" : "nobody", e->sender);
	at = show_name(to, at, "kind", relays[e->relay_kind]);
	at = show_view(to, at, "relay", e->relay);
	at = show_view(to, at, "ip", e->relay_ip);
	at = show_view(to, at, "local", e->local_ip);
	at = show_view(to, at, "transport", e->transport);
	at = show_view(to, at, "login", e->login);
	at = show_view(to, at, "user", e->user);
	at = show_view(to, at, "client", e->client);
	at = show_view(to, at, "next", e->next_id);
	at = show_number(to, at, "delay", e->delay_ms);
	at = show_number(to, at, "took", e->transaction_ms);
	at = show_view(to, at, "text", e->text);
	if (at >= SHOW_MAX)
		abort();
}

/* Parse one line, as the agent does it, into to (SHOW_MAX bytes). */
static inline enum parse_result
show_line(char *to, struct view line, struct scratch *scratch)
{
	struct mail_event	e;
	struct head		head;
	enum parse_result	result;

	scratch_reset(scratch);
	head_parse(line, scratch, NULL, &head);
	result = parser_run(MTA_EXIM, &head, scratch, &e);
	if (result == PARSE_EVENT)
		show_event(to, &e);
	else
		snprintf(to, SHOW_MAX, result == PARSE_IGNORED ?
		    "|ignored|" : "|unknown|");
	return result;
}

/* The first pair of wish that shown lacks, or an empty view. */
static inline struct view
show_missing(const char *shown, struct view wish)
{
	struct view	all = view_of(shown), pair;

	while (wish.n > 0) {
		char	want[SHOW_MAX];
		int	n;

		if (!view_cut(&wish, '|', &pair)) {
			pair = wish;
			wish.n = 0;
		}
		n = snprintf(want, sizeof(want), "|%.*s|", (int)pair.n,
		    pair.p);
		if (view_search(all, (struct view){ want, (size_t)n }) ==
		    all.n)
			return pair;
	}
	return VIEW_NONE;
}

#endif
