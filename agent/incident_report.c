#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "alert_json.h"
#include "alert_summary.h"
#include "alert_words.h"
#include "incident_report.h"

enum { LINES_BYTES = 16384 };

static void	put_head(struct buf *, const struct incident *);
static void	put_timeline(struct buf *, const struct incident *);
static void	put_codes(struct buf *, const struct incident *);
static void	put_shares(struct buf *, const char *title, const char *what,
		    const struct incident_share *, uint32_t count);
static void	put_mail(struct buf *, const struct incident *);
static void	put_samples(struct buf *, const struct incident *);
static void	put_advice(struct buf *, const struct incident *);
static void	put_letter(struct buf *, const struct incident *);
static void	put_evidence(struct buf *, const struct incident *,
		    const char *before);
static void	put_time(struct buf *, int64_t, int32_t east_s);
static void	put_name(struct buf *, const char *);

void
incident_report(struct buf *b, const struct incident *i)
{
	put_head(b, i);
	put_timeline(b, i);
	put_codes(b, i);
	put_shares(b, "Whose mail", "tenant", i->tenant, i->tenant_count);
	put_shares(b, "Ways out", "way out", i->egress, i->egress_count);
	put_mail(b, i);
	put_samples(b, i);
	put_advice(b, i);
	put_letter(b, i);
}

static void
put_head(struct buf *b, const struct incident *i)
{
	char		id[INCIDENT_ID_CHARS + 1];
	uint32_t	n;

	incident_id_text(i, id);
	buf_text(b, "# ");
	alert_summary(b, i);
	buf_printf(b, "\n\n- incident: %s, %s\n- severity: %s\n- cause: %s\n"
	    "- scope: %s\n", id, i->firing ? "firing" : "resolved",
	    severity_name((enum config_severity)i->severity),
	    incident_cause_name((enum incident_cause)i->cause),
	    incident_scope_name((enum incident_scope)i->scope));
	buf_text(b, "- providers: ");
	for (n = 0; n < i->member_count; n++) {
		buf_text(b, n > 0 ? ", " : "");
		put_name(b, i->member[n]);
	}
	buf_byte(b, '\n');
}

static void
put_timeline(struct buf *b, const struct incident *i)
{
	int	n;

	buf_text(b, "\n## Timeline\n\n");
	for (n = INCIDENT_PREVIOUS - 1; n >= 0; n--) {
		if (i->previous[n] == 0)
			continue;
		buf_text(b, "- ");
		put_time(b, i->previous[n], i->east_s);
		buf_text(b, ": the like began once before\n");
	}
	buf_text(b, "- ");
	put_time(b, i->onset, i->east_s);
	buf_text(b, ": began\n- ");
	put_time(b, i->fired_at, i->east_s);
	buf_printf(b, ": %s\n", i->flaps > 0 ? "fired again" : "fired");
	if (i->flaps > 0)
		buf_printf(b, "- it came and went %u times\n", i->flaps + 1u);
	if (i->firing)
		buf_text(b, "- not over\n");
	else {
		buf_text(b, "- ");
		put_time(b, i->cleared_at, i->east_s);
		buf_text(b, ": over\n");
	}
}

static void
put_codes(struct buf *b, const struct incident *i)
{
	buf_text(b, "\n## Codes\n\n- reply: ");
	alert_code(b, i);
	buf_byte(b, '\n');
	if (i->key.reason != REASON_NONE)
		buf_printf(b, "- reason: %s\n",
		    reason_name((enum reason)i->key.reason));
	buf_printf(b, "- action: %s\n", action_name((enum action)i->action));
	if (i->rule[0] != '\0') {
		buf_text(b, "- rule: ");
		put_name(b, i->rule);
		buf_byte(b, '\n');
	}
	buf_printf(b, "- %" PRIu32 " of %" PRIu32 " attempts in %" PRIu32
	    " minutes: %.1f %%, normally %.2f %%\n", i->count, i->attempts,
	    (i->window_s + 59) / 60, 100 * i->rate, 100 * i->baseline_rate);
	buf_printf(b, "- about %" PRIu32 " messages to %" PRIu32 " domains, "
	    "of %" PRIu32 " tenants\n", i->messages, i->domains,
	    i->tenants_affected);
}

static void
put_shares(struct buf *b, const char *title, const char *what,
    const struct incident_share *s, uint32_t count)
{
	uint32_t	n;

	if (count == 0)
		return;
	buf_printf(b, "\n## %s\n\n| %s | of the failures | of the mail |\n"
	    "|---|---:|---:|\n", title, what);
	for (n = 0; n < count; n++) {
		buf_text(b, "| ");
		put_name(b, s[n].name);
		buf_printf(b, " | %.0f %% | %.0f %% |\n",
		    100 * (double)s[n].share,
		    100 * (double)s[n].traffic_share);
	}
}

static void
put_mail(struct buf *b, const struct incident *i)
{
	buf_printf(b, "\n## What became of the mail\n\n"
	    "- recipients that had to wait and were served: %" PRIu64 "\n"
	    "- recipients that had to wait and bounced: %" PRIu64 "\n"
	    "- recipients waiting: %" PRIu64 ", at most %" PRIu64 "\n",
	    i->recovered, i->lost, i->waiting, i->waiting_peak);
	if (i->waiting == 0 || i->first_bounce == 0)
		return;
	buf_text(b, "- the first of them bounces about ");
	put_time(b, i->first_bounce, i->bounce_east_s);
	buf_byte(b, '\n');
}

static void
put_samples(struct buf *b, const struct incident *i)
{
	buf_text(b, "\n## Samples\n\n");
	put_evidence(b, i, "    ");
}

static void
put_advice(struct buf *b, const struct incident *i)
{
	struct buf	lines;
	struct view	rest, line;

	buf_text(b, "\n## What to do\n\n");
	alert_advice(b, i);
	buf_byte(b, '\n');
	buf_init(&lines, LINES_BYTES);
	if (alert_remedy(&lines, i)) {
		rest = buf_view(&lines);
		while (view_cut(&rest, '\n', &line)) {
			buf_text(b, line.n > 0 ? "    " : "");
			buf_put(b, line);
			buf_byte(b, '\n');
		}
	}
	buf_fini(&lines);
}

/* Only about what is theirs: one provider, and not one of our tenants. */
static void
put_letter(struct buf *b, const struct incident *i)
{
	if (i->provider[0] == '\0' || i->cause == CAUSE_TENANT || i->silence)
		return;
	buf_text(b, "\n## For the provider's postmaster\n\n"
	    "> Hello,\n>\n> since ");
	put_time(b, i->onset, 0);
	if (!i->firing) {
		buf_text(b, " and until ");
		put_time(b, i->cleared_at, 0);
	}
	buf_text(b, " your servers have answered our mail with ");
	alert_code(b, i);
	buf_printf(b, ": %.0f %% of it, normally %.2f %%.\n> Some of the "
	    "replies, with time (UTC) and our queue id:\n>\n", 100 * i->rate,
	    100 * i->baseline_rate);
	put_evidence(b, i, ">     ");
	buf_text(b, ">\n> We send from (your addresses here). What should we "
	    "change, or is it on your side?\n");
}

static void
put_evidence(struct buf *b, const struct incident *i, const char *before)
{
	char	when[24];
	int	n;

	for (n = 0; n < EVIDENCE_MAX; n++) {
		const struct evidence *e = &i->evidence[n];

		if (e->time == 0)
			continue;
		alert_time_text(e->time, when);
		buf_printf(b, "%s%s  %s  %s\n", before, when, e->queue_id,
		    e->text);
	}
}

static void
put_time(struct buf *b, int64_t epoch, int32_t east_s)
{
	time_t		t = (time_t)(epoch + east_s);
	int		east_min = east_s / 60;
	struct tm	tm;
	char		text[32];

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	buf_text(b, text);
	if (east_min == 0)
		buf_text(b, " UTC");
	else
		buf_printf(b, " %c%02d:%02d", east_min < 0 ? '-' : '+',
		    abs(east_min) / 60, abs(east_min) % 60);
}

/* As code; what would end that is left out. */
static void
put_name(struct buf *b, const char *name)
{
	buf_byte(b, '`');
	for (; *name != '\0'; name++)
		if (*name != '`' && *name != '|' && (unsigned char)*name >= ' ')
			buf_byte(b, *name);
	buf_byte(b, '`');
}
