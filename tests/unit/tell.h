/*
 * tell - what a parser made of a line, in one line of text, so that a table
 * of cases can be read and a failure shows got beside want.
 */
#ifndef TELL_H
#define TELL_H

#include <stdio.h>

#include "parser.h"

enum { TELL_BYTES = 4096 };

struct told {
	enum parse_result	result;
	struct mail_event	event;
	struct scratch		scratch;
	char			text[TELL_BYTES];
};

static inline void
tell_word(struct told *t, const char *word)
{
	size_t	n = strlen(t->text);

	snprintf(t->text + n, TELL_BYTES - n, "%s%s", n > 0 ? " " : "", word);
}

static inline void
tell_view(struct told *t, const char *key, struct view v)
{
	size_t	n = strlen(t->text);

	if (v.n > 0)
		snprintf(t->text + n, TELL_BYTES - n, " %s=%.*s", key,
		    (int)v.n, v.p);
}

/* "delivery bounced 5xx 550 5.1.1 rcpt attempt" */
static inline void
tell_verdict(struct told *t)
{
	const struct mail_event	*ev = &t->event;
	char			 buf[16];

	tell_word(t, event_kind_name(ev->kind));
	if (ev->outcome != OUTCOME_NONE)
		tell_word(t, outcome_name(ev->outcome));
	if (reply_class_of(&ev->reply) != CLASS_NONE)
		tell_word(t, reply_class_name(reply_class_of(&ev->reply)));
	if (ev->reply.code != 0) {
		snprintf(buf, sizeof(buf), "%u", ev->reply.code);
		tell_word(t, buf);
	}
	if (ev->reply.enhanced.class != 0) {
		enhanced_print(ev->reply.enhanced, buf);
		tell_word(t, buf);
	}
	if (ev->stage != STAGE_NONE)
		tell_word(t, stage_name(ev->stage));
	if (ev->attempt)
		tell_word(t, "attempt");
}

/* Who it is about. */
static inline void
tell_parties(struct told *t)
{
	const struct mail_event	*ev = &t->event;

	tell_view(t, "id", ev->queue_id);
	tell_view(t, "next", ev->next_id);
	tell_view(t, "from", ev->sender);
	tell_view(t, "to", ev->recipients);
	tell_view(t, "login", ev->login);
	tell_view(t, "user", ev->user);
	tell_view(t, "client", ev->client);
	tell_view(t, "relay", ev->relay);
	tell_view(t, "ip", ev->relay_ip);
}

static inline void
tell_fields(struct told *t)
{
	tell_parties(t);
	tell_view(t, "text", t->event.text);
}

/* Parse one line (no LF) as that MTA's; text is left empty for an event. */
static inline void
tell_parse(struct told *t, enum mta mta, struct view line)
{
	struct head	head;

	scratch_reset(&t->scratch);
	t->text[0] = '\0';
	head_parse(line, &t->scratch, NULL, &head);
	t->result = parser_run(mta, &head, &t->scratch, &t->event);
	if (t->result == PARSE_IGNORED)
		tell_word(t, "ignored");
	if (t->result == PARSE_UNKNOWN)
		tell_word(t, "unknown");
}

#endif
