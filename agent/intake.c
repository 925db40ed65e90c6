#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "intake.h"
#include "log.h"
#include "loss.h"

enum {
	FUTURE_S = 300,		/* a line later than this has a wrong clock */
	GAP_MINUTES = 3 * 1440	/* longer than any window of an alert */
};

static size_t	read_file(struct intake *, struct sources *,
		    struct source_file *, size_t budget);
static bool	take_line(struct intake *, struct sources *,
		    struct source_file *, struct view line);
static bool	enter_minute(struct intake *, struct sources *, int64_t time);
static void	close_minutes(struct intake *, int64_t up_to);
static int64_t	line_time(struct intake *, struct source_file *,
		    const struct head *);
static enum line_result	understand(struct intake *, struct source_file *,
		    const struct head *, int64_t time, enum mta);
static void	account(struct intake *, struct source_file *, struct view,
		    enum mta, enum line_result);
static void	take_verdict(void *arg, const struct verdict *);
static void	tell_event(struct intake *, const struct mail_event *);
static void	tenant_leaves(void *arg, uint16_t place);
static void	provider_leaves(void *arg, uint16_t provider);

int
intake_init(struct intake *in, const struct config *config,
    char error[CONFIG_ERROR_BYTES])
{
	if (join_init(&in->join) == -1) {
		snprintf(error, CONFIG_ERROR_BYTES, "out of memory");
		return -1;
	}
	if (judge_init(&in->judge, config, error) == -1)
		return -1;
	if (stats_init(&in->stats, &in->judge.tenants) == -1) {
		snprintf(error, CONFIG_ERROR_BYTES, "out of memory");
		return -1;
	}
	in->judge.tenants.leaves = tenant_leaves;
	in->judge.tenants.arg = in;
	in->judge.verdict = take_verdict;
	in->judge.left = provider_leaves;
	in->judge.arg = in;
	return 0;
}

void
intake_fini(struct intake *in)
{
	stats_fini(&in->stats);
	judge_fini(&in->judge);
	join_fini(&in->join);
}

void
intake_hook(struct intake *in, const struct intake_hooks *hooks)
{
	assert(in->hook_count < INTAKE_HOOKS);
	in->hooks[in->hook_count++] = *hooks;
}

bool
intake_turn(struct intake *in, struct sources *sources, size_t budget,
    const struct clock_now *now)
{
	struct source_file	*f;

	in->wall_s = now->wall_s;
	while ((f = sources_next(sources)) != NULL) {
		size_t	n = read_file(in, sources, f, budget);

		if (n >= budget)
			return true;
		budget -= n;
	}
	return false;
}

void
intake_idle(struct intake *in, int64_t log_time)
{
	judge_hops(&in->judge, log_time);
	if (in->minute != 0 && log_time / 60 > in->minute)
		close_minutes(in, log_time / 60);
}

void
intake_end(struct intake *in)
{
	judge_hops(&in->judge, INT64_MAX);
	if (in->minute != 0)
		close_minutes(in, in->minute + 1);
}

void
intake_published(struct intake *in)
{
	for (int m = 0; m < METRIC_COUNT; m++)
		if (stats_has_family((enum metric)m))
			series_published(&in->stats.family[m]);
}

/* Lines of one file, until another one's turn has come. */
static size_t
read_file(struct intake *in, struct sources *sources, struct source_file *f,
    size_t budget)
{
	struct view	line;
	size_t		n = 0;

	while (n < budget) {
		switch (source_file_line(f, &line)) {
		case LINES_LINE:
			if (!take_line(in, sources, f, line)) {
				source_file_unread(f, line);
				return n;
			}
			break;
		case LINES_OVERSIZE:
			account(in, f, line, MTA_COUNT, LINE_OVERSIZE);
			break;
		case LINES_END:
			return n;
		case LINES_FAILED:
			log_warn("%s: cannot read it, trying again later",
			    f->path);
			return n;
		}
		n += line.n + 1;
	}
	return n;
}

/* False: not yet, another file is still in an earlier minute. */
static bool
take_line(struct intake *in, struct sources *sources, struct source_file *f,
    struct view line)
{
	struct head	head;
	enum mta	mta;
	int64_t		time;
	bool		whole;

	scratch_reset(&in->scratch);
	head_parse(line, &in->scratch, &in->heads, &head);
	time = line_time(in, f, &head);
	if (time / 60 > in->minute && !enter_minute(in, sources, time))
		return false;
	if (time > in->stats.log_time) {
		in->stats.log_time = time;
		judge_hops(&in->judge, time);
	}
	if (loss_is_said(&head))
		f->source->gap[GAP_SUPPRESSED]++;
	whole = join_feed(&in->join, f->source->id, &head);
	mta = parser_choose(f->source->mta, &head);
	if (!whole)
		account(in, f, line, mta, LINE_IGNORED);
	else if (mta == MTA_COUNT)
		account(in, f, line, mta, head.stamp.month != 0 ||
		    head.tag.n > 0 ? LINE_IGNORED : LINE_UNKNOWN);
	else
		account(in, f, line, mta,
		    understand(in, f, &head, time, mta));
	return true;
}

static bool
enter_minute(struct intake *in, struct sources *sources, int64_t time)
{
	if (in->minute != 0) {
		if (sources_horizon(sources) / 60 < time / 60)
			return false;
		close_minutes(in, time / 60);
	}
	in->minute = time / 60;
	return true;
}

static void
close_minutes(struct intake *in, int64_t up_to)
{
	/* no mail for days is no evidence, and must not cost days of ticks */
	if (up_to - in->minute > GAP_MINUTES)
		in->minute = up_to - GAP_MINUTES;
	for (; in->minute < up_to; in->minute++)
		for (size_t i = 0; i < in->hook_count; i++)
			if (in->hooks[i].minute != NULL)
				in->hooks[i].minute(in->hooks[i].arg,
				    in->minute);
}

static int64_t
line_time(struct intake *in, struct source_file *f, const struct head *head)
{
	int64_t	time = logtime_resolve(&f->logtime, &head->stamp);

	if (time > in->wall_s + FUTURE_S) {
		in->skewed++;
		time = in->wall_s;
	}
	f->time = time;
	f->source->last_line = time;
	return time;
}

static enum line_result
understand(struct intake *in, struct source_file *f, const struct head *head,
    int64_t time, enum mta mta)
{
	struct mail_event	*ev = &in->event;
	enum parse_result	 result = parser_run(mta, head, &in->scratch,
				    ev);
	bool			 fresh, teaches = result == PARSE_EVENT &&
				    (ev->kind == EVENT_ARRIVAL ||
				    ev->kind == EVENT_REMOVAL);

	if (result == PARSE_EVENT && !teaches)
		join_keep(&in->join, f->source->id, head);
	else
		join_forget(&in->join, f->source->id);
	switch (result) {
	case PARSE_IGNORED:
		return LINE_IGNORED;
	case PARSE_UNKNOWN:
		template_note(&in->unknown, head->body, &fresh);
		return LINE_UNKNOWN;
	case PARSE_EVENT:
		break;
	}
	ev->time = time;
	judge_event(&in->judge, ev, f->source->id);
	if (teaches)
		tell_event(in, ev);
	return LINE_EVENT;
}

static void
account(struct intake *in, struct source_file *f, struct view line,
    enum mta mta, enum line_result result)
{
	stats_line(&in->stats, f->source->id, mta, result, 1);
	for (size_t i = 0; i < in->hook_count; i++)
		if (in->hooks[i].line != NULL)
			in->hooks[i].line(in->hooks[i].arg, f, line, result);
}

static void
take_verdict(void *arg, const struct verdict *v)
{
	struct intake	*in = arg;

	stats_verdict(&in->stats, v);
	inbox_note(&in->inbox, v);
	for (size_t i = 0; i < in->hook_count; i++)
		if (in->hooks[i].verdict != NULL)
			in->hooks[i].verdict(in->hooks[i].arg, v);
}

static void
tell_event(struct intake *in, const struct mail_event *ev)
{
	for (size_t i = 0; i < in->hook_count; i++)
		if (in->hooks[i].event != NULL)
			in->hooks[i].event(in->hooks[i].arg, ev);
}

static void
tenant_leaves(void *arg, uint16_t place)
{
	struct intake	*in = arg;

	stats_fold(&in->stats, LABEL_TENANT, place);
}

static void
provider_leaves(void *arg, uint16_t provider)
{
	struct intake	*in = arg;

	stats_fold(&in->stats, LABEL_PROVIDER, provider);
	for (size_t i = 0; i < in->hook_count; i++)
		if (in->hooks[i].left != NULL)
			in->hooks[i].left(in->hooks[i].arg, provider);
}
