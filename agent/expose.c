#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "expose.h"
#include "utf8.h"

#define PREFIX	"smtpulse_"

static const char *const type_name[][2] = {
#define X(id, text, openmetrics) { text, openmetrics },
	EXPOSE_TYPES(X)
#undef X
};

static struct view	family_name(const struct expose *);
static void	put_name(struct expose *, struct view);
static void	begin_sample(struct expose *, const char *suffix,
		    const struct expose_label *, size_t count);
static void	put_pair(struct expose *, const char *name, struct view value);
static void	put_bucket(struct expose *, const struct expose_label *,
		    size_t count, double bound);
static void	put_exemplar(struct expose *, const struct expose_exemplar *);
static void	put_bound(struct buf *, double);
static size_t	escape_label(uint32_t, char[8]);
static size_t	escape_help(uint32_t, char[8]);

void
expose_begin(struct expose *e, struct buf *out, enum expose_format format)
{
	*e = (struct expose){ .out = out, .format = format };
}

void
expose_family(struct expose *e, const char *name, enum expose_type type,
    const char *unit, const char *help)
{
	bool		open = e->format == EXPOSE_OPENMETRICS;
	struct view	family;

	e->name = name;
	e->type = type;
	family = family_name(e);
	assert(unit == NULL || view_ends(view_of(name), view_of(unit)) ||
	    type == EXPOSE_COUNTER);

	buf_text(e->out, "# HELP ");
	put_name(e, family);
	buf_byte(e->out, ' ');
	buf_escaped(e->out, view_of(help),
	    open ? escape_label : escape_help);
	buf_text(e->out, "\n# TYPE ");
	put_name(e, family);
	buf_byte(e->out, ' ');
	buf_text(e->out, type_name[type][open]);
	buf_byte(e->out, '\n');
	if (!open || unit == NULL)
		return;
	buf_text(e->out, "# UNIT ");
	put_name(e, family);
	buf_byte(e->out, ' ');
	buf_text(e->out, unit);
	buf_byte(e->out, '\n');
}

void
expose_u64(struct expose *e, const struct expose_label *label, size_t count,
    uint64_t value, const struct expose_exemplar *exemplar)
{
	begin_sample(e, "", label, count);
	buf_u64(e->out, value);
	put_exemplar(e, exemplar);
	buf_byte(e->out, '\n');
}

void
expose_double(struct expose *e, const struct expose_label *label,
    size_t count, double value)
{
	begin_sample(e, "", label, count);
	buf_double(e->out, value);
	buf_byte(e->out, '\n');
}

void
expose_histogram(struct expose *e, const struct expose_label *label,
    size_t count, const struct expose_histogram *h)
{
	uint64_t	sum = 0;

	for (size_t i = 0; i <= h->bound_count; i++) {
		sum += h->count[i];
		put_bucket(e, label, count,
		    i < h->bound_count ? h->bound[i] : (double)INFINITY);
		buf_u64(e->out, sum);
		if (h->exemplar != NULL)
			put_exemplar(e, &h->exemplar[i]);
		buf_byte(e->out, '\n');
	}
	begin_sample(e, "_sum", label, count);
	buf_double(e->out, h->sum);
	buf_byte(e->out, '\n');
	begin_sample(e, "_count", label, count);
	buf_u64(e->out, sum);
	buf_byte(e->out, '\n');
}

void
expose_end(struct expose *e)
{
	if (e->format == EXPOSE_OPENMETRICS)
		buf_text(e->out, "# EOF\n");
}

/* OpenMetrics names a family without what its samples end in. */
static struct view
family_name(const struct expose *e)
{
	struct view	name = view_of(e->name);
	struct view	end = VIEW_NONE;

	if (e->type == EXPOSE_COUNTER)
		end = VIEW("_total");
	if (e->type == EXPOSE_INFO)
		end = VIEW("_info");
	assert(view_ends(name, end));
	if (e->format == EXPOSE_OPENMETRICS)
		name.n -= end.n;
	return name;
}

static void
put_name(struct expose *e, struct view name)
{
	if (!view_starts(name, VIEW("process_")))
		buf_text(e->out, PREFIX);
	buf_put(e->out, name);
}

static void
begin_sample(struct expose *e, const char *suffix,
    const struct expose_label *label, size_t count)
{
	put_name(e, view_of(e->name));
	buf_text(e->out, suffix);
	for (size_t i = 0; i < count; i++) {
		buf_byte(e->out, i == 0 ? '{' : ',');
		put_pair(e, label[i].name, label[i].value);
	}
	if (count > 0)
		buf_byte(e->out, '}');
	buf_byte(e->out, ' ');
}

static void
put_pair(struct expose *e, const char *name, struct view value)
{
	buf_text(e->out, name);
	buf_text(e->out, "=\"");
	buf_escaped(e->out, value, escape_label);
	buf_byte(e->out, '"');
}

static void
put_bucket(struct expose *e, const struct expose_label *label, size_t count,
    double bound)
{
	put_name(e, view_of(e->name));
	buf_text(e->out, "_bucket{");
	for (size_t i = 0; i < count; i++) {
		put_pair(e, label[i].name, label[i].value);
		buf_byte(e->out, ',');
	}
	buf_text(e->out, "le=\"");
	put_bound(e->out, bound);
	buf_text(e->out, "\"} ");
}

/* What exceeds the permitted length is cut off the values. */
static void
put_exemplar(struct expose *e, const struct expose_exemplar *x)
{
	size_t		left = EXPOSE_EXEMPLAR_POINTS;
	struct view	value;

	if (x == NULL || x->label == NULL || e->format != EXPOSE_OPENMETRICS)
		return;
	for (size_t i = 0; i < x->label_count; i++)
		left -= strlen(x->label[i].name);
	buf_text(e->out, " # {");
	for (size_t i = 0; i < x->label_count; i++) {
		value = utf8_head(x->label[i].value, left);
		left -= utf8_count(value);
		if (i > 0)
			buf_byte(e->out, ',');
		put_pair(e, x->label[i].name, value);
	}
	buf_text(e->out, "} ");
	buf_double(e->out, x->value);
	buf_byte(e->out, ' ');
	buf_double(e->out, (double)x->time_ms / 1000);
}

/*
 * A bound is a label, so two ways to write one number are two series. This is
 * how Prometheus 3 and OpenMetrics write it: 1.0, 0.25, 1e+06, +Inf.
 */
static void
put_bound(struct buf *out, double bound)
{
	char	text[32];

	if (isinf(bound)) {
		buf_text(out, "+Inf");
		return;
	}
	if (bound >= 1e-4 && bound < 1e6) {
		buf_double(out, bound);
		if (trunc(bound) - bound == 0.0)
			buf_text(out, ".0");
		return;
	}
	for (int digits = 0; digits < 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits, bound);
		if (strtod(text, NULL) - bound == 0.0)
			break;
	}
	buf_text(out, text);
}

static size_t
escape_label(uint32_t point, char out[8])
{
	out[0] = '\\';
	switch (point) {
	case '\\':
	case '"':
		out[1] = (char)point;
		return 2;
	case '\n':
		out[1] = 'n';
		return 2;
	}
	return 0;
}

/* In text 0.0.4 a quote in HELP stands for itself. */
static size_t
escape_help(uint32_t point, char out[8])
{
	return point == '"' ? 0 : escape_label(point, out);
}
