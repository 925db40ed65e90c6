#include <stdio.h>

#include "page.h"
#include "publish.h"
#include "render_alerts.h"
#include "render_metrics.h"
#include "render_status.h"

static void	render(const struct publish *, const struct publish_facts *,
		    enum page_kind, struct buf *);
static void	metrics(const struct publish *, const struct publish_facts *,
		    enum expose_format, struct buf *);
static const struct status *picture(const struct publish *,
		    const struct publish_facts *);

int
publish(const struct publish *p, const struct publish_facts *facts)
{
	struct publication	*made = publication_new();

	if (made == NULL)
		return -1;
	for (int i = 0; i < PAGE_KIND_COUNT; i++)
		if (publication_wanted(p->slot, (enum page_kind)i,
		    facts->now.mono_ms))
			render(p, facts, (enum page_kind)i, &made->body[i]);
	made->commit_ms = facts->commit_ms;
	made->made_ms = facts->now.mono_ms;
	if (facts->not_ready != NULL)
		snprintf(made->not_ready, sizeof(made->not_ready), "%s",
		    facts->not_ready);
	publication_swap(p->slot, made);
	return 0;
}

static void
render(const struct publish *p, const struct publish_facts *facts,
    enum page_kind kind, struct buf *b)
{
	switch (kind) {
	case PAGE_METRICS_TEXT:
		metrics(p, facts, EXPOSE_TEXT, b);
		break;
	case PAGE_METRICS_OPENMETRICS:
		metrics(p, facts, EXPOSE_OPENMETRICS, b);
		break;
	case PAGE_STATUS_HTML:
		page_render(b, picture(p, facts));
		break;
	case PAGE_STATUS_JSON:
		render_status(b, picture(p, facts));
		break;
	case PAGE_ALERTS_JSON:
		render_alerts(b, &p->lookout->alerts,
		    p->intake->stats.log_time);
		break;
	case PAGE_ALERTS_V2_JSON:
		render_alerts_v2(b, &p->lookout->alerts,
		    facts->now.wall_s);
		break;
	case PAGE_KIND_COUNT:
		break;
	}
}

static void
metrics(const struct publish *p, const struct publish_facts *facts,
    enum expose_format format, struct buf *b)
{
	const struct metrics_input	in = { .intake = p->intake,
					    .sources = facts->sources,
					    .alerts = &p->lookout->alerts,
					    .notify = p->notify,
					    .commits = facts->commits,
					    .catching_up = facts->catching_up,
					    .reload_ok = facts->reload_ok,
					    .sandbox = facts->sandbox };
	struct expose			e;

	render_metrics(b, format, &in, &e);
}

static const struct status *
picture(const struct publish *p, const struct publish_facts *facts)
{
	return survey_make(p->survey, &(struct survey_facts){
		.sources = facts->sources, .lookout = p->lookout,
		.now = facts->now.wall_s, .catching_up = facts->catching_up,
		.demo = facts->demo });
}
