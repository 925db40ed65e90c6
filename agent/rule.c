#include <string.h>

#include "rule.h"

static bool	needs_messages(const struct config_rule *);
static uint64_t	identity(const struct config_rule *);
static void	forget(struct rule_state *, const struct config_rule *);
static void	count_series(struct rules *, size_t rule,
		    const struct spike *);
static struct rule_cell *cell_of(struct rule_state *, uint16_t value);
static bool	idle(const struct rule_cell *);
static void	advance(struct rule_state *, int32_t minute);
static bool	judge(const struct config_rule *, struct rule_cell *,
		    int32_t minute, struct rule_news *);
static bool	holds(const struct config_rule *, const struct rule_news *);

int
rules_init(struct rules *rs, const struct config *config,
    const struct rule_names *names)
{
	size_t	i;

	memset(rs, 0, sizeof(*rs));
	if (region_init(&rs->region, "rules", 1,
	    RULES_MAX * sizeof(struct rule_state)) == -1)
		return -1;
	rs->state = (struct rule_state *)(void *)rs->region.base;
	rs->config = config;
	rs->names = *names;
	for (i = 0; i < config->rule_count && i < RULES_MAX; i++) {
		forget(&rs->state[i], &config->rule[i]);
		rs->by_message |= needs_messages(&config->rule[i]);
	}
	return 0;
}

void
rules_fini(struct rules *rs)
{
	region_fini(&rs->region);
	rs->state = NULL;
}

void
rules_restore(struct rules *rs)
{
	size_t	i;

	for (i = 0; i < rs->config->rule_count && i < RULES_MAX; i++)
		if (rs->state[i].identity != identity(&rs->config->rule[i]) ||
		    rs->state[i].count > RULE_CELLS)
			forget(&rs->state[i], &rs->config->rule[i]);
}

void
rules_note(struct rules *rs, const struct verdict *v,
    const struct spike_key *key)
{
	size_t	i;

	if (!rs->by_message)
		return;
	for (i = 0; i < rs->config->rule_count && i < RULES_MAX; i++) {
		const struct config_rule *rule = &rs->config->rule[i];
		struct rule_cell	 *cell;
		const struct rule_names	 *n = &rs->names;

		if (!needs_messages(rule) ||
		    (rule->provider != NULL && strcmp(rule->provider,
		    n->provider(n->arg, v->provider)) != 0) ||
		    (rule->egress != NULL && strcmp(rule->egress,
		    n->egress(n->arg, v->egress)) != 0) ||
		    (rule->tenant != NULL &&
		    !view_eq(v->tenant_name, view_of(rule->tenant))))
			continue;
		cell = cell_of(&rs->state[i], rule->per == PER_PROVIDER ?
		    v->provider : rule->per == PER_TENANT ? v->tenant :
		    rule->per == PER_EGRESS ? v->egress : 0);
		if (cell == NULL)
			continue;
		cell->attempts++;
		cell->hits += key != NULL && rule_wants(rule, key);
		region_touch(&rs->region, cell, sizeof(*cell));
	}
}

size_t
rules_minute(struct rules *rs, const struct spike *sp, int32_t minute,
    struct rule_news news[RULE_NEWS_MAX])
{
	size_t	i, count = 0;

	for (i = 0; i < rs->config->rule_count && i < RULES_MAX; i++) {
		const struct config_rule *rule = &rs->config->rule[i];
		struct rule_state	 *state = &rs->state[i];
		uint32_t		  n;

		if (!rule->enabled || rule->silence)
			continue;
		if (!needs_messages(rule))
			count_series(rs, i, sp);
		advance(state, minute);
		for (n = 0; n < state->count && count < RULE_NEWS_MAX; n++) {
			news[count].rule = (uint16_t)i;
			if (judge(rule, &state->cell[n], minute, &news[count]))
				count++;
		}
		region_touch(&rs->region, state,
		    offsetof(struct rule_state, cell) +
		    state->count * sizeof(struct rule_cell));
	}
	return count;
}

bool
rule_wants(const struct config_rule *rule, const struct spike_key *key)
{
	char	text[12] = "";

	if (rule->code != 0 && rule->code != key->code)
		return false;
	if (rule->class != CLASS_NONE && rule->class != key->class)
		return false;
	if (rule->reason != -1 && rule->reason != key->reason)
		return false;
	if (rule->enhanced == NULL)
		return true;
	if (key->enhanced.class != 0)
		enhanced_print(key->enhanced, text);
	return strcmp(rule->enhanced, text) == 0;
}

static bool
needs_messages(const struct config_rule *rule)
{
	return rule->enabled && !rule->silence && (rule->tenant != NULL ||
	    rule->egress != NULL || rule->per == PER_TENANT ||
	    rule->per == PER_EGRESS);
}

static uint64_t
identity(const struct config_rule *rule)
{
	const char	*text[] = { rule->name, rule->provider, rule->tenant,
			    rule->egress, rule->enhanced };
	const uint64_t	 number[] = { rule->code, rule->class, rule->window_s,
			    rule->for_s, rule->count, rule->per,
			    (uint64_t)(rule->ratio * 1e6),
			    (uint64_t)(rule->reason + 1), rule->immediate };
	uint64_t	 h = 0xcbf29ce484222325u;
	size_t		 i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		const char	*p = text[i] == NULL ? "" : text[i];

		do
			h = (h ^ (unsigned char)*p) * 0x100000001b3u;
		while (*p++ != '\0');
	}
	for (i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		h = (h ^ number[i]) * 0x100000001b3u;
	return h;
}

static void
forget(struct rule_state *state, const struct config_rule *rule)
{
	memset(state, 0, sizeof(*state));
	state->minute = -1;
	state->identity = identity(rule);
}

/* Take from the series what the open minute brought. */
static void
count_series(struct rules *rs, size_t at, const struct spike *sp)
{
	const struct config_rule *rule = &rs->config->rule[at];
	const struct rule_names	 *n = &rs->names;
	const struct spike_table *tab = sp->table;
	bool			  all = rule->per == PER_ALL;
	struct rule_cell	 *cell;
	uint32_t		  i;
	uint16_t		  p;

	for (p = 0; p < PROVIDER_MAX; p++) {
		if (tab->provider[p].now == 0 || (rule->provider != NULL &&
		    strcmp(rule->provider, n->provider(n->arg, p)) != 0))
			continue;
		cell = cell_of(&rs->state[at], all ? 0 : p);
		if (cell != NULL)
			cell->attempts += tab->provider[p].now;
	}
	for (i = 0; i < tab->count; i++) {
		const struct spike_slot	*slot = &tab->slot[i];

		p = slot->key.provider;
		if (slot->failures == 0 || spike_key_is_class(&slot->key) ||
		    !rule_wants(rule, &slot->key) || (rule->provider != NULL &&
		    strcmp(rule->provider, n->provider(n->arg, p)) != 0))
			continue;
		cell = cell_of(&rs->state[at], all ? 0 : p);
		if (cell != NULL)
			cell->hits += slot->failures;
	}
}

/* The value's cell, made if need be; NULL when all are busy. */
static struct rule_cell *
cell_of(struct rule_state *state, uint16_t value)
{
	struct rule_cell	*cell;
	uint32_t		 i;

	for (i = 0; i < state->count; i++)
		if (state->cell[i].value == value)
			return &state->cell[i];
	if (state->count < RULE_CELLS)
		cell = &state->cell[state->count++];
	else {
		for (i = 0; i < RULE_CELLS && !idle(&state->cell[i]); i++)
			;
		if (i == RULE_CELLS) {
			state->overflow++;
			return NULL;
		}
		cell = &state->cell[i];
	}
	memset(cell, 0, sizeof(*cell));
	cell->value = value;
	cell->since = cell->held = -1;
	return cell;
}

static bool
idle(const struct rule_cell *cell)
{
	uint32_t	hits = cell->hits;
	int		i;

	for (i = 0; i < RULE_MINUTES; i++)
		hits += cell->hit[i];
	return hits == 0 && !cell->fired;
}

/* Bring the rings to this minute and put its counts there. */
static void
advance(struct rule_state *state, int32_t minute)
{
	int32_t		from = state->minute + 1, m;
	uint32_t	i;

	if (state->minute == -1 || minute - from >= RULE_MINUTES)
		from = minute - RULE_MINUTES + 1;
	for (i = 0; i < state->count; i++) {
		struct rule_cell *cell = &state->cell[i];

		for (m = from; m <= minute; m++)
			cell->hit[m % RULE_MINUTES] =
			    cell->attempt[m % RULE_MINUTES] = 0;
		cell->hit[minute % RULE_MINUTES] = cell->hits;
		cell->attempt[minute % RULE_MINUTES] = cell->attempts;
		cell->hits = cell->attempts = 0;
	}
	state->minute = minute;
}

/* Is there something to say about it? */
static bool
judge(const struct config_rule *rule, struct rule_cell *cell, int32_t minute,
    struct rule_news *news)
{
	int32_t	minutes = (int32_t)((rule->window_s + 59) / 60), m;
	int32_t	need = rule->immediate ? 0 : (int32_t)(rule->for_s / 60);

	news->value = cell->value;
	news->hits = news->attempts = 0;
	news->fired = news->still = false;
	for (m = minute - minutes + 1; m <= minute; m++) {
		news->hits += cell->hit[m % RULE_MINUTES];
		news->attempts += cell->attempt[m % RULE_MINUTES];
	}
	if (holds(rule, news)) {
		if (cell->since == -1)
			cell->since = minute;
		cell->held = minute;
		news->still = cell->fired;
		news->fired = minute - cell->since >= need;
		cell->fired |= news->fired;
		return news->fired;
	}
	cell->since = -1;
	if (!cell->fired)
		return false;
	if (minute - cell->held < (int32_t)(rule->clear_s / 60)) {
		news->fired = news->still = true;
		return true;
	}
	cell->fired = false;
	return true;
}

static bool
holds(const struct config_rule *rule, const struct rule_news *news)
{
	if (rule->immediate)
		return news->hits > 0;
	return news->hits >= rule->count && (rule->ratio <= 0 ||
	    news->hits >= rule->ratio * news->attempts);
}
