#include <string.h>

#include "join.h"

#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME	UINT64_C(0x100000001b3)

enum { PARTS_MAX = 99 };	/* 8192 bytes that are all line feeds: never */

/* "[2\3] text" */
struct part {
	uint32_t	number, parts;
	bool		line_feed;	/* behind it */
	struct view	text;
};

static bool	read_part(struct view body, struct part *);
static bool	add_part(struct join *, uint16_t source, struct head *,
		    const struct part *);
static uint64_t	key_of(uint16_t source, const struct head *);
static uint64_t	mix(uint64_t, struct view);
static struct join_entry *find(struct join *, uint64_t key);
static struct join_entry *begin(struct join *, uint64_t key,
		    const struct part *);
static bool	append(struct join *, struct join_entry *, const struct part *);
static void	release(struct join *, struct join_entry *);
static bool	is_repetition(const struct head *, uint32_t *count);
static bool	repeat(struct join *, uint16_t source, struct head *,
		    uint32_t count);
static struct view keep(struct join_line *, size_t *n, struct view);

int
join_init(struct join *j)
{
	memset(j, 0, sizeof(*j));
	if (region_init(&j->region, "join", 1,
	    JOIN_ENTRIES * sizeof(struct join_entry)) == -1)
		return -1;
	j->entry = (struct join_entry *)(void *)j->region.base;
	return 0;
}

void
join_fini(struct join *j)
{
	region_fini(&j->region);
}

bool
join_feed(struct join *j, uint16_t source, struct head *head)
{
	struct part	part;
	uint32_t	count;

	if (head->body.n > 0 && *head->body.p == 'l' &&
	    is_repetition(head, &count))
		return repeat(j, source, head, count);
	if (head->body.n > 0 && *head->body.p == '[' &&
	    view_starts(head->tag, VIEW("exim")) &&
	    read_part(head->body, &part) && !add_part(j, source, head, &part))
		return false;
	return true;
}

void
join_keep(struct join *j, uint16_t source, const struct head *head)
{
	struct join_line	*line = &j->line[source % JOIN_SOURCES];
	size_t			 n = 0;

	if (line->known && head->body.p == line->head.body.p)
		return;
	line->known = head->host.n + head->tag.n + head->body.n <=
	    JOIN_LINE_BYTES;
	if (!line->known)
		return;
	line->source = source;
	line->head = *head;
	line->head.host = keep(line, &n, head->host);
	line->head.tag = keep(line, &n, head->tag);
	line->head.body = keep(line, &n, head->body);
}

static bool
read_part(struct view body, struct part *part)
{
	struct view	rest = body;

	if (!view_skip_byte(&rest, '[') ||
	    !view_take_u32(&rest, &part->number) || rest.n == 0)
		return false;
	part->line_feed = *rest.p == '\\';
	if (!view_skip_byte(&rest, '\\') && !view_skip_byte(&rest, '/'))
		return false;
	if (!view_take_u32(&rest, &part->parts) ||
	    !view_skip(&rest, VIEW("] ")))
		return false;
	part->text = rest;
	return part->parts > 1 && part->parts <= PARTS_MAX &&
	    part->number >= 1 && part->number <= part->parts;
}

/* True: *head is to be parsed, joined or alone. */
static bool
add_part(struct join *j, uint16_t source, struct head *head,
    const struct part *part)
{
	uint64_t		 key = key_of(source, head);
	struct join_entry	*e = find(j, key);

	if (part->number == 1) {
		e = begin(j, key, part);
	} else if (e == NULL) {
		return true;
	} else if (part->number != e->seen + 1 || part->parts != e->parts) {
		release(j, e);
		return true;
	}
	if (!append(j, e, part)) {
		release(j, e);
		return true;
	}
	if (e->seen < e->parts)
		return false;
	head->body = (struct view){ e->text, e->n };
	release(j, e);
	head_take_exim(head);
	return true;
}

static uint64_t
key_of(uint16_t source, const struct head *head)
{
	uint64_t	key = FNV_BASIS ^ source;

	key = mix(key * FNV_PRIME, head->host);
	key = mix(key * FNV_PRIME, head->tag);
	key = (key ^ head->pid) * FNV_PRIME;
	return key == 0 ? 1 : key;
}

static uint64_t
mix(uint64_t key, struct view v)
{
	for (size_t i = 0; i < v.n; i++)
		key = (key ^ (unsigned char)v.p[i]) * FNV_PRIME;
	return key;
}

static struct join_entry *
find(struct join *j, uint64_t key)
{
	for (int i = 0; i < JOIN_ENTRIES; i++)
		if (j->entry[i].key == key)
			return &j->entry[i];
	return NULL;
}

/* Its own entry if it never ended, else a free one, else the oldest. */
static struct join_entry *
begin(struct join *j, uint64_t key, const struct part *part)
{
	struct join_entry	*e = find(j, key), *oldest = j->entry;
	uint32_t		 age = 0;

	for (int i = 0; i < JOIN_ENTRIES; i++) {
		if (j->entry[i].age < oldest->age)
			oldest = &j->entry[i];
		if (j->entry[i].age > age)
			age = j->entry[i].age;
	}
	if (e == NULL)
		e = find(j, 0);
	if (e == NULL)
		e = oldest;
	e->key = key;
	e->age = age + 1;
	e->parts = part->parts;
	e->seen = 0;
	e->n = 0;
	return e;
}

static bool
append(struct join *j, struct join_entry *e, const struct part *part)
{
	size_t	need = part->text.n + part->line_feed;

	if (need > JOIN_ENTRY_BYTES - e->n)
		return false;
	memcpy(e->text + e->n, part->text.p, part->text.n);
	e->n += (uint32_t)need;
	if (part->line_feed)
		e->text[e->n - 1] = '\n';
	e->seen++;
	region_touch(&j->region, e, sizeof(*e));
	return true;
}

/* The text stays as it is until another entry needs the place. */
static void
release(struct join *j, struct join_entry *e)
{
	e->key = 0;
	region_touch(&j->region, e, sizeof(*e));
}

/* By syslogd, which has no tag for it or its own. */
static bool
is_repetition(const struct head *head, uint32_t *count)
{
	struct view	rest = head->body;

	if (head->tag.n > 0 && !view_ends(head->tag, VIEW("syslogd")) &&
	    !view_ends(head->tag, VIEW("syslog-ng")))
		return false;
	return view_skip(&rest, VIEW("last message repeated ")) &&
	    view_take_u32(&rest, count) && *count > 0 &&
	    (view_eq(rest, VIEW(" times")) || view_eq(rest, VIEW(" time")));
}

static bool
repeat(struct join *j, uint16_t source, struct head *head, uint32_t count)
{
	const struct join_line	*line = &j->line[source % JOIN_SOURCES];
	struct stamp		 stamp = head->stamp;

	if (!line->known || line->source != source ||
	    !view_eq(line->head.host, head->host))
		return false;
	*head = line->head;
	head->stamp = stamp;
	head->repeat = count > HEAD_REPEAT_MAX ? HEAD_REPEAT_MAX : count;
	return true;
}

static struct view
keep(struct join_line *line, size_t *n, struct view v)
{
	struct view	kept = { line->text + *n, v.n };

	if (v.n > 0)
		memcpy(line->text + *n, v.p, v.n);
	*n += v.n;
	return kept;
}
