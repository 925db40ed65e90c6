#include <stdio.h>

#include "explain.h"
#include "explain_iana.h"
#include "explain_tables.h"

static const char *const names[PROVIDER_BUILTIN_COUNT] = {
	[PROVIDER_LOCAL] = "local", [PROVIDER_INTERNAL] = "internal",
#define X(id, name, title) [PROVIDER_##id] = name,
	PROVIDERS(X)
#undef X
};

static void		explain_codes(struct explanation *);
static const char	*class_help(enum reply_class);
static const char	*retry_of(const struct explanation *);
static const char	*disagreement(const struct explanation *);

void
explain(const struct question *q, struct explanation *out)
{
	const struct explain_provider	*provider;
	const struct explain_reason	*reason;
	struct diagnosis		*d = &out->diagnosis;

	*out = (struct explanation){ .reply = q->reply,
	    .class = reply_class_of(&q->reply) };
	reason_diagnose(&q->reply, q->provider, q->text, d);
	out->rule_source = reason_source(d->rule);
	explain_codes(out);
	out->class_help = class_help(out->class);
	reason = explain_reason_of(d->reason);
	out->who = reason->who;
	out->next = reason->next;
	out->retry = retry_of(out);
	out->disagrees = disagreement(out);
	if (q->provider_name != NULL && *q->provider_name != '\0')
		out->provider_name = q->provider_name;
	provider = explain_provider_of(q->provider);
	if (provider != NULL) {
		out->note = provider->note;
		out->page = provider->page;
	}
}

const char *
explain_advice(enum reason r)
{
	return explain_reason_of(r)->next;
}

enum provider_id
explain_provider(struct view name)
{
	for (int i = 0; i < PROVIDER_BUILTIN_COUNT; i++)
		if (names[i] != NULL && view_eq(view_of(names[i]), name))
			return (enum provider_id)i;
	return PROVIDER_OTHER;
}

/* An unregistered code still says what it is about. */
static void
explain_codes(struct explanation *e)
{
	const struct enhanced		*n = &e->reply.enhanced;
	const struct explain_code	*code = explain_code_of(e->reply.code);
	const struct iana_code		*iana;
	const char			*subject;

	if (code != NULL)
		e->code_help = code->help;
	if (n->class == 0)
		return;
	iana = iana_find(n->subject, n->detail);
	if (iana != NULL) {
		e->enhanced_name = iana->name;
		snprintf(e->enhanced_help, sizeof(e->enhanced_help), "%s",
		    iana->plain);
		return;
	}
	subject = iana_subject(n->subject);
	if (subject == NULL)
		snprintf(e->enhanced_help, sizeof(e->enhanced_help),
		    "neither subject %u nor detail %u is registered: the "
		    "provider's own", n->subject, n->detail);
	else
		snprintf(e->enhanced_help, sizeof(e->enhanced_help),
		    "about %s; detail %u is not registered: the provider's own",
		    subject, n->detail);
}

static const char *
class_help(enum reply_class class)
{
	switch (class) {
	case CLASS_2XX:
		return "accepted";
	case CLASS_4XX:
		return "temporary: the mail stays queued and is tried again";
	case CLASS_5XX:
		return "permanent: the mail is returned, nothing is tried "
		    "again";
	case CLASS_NONE:
	case CLASS_COUNT:
		break;
	}
	return "no reply: the MTA's own words, and it decides if it retries";
}

/* The basic code knows best, if the action does not say otherwise. */
static const char *
retry_of(const struct explanation *e)
{
	const struct explain_code	*code = explain_code_of(e->reply.code);

	switch (e->diagnosis.action) {
	case ACTION_RESEND_LATER:
		return "the MTA does not; send it again later yourself";
	case ACTION_SUPPRESS:
		return "not: suppress the address";
	case ACTION_SLOW_DOWN:
		if (e->class == CLASS_5XX)
			return "the MTA does not; send it again later, slower";
		break;
	case ACTION_NONE:
	case ACTION_RETRY:
	case ACTION_FIX_MESSAGE:
	case ACTION_FIX_AUTH:
	case ACTION_FIX_CONFIG:
	case ACTION_CHECK_BLOCKLIST:
	case ACTION_INVESTIGATE:
	case ACTION_COUNT:
		break;
	}
	if (code != NULL)
		return code->retry;
	return e->class == CLASS_5XX ? "not" : "the MTA does so by itself";
}

static const char *
disagreement(const struct explanation *e)
{
	if (!reason_disagrees(e->diagnosis.reason, e->class))
		return NULL;
	return e->class == CLASS_4XX ?
	    "the code says temporary, the text says for good: it will be "
	    "retried in vain" :
	    "the code says permanent, the text says that it may pass";
}
