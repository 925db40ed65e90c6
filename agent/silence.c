#include <string.h>

#include "silence.h"

static const double	OTHERS_LEAST = 0.5;	/* a minute: they are served */

static void	clear(struct silence_table *);
static bool	holds(const struct habit *, const struct config_rule *,
		    int32_t minute);

int
silence_init(struct silence *s)
{
	if (region_init(&s->region, "silence", 1,
	    sizeof(struct silence_table)) == -1)
		return -1;
	s->table = (struct silence_table *)(void *)s->region.base;
	clear(s->table);
	return 0;
}

void
silence_fini(struct silence *s)
{
	region_fini(&s->region);
	s->table = NULL;
}

void
silence_restore(struct silence *s)
{
	int	i;

	for (i = 0; i < PROVIDER_MAX; i++)
		if (s->table->habit[i].hour < -1 ||
		    s->table->habit[i].seen < -1) {
			clear(s->table);
			return;
		}
}

void
silence_minute(struct silence *s, const struct spike *sp, int32_t minute)
{
	uint16_t	p;

	s->table->minute = minute;
	for (p = 0; p < PROVIDER_MAX; p++)
		habit_minute(&s->table->habit[p], minute,
		    sp->table->provider[p].now);
	region_touch(&s->region, s->table, sizeof(*s->table));
}

size_t
silence_judge(const struct silence *s, const struct spike *sp,
    const struct config_rule *rule, struct rule_news news[RULE_NEWS_MAX],
    silence_waits_fn waits, void *arg)
{
	double		all = 0;
	size_t		count = 0;
	uint16_t	p;

	for (p = 0; p < PROVIDER_MAX; p++)
		all += spike_recent(sp, p);
	for (p = 0; p < PROVIDER_MAX && count < RULE_NEWS_MAX; p++)
		if (all - spike_recent(sp, p) > OTHERS_LEAST &&
		    holds(&s->table->habit[p], rule, s->table->minute) &&
		    waits(arg, p)) {
			memset(&news[count], 0, sizeof(*news));
			news[count].value = p;
			news[count++].fired = true;
		}
	return count;
}

double
silence_traffic_ratio(const struct silence *s, const struct spike *sp,
    uint16_t provider)
{
	int32_t	to = s->table->minute + 1;
	double	usual = habit_expected(&s->table->habit[provider], to - 60,
		    to) / 60;

	return usual > 0 ? spike_recent(sp, provider) / usual : 0;
}

static void
clear(struct silence_table *tab)
{
	int	i;

	memset(tab, 0, sizeof(*tab));
	tab->minute = -1;
	for (i = 0; i < PROVIDER_MAX; i++)
		habit_init(&tab->habit[i]);
}

static bool
holds(const struct habit *h, const struct config_rule *rule, int32_t minute)
{
	double	least = rule->count > SILENCE_LEAST ? rule->count :
		    SILENCE_LEAST;

	return h->seen != -1 &&
	    (minute - h->seen) * 60 >= (int32_t)rule->window_s &&
	    habit_expected(h, h->seen + 1, minute + 1) >= least;
}
