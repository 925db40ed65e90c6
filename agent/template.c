#include <stdlib.h>

#include "template.h"

/* A word this short is kept even if it mixes letters and digits: S3150. */
enum { SHORT_WORD = 5 };

struct traits {
	size_t	digits, letters, dots, colons, others;
	bool	at, hex;
};

struct pen {
	char	*p;
	size_t	 n, size;
};

static bool		is_word(char);
static bool		is_letter(char);
static bool		is_digit(char);
static bool		is_link(struct view);
static struct view	take_word(struct view *);
static struct traits	examine(struct view word);
static const char	*mask_of(struct view word);
static bool		is_enhanced(struct view word, const struct traits *);
static void		put(struct pen *, struct view);
static uint64_t		hash_of(struct view);
static struct template	*rarest(struct templates *);
static void		keep(struct template *, struct view masked,
			    struct view example);
static int		by_count(const void *, const void *, void *);

size_t
template_note(struct templates *ts, struct view text, bool *fresh)
{
	char		 buf[TEMPLATE_BYTES];
	struct view	 masked = { buf, template_mask(text, buf,
			    sizeof(buf)) };
	uint64_t	 hash = hash_of(masked);
	struct template	*t;
	size_t		 i;

	ts->total++;
	*fresh = false;
	for (i = 0; i < ts->used; i++) {
		t = &ts->slot[i];
		if (t->hash == hash &&
		    view_eq((struct view){ t->text, t->text_len }, masked)) {
			t->count++;
			return i;
		}
	}
	*fresh = true;
	if (ts->used < TEMPLATE_SLOTS)
		t = &ts->slot[ts->used++];
	else
		t = rarest(ts);
	t->hash = hash;
	t->over = t->count;
	t->count++;
	keep(t, masked, text);
	return (size_t)(t - ts->slot);
}

void
template_sort(struct templates *ts)
{
	uint16_t	i;

	for (i = 0; i < ts->used; i++)
		ts->order[i] = i;
	qsort_r(ts->order, ts->used, sizeof(*ts->order), by_count, ts);
}

size_t
template_mask(struct view text, char *out, size_t size)
{
	struct pen	 pen = { out, 0, size };
	struct view	 word;
	const char	*mask;

	/* a reply's own code is what it is about */
	if (text.n >= 3 && text.p[0] >= '2' && text.p[0] <= '5' &&
	    is_digit(text.p[1]) && is_digit(text.p[2]) &&
	    (text.n == 3 || text.p[3] == ' ' || text.p[3] == '-')) {
		put(&pen, view_sub(text, 0, 4));
		view_advance(&text, 4);
	}
	while (text.n > 0) {
		if (!is_word(*text.p) || strchr(".:-", *text.p) != NULL) {
			put(&pen, view_sub(text, 0, 1));
			view_advance(&text, 1);
			continue;
		}
		word = take_word(&text);
		mask = mask_of(word);
		put(&pen, mask == NULL ? word : view_of(mask));
	}
	return pen.n;
}

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_letter(c) || is_digit(c) || (c & 0x80) != 0 ||
	    (c != '\0' && strchr(".:-_/+@%?&#~!*", c) != NULL);
}

static bool
is_link(struct view v)
{
	return view_starts_nocase(v, VIEW("http://")) ||
	    view_starts_nocase(v, VIEW("https://"));
}

/* A word without the punctuation behind it; a link goes to the next blank. */
static struct view
take_word(struct view *text)
{
	struct view	word = { text->p, 0 };

	if (is_link(*text))
		while (word.n < text->n &&
		    strchr(" >)]\"", text->p[word.n]) == NULL)
			word.n++;
	else
		while (word.n < text->n && is_word(text->p[word.n]))
			word.n++;
	while (word.n > 1 && strchr(".:-", word.p[word.n - 1]) != NULL)
		word.n--;
	view_advance(text, word.n);
	return word;
}

static struct traits
examine(struct view word)
{
	struct traits	t = { .hex = true };
	size_t		i;

	for (i = 0; i < word.n; i++) {
		char	c = word.p[i];

		if (is_digit(c))
			t.digits++;
		else if (is_letter(c))
			t.letters++;
		else if (c == '.')
			t.dots++;
		else if (c == ':')
			t.colons++;
		else
			t.others++;
		t.at = t.at || c == '@';
		if (is_letter(c) && (c | 0x20) > 'f')
			t.hex = false;
	}
	return t;
}

/* What stands for the word; NULL when the word itself does. */
static const char *
mask_of(struct view word)
{
	struct traits	t = examine(word);

	if (is_link(word))
		return "<url>";
	if (t.at)
		return "<address>";
	if (t.dots == 3 && t.digits + 3 == word.n)
		return "<ip>";
	if (t.colons >= 2 && t.hex && t.others == 0 && t.letters > 0)
		return "<ip>";
	if (is_enhanced(word, &t))
		return NULL;
	if (t.digits > 0 && t.letters == 0)
		return "<n>";
	if (t.dots > 0 && t.letters > 1 && t.colons == 0)
		return "<host>";
	if (t.digits > 0 && word.n > SHORT_WORD)
		return "<id>";
	return NULL;
}

/* 5.7.1 and its like are kept: they are few and mean something. */
static bool
is_enhanced(struct view word, const struct traits *t)
{
	return t->dots == 2 && t->digits + 2 == word.n && t->digits <= 7 &&
	    word.p[1] == '.' && strchr("245", word.p[0]) != NULL;
}

static void
put(struct pen *pen, struct view v)
{
	size_t	n = v.n < pen->size - pen->n ? v.n : pen->size - pen->n;

	if (n > 0)
		memcpy(pen->p + pen->n, v.p, n);
	pen->n += n;
}

/* FNV-1a: the table is searched whole, so nobody gains by collisions. */
static uint64_t
hash_of(struct view v)
{
	uint64_t	h = 14695981039346656037U;
	size_t		i;

	for (i = 0; i < v.n; i++)
		h = (h ^ (unsigned char)v.p[i]) * 1099511628211U;
	return h;
}

static struct template *
rarest(struct templates *ts)
{
	struct template	*t = &ts->slot[0];
	size_t		 i;

	for (i = 1; i < ts->used; i++)
		if (ts->slot[i].count < t->count)
			t = &ts->slot[i];
	return t;
}

static void
keep(struct template *t, struct view masked, struct view example)
{
	example = view_sub(example, 0, sizeof(t->example));
	t->text_len = (uint16_t)masked.n;
	memcpy(t->text, masked.p, masked.n);
	t->example_len = (uint16_t)example.n;
	if (example.n > 0)
		memcpy(t->example, example.p, example.n);
}

static int
by_count(const void *a, const void *b, void *arg)
{
	const struct templates	*ts = arg;
	uint16_t		 i = *(const uint16_t *)a;
	uint16_t		 j = *(const uint16_t *)b;

	if (ts->slot[i].count != ts->slot[j].count)
		return ts->slot[i].count < ts->slot[j].count ? 1 : -1;
	return i < j ? -1 : i > j;
}
