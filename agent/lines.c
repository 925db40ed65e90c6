#include <assert.h>

#include "lines.h"

static bool	skip_rest(struct lines *);
static void	skip_nuls(struct lines *);
static void	strip_cr(struct view *);

enum lines_result
lines_next_odd(struct lines *l, struct view *line)
{
	const char	*p, *lf;
	size_t		 n;

	if (l->skip && !skip_rest(l))
		return LINES_END;
	skip_nuls(l);
	n = l->end - l->at;
	if (n == 0)
		return LINES_END;
	p = l->buf + l->at;
	lf = memchr(p, '\n', n);
	if (lf == NULL && n <= LINES_MAX)
		return LINES_END;
	line->p = p;
	if (lf != NULL && lf - p <= LINES_MAX) {
		line->n = (size_t)(lf - p);
		l->at += line->n + 1;
		strip_cr(line);
		return LINES_LINE;
	}
	line->n = LINES_MAX;
	l->at += LINES_MAX;
	l->skip = true;
	return LINES_OVERSIZE;
}

enum lines_result
lines_last(struct lines *l, struct view *line)
{
	if (l->skip || l->at == l->end) {
		l->at = l->end;
		l->skip = false;
		return LINES_END;
	}
	line->p = l->buf + l->at;
	line->n = l->end - l->at;
	l->at = l->end;
	strip_cr(line);
	return LINES_LINE;
}

char *
lines_room(struct lines *l, size_t *room)
{
	if (l->at > 0) {
		memmove(l->buf, l->buf + l->at, l->end - l->at);
		l->end -= l->at;
		l->at = 0;
	}
	/* a half line never exceeds LINES_MAX, so half the buffer is free */
	assert(l->end <= LINES_MAX);
	*room = LINES_BUFFER - l->end;
	return l->buf + l->end;
}

void
lines_filled(struct lines *l, size_t n)
{
	l->end += n;
}

/* Step over the rest of an oversize line; false while its LF is not there. */
static bool
skip_rest(struct lines *l)
{
	const char	*p = l->buf + l->at;
	const char	*lf = memchr(p, '\n', l->end - l->at);

	if (lf == NULL) {
		l->at = l->end;
		return false;
	}
	l->at += (size_t)(lf - p) + 1;
	l->skip = false;
	return true;
}

static void
skip_nuls(struct lines *l)
{
	while (l->at < l->end && l->buf[l->at] == '\0')
		l->at++;
}

static void
strip_cr(struct view *line)
{
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
}
