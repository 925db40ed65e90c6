#include "loss.h"

/* A unit that has one of these in its name writes mail logs. */
static const struct view services[] = {
	VIEW("postfix"), VIEW("exim"), VIEW("sendmail"), VIEW("sm-mta"),
	VIEW("syslog")
};

static bool	rsyslog_says(struct view);
static bool	journal_says(struct view);

bool
loss_is_said(const struct head *h)
{
	if (view_eq(h->tag, VIEW("rsyslogd")))
		return rsyslog_says(h->body);
	if (view_eq(h->tag, VIEW("systemd-journald")) ||
	    view_eq(h->tag, VIEW("systemd-journal")))
		return journal_says(h->body);
	return false;
}

/*
 * "imuxsock[pid: 7, name: x]: 50 messages lost due to rate-limiting", the
 * same of imjournal; once "imuxsock lost 50 messages from pid 7 due to
 * rate-limiting".
 */
static bool
rsyslog_says(struct view text)
{
	struct view	input;
	uint32_t	n;

	if (view_skip(&text, VIEW("imuxsock lost ")))
		return view_take_u32(&text, &n) &&
		    view_starts(text, VIEW(" messages from pid "));
	if (!view_starts(text, VIEW("imuxsock")) &&
	    !view_starts(text, VIEW("imjournal")))
		return false;
	if (view_skip(&text, VIEW("imuxsock[")) &&
	    !view_cut(&text, ']', &input))
		return false;
	if (!view_cut(&text, ':', &input))
		return false;
	return view_skip_byte(&text, ' ') && view_take_u32(&text, &n) &&
	    view_starts(text, VIEW(" messages lost due to rate-limiting"));
}

/* "Suppressed 12 messages from postfix@-.service" */
static bool
journal_says(struct view text)
{
	uint32_t	n;

	if (!view_skip(&text, VIEW("Suppressed ")) ||
	    !view_take_u32(&text, &n) ||
	    !view_skip(&text, VIEW(" messages from ")))
		return false;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (view_search(text, services[i]) < text.n)
			return true;
	return false;
}
