/*
 * spike_counts - the agent's detector on the simulator's counts.
 *
 * stdin: sim.py counts (EPOCH, PROVIDER, CODE, DSN, REASON, COUNT). stdout:
 * one JSON line for each alert that fires and for each that is resolved.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spike.h"

static const struct {
	const char	*name;
	enum reason	 reason;
} reasons[] = {
	{ "rate_limit", REASON_RATE_LIMIT },
	{ "user_unknown", REASON_BAD_RECIPIENT },
	{ "auth", REASON_AUTH_FAIL },
	{ "mailbox_full", REASON_MAILBOX_FULL },
	{ "blocklist", REASON_REPUTATION },
	{ "connection", REASON_NETWORK },
	{ "greylist", REASON_GREYLIST },
	{ "policy", REASON_POLICY }
};

struct names {
	char	name[PROVIDER_MAX][64];
	int	count;
};

struct ids {
	uint32_t	of_slot[SPIKE_CAP];
	uint32_t	last;
};

static uint16_t
name_id(struct names *names, const char *name)
{
	int	i;

	for (i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return (uint16_t)i;
	if (names->count == PROVIDER_MAX)
		exit(1);
	snprintf(names->name[i], sizeof(names->name[i]), "%s", name);
	names->count++;
	return (uint16_t)i;
}

static uint8_t
reason_id(const char *name)
{
	size_t	i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(reasons[i].name, name) == 0)
			return (uint8_t)reasons[i].reason;
	return REASON_UNKNOWN;
}

static const char *
reason_text(uint8_t reason)
{
	size_t	i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].reason == reason)
			return reasons[i].name;
	return "unknown";
}

static void
count_line(struct spike *sp, struct names *names, char *field[6])
{
	struct spike_key	key = { 0 };
	unsigned		c, s, d;
	uint32_t		n = (uint32_t)strtoul(field[5], NULL, 10);

	key.provider = name_id(names, field[1]);
	spike_attempts(sp, key.provider, n);
	if (strcmp(field[2], "250") == 0)
		return;
	key.code = (uint16_t)strtoul(field[2], NULL, 10);
	if (sscanf(field[3], "%u.%u.%u", &c, &s, &d) == 3)
		key.enhanced = (struct enhanced){ (uint8_t)c, (uint16_t)s,
		    (uint16_t)d };
	key.class = key.code / 100 == 5 ? CLASS_5XX : CLASS_4XX;
	key.reason = reason_id(field[4]);
	spike_failures(sp, &key, n, 0);
}

static void
print_alert(const struct spike *sp, const struct names *names,
    const char *world, uint32_t id, const struct spike_news *news, int32_t t)
{
	const struct spike_slot	*slot = &sp->table->slot[news->slot];
	const struct spike_series *s = &slot->series;
	const struct spike_arm	*arm = spike_series_oldest(s);
	const struct enhanced	*e = &slot->key.enhanced;
	bool			 off = news->change == SPIKE_CLEARED;

	printf("{\"world\":\"%s\",\"id\":\"%s-%" PRIu32 "\",\"state\":\"%s\","
	    "\"at\":%" PRId64 ",\"cleared_at\":", world, world, id,
	    off ? "resolved" : "firing", (int64_t)60 * (t + 1));
	if (off)
		printf("%" PRId64, (int64_t)60 * (t + 1));
	else
		printf("null");
	printf(",\"onset\":%" PRId64 ",\"provider\":\"%s\",\"class\":\"%s\"",
	    (int64_t)60 * spike_series_onset(s,
	    spike_threshold(sp, &slot->key)), names->name[slot->key.provider],
	    slot->key.class == CLASS_5XX ? "5xx" : "4xx");
	if (slot->key.code != 0)
		printf(",\"code\":\"%u\"", slot->key.code);
	else
		printf(",\"code\":null");
	if (e->class != 0)
		printf(",\"enhanced\":\"%u.%u.%u\"", e->class, e->subject,
		    e->detail);
	else
		printf(",\"enhanced\":null");
	if (slot->key.reason != REASON_NONE)
		printf(",\"reason\":\"%s\"", reason_text(slot->key.reason));
	else
		printf(",\"reason\":null");
	printf(",\"count\":%" PRIu32 ",\"baseline_rate\":%.6f,\"score\":%.1f,"
	    "\"threshold\":%.1f}\n", arm->count,
	    spike_series_baseline(s, t), spike_series_score(s),
	    spike_threshold(sp, &slot->key));
}

static void
close_minute(struct spike *sp, const struct names *names, const char *world,
    struct ids *ids, int32_t t)
{
	struct spike_news	news[SPIKE_NEWS_MAX];
	size_t			i, count = spike_tick(sp, t, news);

	for (i = 0; i < count; i++) {
		uint32_t	*id = &ids->of_slot[news[i].slot];

		if (news[i].change == SPIKE_RAISED)
			*id = ++ids->last;
		print_alert(sp, names, world, *id, &news[i], t);
	}
}

int
main(int argc, char **argv)
{
	static struct spike	 spike;
	static struct names	 names;
	static struct ids	 ids;
	static const struct option options[] = {
		{ "world", required_argument, NULL, 'w' },
		{ "sensitive", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 }
	};
	const char		*world = "w00";
	char			 line[512], *field[6], *save;
	int32_t			 open = -1, t;
	bool			 sensitive = false;
	int			 c, i;

	while ((c = getopt_long(argc, argv, "w:s", options, NULL)) != -1) {
		if (c == 'w')
			world = optarg;
		else if (c == 's')
			sensitive = true;
		else
			return 2;
	}
	if (spike_init(&spike, sensitive) == -1)
		return 1;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		for (i = 0; i < 6; i++) {
			field[i] = strtok_r(i == 0 ? line : NULL, "\t\n", &save);
			if (field[i] == NULL)
				return 1;
		}
		t = (int32_t)(strtoll(field[0], NULL, 10) / 60);
		if (open == -1)
			spike.table->minute = t - 1;
		for (; open != -1 && open < t; open++)
			close_minute(&spike, &names, world, &ids, open);
		open = t;
		count_line(&spike, &names, field);
	}
	if (open != -1)
		close_minute(&spike, &names, world, &ids, open);
	spike_fini(&spike);
	return 0;
}
