#include <stdio.h>
#include <string.h>

#include "state_note.h"
#include "suppress_keep.h"
#include "suppress_spike.h"

enum {
	TABLE = 1 << 15,		/* addresses, about 6 MB when full */
	SWEEP_S = 3600,
	NOTE_BYTES = 256
};

static void	on_load(void *arg, struct state *, bool loaded);
static void	on_save(void *arg, struct state *);
static void	on_saved(void *arg, bool ok);
static void	on_verdict(void *arg, const struct verdict *);
static void	on_minute(void *arg, int64_t minute);
static void	on_left(void *arg, uint16_t provider);
static void	restore(void *arg, const char *id, struct view body);
static void	put(struct suppress_keep *, struct state *,
		    const struct suppress_entry *);
static const char *address(const struct suppress_entry *,
		    char out[SUPPRESS_ADDRESS_BYTES + 1]);
static bool	take(struct view *, uint32_t *);

int
suppress_keep_init(struct suppress_keep *k, const struct config *config,
    const struct alerts *alerts, struct commit *commit)
{
	*k = (struct suppress_keep){ .intake = commit->intake,
	    .alerts = alerts, .retention_s = config->retention_s };
	k->anew = !config->suppression;
	if (config->suppression) {
		if (suppress_init(&k->suppress, TABLE) == -1)
			return -1;
		intake_hook(k->intake, &(struct intake_hooks){
		    .verdict = on_verdict, .minute = on_minute,
		    .left = on_left, .arg = k });
	}
	commit_join(commit, &(struct commit_member){ .load = on_load,
	    .save = on_save, .saved = on_saved, .arg = k });
	return 0;
}

void
suppress_keep_fini(struct suppress_keep *k)
{
	suppress_fini(&k->suppress);
}

/* reason, kind, code, enhanced code, count, first, last, provider */
bool
suppress_keep_read(const char *id, struct view body,
    struct suppress_entry *out, struct view *provider)
{
	size_t		len = strlen(id);
	uint32_t	n[8];
	struct view	reason;
	size_t		i;
	int		why;

	*out = (struct suppress_entry){ 0 };
	if (len > SUPPRESS_ADDRESS_BYTES || !view_cut(&body, '\t', &reason))
		return false;
	for (i = 0; i < sizeof(n) / sizeof(n[0]); i++)
		if (!take(&body, &n[i]))
			return false;
	why = reason_by_name(reason);
	if (why == -1 || n[0] > SUPPRESS_PERMANENT)
		return false;
	memcpy(out->address, id, len);
	out->len = (uint16_t)len;
	out->reason = (enum reason)why;
	out->kind = (enum suppress_kind)n[0];
	out->reply.code = (uint16_t)n[1];
	out->reply.enhanced.class = (uint8_t)n[2];
	out->reply.enhanced.subject = (uint16_t)n[3];
	out->reply.enhanced.detail = (uint16_t)n[4];
	out->count = n[5];
	out->first = n[6];
	out->last = n[7];
	*provider = body;
	return true;
}

static void
on_load(void *arg, struct state *state, bool loaded)
{
	struct suppress_keep	*k = arg;

	(void)loaded;
	if (k->suppress.cap == 0)
		return;
	if (state_each_note(state, SUPPRESS_KIND, restore, k) == -1)
		k->anew = true;
	suppress_spike_minute(&k->suppress, k->alerts);
}

/* Only what changed, unless nobody knows what the state has. */
static void
on_save(void *arg, struct state *state)
{
	struct suppress_keep	*k = arg;
	struct suppress		*s = &k->suppress;
	char			 id[SUPPRESS_ADDRESS_BYTES + 1];
	size_t			 i;

	if (s->now - k->swept >= SWEEP_S) {
		suppress_expire(s, s->now - k->retention_s);
		k->swept = s->now;
	}
	k->anew = k->anew || s->gone_lost;
	if (k->anew)
		state_drop_notes(state, SUPPRESS_KIND);
	for (i = 0; !k->anew && i < s->gone_count; i++)
		state_drop_note(state, SUPPRESS_KIND,
		    address(&s->gone[i], id));
	for (i = 0; i < s->cap; i++) {
		if (!k->anew && s->changed[i / SUPPRESS_BLOCK] == 0)
			i |= SUPPRESS_BLOCK - 1;
		else if (s->entry[i].len > 0 &&
		    (k->anew || s->entry[i].changed))
			put(k, state, &s->entry[i]);
	}
}

static void
on_saved(void *arg, bool ok)
{
	struct suppress_keep	*k = arg;

	/* the file may be a new one by now */
	k->anew = !ok;
	if (ok && k->suppress.cap > 0)
		suppress_clean(&k->suppress);
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	struct suppress_keep	*k = arg;

	suppress_note(&k->suppress, v);
}

static void
on_minute(void *arg, int64_t minute)
{
	struct suppress_keep	*k = arg;

	(void)minute;
	suppress_spike_minute(&k->suppress, k->alerts);
}

static void
on_left(void *arg, uint16_t provider)
{
	struct suppress_keep	*k = arg;

	suppress_left(&k->suppress, provider);
}

static void
restore(void *arg, const char *id, struct view body)
{
	struct suppress_keep	*k = arg;
	struct suppress_entry	 e;
	struct view		 provider;

	if (!suppress_keep_read(id, body, &e, &provider)) {
		k->anew = true;
		return;
	}
	e.provider = provider_by_name(&k->intake->judge.providers, provider);
	if (e.provider == PROVIDER_MAX)
		e.provider = PROVIDER_OTHER;
	suppress_restore(&k->suppress, &e);
}

static void
put(struct suppress_keep *k, struct state *state,
    const struct suppress_entry *e)
{
	const struct enhanced	*c = &e->reply.enhanced;
	char			 id[SUPPRESS_ADDRESS_BYTES + 1];
	char			 body[NOTE_BYTES];
	int			 n;

	n = snprintf(body, sizeof(body),
	    "%s\t%d\t%d\t%d\t%d\t%d\t%u\t%lld\t%lld\t%s",
	    reason_name(e->reason), (int)e->kind, e->reply.code, c->class,
	    c->subject, c->detail, e->count, (long long)e->first,
	    (long long)e->last,
	    provider_name(&k->intake->judge.providers, e->provider));
	if (n >= (int)sizeof(body))
		n = (int)sizeof(body) - 1;
	state_note(state, SUPPRESS_KIND, address(e, id),
	    (struct view){ body, (size_t)n });
}

/* As text: keep() takes none with a NUL inside. */
static const char *
address(const struct suppress_entry *e, char out[SUPPRESS_ADDRESS_BYTES + 1])
{
	memcpy(out, e->address, e->len);
	out[e->len] = '\0';
	return out;
}

static bool
take(struct view *v, uint32_t *out)
{
	return view_take_u32(v, out) && view_skip_byte(v, '\t');
}
