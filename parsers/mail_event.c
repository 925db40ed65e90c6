/*
 * mail_event - names of its kinds, and the way through its recipients.
 */
#include "mail_event.h"

static const char	*const mtas[] = {
#define X(id, name) name,
	MTAS(X)
#undef X
	"auto"
};

static const char	*const kinds[] = {
#define X(id, name) name,
	EVENT_KINDS(X)
#undef X
};

static const char	*const outcomes[] = {
#define X(id, name) name,
	OUTCOMES(X)
#undef X
};

static const char	*const stages[] = {
#define X(id, name) name,
	STAGES(X)
#undef X
};

static size_t	address_end(struct view);

const char *
mta_name(enum mta mta)
{
	return mtas[mta];
}

const char *
event_kind_name(enum event_kind kind)
{
	return kinds[kind];
}

const char *
outcome_name(enum outcome outcome)
{
	return outcomes[outcome];
}

const char *
stage_name(enum stage stage)
{
	return stages[stage];
}

bool
recipient_next(const struct mail_event *ev, struct view *rest,
    struct view *address)
{
	size_t	end;

	if (rest->n == 0)
		return false;
	/* one address is bare and may hold anything, a comma too */
	end = ev->recipient_count == 1 ? rest->n : address_end(*rest);
	*address = (struct view){ rest->p, end };
	view_advance(rest, end);
	view_skip_byte(rest, ',');
	if (ev->recipient_count == 1)
		return true;
	*address = view_trim(*address);
	if (address->n >= 2 && *address->p == '<' &&
	    address->p[address->n - 1] == '>')
		*address = view_sub(*address, 1, address->n - 2);
	return true;
}

/* Position of the comma behind the first address of a list. */
static size_t
address_end(struct view list)
{
	bool	quoted = false, angle = false;
	size_t	i;

	for (i = 0; i < list.n; i++) {
		char c = list.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '<')
			angle = true;
		else if (c == '>')
			angle = false;
		else if (c == ',' && !angle)
			break;
	}
	return i < list.n ? i : list.n;
}
