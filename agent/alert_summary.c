#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alert_summary.h"
#include "provider_title.h"

enum { TODAY_S = 12 * 3600 };	/* further back a time needs its day */

/*
 * What a reply does not tell: there was none, or it was about our login. The
 * last detail digit decides, 0 stands for any.
 */
static const struct phrase {
	enum reason	 reason;
	bool		 with_code;
	uint16_t	 detail;
	const char	*one, *several, *all;
} phrases[] = {
	{ REASON_NETWORK, false, 3, "cannot be found in DNS",
	    "cannot be found in DNS", "No provider can be found in DNS" },
	{ REASON_NETWORK, false, 2, "hangs up or is too slow",
	    "hang up or are too slow",
	    "All providers hang up or are too slow" },
	{ REASON_NETWORK, false, 0, "cannot be reached", "cannot be reached",
	    "No provider can be reached" },
	{ REASON_TLS, false, 0, "has no TLS that we accept",
	    "have no TLS that we accept",
	    "No provider has TLS that we accept" },
	{ REASON_LOGIN, true, 0, "refuses our login", "refuse our login",
	    "All providers refuse our login" }
};

static void	what(struct buf *, const struct incident *);
static const struct phrase *phrase_of(const struct incident *);
static void	say_phrase(struct buf *, const struct incident *,
		    const struct phrase *);
static void	who(struct buf *, const struct incident *);
static bool	is_one(const struct incident *);
static bool	is_all(const struct incident *);
static bool	is_mixed(const struct incident *);
static void	whose(struct buf *, const struct incident *);
static void	since(struct buf *, const struct incident *);
static void	so_far(struct buf *, const struct incident *);
static void	outcome(struct buf *, const struct incident *);
static void	put_code(struct buf *, const struct spike_key *);
static void	percent(struct buf *, double);
static void	clock_time(struct buf *, int64_t, int32_t east_s,
		    bool weekday);
static void	title(struct buf *, const char *);

void
alert_summary(struct buf *b, const struct incident *i)
{
	what(b, i);
	whose(b, i);
	since(b, i);
	if (i->firing)
		so_far(b, i);
	else
		outcome(b, i);
}

void
alert_code(struct buf *b, const struct incident *i)
{
	if (i->key.code == 0 && (i->key.enhanced.class == 0 ||
	    i->key.reason == REASON_NONE))
		buf_text(b, reply_class_name((enum reply_class)i->key.class));
	put_code(b, &i->key);
}

static void
what(struct buf *b, const struct incident *i)
{
	const struct phrase	*phrase = phrase_of(i);

	if (phrase != NULL) {
		say_phrase(b, i, phrase);
		return;
	}
	who(b, i);
	if (i->silence) {
		buf_text(b, is_one(i) ? " gets no mail" : " get no mail");
		return;
	}
	buf_printf(b, " %s%s ", i->key.class == CLASS_5XX ? "refuse" : "defer",
	    is_one(i) ? "s" : "");
	percent(b, i->rate);
	buf_text(b, " of mail");
	if (is_mixed(i)) {
		buf_text(b, ", mostly with ");
		put_code(b, &i->lead);
		return;
	}
	buf_text(b, " with ");
	alert_code(b, i);
}

static const struct phrase *
phrase_of(const struct incident *i)
{
	size_t	n;

	for (n = 0; n < sizeof(phrases) / sizeof(phrases[0]); n++) {
		const struct phrase *p = &phrases[n];

		if (!i->silence && p->reason == i->key.reason &&
		    (p->with_code || i->key.code == 0) && (p->detail == 0 ||
		    p->detail == i->key.enhanced.detail))
			return p;
	}
	return NULL;
}

static void
say_phrase(struct buf *b, const struct incident *i, const struct phrase *p)
{
	if (is_all(i))
		buf_text(b, p->all);
	else {
		who(b, i);
		buf_printf(b, " %s", is_one(i) ? p->one : p->several);
	}
	buf_text(b, ": ");
	percent(b, i->rate);
	buf_text(b, " of attempts fail");
	if (i->key.code != 0) {
		buf_text(b, " with ");
		alert_code(b, i);
	}
}

static void
who(struct buf *b, const struct incident *i)
{
	uint32_t	n;

	if (is_all(i)) {
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

static bool
is_one(const struct incident *i)
{
	return i->provider[0] != '\0' || (i->member_count == 1 && !is_all(i));
}

static bool
is_all(const struct incident *i)
{
	return i->scope == SCOPE_ALL && i->provider[0] == '\0';
}

/* The alert of a class, with a code that most of it has. */
static bool
is_mixed(const struct incident *i)
{
	return i->key.code == 0 && i->key.reason == REASON_NONE &&
	    i->lead.code != 0;
}

/* Only where somebody is to blame. */
static void
whose(struct buf *b, const struct incident *i)
{
	const struct incident_share	*s;

	if (i->cause == CAUSE_TENANT && i->tenant_count > 0)
		s = &i->tenant[0];
	else if (i->cause == CAUSE_EGRESS && i->egress_count > 0)
		s = &i->egress[0];
	else {
		buf_text(b, is_mixed(i) ? "," : "");
		return;
	}
	buf_text(b, ", ");
	if (s->share >= 0.995f || s->share <= 0)
		buf_text(b, "all");
	else
		percent(b, (double)s->share);
	buf_printf(b, " of that %s %s,",
	    i->cause == CAUSE_TENANT ? "from" : "by way of", s->name);
}

static void
since(struct buf *b, const struct incident *i)
{
	int64_t	last = i->firing ? i->at : i->cleared_at;

	buf_text(b, " since ");
	clock_time(b, i->onset, i->east_s, last - i->onset > TODAY_S);
	if (i->silence || i->attempts == 0 || i->baseline_rate <= 0)
		return;
	buf_text(b, " (normally ");
	percent(b, i->baseline_rate);
	buf_byte(b, ')');
}

static void
so_far(struct buf *b, const struct incident *i)
{
	if (i->final)
		buf_printf(b, "; %u message%s refused so far", i->messages,
		    i->messages == 1 ? "" : "s");
	else if (i->waiting > 0) {
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
		buf_printf(b, "; comes and goes, %u times so far",
		    i->flaps + 1u);
}

static void
outcome(struct buf *b, const struct incident *i)
{
	buf_text(b, "; over at ");
	clock_time(b, i->cleared_at, i->east_s,
	    i->cleared_at - i->onset > TODAY_S);
	if (i->final) {
		buf_printf(b, ", %u message%s refused", i->messages,
		    i->messages == 1 ? " was" : "s were");
		return;
	}
	if (i->recovered > 0)
		buf_printf(b, ", %llu recipients that had to wait were "
		    "served", (unsigned long long)i->recovered);
	if (i->lost > 0)
		buf_printf(b, ", %llu bounced", (unsigned long long)i->lost);
	if (i->waiting > 0)
		buf_printf(b, ", %llu still wait",
		    (unsigned long long)i->waiting);
}

/* Nothing if there is none. */
static void
put_code(struct buf *b, const struct spike_key *key)
{
	char	text[12];

	if (key->code != 0)
		buf_printf(b, "%u", key->code);
	if (key->enhanced.class == 0)
		return;
	enhanced_print(key->enhanced, text);
	if (key->code != 0)
		buf_byte(b, ' ');
	buf_text(b, text);
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

/* One of agent.conf gets a capital; domains stay as they are. */
static void
title(struct buf *b, const char *name)
{
	struct view	known = provider_title(view_of(name));

	if (known.p != name || strchr(name, '.') != NULL ||
	    name[0] < 'a' || name[0] > 'z') {
		buf_put(b, known);
		return;
	}
	buf_byte(b, (char)(name[0] - 'a' + 'A'));
	buf_text(b, name + 1);
}
