#include "negotiate.h"

enum { QUALITY_MAX = 1000 };

/* How exactly a range names the text format: a star says least. */
enum { RANK_NONE, RANK_ANY, RANK_TEXT, RANK_PLAIN, RANK_VERSION };

static bool	cut(struct view *rest, char separator, struct view *out);
static void	read_range(struct accept *, struct view);
static int	rank_text(struct view type, struct view version);
static void	read_parameters(struct view, int64_t *quality,
		    struct view *version);
static struct view unquote(struct view);

void
accept_init(struct accept *a)
{
	*a = (struct accept){ .openmetrics = -1, .text = -1 };
}

void
accept_read(struct accept *a, struct view header)
{
	struct view	range;

	while (cut(&header, ',', &range))
		read_range(a, range);
}

/* OpenMetrics only for those who name it: a browser's star means text. */
enum expose_format
accept_format(const struct accept *a)
{
	return a->openmetrics > 0 && a->openmetrics >= a->text ?
	    EXPOSE_OPENMETRICS : EXPOSE_TEXT;
}

void
accept_encoding_init(struct accept_encoding *a)
{
	*a = (struct accept_encoding){ -1, -1, -1 };
}

void
accept_encoding_read(struct accept_encoding *a, struct view header)
{
	struct view	coding, name, version;
	int64_t		quality;

	while (cut(&header, ',', &coding)) {
		if (!cut(&coding, ';', &name))
			continue;
		name = view_trim(name);
		read_parameters(coding, &quality, &version);
		if (view_eq_nocase(name, VIEW("gzip")) ||
		    view_eq_nocase(name, VIEW("x-gzip")))
			a->gzip = quality;
		else if (view_eq_nocase(name, VIEW("identity")))
			a->identity = quality;
		else if (view_eq(name, VIEW("*")))
			a->any = quality;
	}
}

bool
accept_encoding_gzip(const struct accept_encoding *a)
{
	int64_t	gzip = a->gzip == -1 ? a->any : a->gzip;

	return gzip > 0 && gzip >= a->identity;
}

/* The part before the next separator that is not inside quotes. */
static bool
cut(struct view *rest, char separator, struct view *out)
{
	bool	quoted = false;
	size_t	i;

	if (rest->n == 0)
		return false;
	for (i = 0; i < rest->n; i++) {
		if (rest->p[i] == '\\' && quoted && i + 1 < rest->n)
			i++;
		else if (rest->p[i] == '"')
			quoted = !quoted;
		else if (rest->p[i] == separator && !quoted)
			break;
	}
	*out = view_sub(*rest, 0, i);
	view_advance(rest, i + 1);
	return true;
}

static void
read_range(struct accept *a, struct view range)
{
	struct view	type, version;
	int64_t		quality;
	int		rank;

	if (!cut(&range, ';', &type))
		return;
	type = view_trim(type);
	read_parameters(range, &quality, &version);
	if (view_eq_nocase(type, VIEW("application/openmetrics-text"))) {
		if ((version.n == 0 || view_eq(version, VIEW("1.0.0"))) &&
		    quality > a->openmetrics)
			a->openmetrics = quality;
		return;
	}
	rank = rank_text(type, version);
	if (rank < a->text_rank || rank == RANK_NONE)
		return;
	if (rank > a->text_rank || quality > a->text)
		a->text = quality;
	a->text_rank = rank;
}

static int
rank_text(struct view type, struct view version)
{
	if (view_eq(type, VIEW("*/*")))
		return RANK_ANY;
	if (view_eq_nocase(type, VIEW("text/*")))
		return RANK_TEXT;
	if (!view_eq_nocase(type, VIEW("text/plain")))
		return RANK_NONE;
	if (version.n == 0)
		return RANK_PLAIN;
	return view_eq(version, VIEW("0.0.4")) ? RANK_VERSION : RANK_NONE;
}

static void
read_parameters(struct view rest, int64_t *quality, struct view *version)
{
	struct view	parameter, name;
	int64_t		q;

	*quality = QUALITY_MAX;
	*version = VIEW_NONE;
	while (cut(&rest, ';', &parameter)) {
		if (!view_cut(&parameter, '=', &name))
			continue;
		name = view_trim(name);
		parameter = unquote(view_trim(parameter));
		if (view_eq_nocase(name, VIEW("version")))
			*version = parameter;
		if (!view_eq_nocase(name, VIEW("q")))
			continue;
		/* what is no quality cannot be the reason to prefer it */
		if (!view_take_milli(&parameter, &q) || q > QUALITY_MAX)
			q = 0;
		*quality = q;
	}
}

static struct view
unquote(struct view v)
{
	if (v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"')
		return view_sub(v, 1, v.n - 2);
	return v;
}
