#include "reason.h"

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

/* Suppress and the fixes are for good, the rest may pass. */
bool
reason_disagrees(enum reason r, enum reply_class class)
{
	switch (reasons[r].on_5xx) {
	case ACTION_RESEND_LATER:
	case ACTION_SLOW_DOWN:
		return class == CLASS_5XX;
	case ACTION_SUPPRESS:
	case ACTION_FIX_MESSAGE:
		return class == CLASS_4XX;
	case ACTION_NONE:
	case ACTION_RETRY:
	case ACTION_FIX_AUTH:
	case ACTION_FIX_CONFIG:
	case ACTION_CHECK_BLOCKLIST:
	case ACTION_INVESTIGATE:
	case ACTION_COUNT:
		return false;
	}
	return false;
}
