#include "origin.h"

static struct view keep(char *to, struct view);

uint64_t
origin_hash(struct origin *o, const uint8_t key[SIPHASH_KEY_BYTES],
    const struct mail_event *ev, uint16_t source)
{
	struct view	host = view_sub(ev->host, 0, ORIGIN_PART);
	struct view	instance = view_sub(ev->instance, 0, ORIGIN_PART);

	if (ev->mta == MTA_SENDMAIL)
		instance = VIEW_NONE;
	if (o->hash != 0 && o->source == source &&
	    view_eq(o->host, host) && view_eq(o->instance, instance))
		return o->hash;
	o->source = source;
	memcpy(o->text, &source, sizeof(source));
	o->host = keep(o->text + sizeof(source), host);
	o->instance = keep(o->text + sizeof(source) + host.n, instance);
	o->hash = siphash13(key, o->text,
	    sizeof(source) + host.n + instance.n) | 1;
	return o->hash;
}

static struct view
keep(char *to, struct view v)
{
	if (v.n > 0)
		memcpy(to, v.p, v.n);
	return (struct view){ to, v.n };
}
