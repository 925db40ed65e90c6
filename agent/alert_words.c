#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alert_words.h"
#include "explain.h"
#include "remedy.h"

static const char *const advice_mixed = "Look at the samples: the replies "
    "have no reason in common.";

static const char *const advice_self_mail = "It is not one provider, so "
    "look for what the refused mail has in common: one list, sender or "
    "message.";

static const char *const advice_self = "It is not one provider, so look at "
    "yourself first: DNS resolver, network and firewall, the sending "
    "address on blocklists, and what was changed last.";

static void	who(struct buf *, const struct incident *);
static void	what(struct buf *, const struct incident *);
static void	so_far(struct buf *, const struct incident *);
static void	outcome(struct buf *, const struct incident *);
static void	by_the_book(struct buf *, enum reason);
static enum reason reason_of(const struct incident *);
static bool	is_of_the_mail(enum reason);
static void	percent(struct buf *, double);
static void	clock_time(struct buf *, int64_t, int32_t east_s,
		    bool weekday);
static void	title(struct buf *, const char *);
static int	by_reason(const struct incident *);
static void	alert_name(struct incident *);

void
alert_summary(struct buf *b, const struct incident *i)
{
	who(b, i);
	what(b, i);
	buf_text(b, " since ");
	clock_time(b, i->onset, i->east_s, false);
	if (!i->silence && i->attempts > 0) {
		buf_text(b, " (normally ");
		percent(b, i->baseline_rate);
		buf_byte(b, ')');
	}
	if (i->firing)
		so_far(b, i);
	else
		outcome(b, i);
}

void
alert_advice(struct buf *b, const struct incident *i)
{
	if (i->silence) {
		buf_text(b, "Look at the queue: mail waits and nothing is "
		    "tried. A transport may be suspended, on hold or stuck.");
		return;
	}
	if (i->cause == CAUSE_SELF) {
		buf_text(b, is_of_the_mail(reason_of(i)) ? advice_self_mail :
		    advice_self);
		buf_byte(b, ' ');
	} else if (i->cause == CAUSE_TENANT && i->tenant_count > 0)
		buf_printf(b, "Talk to %s, or hold its mail: the others are "
		    "served as always. ", i->tenant[0].name);
	else if (i->cause == CAUSE_EGRESS && i->egress_count > 0)
		buf_printf(b, "Take %s out of use until it is mended: the "
		    "other ways out are served as always. ",
		    i->egress[0].name);
	by_the_book(b, reason_of(i));
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
alert_code(struct buf *b, const struct incident *i)
{
	char	text[12];

	if (i->key.code != 0)
		buf_printf(b, "%u", i->key.code);
	else if (i->key.enhanced.class == 0 || i->key.reason == REASON_NONE)
		buf_text(b, reply_class_name((enum reply_class)i->key.class));
	if (i->key.enhanced.class == 0)
		return;
	enhanced_print(i->key.enhanced, text);
	if (i->key.code != 0)
		buf_byte(b, ' ');
	buf_text(b, text);
}

void
alert_weigh(struct incident *i)
{
	i->action = (uint8_t)reason_action(reason_of(i),
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
who(struct buf *b, const struct incident *i)
{
	uint32_t	n;

	if (i->scope == SCOPE_ALL && i->provider[0] == '\0') {
		buf_text(b, "All providers");
		return;
	}
	if (i->provider[0] != '\0') {
		title(b, i->provider);
		return;
	}
	for (n = 0; n < i->member_count && n < 3; n++) {
		if (n > 0)
			buf_text(b, n + 1 == i->member_count ? " and " : ", ");
		title(b, i->member[n]);
	}
	if (i->member_count > 3)
		buf_printf(b, " and %u more", i->member_count - 3);
	if (i->member_count == 0)
		buf_text(b, "The receivers");
}

static void
what(struct buf *b, const struct incident *i)
{
	bool	one = i->provider[0] != '\0' || i->member_count == 1;

	if (i->silence) {
		buf_text(b, one ? " gets no mail" : " get no mail");
		return;
	}
	if (i->key.reason == REASON_NETWORK && i->key.code == 0) {
		buf_text(b, " cannot be reached: ");
		percent(b, i->rate);
		buf_text(b, " of attempts fail");
	} else {
		buf_printf(b, " %s%s ",
		    i->key.class == CLASS_5XX ? "refuse" : "defer",
		    one ? "s" : "");
		percent(b, i->rate);
		buf_text(b, " of mail with ");
		alert_code(b, i);
	}
	if (i->cause == CAUSE_TENANT && i->tenant_count > 0)
		buf_printf(b, ", nearly all from %s", i->tenant[0].name);
	else if (i->cause == CAUSE_EGRESS && i->egress_count > 0)
		buf_printf(b, ", only by way of %s", i->egress[0].name);
}

static void
so_far(struct buf *b, const struct incident *i)
{
	if (i->waiting > 0) {
		buf_printf(b, "; %llu recipient%s wait%s",
		    (unsigned long long)i->waiting,
		    i->waiting == 1 ? "" : "s", i->waiting == 1 ? "s" : "");
		if (i->first_bounce > 0) {
			buf_text(b, ", the first bounces about ");
			clock_time(b, i->first_bounce, i->bounce_east_s,
			    true);
		}
	}
	if (i->flapping)
		buf_printf(b, "; comes and goes, for the %uth time",
		    i->flaps + 1u);
}

static void
outcome(struct buf *b, const struct incident *i)
{
	buf_text(b, "; over at ");
	clock_time(b, i->cleared_at, i->east_s, false);
	if (i->recovered > 0)
		buf_printf(b, ", %llu recipients that had to wait were "
		    "served", (unsigned long long)i->recovered);
	if (i->lost > 0)
		buf_printf(b, ", %llu bounced", (unsigned long long)i->lost);
	if (i->waiting > 0)
		buf_printf(b, ", %llu still wait",
		    (unsigned long long)i->waiting);
}

/* The alert of a class speaks for the reason of most of it. */
static enum reason
reason_of(const struct incident *i)
{
	return (enum reason)(i->key.reason != REASON_NONE ? i->key.reason :
	    i->lead);
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

static void
percent(struct buf *b, double rate)
{
	double	p = 100 * rate;

	if (p >= 9.95)
		buf_printf(b, "%.0f %%", p);
	else if (p >= 0.095)
		buf_printf(b, "%.1f %%", p);
	else
		buf_text(b, "under 0.1 %");
}

static void
clock_time(struct buf *b, int64_t epoch, int32_t east_s, bool weekday)
{
	time_t		t = (time_t)(epoch + east_s);
	struct tm	tm;
	char		text[32];

	gmtime_r(&t, &tm);
	if (weekday)
		strftime(text, sizeof(text), "%a %H:%M", &tm);
	else
		strftime(text, sizeof(text), "%H:%M", &tm);
	buf_text(b, text);
}

/* A provider at the start of a sentence; domains stay as they are. */
static void
title(struct buf *b, const char *name)
{
	if (name[0] == '\0' || strchr(name, '.') != NULL) {
		buf_text(b, name);
		return;
	}
	buf_byte(b, (char)toupper((unsigned char)name[0]));
	buf_text(b, name + 1);
}

static int
by_reason(const struct incident *i)
{
	bool	hurts = i->waiting > 0 || i->key.class == CLASS_5XX;

	if (i->silence || i->cause == CAUSE_SELF)
		return SEVERITY_CRITICAL;
	switch (reason_of(i)) {
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
