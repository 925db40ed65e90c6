/*
 * fuzz_parser - one MTA's parser against any line. The target defines FUZZ_MTA
 * and FUZZ_TAG.
 *
 * The first byte of the input says where the line is cut; a body without a
 * head of its own gets one, so that the fuzzer need not invent it. Oracles: no
 * crash, views inside the line, the same bytes say the same, enums in range,
 * recipients that end, and a cut line never says another outcome.
 */
#ifndef FUZZ_PARSER_H
#define FUZZ_PARSER_H

#include "fuzz_line.h"
#include "parser.h"

enum { FUZZ_RECIPIENTS = 70000 };

static struct scratch	fuzz_scratch[2];

static inline enum parse_result
fuzz_parse(struct view line, struct scratch *s, struct mail_event *ev)
{
	struct head	head;

	scratch_reset(s);
	if (!head_parse(line, s, NULL, &head))
		head.tag = VIEW(FUZZ_TAG);
	return parser_run(FUZZ_MTA, &head, s, ev);
}

static inline bool
fuzz_same(const struct mail_event *a, const struct mail_event *b)
{
	return a->kind == b->kind && a->outcome == b->outcome &&
	    a->stage == b->stage && a->relay_kind == b->relay_kind &&
	    a->attempt == b->attempt && a->has_sender == b->has_sender &&
	    a->count == b->count && a->pid == b->pid &&
	    a->recipient_count == b->recipient_count &&
	    a->delay_ms == b->delay_ms &&
	    a->transaction_ms == b->transaction_ms &&
	    a->reply.code == b->reply.code &&
	    memcmp(&a->stamp, &b->stamp, sizeof(a->stamp)) == 0 &&
	    view_eq(a->host, b->host) && view_eq(a->queue_id, b->queue_id) &&
	    view_eq(a->next_id, b->next_id) && view_eq(a->sender, b->sender) &&
	    view_eq(a->recipients, b->recipients) &&
	    view_eq(a->login, b->login) && view_eq(a->user, b->user) &&
	    view_eq(a->client, b->client) && view_eq(a->relay, b->relay) &&
	    view_eq(a->relay_ip, b->relay_ip) && view_eq(a->text, b->text);
}

static inline void
fuzz_check_event(const struct mail_event *ev, struct view line,
    const struct scratch *s)
{
	const struct view	views[] = {
		ev->host, ev->queue_id, ev->next_id, ev->sender,
		ev->recipients, ev->login, ev->user, ev->client, ev->relay,
		ev->relay_ip, ev->text
	};
	struct view		rest = ev->recipients, one;
	size_t			i, n = 0;

	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		FUZZ_CHECK(fuzz_inside(views[i], line, s), "view");
	FUZZ_CHECK(ev->kind < EVENT_COUNT && ev->outcome < OUTCOME_COUNT &&
	    ev->stage < STAGE_COUNT && ev->mta == FUZZ_MTA, "enum");
	FUZZ_CHECK(ev->reply.code == 0 ||
	    (ev->reply.code >= 200 && ev->reply.code <= 599), "code");
	FUZZ_CHECK(ev->kind != EVENT_DELIVERY || ev->outcome != OUTCOME_NONE,
	    "delivery without outcome");
	FUZZ_CHECK(ev->count >= 1 && ev->count <= HEAD_REPEAT_MAX, "count");
	FUZZ_CHECK(ev->delay_ms >= -1 && ev->transaction_ms >= -1, "delay");
	fuzz_check_stamp(&ev->stamp);
	while (recipient_next(ev, &rest, &one) && n <= FUZZ_RECIPIENTS)
		n++;
	FUZZ_CHECK(n <= FUZZ_RECIPIENTS, "recipients without end");
	/* the walk has no step for "to=<>" */
	FUZZ_CHECK(ev->recipient_count == 0 || ev->recipients.n == 0 ||
	    ev->recipient_count == n, "recipient_count");
}

/*
 * Exim shows a local part without its quotes: an address that holds blanks may
 * itself look like a whole line until its quoted form follows.
 */
static inline bool
fuzz_shows_blanks(const struct mail_event *ev)
{
	return ev->mta == MTA_EXIM &&
	    view_find(ev->recipients, ' ', 0) < ev->recipients.n;
}

static inline void
fuzz_check_cut(struct view line, size_t at, enum parse_result whole,
    const struct mail_event *want)
{
	char			*copy = fuzz_copy((const uint8_t *)line.p, at);
	struct view		 cut = { copy, at };
	struct mail_event	 got;

	if (fuzz_parse(cut, &fuzz_scratch[1], &got) == PARSE_EVENT) {
		fuzz_check_event(&got, cut, &fuzz_scratch[1]);
		if (whole == PARSE_EVENT && !fuzz_shows_blanks(want))
			FUZZ_CHECK(got.kind == want->kind &&
			    got.outcome == want->outcome, "cut line");
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mail_event	 ev, again;
	enum parse_result	 result;
	struct view		 line;
	char			*copy;

	if (size < 1 || memchr(data + 1, '\n', size - 1) != NULL)
		return 0;
	copy = fuzz_copy(data + 1, size - 1);
	line = (struct view){ copy, size - 1 };
	result = fuzz_parse(line, &fuzz_scratch[0], &ev);
	FUZZ_CHECK(fuzz_parse(line, &fuzz_scratch[1], &again) == result,
	    "twice");
	if (result == PARSE_EVENT) {
		fuzz_check_event(&ev, line, &fuzz_scratch[0]);
		FUZZ_CHECK(fuzz_same(&ev, &again), "twice");
	}
	fuzz_check_cut(line, line.n * data[0] / 256, result, &ev);
	free(copy);
	return 0;
}

#endif
