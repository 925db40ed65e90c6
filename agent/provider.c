#include <errno.h>
#include <stdlib.h>

#include <libpsl.h>

#include "provider.h"
#include "provider_short.h"

static int	 put_builtin(struct providers *);
static int	 put_configured(struct providers *, const struct config *);
static int	 put_internal(struct providers *, const struct config *);
static uint16_t	 number_for(struct providers *, const char *name);
static uint16_t	 by_relay(struct providers *, const struct mail_event *,
		    struct view recipient);
static uint16_t	 by_relay_name(struct providers *, const struct mail_event *,
		    bool *named);
static bool	 unreached(const struct mail_event *, struct mail_event *);
static uint16_t	 by_domain(const struct providers *, struct view recipient);
static uint64_t	 domain_key(const struct providers *, struct view domain);
static struct view domain_of(struct view recipient);
static uint16_t	 count_busy(struct providers *, struct view domain,
		    uint64_t key, int64_t now);
static void	 look_up(struct providers *, struct view relay,
		    struct provider_hit *);
static bool	 is_own(struct view relay);
static bool	 is_address(struct view);
static size_t	 registrable(struct view host, char *lower, size_t size);

static const char *const	builtin_names[] = {
	[PROVIDER_OTHER] = "other",
	[PROVIDER_LOCAL] = "local",
	[PROVIDER_INTERNAL] = "internal",
#define X(id, name, title) [PROVIDER_##id] = name,
	PROVIDERS(X)
#undef X
};

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

int
providers_init(struct providers *p, const struct config *c)
{
	*p = (struct providers){ 0 };
	p->own_name = calloc(c->provider_count + 1, sizeof(*p->own_name));
	if (p->own_name == NULL || put_builtin(p) == -1 ||
	    put_configured(p, c) == -1 || put_internal(p, c) == -1)
		goto fail;
	p->dynamic_first = (uint16_t)(PROVIDER_BUILTIN_COUNT + p->own_count);
	if (p->dynamic_first + c->providers > PROVIDER_MAX) {
		errno = E2BIG;
		goto fail;
	}
	if (topk_init(&p->busy, "providers", c->providers) == -1 ||
	    provider_domains_init(&p->domains) == -1)
		goto fail;
	return 0;
fail:
	providers_fini(p);
	return -1;
}

void
providers_fini(struct providers *p)
{
	for (uint16_t i = 0; i < p->own_count; i++)
		free(p->own_name[i]);
	free(p->own_name);
	suffixes_fini(&p->names);
	if (p->busy.data != NULL)
		topk_fini(&p->busy);
	provider_domains_fini(&p->domains);
	p->own_count = 0;
	p->own_name = NULL;
}

void
providers_loaded(struct providers *p)
{
	topk_loaded(&p->busy);
	/* the keys in it were made with another hash key */
	memset(p->cache, 0, sizeof(p->cache));
}

void
providers_renumber(struct providers *p, uint16_t to[PROVIDER_MAX])
{
	/* a place that nobody holds will be somebody else's */
	for (uint16_t id = 0; id < PROVIDER_MAX; id++)
		if (*provider_name(p, to[id]) == '\0')
			to[id] = PROVIDER_OTHER;
	provider_domains_renumber(&p->domains, to);
}

uint16_t
provider_of(struct providers *p, const struct mail_event *ev,
    struct view recipient)
{
	struct mail_event	as;

	switch (ev->relay_kind) {
	case RELAY_LOCAL:
		return PROVIDER_LOCAL;
	case RELAY_SOCKET:
		return PROVIDER_INTERNAL;
	case RELAY_HOST:
		return by_relay(p, ev, recipient);
	case RELAY_NONE:
		if (unreached(ev, &as))
			return by_relay(p, &as, recipient);
		break;
	}
	return by_domain(p, recipient);
}

bool
provider_vacated(struct providers *p, uint16_t *id)
{
	bool	vacated = p->vacated;

	*id = p->vacated_id;
	p->vacated = false;
	return vacated;
}

const char *
provider_name(const struct providers *p, uint16_t id)
{
	if (id < PROVIDER_BUILTIN_COUNT)
		return builtin_names[id];
	if (id < p->dynamic_first)
		return p->own_name[id - PROVIDER_BUILTIN_COUNT];
	if (id < provider_limit(p))
		return topk_name(&p->busy,
		    (uint32_t)(id - p->dynamic_first) + 1);
	return "";
}

uint16_t
provider_limit(const struct providers *p)
{
	return (uint16_t)(p->dynamic_first + p->busy.limit);
}

uint16_t
provider_by_name(const struct providers *p, struct view name)
{
	for (uint16_t id = 0; id < provider_limit(p); id++)
		if (name.n > 0 && view_eq(view_of(provider_name(p, id)), name))
			return id;
	return PROVIDER_MAX;
}

static int
put_builtin(struct providers *p)
{
	for (size_t i = 0; i < provider_pattern_count; i++)
		if (suffixes_put(&p->names, provider_patterns[i].name,
		    provider_patterns[i].kind,
		    (uint16_t)provider_patterns[i].id) == -1)
			return -1;
	return 0;
}

static int
put_configured(struct providers *p, const struct config *c)
{
	for (size_t i = 0; i < c->provider_count; i++) {
		const struct config_provider *from = &c->provider[i];
		uint16_t id = number_for(p, from->name);

		if (id == PROVIDER_MAX)
			return -1;
		for (size_t n = 0; n < from->mx.count; n++)
			if (suffixes_put(&p->names, from->mx.item[n],
			    PROVIDER_MX, id) == -1)
				return -1;
		for (size_t n = 0; n < from->domain.count; n++)
			if (suffixes_put(&p->names, from->domain.item[n],
			    PROVIDER_DOMAIN, id) == -1)
				return -1;
	}
	return 0;
}

static int
put_internal(struct providers *p, const struct config *c)
{
	for (size_t i = 0; i < c->internal.count; i++) {
		if (suffixes_put(&p->names, c->internal.item[i], PROVIDER_MX,
		    PROVIDER_INTERNAL) == -1)
			return -1;
		p->internal_address |= is_address(
		    view_of(c->internal.item[i]));
	}
	return 0;
}

/* A built-in name keeps its number; PROVIDER_MAX: no memory or no number. */
static uint16_t
number_for(struct providers *p, const char *name)
{
	for (uint16_t id = 0; id < PROVIDER_BUILTIN_COUNT; id++)
		if (strcmp(builtin_names[id], name) == 0)
			return id;
	if (PROVIDER_BUILTIN_COUNT + p->own_count == PROVIDER_MAX) {
		errno = E2BIG;
		return PROVIDER_MAX;
	}
	p->own_name[p->own_count] = strdup(name);
	if (p->own_name[p->own_count] == NULL)
		return PROVIDER_MAX;
	return (uint16_t)(PROVIDER_BUILTIN_COUNT + p->own_count++);
}

/* A relay that has a name says whose the recipient's domain is. */
static uint16_t
by_relay(struct providers *p, const struct mail_event *ev,
    struct view recipient)
{
	struct view	domain = domain_of(recipient);
	bool		named;
	uint16_t	id = by_relay_name(p, ev, &named);

	if (!named)
		return by_domain(p, recipient);
	if (id != PROVIDER_INTERNAL && domain.n > 0)
		provider_domains_learn(&p->domains, domain_key(p, domain), id);
	return id;
}

static uint16_t
by_relay_name(struct providers *p, const struct mail_event *ev, bool *named)
{
	struct view		 relay = ev->relay;
	struct provider_hit	 anew = { 0 }, *hit = &anew;
	uint64_t		 mix = 0;

	if (relay.n <= PROVIDER_CACHE_NAME) {
		/* the end is the same for many: the start tells them apart */
		memcpy(&mix, relay.p, relay.n < 8 ? relay.n : 8);
		mix = (mix ^ relay.n) * UINT64_C(0x9e3779b97f4a7c15);
		hit = &p->cache[mix >> 56];
	}
	if (hit == &anew || hit->n != relay.n ||
	    memcmp(hit->name, relay.p, relay.n) != 0)
		look_up(p, relay, hit);
	*named = true;
	if (hit->id != PROVIDER_OTHER)
		return hit->id;
	if (p->internal_address && ev->relay_ip.n > 0 &&
	    suffixes_find(&p->names, ev->relay_ip, PROVIDER_MX) ==
	    PROVIDER_INTERNAL)
		return PROVIDER_INTERNAL;
	*named = hit->domain_at < hit->n;
	return !*named ? (uint16_t)PROVIDER_OTHER : count_busy(p,
	    view_sub(relay, hit->domain_at, relay.n), hit->key, ev->time);
}

/*
 * Postfix writes relay=none when no server could be reached, and in its own
 * words which one it was: then the failures are where the deliveries are.
 */
static bool
unreached(const struct mail_event *ev, struct mail_event *as)
{
	struct view	text = ev->text;
	size_t		open, close;

	if (ev->mta != MTA_POSTFIX || ev->reply.code != 0)
		return false;
	(void)view_skip(&text, VIEW("delivery temporarily suspended: "));
	if (!view_skip(&text, VIEW("connect to ")))
		return false;
	open = view_find(text, '[', 0);
	close = view_find(text, ']', open);
	if (open == 0 || close == text.n)
		return false;
	as->time = ev->time;
	as->relay = view_sub(text, 0, open);
	as->relay_ip = view_sub(text, open + 1, close - open - 1);
	return is_address(as->relay_ip);
}

/* A known domain, else where its mail went lately. */
static uint16_t
by_domain(const struct providers *p, struct view recipient)
{
	struct view	domain = domain_of(recipient);
	uint16_t	id = suffixes_find(&p->names, domain, PROVIDER_DOMAIN);

	if (id != PROVIDER_OTHER || domain.n == 0)
		return id;
	return provider_domains_find(&p->domains, domain_key(p, domain));
}

/* Keyed with the sketch's key, so that nobody can choose what collides. */
static uint64_t
domain_key(const struct providers *p, struct view domain)
{
	char	lower[SUFFIX_NAME_MAX];

	for (size_t i = 0; i < domain.n; i++)
		lower[i] = ascii_lower(domain.p[i]);
	return topk_key(&p->busy, (struct view){ lower, domain.n });
}

/* Empty when there is none, or none that DNS could hold. */
static struct view
domain_of(struct view recipient)
{
	view_advance(&recipient, view_find_last(recipient, '@') + 1);
	return recipient.n <= SUFFIX_NAME_MAX ? recipient : VIEW_NONE;
}

static uint16_t
count_busy(struct providers *p, struct view domain, uint64_t key, int64_t now)
{
	char		 name[PROVIDER_NAME_BYTES];
	uint32_t	 place;
	bool		 taken;

	for (size_t i = 0; i < domain.n; i++)
		name[i] = ascii_lower(domain.p[i]);
	place = topk_offer(&p->busy, key, (struct view){ name, domain.n },
	    now, &taken);
	if (place == 0)
		return PROVIDER_OTHER;
	if (taken) {
		p->vacated = true;
		p->vacated_id = (uint16_t)(p->dynamic_first + place - 1);
		provider_domains_forget(&p->domains, p->vacated_id);
	}
	return (uint16_t)(p->dynamic_first + place - 1);
}

static void
look_up(struct providers *p, struct view relay, struct provider_hit *hit)
{
	char	lower[SUFFIX_NAME_MAX + 1];
	size_t	behind = 0;

	*hit = (struct provider_hit){ .id = PROVIDER_OTHER };
	if (relay.n > SUFFIX_NAME_MAX)
		return;
	hit->n = (uint8_t)relay.n;
	hit->domain_at = hit->n;
	if (relay.n <= PROVIDER_CACHE_NAME)
		memcpy(hit->name, relay.p, relay.n);
	hit->id = suffixes_find(&p->names, relay, PROVIDER_MX);
	if (hit->id == PROVIDER_OTHER &&
	    provider_cut(relay, &behind) < relay.n)
		hit->id = provider_of_short(relay);
	if (hit->id != PROVIDER_OTHER)
		return;
	if (is_own(relay)) {
		hit->id = PROVIDER_INTERNAL;
		return;
	}
	if (is_address(relay))
		return;
	hit->domain_at = (uint8_t)registrable(relay, lower, sizeof(lower));
	/* a domain that begins behind lost characters is half a name */
	if (hit->domain_at == behind)
		hit->domain_at = hit->n;
	if (hit->domain_at < hit->n)
		hit->key = topk_key(&p->busy, (struct view){
		    lower + hit->domain_at,
		    (size_t)(hit->n - hit->domain_at) });
}

static bool
is_own(struct view relay)
{
	return view_eq(relay, VIEW("127.0.0.1")) ||
	    view_eq(relay, VIEW("::1")) ||
	    view_eq_nocase(relay, VIEW("localhost"));
}

static bool
is_address(struct view v)
{
	bool	dotted = v.n > 0;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == ':')
			return true;
		dotted &= v.p[i] == '.' || (v.p[i] >= '0' && v.p[i] <= '9');
	}
	return dotted;
}

/*
 * Where the registrable domain of host starts; host.n when it has none or it
 * is no name that may become a label. lower gets the host in lower case.
 */
static size_t
registrable(struct view host, char *lower, size_t size)
{
	const char	*domain;

	if (host.n >= size)
		return host.n;
	for (size_t i = 0; i < host.n; i++) {
		char c = ascii_lower(host.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_' && c != '.')
			return host.n;
		lower[i] = c;
	}
	lower[host.n] = '\0';
	domain = psl_registrable_domain(psl_builtin(), lower);
	if (domain == NULL ||
	    host.n - (size_t)(domain - lower) >= PROVIDER_NAME_BYTES)
		return host.n;
	return (size_t)(domain - lower);
}
