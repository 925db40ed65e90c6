#include <assert.h>

#include "egress.h"

static bool	fits(const char *want, struct view got);
static bool	fits_service(const char *want, struct view got);

void
egresses_init(struct egresses *e, const struct config *c)
{
	e->section = c->egress;
	e->count = (uint16_t)c->egress_count;
}

uint16_t
egress_of(const struct egresses *e, const struct mail_event *ev)
{
	for (uint16_t i = 0; i < e->count; i++) {
		const struct config_egress *s = &e->section[i];

		if (fits(s->instance, ev->instance) &&
		    fits_service(s->service, ev->service) &&
		    fits(s->transport, ev->transport) &&
		    fits(s->address, ev->local_ip))
			return (uint16_t)(i + 1);
	}
	return 0;
}

const char *
egress_name(const struct egresses *e, uint16_t id)
{
	assert(id <= e->count);
	return id == 0 ? "default" : e->section[id - 1].name;
}

static bool
fits(const char *want, struct view got)
{
	return want == NULL || view_eq(view_of(want), got);
}

/* "slow" is also the service of "slow/smtp". */
static bool
fits_service(const char *want, struct view got)
{
	struct view	head;

	return fits(want, got) ||
	    (view_cut(&got, '/', &head) && fits(want, head));
}
