#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "alert_words.h"
#include "explain.h"
#include "remedy.h"

static const char *const advice_mixed = "Look at the samples: the replies "
    "have no reason in common.";

/* It is not one provider: where to look first. */
static const struct {
	enum reason	 reason;	/* REASON_NONE: all others */
	const char	*where;
	bool		 all;		/* the book has nothing to add */
} at_home[] = {
	{ REASON_NETWORK, "look at yourself first: DNS resolver, network and "
	    "firewall, and what was changed last.", true },
	{ REASON_TLS, "look at yourself first: certificates and authorities, "
	    "TLS settings, the clock, and what was changed last.", false },
	{ REASON_NONE, "look at yourself first: the sending address on "
	    "blocklists, DNS and reverse DNS, firewall, and what was changed "
	    "last.", false }
};

static const char *const advice_self_mail = "look for what the refused mail "
    "has in common: one list, sender or message.";

static void	look_at_home(struct buf *, enum reason);
static void	by_the_book(struct buf *, enum reason);
static bool	is_of_the_mail(enum reason);
static int	by_reason(const struct incident *);
static void	alert_name(struct incident *);

void
alert_advice(struct buf *b, const struct incident *i)
{
	if (i->silence) {
		buf_text(b, "Look at the queue: mail waits and nothing is "
		    "tried. A transport may be suspended, on hold or stuck.");
		return;
	}
	if (i->cause == CAUSE_SELF) {
		look_at_home(b, incident_reason(i));
		return;
	}
	if (i->cause == CAUSE_TENANT && i->tenant_count > 0)
		buf_printf(b, "Talk to %s, or hold its mail: the others are "
		    "served as always. ", i->tenant[0].name);
	else if (i->cause == CAUSE_EGRESS && i->egress_count > 0)
		buf_printf(b, "Take %s out of use until it is mended: the "
		    "other ways out are served as always. ",
		    i->egress[0].name);
	by_the_book(b, incident_reason(i));
}

/* Only where a provider is the cause: no setting mends a tenant or a list. */
bool
alert_remedy(struct buf *b, const struct incident *i)
{
	if (i->silence || i->cause != CAUSE_PROVIDER ||
	    i->provider[0] == '\0')
		return false;
	return remedy_write(b, &(struct remedy_wish){ (enum action)i->action,
	    (enum mta)i->mta, i->provider });
}

void
alert_weigh(struct incident *i)
{
	i->action = (uint8_t)reason_action(incident_reason(i),
	    (enum reply_class)i->key.class);
	i->severity = (uint8_t)by_reason(i);
}

void
alert_label(struct incident *i)
{
	struct incident_labels	*l = &i->labels;

	memset(l, 0, sizeof(*l));
	alert_name(i);
	memcpy(l->provider, i->provider, sizeof(l->provider));
	l->class = i->key.class;
	l->code = i->key.code;
	l->enhanced = i->key.enhanced;
	l->reason = i->key.reason;
	l->cause = i->cause;
	l->severity = i->severity;
}

static void
look_at_home(struct buf *b, enum reason reason)
{
	size_t	n = 0;

	buf_text(b, "It is not one provider, so ");
	if (is_of_the_mail(reason))
		buf_printf(b, "%s ", advice_self_mail);
	else {
		while (at_home[n].reason != reason &&
		    at_home[n].reason != REASON_NONE)
			n++;
		buf_text(b, at_home[n].where);
		if (at_home[n].all)
			return;
		buf_byte(b, ' ');
	}
	by_the_book(b, reason);
}

/* Reasons that judge addresses and messages, and not us. */
static bool
is_of_the_mail(enum reason reason)
{
	switch (reason) {
	case REASON_BAD_RECIPIENT:
	case REASON_INACTIVE_RECIPIENT:
	case REASON_BAD_DOMAIN:
	case REASON_MAILBOX_FULL:
	case REASON_CONTENT:
	case REASON_TOO_LARGE:
	case REASON_BAD_MESSAGE:
		return true;
	default:
		return false;
	}
}

/* What explain says, as a sentence. */
static void
by_the_book(struct buf *b, enum reason reason)
{
	const char	*next = explain_advice(reason);

	if (reason == REASON_NONE) {
		buf_text(b, advice_mixed);
		return;
	}
	buf_byte(b, (char)toupper((unsigned char)next[0]));
	buf_text(b, next + 1);
	buf_byte(b, '.');
}

static int
by_reason(const struct incident *i)
{
	bool	hurts = i->waiting > 0 || i->key.class == CLASS_5XX;

	if (i->silence || i->cause == CAUSE_SELF)
		return SEVERITY_CRITICAL;
	switch (incident_reason(i)) {
	case REASON_REPUTATION:
	case REASON_AUTH_FAIL:
	case REASON_LOGIN:
		return hurts ? SEVERITY_CRITICAL : SEVERITY_WARNING;
	case REASON_GREYLIST:
	case REASON_MAILBOX_FULL:
	case REASON_INACTIVE_RECIPIENT:
		return SEVERITY_INFO;
	default:
		return SEVERITY_WARNING;
	}
}

/* Rules by code speak as Smtpulse421Spike, others by their own name. */
static void
alert_name(struct incident *i)
{
	char	*out = i->labels.alertname;
	size_t	 cap = sizeof(i->labels.alertname), len;
	bool	 upper = true, digits = true;

	if (i->silence || i->rule[0] == '\0') {
		snprintf(out, cap, "%s", i->silence ? "SmtpulseSilence" :
		    i->cause == CAUSE_TENANT ? "SmtpulseTenantSpike" :
		    i->scope == SCOPE_ALL ? "SmtpulseAllProviders" :
		    "SmtpulseSpike");
		return;
	}
	len = (size_t)snprintf(out, cap, "Smtpulse");
	for (const char *p = i->rule; *p != '\0' && len + 1 < cap; p++) {
		if (!isalnum((unsigned char)*p)) {
			upper = true;
			continue;
		}
		digits = digits && isdigit((unsigned char)*p);
		out[len++] = upper ? (char)toupper((unsigned char)*p) : *p;
		upper = false;
	}
	snprintf(out + len, cap - len, "%s", digits ? "Spike" : "");
}
