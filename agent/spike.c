#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "spike.h"

enum {
	INDEX_MASK = 4 * 1024 - 1,
	IDLE_MIN = 3 * 1440,	/* a series may give up its place after this */
	TOGETHER_MIN = 15,	/* finer after coarser: the same incident */
	SERIES_LEAST = 500	/* the threshold allows for this many */
};

static const double	RECENT_DECAY = 0.98851;	/* half-life an hour */
static const double	FALSE_PER_WEEK = 0.2;	/* over all series, if they
						   were all alike */
static const double	TELLING_LESS = -4, RESTLESS_MORE = 3;	/* nats */
static const struct spike_tuning normal = { 1.8, 4.0 };
static const struct spike_tuning sensitive_tuning = { 1.6, 3.5 };

static void	clear(struct spike_table *);
static void	build_index(struct spike *);
static uint16_t	find(const struct spike *, const struct spike_key *,
		    size_t *at);
static uint16_t	claim(struct spike *, const struct spike_key *);
static void	retire(struct spike_slot *);
static uint16_t	oldest_idle(const struct spike_table *);
static uint16_t	add(struct spike *, const struct spike_key *, uint32_t,
		    uint64_t message);
static bool	is_telling(const struct spike_key *);
static enum spike_change judge(struct spike *, struct spike_slot *,
		    int32_t minute);
static size_t	speak(struct spike *, int32_t minute, struct spike_news *,
		    size_t count);
static bool	belongs(const struct spike_table *, uint16_t at,
		    int32_t minute);
static void	remember(struct spike_table *, int32_t minute);
static int	by_level(const void *, const void *, void *);

int
spike_init(struct spike *sp, bool sensitive)
{
	memset(sp, 0, sizeof(*sp));
	if (region_init(&sp->region, "spike", 3,
	    sizeof(struct spike_table)) == -1)
		return -1;
	sp->table = (struct spike_table *)(void *)sp->region.base;
	sp->tuning = sensitive ? sensitive_tuning : normal;
	clear(sp->table);
	return 0;
}

void
spike_fini(struct spike *sp)
{
	region_fini(&sp->region);
	sp->table = NULL;
}

bool
spike_restore(struct spike *sp)
{
	struct spike_table	*tab = sp->table;
	bool			 sound = tab->count <= SPIKE_CAP;
	uint32_t		 i;

	for (i = 0; sound && i < tab->count; i++)
		sound = tab->slot[i].key.provider <= PROVIDER_MAX &&
		    tab->slot[i].key.class < CLASS_COUNT &&
		    tab->slot[i].key.reason < REASON_COUNT;
	if (!sound) {
		memset(sp->region.base, 0, sp->region.size);
		clear(tab);
	}
	build_index(sp);
	return sound;
}

void
spike_attempts(struct spike *sp, uint16_t provider, uint32_t count)
{
	struct spike_history	*h = &sp->table->provider[provider];

	h->now += count;
	region_touch(&sp->region, h, sizeof(*h));
}

uint16_t
spike_failures(struct spike *sp, const struct spike_key *key, uint32_t count,
    uint64_t message)
{
	struct spike_key	class = { .provider = key->provider,
				    .class = key->class };

	add(sp, &class, count, message);
	return add(sp, key, count, message);
}

void
spike_held(struct spike *sp, uint16_t provider)
{
	struct spike_history	*h = &sp->table->provider[provider];

	h->held = true;
	region_touch(&sp->region, h, sizeof(*h));
}

void
spike_forget(struct spike *sp, uint16_t provider)
{
	struct spike_table	*tab = sp->table;
	struct spike_history	*h = &tab->provider[provider];
	uint32_t		 i;

	*h = (struct spike_history){ .born = -1 };
	for (i = 0; i < tab->count; i++)
		if (tab->slot[i].key.provider == provider)
			retire(&tab->slot[i]);
	build_index(sp);
	region_touch(&sp->region, tab, sizeof(*tab));
}

size_t
spike_tick(struct spike *sp, int32_t minute,
    struct spike_news news[SPIKE_NEWS_MAX])
{
	struct spike_table	*tab = sp->table;
	size_t			 count = 0;
	uint32_t		 i;

	for (i = 0; i < tab->count; i++) {
		enum spike_change change;

		change = judge(sp, &tab->slot[i], minute);
		if (change != SPIKE_SAME && count < SPIKE_NEWS_MAX)
			news[count++] = (struct spike_news){ change,
			    (uint16_t)i };
	}
	remember(tab, minute);
	tab->minute = minute;
	region_touch(&sp->region, tab, offsetof(struct spike_table, slot));
	qsort_r(news, count, sizeof(*news), by_level, tab);
	return speak(sp, minute, news, count);
}

/*
 * The budget of false alarms is not shared evenly: failures that do not
 * happen by themselves get most of it, and are told sooner.
 */
double
spike_threshold(const struct spike *sp, const struct spike_key *key)
{
	uint32_t	live = sp->table->count;

	if (live < SERIES_LEAST)
		live = SERIES_LEAST;
	return log(live * SPIKE_ARMS * 10080.0 / FALSE_PER_WEEK) +
	    (is_telling(key) ? TELLING_LESS : RESTLESS_MORE);
}

double
spike_recent(const struct spike *sp, uint16_t provider)
{
	return sp->table->provider[provider].recent * (1 - RECENT_DECAY);
}

static void
clear(struct spike_table *tab)
{
	int	i;

	tab->minute = -1;
	for (i = 0; i < PROVIDER_MAX; i++)
		tab->provider[i].born = -1;
}

static void
build_index(struct spike *sp)
{
	size_t		at = 0;
	uint32_t	i;

	memset(sp->index, 0, sizeof(sp->index));
	for (i = 0; i < sp->table->count; i++)
		if (find(sp, &sp->table->slot[i].key, &at) == SPIKE_NO_SLOT)
			sp->index[at] = (uint16_t)(i + 1);
}

/* The key's slot; else none, and where in the index it would stand. */
static uint16_t
find(const struct spike *sp, const struct spike_key *key, size_t *at)
{
	size_t	i = spike_key_hash(key) & INDEX_MASK;

	while (sp->index[i] != 0) {
		uint16_t	slot = (uint16_t)(sp->index[i] - 1);

		if (spike_key_eq(&sp->table->slot[slot].key, key))
			return slot;
		i = (i + 1) & INDEX_MASK;
	}
	*at = i;
	return SPIKE_NO_SLOT;
}

static uint16_t
claim(struct spike *sp, const struct spike_key *key)
{
	struct spike_table	*tab = sp->table;
	struct spike_history	*h = &tab->provider[key->provider];
	struct spike_slot	*slot;
	size_t			 at;
	uint16_t		 i = find(sp, key, &at);
	int32_t			 now = tab->minute + 1;

	if (i != SPIKE_NO_SLOT)
		return i;
	i = (uint16_t)tab->count;
	if (tab->count == SPIKE_CAP) {
		i = oldest_idle(tab);
		if (i == SPIKE_NO_SLOT)
			return i;
	} else
		tab->count++;
	slot = &tab->slot[i];
	memset(slot, 0, sizeof(*slot));
	slot->key = *key;
	slot->raised = -1;
	spike_series_init(&slot->series, now, h->born == -1 ? now : h->born,
	    &sp->tuning);
	spike_series_inherit(&slot->series, h->attempts, h->hour_attempts);
	build_index(sp);
	region_touch(&sp->region, tab, sizeof(tab->minute));
	return i;
}

/* Its place is free for the next who needs one. */
static void
retire(struct spike_slot *slot)
{
	memset(slot, 0, sizeof(*slot));
	slot->key.provider = PROVIDER_MAX;
	slot->series.on = slot->series.cleared = -1;
	slot->series.fail = slot->raised = -1;
}

static uint16_t
oldest_idle(const struct spike_table *tab)
{
	uint16_t	i, oldest = SPIKE_NO_SLOT;
	int32_t		fail = tab->minute - IDLE_MIN;

	for (i = 0; i < SPIKE_CAP; i++) {
		const struct spike_slot *slot = &tab->slot[i];

		if (slot->series.on == -1 && slot->failures == 0 &&
		    slot->series.fail < fail) {
			fail = slot->series.fail;
			oldest = i;
		}
	}
	return oldest;
}

static uint16_t
add(struct spike *sp, const struct spike_key *key, uint32_t count,
    uint64_t message)
{
	uint16_t		 i = claim(sp, key);
	struct spike_slot	*slot;

	if (i == SPIKE_NO_SLOT) {
		sp->table->overflow += count;
		return SPIKE_NO_SLOT;
	}
	slot = &sp->table->slot[i];
	if (message == 0 || (slot->message != 0 && slot->message != message))
		slot->several = true;
	slot->message = message;
	slot->failures += count;
	region_touch(&sp->region, slot, sizeof(*slot));
	return i;
}

/* Lists with dead addresses and greylisting make waves of their own. */
static bool
is_telling(const struct spike_key *key)
{
	switch (key->reason) {
	case REASON_RATE_LIMIT:
	case REASON_REPUTATION:
	case REASON_AUTH_FAIL:
	case REASON_BAD_SENDER:
	case REASON_LOGIN:
	case REASON_POLICY:
	case REASON_PROTOCOL:
	case REASON_TLS:
	case REASON_NETWORK:
	case REASON_SERVER_ERROR:
		return true;
	default:
		return false;
	}
}

/* Minutes without traffic cost nothing, unless an alert is open. */
static enum spike_change
judge(struct spike *sp, struct spike_slot *slot, int32_t minute)
{
	const struct spike_history *h;
	struct spike_input	 in = {
		.minute = minute, .failures = slot->failures,
		.message = slot->message, .several = slot->several,
		.telling = is_telling(&slot->key)
	};

	if (slot->key.provider == PROVIDER_MAX)
		return SPIKE_SAME;
	h = &sp->table->provider[slot->key.provider];
	in.attempts = h->now;
	in.held = h->held;
	in.threshold = spike_threshold(sp, &slot->key);
	if (in.attempts == 0 && slot->series.on == -1)
		return SPIKE_SAME;
	slot->failures = 0;
	slot->message = 0;
	slot->several = false;
	region_touch(&sp->region, slot, sizeof(*slot));
	return spike_series_minute(&slot->series, &sp->tuning, &in);
}

/* Keep the news that are one's own; finer series have their say first. */
static size_t
speak(struct spike *sp, int32_t minute, struct spike_news *news, size_t count)
{
	size_t	i, kept = 0;

	for (i = 0; i < count; i++) {
		struct spike_slot *slot = &sp->table->slot[news[i].slot];

		if (news[i].change == SPIKE_REOPENED && !slot->shown)
			news[i].change = SPIKE_RAISED;
		if (news[i].change == SPIKE_RAISED) {
			slot->shown = !belongs(sp->table, news[i].slot,
			    minute);
			slot->raised = minute;
			slot->raises += slot->shown;
			sp->table->raised += slot->shown;
		}
		if (slot->shown)
			news[kept++] = news[i];
	}
	return kept;
}

/* Is the rise another level of an alert that is open? */
static bool
belongs(const struct spike_table *tab, uint16_t at, int32_t minute)
{
	const struct spike_key	*key = &tab->slot[at].key, *other;
	uint32_t		 i;

	for (i = 0; i < tab->count; i++) {
		const struct spike_slot *o = &tab->slot[i];

		other = &o->key;
		if (i == at || !o->shown || o->series.on == -1 ||
		    other->provider != key->provider ||
		    other->class != key->class)
			continue;
		if (spike_key_is_class(key) || (spike_key_is_class(other) &&
		    minute - o->raised <= TOGETHER_MIN))
			return true;
	}
	return false;
}

static void
remember(struct spike_table *tab, int32_t minute)
{
	int	i;

	for (i = 0; i < PROVIDER_MAX; i++) {
		struct spike_history *h = &tab->provider[i];

		h->held = false;
		h->recent = h->recent * RECENT_DECAY + h->now;
		if (h->now == 0)
			continue;
		if (h->born == -1)
			h->born = minute;
		h->attempts += h->now;
		h->hour_attempts[minute / 60 % SPIKE_HOURS] += (float)h->now;
		h->now = 0;
	}
}

/* Finer series first, then by provider and class: a stable order. */
static int
by_level(const void *a, const void *b, void *table)
{
	const struct spike_table *tab = table;
	const struct spike_news	*x = a, *y = b;
	const struct spike_key	*k = &tab->slot[x->slot].key;
	const struct spike_key	*l = &tab->slot[y->slot].key;

	if (spike_key_is_class(k) != spike_key_is_class(l))
		return spike_key_is_class(k) - spike_key_is_class(l);
	if (k->provider != l->provider)
		return k->provider - l->provider;
	return x->slot - y->slot;
}
