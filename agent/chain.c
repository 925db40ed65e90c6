#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain.h"

enum { NOWHERE = -1 };

/* How a row's file was found. */
enum found {
	FOUND_SAME,		/* at .at, to be read on from its place */
	FOUND_SHORTER,		/* at .at, cut somewhere before its place */
	FOUND_REWRITTEN,	/* its text is gone, maybe copied to .at */
	FOUND_DAMAGED,		/* at .at, a .gz that breaks before its place */
	FOUND_LOCKED,		/* at .at, but we may not read it now */
	FOUND_NOT
};

struct finding {
	enum found	how;
	long		at;	/* in the list, or NOWHERE */
	int		fd;	/* open if there is something to read */
};

static bool		in_place(struct chain *, struct sources *);
static void		settle_row(struct chain *, struct sources *,
			    const struct state_file *,
			    const struct finding *);
static struct finding	find_row(struct chain *, const struct sources *,
			    const struct state_file *);
static void		find_text(struct chain *, const struct sources *,
			    const struct state_file *, struct finding *);
static void		find_unread(struct chain *, const struct state_file *,
			    struct finding *);
static enum found	judge(const struct state_file *, const uint8_t *key,
			    int fd);
static struct source_file *take_in(struct chain *, struct sources *,
			    const struct state_file *, int fd);
static void		declare(struct chain *, const struct state_file *,
			    enum found, size_t from);
static bool		is_left(const struct chain *,
			    const struct state_file *);
static bool		is_compressed(const struct chain *, size_t at);
static size_t		newer_than(const struct chain *,
			    const struct state_file *);
static void		move_from(struct chain *, size_t);

/*
 * Identities first, then texts, the newest first: of two rows with the same
 * beginning it has read farther.
 */
int
chain_find(struct chain *c, struct sources *s)
{
	const char	*olddir = s->config[c->source->id].olddir;
	struct finding	*found;
	size_t		 i;

	if (c->count == 1 && in_place(c, s))
		return 0;
	if (siblings_find(&c->list, c->row->path, olddir) == -1)
		return -1;
	c->away = c->list.count == 0 && !c->overdue;
	if (c->away)
		return 0;
	found = calloc(c->count, sizeof(*found));
	if (found == NULL)
		return -1;
	for (i = 0; i < c->count; i++)
		found[i] = find_row(c, s, &c->row[i]);
	for (i = c->count; i > 0; i--)
		if (found[i - 1].fd == -1 && found[i - 1].how != FOUND_LOCKED)
			find_text(c, s, &c->row[i - 1], &found[i - 1]);
	for (i = 0; i < c->count; i++)
		if (found[i].how == FOUND_NOT)
			find_unread(c, &c->row[i], &found[i]);
	for (i = 0; i < c->count; i++)
		settle_row(c, s, &c->row[i], &found[i]);
	free(found);
	return 0;
}

int
chain_follow(struct chain *c, struct sources *s)
{
	size_t		 i;
	struct sibling	*item;
	int		 fd;

	for (i = c->from; i < c->list.count; i++) {
		item = &c->list.item[i];
		if (item->claimed || file_index_find(&s->index, item->dev,
		    item->ino) != NULL)
			continue;
		fd = siblings_open(item);
		if (fd == -1) {
			/* the sweep will try the log itself again */
			if (!item->current)
				c->source->gap[GAP_ROTATED_AWAY]++;
			continue;
		}
		c->source->rotations++;
		if (take_in(c, s, NULL, fd) == NULL)
			return -1;
	}
	return 0;
}

void
chain_fini(struct chain *c)
{
	siblings_fini(&c->list);
}

/* The usual case, without a look at the directory. */
static bool
in_place(struct chain *c, struct sources *s)
{
	const struct state_file	*row = c->row;
	struct identity		 now;
	int			 fd;

	fd = open(row->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd == -1)
		return false;
	if (identity_of(&now, fd) == 0 &&
	    identity_compare(&row->identity, &now) == IDENTITY_SAME &&
	    file_index_find(&s->index, now.dev, now.ino) == NULL &&
	    judge(row, s->key, fd) == FOUND_SAME)
		return take_in(c, s, row, fd) != NULL;
	close(fd);
	return false;
}

static void
settle_row(struct chain *c, struct sources *s, const struct state_file *row,
    const struct finding *found)
{
	struct source_file	*file = NULL;
	size_t			 from = (size_t)found->at + 1;

	/* nothing was read of it, so it is among those to be read */
	if (found->at == NOWHERE)
		from = newer_than(c, row);
	declare(c, row, found->how, from);
	move_from(c, from);
	if (found->fd != -1 || found->how == FOUND_LOCKED)
		file = take_in(c, s, row, found->fd);
	if (file == NULL) {
		sources_forget_row(s, row->id);
		return;
	}
	if (found->how == FOUND_SHORTER) {
		source_file_seek_end(file);
		file->marker.tail_len = 0;
	}
	/* a copy has no writer */
	if (found->how == FOUND_REWRITTEN)
		file->final = true;
}

/* By its inode. */
static struct finding
find_row(struct chain *c, const struct sources *s,
    const struct state_file *row)
{
	struct finding	f = { FOUND_NOT, NOWHERE, -1 };
	struct identity	now;
	size_t		i;

	for (i = 0; i < c->list.count; i++) {
		struct sibling *item = &c->list.item[i];

		if (item->claimed || item->ino != row->identity.ino)
			continue;
		f.fd = siblings_open(item);
		if (f.fd == -1 && errno == ENOENT)
			continue;
		f.how = FOUND_LOCKED;
		if (f.fd != -1)
			f.how = identity_of(&now, f.fd) == 0 &&
			    identity_compare(&row->identity, &now) ==
			    IDENTITY_SAME ? judge(row, s->key, f.fd) :
			    FOUND_NOT;
		if (f.how != FOUND_NOT && f.how != FOUND_REWRITTEN) {
			item->claimed = true;
			f.at = (long)i;
			return f;
		}
		close(f.fd);
		f.fd = -1;
	}
	return f;
}

/* Its text under another inode. */
static void
find_text(struct chain *c, const struct sources *s,
    const struct state_file *row, struct finding *f)
{
	enum marker_match	match;
	size_t			i;
	int			fd;

	if (row->marker.head_len == 0)
		return;
	/* a head alone says less: it is not older than it was */
	i = row->marker.offset > 0 ? 0 : newer_than(c, row);
	for (; i < c->list.count && f->fd == -1; i++) {
		struct sibling *item = &c->list.item[i];

		fd = item->claimed ? -1 : siblings_open(item);
		if (fd == -1)
			continue;
		match = marker_compare(&row->marker, s->key, fd);
		if (match == MARKER_SAME)
			f->fd = fd;
		else
			close(fd);
		if (match != MARKER_SAME && match != MARKER_FAILED)
			continue;
		if (f->how == FOUND_NOT)
			f->how = match == MARKER_SAME ? FOUND_SAME :
			    FOUND_DAMAGED;
		else if (f->how == FOUND_DAMAGED && match == MARKER_SAME)
			f->how = FOUND_SAME;
		f->at = (long)i;
	}
	if (f->at != NOWHERE)
		c->list.item[f->at].claimed = true;
}

/* It is the same file: is its text still what it was? */
static enum found
judge(const struct state_file *row, const uint8_t *key, int fd)
{
	struct marker	head = row->marker;
	struct stat	st;

	if (row->done || row->compressed)
		return FOUND_SAME;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return FOUND_REWRITTEN;
	if (st.st_size >= row->marker.offset)
		return marker_compare(&row->marker, key, fd) == MARKER_SAME ?
		    FOUND_SAME : FOUND_REWRITTEN;
	head.tail_len = 0;
	return head.head_len > 0 && st.st_size >= head.head_len &&
	    marker_compare(&head, key, fd) == MARKER_SAME ? FOUND_SHORTER :
	    FOUND_REWRITTEN;
}

/* At the row's place, or from the beginning without a row; fd may be -1. */
static struct source_file *
take_in(struct chain *c, struct sources *s, const struct state_file *row,
    int fd)
{
	struct source_file	*f;

	f = fd == -1 ? sources_adopt_closed(s, c->source, c->row->path,
	    &row->identity) : sources_adopt(s, c->source, c->row->path, fd);
	if (f == NULL)
		return NULL;
	if (file_index_add(&s->index, f) == -1)
		file_index_make(&s->index, s->file, s->file_count);
	f->older = c->last;
	if (c->last != NULL)
		c->last->newer = f;
	c->last = f;
	if (row != NULL) {
		f->serial = row->id;
		sources_go_on(f, row->time);
		f->marker = row->marker;
		f->done = row->done;
		f->dirty = true;
		/* as it was, until a sweep looks */
		f->seen = row->named ? s->sweep : s->sweep - 1;
		f->saved_at = row->marker.offset;
		source_file_seek(f, row->marker.offset, row->skip);
	}
	if (fd != -1)
		merge_add(&s->merge, f);
	return f;
}

static void
declare(struct chain *c, const struct state_file *row, enum found how,
    size_t from)
{
	switch (how) {
	case FOUND_SAME:
	case FOUND_LOCKED:
		break;
	case FOUND_SHORTER:
		c->source->gap[GAP_TRUNCATED]++;
		break;
	case FOUND_REWRITTEN:
		c->source->gap[GAP_REWRITTEN]++;
		c->source->rotations++;
		break;
	case FOUND_DAMAGED:
		c->source->gap[GAP_DAMAGED]++;
		break;
	case FOUND_NOT:
		/* a rotated file that was read to its end may go */
		if (row->done || (!row->named &&
		    row->marker.offset == row->size && is_left(c, row)))
			break;
		/* it was empty: this is it, compressed */
		if (row->marker.offset == 0 && row->marker.head_len == 0 &&
		    is_compressed(c, from))
			break;
		c->source->gap[GAP_ROTATED_AWAY]++;
		break;
	}
}

/* Its writer has gone on to a newer one. */
static bool
is_left(const struct chain *c, const struct state_file *row)
{
	size_t	i;

	for (i = (size_t)(row - c->row) + 1; i < c->count; i++)
		if (c->row[i].size > 0)
			return true;
	return false;
}

/*
 * It was empty, so no text tells it, and compressed since, it has another
 * inode too. The log itself has become the next one there is; one
 * that was rotated before kept its time.
 */
static void
find_unread(struct chain *c, const struct state_file *row, struct finding *f)
{
	size_t	at = newer_than(c, row);

	if (row->done || row->marker.offset != 0 ||
	    row->marker.head_len != 0 || !is_compressed(c, at) ||
	    c->list.item[at].claimed)
		return;
	if (!row->named && c->list.item[at].mtime_ns != row->mtime_ns)
		return;
	f->fd = siblings_open(&c->list.item[at]);
	if (f->fd == -1)
		return;
	f->how = FOUND_SAME;
	f->at = (long)at;
	c->list.item[at].claimed = true;
}

static bool
is_compressed(const struct chain *c, size_t at)
{
	const char	*path;
	size_t		 n;

	if (at >= c->list.count)
		return false;
	path = c->list.item[at].path;
	n = strlen(path);
	return n > 3 && strcmp(path + n - 3, ".gz") == 0;
}

/*
 * The first of the list that was written to after the row was, or, if the row
 * was not begun, at the same moment.
 */
static size_t
newer_than(const struct chain *c, const struct state_file *row)
{
	const struct sibling	*item = c->list.item;
	size_t			 i = 0;

	while (i < c->list.count && !item[i].current &&
	    (item[i].mtime_ns < row->mtime_ns ||
	    (item[i].mtime_ns == row->mtime_ns &&
	    (row->marker.offset > 0 || item[i].claimed))))
		i++;
	return i;
}

static void
move_from(struct chain *c, size_t from)
{
	if (c->from < from)
		c->from = from;
}
