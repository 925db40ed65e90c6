#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "column.h"
#include "utf8.h"

static const char *const	codes[] = {
	[PAINT_BOLD] = "\033[1m", [PAINT_DIM] = "\033[2m",
	[PAINT_GOOD] = "\033[32m", [PAINT_WARN] = "\033[33m",
	[PAINT_BAD] = "\033[1;31m"
};

static size_t	printable(uint32_t point, char out[8]);
static void	put_right(const struct column *, const char *, size_t width);

bool
column_wants_color(int fd)
{
	const char	*no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fd) && (no == NULL || *no == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

void
column_paint(const struct column *c, enum paint paint)
{
	if (c->color)
		buf_text(c->buf, codes[paint]);
}

void
column_plain(const struct column *c)
{
	if (c->color)
		buf_text(c->buf, "\033[0m");
}

void
column_text(const struct column *c, struct view v, size_t width)
{
	size_t	n = utf8_count(v);

	if (n > width) {
		buf_escaped(c->buf, utf8_head(v, width - 1), printable);
		buf_byte(c->buf, '~');
		return;
	}
	buf_escaped(c->buf, v, printable);
	for (; n < width; n++)
		buf_byte(c->buf, ' ');
}

void
column_count(const struct column *c, uint64_t n, size_t width)
{
	char	text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	put_right(c, n == 0 ? "." : text, width);
}

void
column_share(const struct column *c, uint64_t part, uint64_t whole,
    size_t width)
{
	double	share = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
	char	text[24] = ".";

	if (part > 0)
		snprintf(text, sizeof(text), share < 9.95 ? "%.1f %%" :
		    "%.0f %%", part < whole && share > 99 ? 99 : share);
	put_right(c, text, width);
}

void
column_span(const struct column *c, int64_t ms, size_t width)
{
	char	text[32];
	double	s = (double)ms / 1000;

	if (ms < 1000)
		snprintf(text, sizeof(text), "%lld ms", (long long)ms);
	else if (s < 120)
		snprintf(text, sizeof(text), "%.1f s", s);
	else if (s < 7200)
		snprintf(text, sizeof(text), "%.0f min", s / 60);
	else
		snprintf(text, sizeof(text), "%.1f h", s / 3600);
	put_right(c, text, width);
}

void
column_wrap(const struct column *c, struct view v, size_t indent)
{
	size_t		at = 0;
	struct view	word;

	while (v.n > 0) {
		word = v;
		word.n = 0;
		while (word.n < v.n && v.p[word.n] != ' ')
			word.n++;
		v.p += word.n < v.n ? word.n + 1 : word.n;
		v.n -= word.n < v.n ? word.n + 1 : word.n;
		if (at == 0 || at + 1 + utf8_count(word) > COLUMN_LINE) {
			buf_printf(c->buf, "%s%*s", at == 0 ? "" : "\n",
			    (int)indent, "");
			at = indent;
		} else {
			buf_byte(c->buf, ' ');
			at++;
		}
		word = utf8_head(word, COLUMN_LINE - indent);
		buf_escaped(c->buf, word, printable);
		at += utf8_count(word);
	}
	buf_byte(c->buf, '\n');
}

/* Latin letters are one cell wide everywhere; of others we cannot know. */
static size_t
printable(uint32_t point, char out[8])
{
	if ((point >= 0x20 && point < 0x7f) ||
	    (point >= 0xa1 && point < 0x300 && point != 0xad))
		return 0;
	out[0] = point == 0xa0 || point == 0x202f ? ' ' : '?';
	return 1;
}

static void
put_right(const struct column *c, const char *text, size_t width)
{
	buf_printf(c->buf, "%*s", (int)width, text);
}
