#include <string.h>

#include "lookout.h"

static void	on_verdict(void *, const struct verdict *);
static void	on_minute(void *, int64_t minute);
static void	on_left(void *, uint16_t provider);
static const char *name_provider(void *, uint16_t);
static const char *name_tenant(void *, uint16_t);
static const char *name_egress(void *, uint16_t);
static void	facts(void *, uint16_t provider, struct alert_facts *);

int
lookout_init(struct lookout *l, struct intake *in,
    const struct config *config, const struct zone *zone)
{
	const struct alert_ties	ties = {
		.names = { name_provider, name_tenant, name_egress, l },
		.facts = facts, .zone = &l->zone
	};

	memset(l, 0, sizeof(*l));
	l->intake = in;
	if (zone != NULL)
		l->zone = *zone;
	if (alerts_init(&l->alerts, config, &ties) == -1)
		return -1;
	intake_hook(in, &(struct intake_hooks){ .verdict = on_verdict,
	    .minute = on_minute, .left = on_left, .arg = l });
	return 0;
}

void
lookout_fini(struct lookout *l)
{
	alerts_fini(&l->alerts);
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	struct lookout	*l = arg;

	alerts_note(&l->alerts, v);
}

static void
on_minute(void *arg, int64_t minute)
{
	struct lookout	*l = arg;
	size_t		 i;

	l->counted = false;
	alerts_minute(&l->alerts, minute);
	for (i = 0; l->tell != NULL && i < l->alerts.news_count; i++)
		l->tell(l->arg, alerts_news(&l->alerts, i));
}

static void
on_left(void *arg, uint16_t provider)
{
	struct lookout	*l = arg;

	alerts_provider_left(&l->alerts, provider);
}

static const char *
name_provider(void *arg, uint16_t id)
{
	const struct lookout	*l = arg;

	return provider_name(&l->intake->judge.providers, id);
}

static const char *
name_tenant(void *arg, uint16_t id)
{
	const struct lookout	*l = arg;
	const char		*name = tenant_name(&l->intake->judge.tenants,
				    id);

	return name[0] == '\0' ? "other" : name;
}

static const char *
name_egress(void *arg, uint16_t id)
{
	const struct lookout	*l = arg;

	return egress_name(&l->intake->judge.egresses, id);
}

/* Walking through all that waits is done once a minute, if at all. */
static void
facts(void *arg, uint16_t provider, struct alert_facts *out)
{
	struct lookout	*l = arg;

	if (!l->counted)
		correlate_backlog(l->intake->judge.correlate, l->backlog);
	l->counted = true;
	out->waiting = l->backlog[provider].recipients;
	out->oldest_deferred = l->backlog[provider].oldest;
}
