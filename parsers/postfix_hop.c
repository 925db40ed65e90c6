#include "postfix.h"

#define V(text)	{ text, sizeof(text) - 1 }

/*
 * What Postfix writes about one host before it goes on to the next. Behind
 * the words stands the host; then nothing is asked for, or the words in
 * behind, without which the line is cut.
 */
static const struct hop {
	struct view	before;
	struct view	behind;
	bool		host;	/* a host's name follows */
} hops[] = {
	{ V("host "), V(" said: "), true },
	{ V("host "), V(" refused to talk to me: "), true },
	{ V("lost connection with "), V(" while "), true },
	{ V("conversation with "), V(" timed out while "), true },
	{ V("connect to "), V(": "), true },
	{ V("SASL authentication failed; server "), V(" said: "), true },
	{ V("SASL authentication failed; cannot authenticate to server "),
	    V(": "), true },
	{ V("SASL authentication failed: server "), V(" offered "), true },
	{ V("TLS is required, but host "), V(" refused to start TLS: "),
	    true },
	{ V("TLS is required, but was not offered by host "), V(""), true },
	{ V("TLS is required, but our TLS engine is unavailable"), V(""),
	    false },
	{ V("local data error while talking to "), V(""), true },
	{ V("Cannot start TLS: "), V(""), false },
	{ V("Server certificate not "), V(""), false }
};

static const struct hop	*take_hop(struct view *, struct view *host);

enum parse_result
postfix_hop(const struct postfix_line *line, struct mail_event *out)
{
	struct view		 rest = line->rest, host = VIEW_NONE;
	const struct hop	*hop;

	view_skip(&rest, VIEW("Protocol error: "));
	hop = take_hop(&rest, &host);
	if (hop == NULL || (hop->behind.n > 0 && rest.n == 0))
		return PARSE_UNKNOWN;
	/* A hop has no closing mark: any length may be its whole. */
	if (!postfix_read_reply(line->rest, true, ROLE_REMOTE, out))
		return PARSE_UNKNOWN;
	postfix_set_relay(host, ROLE_REMOTE, out);
	out->kind = EVENT_HOP;
	return PARSE_EVENT;
}

static const struct hop *
take_hop(struct view *rest, struct view *host)
{
	struct view	v, name, ip;
	size_t		i;

	for (i = 0; i < sizeof(hops) / sizeof(hops[0]); i++) {
		v = *rest;
		if (!view_skip(&v, hops[i].before))
			continue;
		host->p = v.p;
		if (hops[i].host && !postfix_take_host(&v, &name, &ip))
			continue;
		host->n = (size_t)(v.p - host->p);
		if (!view_skip(&v, hops[i].behind))
			continue;
		*rest = v;
		return &hops[i];
	}
	return NULL;
}
