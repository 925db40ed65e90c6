#include "suppress_spike.h"

static bool	is_about_people(enum reason);
static void	by_series(const struct spike *, int64_t onset[PROVIDER_MAX]);
static void	by_incidents(const struct alerts *,
		    int64_t onset[PROVIDER_MAX]);
static void	since(int64_t onset[PROVIDER_MAX], uint16_t provider,
		    int64_t then);

void
suppress_spike_minute(struct suppress *s, const struct alerts *a)
{
	int64_t		onset[PROVIDER_MAX] = { 0 };	/* 0: no spike */
	uint16_t	p;

	by_series(&a->spike, onset);
	by_incidents(a, onset);
	for (p = PROVIDER_OTHER + 1; p < PROVIDER_MAX; p++) {
		if (onset[p] != 0)
			suppress_pause(s, p, onset[p]);
		else
			suppress_resume(s, p);
	}
}

static bool
is_about_people(enum reason reason)
{
	return reason == REASON_BAD_RECIPIENT ||
	    reason == REASON_INACTIVE_RECIPIENT || reason == REASON_BAD_DOMAIN;
}

static void
by_series(const struct spike *spike, int64_t onset[PROVIDER_MAX])
{
	uint32_t	i;

	for (i = 0; i < spike->table->count; i++) {
		const struct spike_slot	*slot = &spike->table->slot[i];

		if (slot->series.on != -1 &&
		    is_about_people((enum reason)slot->key.reason))
			since(onset, slot->key.provider,
			    60 * (int64_t)spike_series_onset(&slot->series,
			    spike_threshold(spike, &slot->key)));
	}
}

/* A class that rose as a whole, and an incident of several providers. */
static void
by_incidents(const struct alerts *a, int64_t onset[PROVIDER_MAX])
{
	const struct incident	*i;
	size_t			 at = 0;
	uint16_t		 p;

	while ((i = alerts_next(a, &at, INT64_MAX)) != NULL) {
		if (i->silence || !is_about_people(incident_reason(i)))
			continue;
		for (p = 0; p < PROVIDER_MAX; p++)
			if (alert_concerns(a, i, p))
				since(onset, p, i->onset);
	}
}

static void
since(int64_t onset[PROVIDER_MAX], uint16_t provider, int64_t then)
{
	if (onset[provider] == 0 || then < onset[provider])
		onset[provider] = then;
}
