#include "reason.h"
#include "reason_rules.h"

static const struct {
	const char	*name, *help;
	enum action	 on_5xx, on_4xx;
} reasons[REASON_COUNT] = {
#define X(id, name, a5, a4, help)					\
	[REASON_##id] = { name, help, ACTION_##a5, ACTION_##a4 },
	REASONS(X)
#undef X
};

static const char *const actions[ACTION_COUNT] = {
#define X(id, name) [ACTION_##id] = name,
	ACTIONS(X)
#undef X
};

static void	decide(struct diagnosis *, enum reason, const char *rule);

const char *
reason_name(enum reason r)
{
	return reasons[r].name;
}

const char *
reason_help(enum reason r)
{
	return reasons[r].help;
}

int
reason_by_name(struct view name)
{
	int	i;

	for (i = 0; i < REASON_COUNT; i++)
		if (view_eq(view_of(reasons[i].name), name))
			return i;
	return -1;
}

const char *
action_name(enum action a)
{
	return actions[a];
}

/* Without a class the MTA goes on trying: as for 4xx. */
enum action
reason_action(enum reason r, enum reply_class class)
{
	return class == CLASS_5XX ? reasons[r].on_5xx : reasons[r].on_4xx;
}

void
reason_diagnose(const struct reply *reply, enum provider_id provider,
    struct view text, struct diagnosis *out)
{
	const struct reason_code_rule	*code;
	const struct reason_basic_rule	*basic;

	(void)text;
	*out = (struct diagnosis){ .reason = REASON_UNKNOWN };
	code = reason_code_find(reply, provider);
	basic = reason_basic_find(reply->code, provider);
	if (code != NULL)
		decide(out, code->reason, code->name);
	else if (basic != NULL)
		decide(out, basic->reason, basic->name);
	else
		decide(out, REASON_UNKNOWN, "nothing-said");
	out->action = reason_action(out->reason, reply_class_of(reply));
}

static void
decide(struct diagnosis *out, enum reason reason, const char *rule)
{
	out->reason = reason;
	out->rule = rule;
}
