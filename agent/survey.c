#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "survey.h"
#include "survey_fill.h"
#include "version.h"

enum { WORDS_BYTES = 64 * 1024 };

static void	on_verdict(void *, const struct verdict *);
static void	on_left(void *, uint16_t provider);
static int	is_of(uint64_t key, uint64_t provider);

int
survey_init(struct survey *s, struct intake *in, int64_t now)
{
	memset(s, 0, sizeof(*s));
	s->intake = in;
	s->started = now;
	buf_init(&s->words, WORDS_BYTES);
	gethostname(s->host, sizeof(s->host) - 1);
	if (recent_init(&s->replies) == -1 || recent_init(&s->reasons) == -1 ||
	    recent_init(&s->tenants) == -1)
		return -1;
	intake_hook(in, &(struct intake_hooks){ .verdict = on_verdict,
	    .left = on_left, .arg = s });
	return 0;
}

void
survey_fini(struct survey *s)
{
	recent_fini(&s->replies);
	recent_fini(&s->reasons);
	recent_fini(&s->tenants);
	buf_fini(&s->words);
}

const struct status *
survey_make(struct survey *s, const struct survey_facts *facts)
{
	struct status	*st = &s->status;

	memset(st, 0, sizeof(*st));
	st->host = view_of(s->host);
	st->version = view_of(version_number());
	st->now = facts->now;
	st->log_time = s->intake->stats.log_time;
	st->started = s->started;
	st->catching_up = facts->catching_up;
	st->demo = facts->demo;
	survey_fill_providers(s, facts);
	survey_fill_codes(s);
	survey_fill_reasons(s);
	survey_fill_tenants(s);
	survey_fill_sources(s, facts);
	survey_fill_unclassified(s);
	survey_fill_alerts(s, facts);
	return st;
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	struct survey		*s = arg;
	struct survey_key	 key = { .tenant = tenant_place(
		&s->intake->judge.tenants, v->tenant) };
	int64_t			 time = v->event->time;
	bool			 placed = key.tenant != LABEL_OTHER &&
				    key.tenant != 0;

	if (!v->counts || v->provider == PROVIDER_INTERNAL)
		return;
	if (placed)
		recent_add(&s->tenants, survey_key_pack(&key), time,
		    v->recipients);
	if (v->diagnosis.reason == REASON_NONE)
		return;
	key.provider = v->provider;
	key.reason = (uint8_t)v->diagnosis.reason;
	if (placed)
		recent_add(&s->tenants, survey_key_pack(&key), time,
		    v->recipients);
	key.tenant = 0;
	key.class = (uint8_t)v->class;
	recent_add(&s->reasons, survey_key_pack(&key), time, v->recipients);
	key.reason = 0;
	key.code = v->reply.code;
	key.enhanced = v->reply.enhanced;
	recent_add(&s->replies, survey_key_pack(&key), time, v->recipients);
}

/* The number will mean somebody else. */
static void
on_left(void *arg, uint16_t provider)
{
	struct survey	*s = arg;

	recent_forget(&s->replies, is_of, provider);
	recent_forget(&s->reasons, is_of, provider);
	recent_forget(&s->tenants, is_of, provider);
}

static int
is_of(uint64_t key, uint64_t provider)
{
	return survey_key_unpack(key).provider == provider;
}
