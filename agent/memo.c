#include <stdlib.h>
#include <string.h>

#include "memo.h"

enum { SAMPLES = 12 };	/* words of a text that its place comes from */

static struct memo_entry *place_of(struct memo *, enum provider_id,
		    struct view text);
static bool	is_of(const struct memo_entry *, const struct reply *,
		    enum provider_id, struct view text);
static void	keep(struct memo_entry *, const struct reply *,
		    enum provider_id, struct view text);

int
memo_init(struct memo *m)
{
	m->entry = calloc(MEMO_ENTRIES, sizeof(*m->entry));
	return m->entry == NULL ? -1 : 0;
}

void
memo_fini(struct memo *m)
{
	free(m->entry);
	m->entry = NULL;
}

void
memo_diagnose(struct memo *m, const struct reply *reply,
    enum provider_id provider, struct view text, struct diagnosis *out)
{
	struct memo_entry	*e;

	if (text.n == 0 || text.n > MEMO_TEXT_BYTES) {
		reason_diagnose(reply, provider, text, out);
		return;
	}
	e = place_of(m, provider, text);
	if (is_of(e, reply, provider, text)) {
		*out = e->diagnosis;
		out->detail = view_sub(text, e->detail_at, e->detail_len);
		return;
	}
	reason_diagnose(reply, provider, text, out);
	e->diagnosis = *out;
	e->detail_len = (uint16_t)out->detail.n;
	e->detail_at = out->detail.n == 0 ? 0 :
	    (uint16_t)(out->detail.p - text.p);
	keep(e, reply, provider, text);
}

static struct memo_entry *
place_of(struct memo *m, enum provider_id provider, struct view text)
{
	uint64_t	hash = text.n << 16 | (uint64_t)provider;
	size_t		step = text.n / SAMPLES + 1, at;

	if (step < sizeof(hash))
		step = sizeof(hash);
	for (at = 0; at + sizeof(hash) <= text.n; at += step) {
		uint64_t	word;

		memcpy(&word, text.p + at, sizeof(word));
		hash = (hash ^ word) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 32;
	}
	hash *= 0x9e3779b97f4a7c15u;
	return &m->entry[hash >> 32 & (MEMO_ENTRIES - 1)];
}

static bool
is_of(const struct memo_entry *e, const struct reply *reply,
    enum provider_id provider, struct view text)
{
	return e->len == text.n && e->provider == provider &&
	    e->reply.code == reply->code &&
	    enhanced_eq(e->reply.enhanced, reply->enhanced) &&
	    memcmp(e->text, text.p, text.n) == 0;
}

static void
keep(struct memo_entry *e, const struct reply *reply,
    enum provider_id provider, struct view text)
{
	e->reply = *reply;
	e->provider = provider;
	e->len = (uint16_t)text.n;
	memcpy(e->text, text.p, text.n);
}
