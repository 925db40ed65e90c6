#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "commit.h"
#include "log.h"
#include "provider_numbers.h"

enum { OWN_REGIONS = 8 };

static void	own_regions(struct commit *, struct region *[OWN_REGIONS]);
static int	load(struct commit *, bool damaged);
static void	save(struct commit *);
static void	failed(struct commit *, int64_t mono_ms);
static void	start_anew(struct commit *);

void
commit_join(struct commit *c, const struct commit_member *member)
{
	assert(c->member_count < COMMIT_MEMBERS);
	c->member[c->member_count++] = *member;
}

int
commit_open(struct commit *c, const char *path, char error[CONFIG_ERROR_BYTES])
{
	struct state_opening	how = { .damaged = false };

	if (*path == '\0')
		return EXIT_OK;
	switch (c->state != NULL ? STATE_OK :
	    state_open(&c->state, path, &how)) {
	case STATE_OK:
		break;
	case STATE_BUSY:
		snprintf(error, CONFIG_ERROR_BYTES, "%s", how.error);
		return EXIT_LOCKED;
	case STATE_NEWER:
	case STATE_FAILED:
		snprintf(error, CONFIG_ERROR_BYTES, "%s", how.error);
		return EXIT_FAILED;
	}
	if (how.damaged)
		log_warnx("%s", how.error);
	if (load(c, how.damaged) == -1) {
		snprintf(error, CONFIG_ERROR_BYTES, "cannot read %s: %s",
		    path, state_error(c->state));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

void
commit_close(struct commit *c)
{
	if (c->state != NULL)
		state_close(c->state);
	c->state = NULL;
}

struct state *
commit_hand_over(struct commit *c)
{
	struct state	*state = c->state;

	c->state = NULL;
	return state;
}

int64_t
commit_created(const struct commit *c)
{
	return c->state == NULL ? 0 : state_created(c->state);
}

bool
commit_now(struct commit *c)
{
	struct clock_now	after;
	int64_t			began_us = clock_mono_us();
	size_t			i;
	bool			ok;

	if (c->state == NULL) {
		c->last_ms = clock_read().wall_ms;
		return true;
	}
	if (state_begin(c->state) == 0)
		save(c);
	ok = state_commit(c->state) == 0;
	sources_saved(c->sources, ok);
	for (i = 0; i < c->member_count; i++)
		if (c->member[i].saved != NULL)
			c->member[i].saved(c->member[i].arg, ok);
	after = clock_read();
	commit_time_add(&c->time, clock_mono_us() - began_us);
	if (!ok) {
		failed(c, after.mono_ms);
		return after.mono_ms - c->failing_ms >= COMMIT_PATIENCE_MS;
	}
	if (c->failing_ms != 0)
		log_info("the state is saved again");
	c->failing_ms = 0;
	c->last_ms = after.wall_ms;
	return true;
}

/* Touched at least once, or what init left in it. */
static void
own_regions(struct commit *c, struct region *r[OWN_REGIONS])
{
	struct intake	*in = c->intake;

	r[0] = &in->judge.providers.busy.region;
	r[1] = &in->judge.tenants.region;
	r[2] = &in->judge.hold.region;
	r[3] = correlate_region(in->judge.correlate, 0);
	r[4] = correlate_region(in->judge.correlate, 1);
	r[5] = &in->stats.window.region;
	r[6] = &in->join.region;
	r[7] = &in->judge.providers.domains.store.region;
}

static int
load(struct commit *c, bool damaged)
{
	struct region	*region[OWN_REGIONS];
	uint16_t	 to[PROVIDER_MAX];
	bool		 renumbered;
	size_t		 i;
	int		 rc;

	memcpy(c->intake->judge.key, state_key(c->state),
	    sizeof(c->intake->judge.key));
	own_regions(c, region);
	for (i = 0; i < OWN_REGIONS; i++)
		if (state_load_region(c->state, region[i]) == -1)
			return -1;
	providers_loaded(&c->intake->judge.providers);
	renumbered = provider_numbers_map(c->state,
	    &c->intake->judge.providers, to);
	if (renumbered) {
		window_renumber(&c->intake->stats.window, to);
		correlate_renumber(c->intake->judge.correlate, to);
	}
	providers_renumber(&c->intake->judge.providers, to);
	if (counters_load(c->state, c->intake, c->sources) == -1)
		return -1;
	for (i = 0; i < c->member_count; i++) {
		struct commit_member *m = &c->member[i];

		rc = m->region == NULL || renumbered ? 0 :
		    state_load_region(c->state, m->region);
		if (rc == -1)
			return -1;
		if (m->load != NULL)
			m->load(m->arg, c->state, rc == 1);
	}
	return sources_resume(c->sources, c->state, damaged);
}

static void
save(struct commit *c)
{
	struct region	*region[OWN_REGIONS];
	size_t		 i;

	own_regions(c, region);
	for (i = 0; i < OWN_REGIONS; i++)
		state_region(c->state, region[i]);
	counters_save(c->state, c->intake, c->sources);
	provider_numbers_save(c->state, &c->intake->judge.providers);
	for (i = 0; i < c->member_count; i++) {
		if (c->member[i].region != NULL)
			state_region(c->state, c->member[i].region);
		if (c->member[i].save != NULL)
			c->member[i].save(c->member[i].arg, c->state);
	}
	sources_save(c->sources, c->state);
}

static void
failed(struct commit *c, int64_t mono_ms)
{
	if (c->failing_ms == 0) {
		log_warnx("cannot save the state: %s; counting goes on, "
		    "nothing new is shown for %d seconds",
		    state_error(c->state), COMMIT_PATIENCE_MS / 1000);
		c->failing_ms = mono_ms;
	}
	start_anew(c);
}

/* A state that was removed under us is made again, with all there is. */
static void
start_anew(struct commit *c)
{
	struct region	*region[OWN_REGIONS];
	size_t		 i;

	if (!state_recreate(c->state))
		return;
	own_regions(c, region);
	for (i = 0; i < OWN_REGIONS; i++)
		memset(region[i]->dirty, 1,
		    region[i]->size >> REGION_PAGE_SHIFT);
	for (i = 0; i < c->member_count; i++)
		if (c->member[i].region != NULL)
			memset(c->member[i].region->dirty, 1,
			    c->member[i].region->size >> REGION_PAGE_SHIFT);
}
