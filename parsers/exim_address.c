/*
 * exim_address - who a delivery line is about.
 *
 * Exim shows the local part without its quotes, so an address may hold blanks
 * and whatever looks like fields; then its quoted form follows in <>, and the
 * two can be held against each other. Nothing else in a line tells where such
 * an address ends.
 */
#include "exim.h"

static bool	take_local(struct view *, struct exim_address *);
static bool	take_discarded(struct view *, struct exim_address *);
static size_t	quoted_twin(struct view);
static bool	is_twin(struct view shown, struct view quoted);
static bool	ends_here(struct view);
static bool	take_rest(struct view *, struct exim_address *);

bool
exim_address_take(struct view *v, struct exim_address *out)
{
	size_t	at;

	*out = (struct exim_address){ 0 };
	if (v->n == 0)
		return false;
	if (*v->p == '|' || *v->p == '/' || *v->p == '>' ||
	    view_starts(*v, VIEW("save ")))
		return take_local(v, out);
	if (take_discarded(v, out))
		return true;
	at = quoted_twin(*v);
	if (at == 0) {
		struct view rest = *v, local;

		/* where the address is not split yet, its quotes are there */
		if (*v->p == '"' && exim_quoted_take(&rest, &local))
			at = v->n - rest.n;
		at = view_find(*v, ' ', at);
		if (at > 1 && v->p[at - 1] == ':')
			at--;
		while (at < v->n && !ends_here(view_sub(*v, at, v->n)))
			at = view_find(*v, ' ', at + 1);
	}
	out->shown = view_sub(*v, 0, at);
	view_advance(v, at);
	return at > 0 && take_rest(v, out);
}

/* A pipe, file or reply: all up to the original address, which always is. */
static bool
take_local(struct view *v, struct exim_address *out)
{
	size_t	at = 0;

	out->local = true;
	for (;;) {
		struct view rest;

		at = view_find(*v, ' ', at + 1);
		if (at == v->n)
			return false;
		rest = view_sub(*v, at, v->n);
		if (!view_starts(rest, VIEW(" <")) &&
		    !view_starts(rest, VIEW(" (")))
			continue;
		out->shown = view_sub(*v, 0, at);
		if (take_rest(&rest, out) && (rest.n == 0 ||
		    exim_field_follows(rest) || ends_here(rest))) {
			*v = rest;
			return true;
		}
	}
}

/* What Exim writes in the place of an address when it throws mail away. */
static bool
take_discarded(struct view *v, struct exim_address *out)
{
	static const struct view words[] = {
		VIEW(":blackhole:"), VIEW("discarded"), VIEW("blackhole")
	};
	size_t	i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct view rest = *v;

		if (!view_skip(&rest, words[i]) ||
		    (!view_starts(rest, VIEW(" <")) &&
		    !view_starts(rest, VIEW(" ("))))
			continue;
		out->local = true;
		out->shown = view_sub(*v, 0, words[i].n);
		if (!take_rest(&rest, out))
			return false;
		*v = rest;
		return true;
	}
	return false;
}

/*
 * Length of the shown address if its quoted form follows it in <>, else 0. The
 * last place where the two agree is the right one: what an address holds lies
 * inside it.
 */
static size_t
quoted_twin(struct view v)
{
	size_t	at, found = 0;

	for (at = view_find(v, '"', 0); at < v.n;
	    at = view_find(v, '"', at + 1))
		if (at > 2 && v.p[at - 1] == '<' && v.p[at - 2] == ' ' &&
		    is_twin(view_sub(v, 0, at - 2), view_sub(v, at, v.n)))
			found = at - 2;
	return found;
}

/* Is quoted, from its first quote, the quoted form of shown? */
static bool
is_twin(struct view shown, struct view quoted)
{
	struct view	a, b;
	size_t		at = 1, n = 0;

	while (at < quoted.n && quoted.p[at] != '"') {
		if (quoted.p[at] == '\\')
			at++;
		if (at >= quoted.n || n >= shown.n)
			return false;
		a = view_sub(quoted, at++, 1);
		b = view_sub(shown, n++, 1);
		if (!view_eq_nocase(a, b))
			return false;
	}
	a = view_sub(quoted, at + 1, quoted.n);
	b = view_sub(shown, n, shown.n);
	return b.n > 0 && a.n > b.n && *b.p == '@' && a.p[b.n] == '>' &&
	    view_starts_nocase(a, b);
}

/* Does what follows an address begin here? */
static bool
ends_here(struct view v)
{
	return view_starts(v, VIEW(": ")) || view_starts(v, VIEW(" <")) ||
	    view_starts(v, VIEW(" (")) || view_starts(v, VIEW(" defer (")) ||
	    view_starts(v, VIEW(" routing defer (")) || exim_field_follows(v);
}

/* " (parents)" and " <original>" */
static bool
take_rest(struct view *v, struct exim_address *out)
{
	if (view_starts(*v, VIEW(" ("))) {
		size_t at = view_find(*v, ')', 0);

		if (at == v->n)
			return false;
		view_advance(v, at + 1);
	}
	if (view_starts(*v, VIEW(" <"))) {
		view_advance(v, 1);
		return exim_angle_take(v, &out->original);
	}
	return true;
}
