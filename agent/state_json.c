#include <string.h>

#include "alert_json.h"
#include "gap.h"
#include "notify_keep.h"
#include "state_file.h"
#include "state_json.h"
#include "state_look.h"
#include "state_note.h"
#include "suppress_keep.h"

enum { BUF_BYTES = 1 << 20, FAMILIES = 64, NAME_BYTES = 64 };

struct families {
	char		name[FAMILIES][NAME_BYTES];
	uint64_t	rows[FAMILIES];
	size_t		count;
};

static void	put_head(struct state_json *);
static void	put_region(void *arg, const char *name, uint32_t version,
		    uint64_t bytes, uint64_t pages);
static void	put_file(void *arg, const struct state_file *);
static void	put_identity(struct buf *, const struct state_file *);
static void	put_gap(void *arg, const char *family, const char *labels,
		    uint64_t value);
static int	put_counters(struct state_json *);
static void	put_counter(void *arg, const char *family, const char *labels,
		    uint64_t value);
static void	count_counter(void *arg, const char *family,
		    const char *labels, uint64_t value);
static int	put_notifications(struct state_json *);
static void	put_notification(void *arg, const char *id, struct view body);
static int	put_suppressions(struct state_json *);
static void	put_suppression(void *arg, const char *id, struct view body);
static void	count_note(void *arg, const char *id, struct view body);
static void	list(struct state_json *, const char *name);

int
state_json(struct state_json *j)
{
	struct buf	*b = &j->buf;
	int		 rc = state_json_load(j);

	buf_init(b, BUF_BYTES);
	if (rc == 0) {
		put_head(j);
		list(j, "regions");
		rc = state_each_region(j->state, put_region, j);
	}
	if (rc == 0) {
		buf_text(b, "],\n");
		list(j, "files");
		rc = state_each_file(j->state, put_file, j);
	}
	if (rc == 0) {
		buf_text(b, "],\n");
		list(j, "gaps");
		rc = state_each_counter(j->state, put_gap, j);
	}
	if (rc == 0) {
		buf_text(b, "],\n");
		rc = put_counters(j);
	}
	if (rc == 0) {
		state_json_tables(j);
		rc = put_notifications(j);
	}
	if (rc == 0)
		rc = put_suppressions(j);
	if (rc == 0)
		buf_text(b, "}\n");
	state_json_flush(j);
	buf_fini(b);
	return rc == -1 || fflush(j->out) == EOF ? -1 : 0;
}

static void
put_head(struct state_json *j)
{
	struct buf	*b = &j->buf;
	long		 holder = state_holder(j->path);

	buf_text(b, "{\"path\":");
	buf_json_string(b, view_of(j->path));
	buf_printf(b, ",\"version\":%d,\"sound\":true,\"bytes\":%lld,"
	    "\"created\":", STATE_VERSION,
	    (long long)state_bytes(j->state));
	state_json_time(b, state_created(j->state));
	buf_text(b, ",\"log_time\":");
	state_json_time(b, j->intake->stats.log_time);
	buf_text(b, ",\"process\":");
	if (holder == 0)
		buf_text(b, "null");
	else
		buf_i64(b, holder);
	buf_printf(b, ",\"this_machine\":%s,\"this_boot\":%s,\n",
	    state_is_ours(j->state) ? "true" : "false",
	    state_rebooted(j->state) ? "false" : "true");
}

static void
put_region(void *arg, const char *name, uint32_t version, uint64_t bytes,
    uint64_t pages)
{
	struct state_json	*j = arg;

	state_json_next(j);
	buf_text(&j->buf, "{\"name\":");
	buf_json_string(&j->buf, view_of(name));
	buf_printf(&j->buf, ",\"version\":%u,\"bytes\":%llu,\"pages\":%llu}",
	    version, (unsigned long long)bytes, (unsigned long long)pages);
}

static void
put_file(void *arg, const struct state_file *f)
{
	struct state_json	*j = arg;
	struct buf		*b = &j->buf;

	state_json_next(j);
	buf_printf(b, "{\"id\":%llu,\"source\":", (unsigned long long)f->id);
	buf_json_string(b, view_of(f->source));
	buf_text(b, ",\"path\":");
	buf_json_string(b, view_of(f->path));
	buf_text(b, ",\"cursor\":");
	if (*f->cursor == '\0')
		buf_text(b, "null");
	else
		buf_json_string(b, view_of(f->cursor));
	buf_printf(b, ",\"offset\":%lld,\"size\":%lld,\"last_line\":",
	    (long long)f->marker.offset, (long long)f->size);
	state_json_time(b, f->time);
	put_identity(b, f);
	buf_printf(b, ",\"compressed\":%s,\"in_oversize_line\":%s,"
	    "\"named\":%s,\"done\":%s}", f->compressed ? "true" : "false",
	    f->skip ? "true" : "false", f->named ? "true" : "false",
	    f->done ? "true" : "false");
}

/* 64 bits are more than JSON's numbers hold: as hex. */
static void
put_identity(struct buf *b, const struct state_file *f)
{
	const struct identity	*i = &f->identity;
	const struct marker	*m = &f->marker;

	buf_printf(b, ",\"device\":%llu,\"inode\":%llu,\"born_ns\":\"%lld\","
	    "\"changed_ns\":\"%lld\",\"handle\":\"",
	    (unsigned long long)i->dev, (unsigned long long)i->ino,
	    (long long)i->btime_ns, (long long)f->mtime_ns);
	for (size_t n = 0; n < i->handle_len; n++)
		buf_printf(b, "%02x", i->handle[n]);
	buf_printf(b, "\",\"head\":\"%016llx\",\"head_bytes\":%u,"
	    "\"tail\":\"%016llx\",\"tail_bytes\":%u",
	    (unsigned long long)m->head, m->head_len,
	    (unsigned long long)m->tail, m->tail_len);
}

/* Saved as "reason source". */
static void
put_gap(void *arg, const char *family, const char *labels, uint64_t value)
{
	struct state_json	*j = arg;
	struct view		 source = view_of(labels), reason;

	if (strcmp(family, "source.gaps") != 0 ||
	    !view_cut(&source, ' ', &reason))
		return;
	state_json_next(j);
	buf_text(&j->buf, "{\"source\":");
	buf_json_string(&j->buf, source);
	buf_text(&j->buf, ",\"reason\":");
	buf_json_string(&j->buf, reason);
	buf_printf(&j->buf, ",\"count\":%llu}", (unsigned long long)value);
}

static int
put_counters(struct state_json *j)
{
	struct families	f = { .count = 0 };
	struct buf	*b = &j->buf;
	int		 rc;

	if (j->all) {
		list(j, "counters");
		rc = state_each_counter(j->state, put_counter, j);
		buf_text(b, "],\n");
		return rc;
	}
	rc = state_each_counter(j->state, count_counter, &f);
	buf_text(b, "\"counters\":{");
	for (size_t i = 0; i < f.count; i++) {
		buf_text(b, i == 0 ? "\n" : ",\n");
		buf_json_string(b, view_of(f.name[i]));
		buf_printf(b, ":%llu", (unsigned long long)f.rows[i]);
	}
	buf_text(b, "},\n");
	return rc;
}

static void
put_counter(void *arg, const char *family, const char *labels, uint64_t value)
{
	struct state_json	*j = arg;
	struct view		 rest = view_of(labels), label;
	bool			 more = rest.n > 0, first = true;

	state_json_next(j);
	buf_text(&j->buf, "{\"family\":");
	buf_json_string(&j->buf, view_of(family));
	buf_text(&j->buf, ",\"labels\":[");
	while (more) {
		more = view_cut(&rest, '\t', &label);
		if (!more)
			label = rest;
		buf_text(&j->buf, first ? "" : ",");
		buf_json_string(&j->buf, label);
		first = false;
	}
	buf_printf(&j->buf, "],\"value\":%llu}", (unsigned long long)value);
}

static void
count_counter(void *arg, const char *family, const char *labels,
    uint64_t value)
{
	struct families	*f = arg;
	size_t		 i;

	(void)labels;
	(void)value;
	for (i = 0; i < f->count; i++)
		if (strcmp(f->name[i], family) == 0)
			break;
	if (i == FAMILIES)
		return;
	if (i == f->count)
		snprintf(f->name[f->count++], NAME_BYTES, "%s", family);
	f->rows[i]++;
}

static int
put_notifications(struct state_json *j)
{
	int	rc;

	list(j, "notifications");
	rc = state_each_note(j->state, NOTIFY_KIND, put_notification, j);
	buf_text(&j->buf, "],\n");
	return rc;
}

/* The id is a number and the receiver's name. */
static void
put_notification(void *arg, const char *id, struct view body)
{
	struct state_json	*j = arg;
	struct view		 receiver = view_of(id), place;

	if (!view_cut(&receiver, ' ', &place))
		return;
	state_json_next(j);
	buf_text(&j->buf, "{\"receiver\":");
	buf_json_string(&j->buf, receiver);
	buf_text(&j->buf, ",\"body\":");
	buf_json_string(&j->buf, body);
	buf_byte(&j->buf, '}');
}

static int
put_suppressions(struct state_json *j)
{
	uint64_t	count = 0;
	int		rc;

	if (j->all) {
		list(j, "suppressions");
		rc = state_each_note(j->state, SUPPRESS_KIND, put_suppression,
		    j);
		buf_byte(&j->buf, ']');
		return rc;
	}
	rc = state_each_note(j->state, SUPPRESS_KIND, count_note, &count);
	buf_printf(&j->buf, "\"suppressions\":{\"count\":%llu}",
	    (unsigned long long)count);
	return rc;
}

static void
put_suppression(void *arg, const char *id, struct view body)
{
	struct state_json	*j = arg;
	struct buf		*b = &j->buf;
	struct suppress_entry	 e;
	struct view		 provider;
	char			 enhanced[12] = "";

	if (!suppress_keep_read(id, body, &e, &provider))
		return;
	if (e.reply.enhanced.class != 0)
		enhanced_print(e.reply.enhanced, enhanced);
	state_json_next(j);
	buf_text(b, "{\"address\":");
	buf_json_string(b, view_of(id));
	buf_text(b, ",\"provider\":");
	buf_json_string(b, provider);
	buf_printf(b, ",\"reason\":\"%s\",\"code\":%u,\"enhanced\":\"%s\","
	    "\"candidate\":%s,\"count\":%u,\"first\":", reason_name(e.reason),
	    e.reply.code, enhanced, suppress_is_due(&e) ? "true" : "false",
	    e.count);
	state_json_time(b, e.first);
	buf_text(b, ",\"last\":");
	state_json_time(b, e.last);
	buf_byte(b, '}');
}

static void
count_note(void *arg, const char *id, struct view body)
{
	uint64_t	*count = arg;

	(void)id;
	(void)body;
	++*count;
}

static void
list(struct state_json *j, const char *name)
{
	buf_printf(&j->buf, "\"%s\":[", name);
	j->first = true;
}
