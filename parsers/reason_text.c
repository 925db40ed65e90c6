#include "reason_text.h"

enum {
	SENTENCE_WORDS = 2,	/* less ("Sorry.") is a prelude */
	ROOM_FOR_END = 8	/* of a sentence, and of the text */
};

/* What a byte is; bits, so that a word can be asked what it is made of. */
enum kind {
	SPLIT = 0,		/* ends a word */
	LETTER = 1,
	DIGIT = 2,
	DOT = 4,
	AT = 8,
	DASH = 16,		/* ends a word, but not an address */
	HIGH = 32,
	X = 64			/* a letter that may stand for digits */
};

static const unsigned char kinds[256] = {
	['a' ... 'w'] = LETTER, ['x'] = X, ['y' ... 'z'] = LETTER,
	['A' ... 'Z'] = LETTER, ['0' ... '9'] = DIGIT, ['.'] = DOT,
	['@'] = AT, ['-'] = DASH, ['_'] = DASH, ['+'] = DASH, ['='] = DASH,
	[0x80 ... 0xff] = HIGH
};

/* Base letters of U+00C0..U+00FF and U+0100..U+017F; '-' is no letter. */
static const char latin1[] =
    "aaaaaaaceeeeiiiidnooooo-ouuuuybsaaaaaaaceeeeiiiidnooooo-ouuuuyby";
static const char latin_a[] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

struct fold {
	struct reason_text	*out;
	const char		*start;		/* of the text */
	uint16_t		 code;
	unsigned		 words;		/* of this sentence */
};

static void	punctuation(struct fold *, struct view *text);
static void	fold_word(struct fold *, struct view *text);
static bool	is_link(struct view);
static size_t	link_length(struct view);
static void	fold_link(struct fold *, struct view);
static bool	before_digit(struct view);
static void	fold_part(struct fold *, struct view, bool tag);
static bool	fold_number(struct fold *, struct view);
static void	fold_letters(struct fold *, struct view);
static size_t	fold_high(struct fold *, struct view);
static size_t	fold_latin(struct fold *, const unsigned char *);
static size_t	fold_cyrillic(struct fold *, const unsigned char *);
static void	end_sentence(struct fold *);
static void	mark(struct fold *, const char *source);

static inline unsigned char
kind_of(char c)
{
	return kinds[(unsigned char)c];
}

static inline void
put(struct fold *f, char c)
{
	f->out->byte[f->out->n++] = c;
}

static inline void
blank(struct fold *f)
{
	if (f->out->byte[f->out->n - 1] != ' ')
		put(f, ' ');
}

void
reason_fold(struct view text, uint16_t code, struct reason_text *out)
{
	struct fold	f = { .out = out, .start = text.p, .code = code };

	if (text.n > REASON_TEXT_BYTES)
		text.n = REASON_TEXT_BYTES;
	out->words = out->mark_count = 0;
	out->byte[0] = ' ';
	out->n = 1;
	while (text.n > 0 && out->n + text.n + ROOM_FOR_END <
	    sizeof(out->byte)) {
		if ((kind_of(*text.p) & ~(DOT | DASH)) == 0)
			punctuation(&f, &text);
		else
			fold_word(&f, &text);
	}
	blank(&f);
}

size_t
reason_origin(const struct reason_text *text, size_t at)
{
	size_t	i, origin = 0;

	for (i = 0; i < text->mark_count && text->mark[i].folded <= at; i++)
		origin = text->mark[i].source;
	return origin;
}

static void
punctuation(struct fold *f, struct view *text)
{
	char	c = *text->p;
	char	next = text->n > 1 ? text->p[1] : ' ';

	view_advance(text, 1);
	if (c == '\n' || ((c == '.' || c == '!' || c == '?') &&
	    (next == ' ' || next == '\n' || next == '\\')))
		end_sentence(f);
	else
		blank(f);
}

/* What lies between two splits: a link, an address, or parts with dashes. */
static void
fold_word(struct fold *f, struct view *text)
{
	struct view	word = { text->p, 0 }, part;
	unsigned	seen = 0;

	mark(f, text->p);
	if (is_link(*text)) {
		word.n = link_length(*text);
		view_advance(text, word.n);
		fold_link(f, word);
		return;
	}
	while (word.n < text->n && kind_of(text->p[word.n]) != SPLIT)
		seen |= kind_of(text->p[word.n++]);
	while (kind_of(word.p[word.n - 1]) == DOT)
		word.n--;
	view_advance(text, word.n);
	if (seen & AT) {
		put(f, '@');
		blank(f);
		return;
	}
	while (word.n > 0) {
		for (part = (struct view){ word.p, 0 }; part.n < word.n &&
		    kind_of(word.p[part.n]) != DASH; part.n++)
			continue;
		view_advance(&word, part.n);
		fold_part(f, part, before_digit(word));
		view_advance(&word, 1);
	}
}

/* OFR_417 and the like are tags: their number stays theirs. */
static bool
before_digit(struct view v)
{
	return v.n > 1 && *v.p == '_' && kind_of(v.p[1]) == DIGIT;
}

static bool
is_link(struct view v)
{
	return (*v.p == 'h' || *v.p == 'H') &&
	    (view_starts_nocase(v, VIEW("http://")) ||
	    view_starts_nocase(v, VIEW("https://")));
}

static size_t
link_length(struct view v)
{
	size_t	n;

	for (n = 0; n < v.n; n++)
		if (strchr(" >)]\"\n", v.p[n]) != NULL)
			break;
	return n;
}

static void
fold_link(struct fold *f, struct view v)
{
	size_t	i;

	for (i = 0; i < v.n; i++) {
		unsigned char	k = kind_of(v.p[i]);

		if (k & (LETTER | X))
			put(f, (char)(v.p[i] | 0x20));
		else
			put(f, k == DIGIT || v.p[i] == '_' ? v.p[i] : '.');
	}
	blank(f);
}

static void
fold_part(struct fold *f, struct view v, bool tag)
{
	if (v.n == 0)
		return;
	if ((kind_of(*v.p) & (DIGIT | X)) && fold_number(f, v))
		return;
	fold_letters(f, v);
	f->words++;
	f->out->words++;
	if (tag)
		put(f, '_');
	else
		blank(f);
}

/*
 * Codes (5.7.1, and the reply's own once more) go, IP addresses become '#'.
 * "x.xx.xx.x" is how public lists of replies write one.
 */
static bool
fold_number(struct fold *f, struct view v)
{
	size_t		i, dots = 0;
	unsigned	value = 0;

	for (i = 0; i < v.n; i++) {
		unsigned char	k = kind_of(v.p[i]);

		if (k == DOT)
			dots++;
		else if (k == DIGIT)
			value = value * 10 + (unsigned)(v.p[i] - '0');
		else if (k != X)
			return false;
	}
	if (dots == 3) {
		put(f, '#');
		blank(f);
		return true;
	}
	return (dots == 2 && (*v.p == '2' || *v.p == '4' || *v.p == '5')) ||
	    (dots == 0 && v.n == 3 && value == f->code);
}

static void
fold_letters(struct fold *f, struct view v)
{
	while (v.n > 0) {
		unsigned char	k = kind_of(*v.p);

		if (k == HIGH) {
			view_advance(&v, fold_high(f, v));
			continue;
		}
		/* no blanks stand between these letters and others */
		if (kind_of(f->out->byte[f->out->n - 1]) == HIGH &&
		    f->out->n + v.n + ROOM_FOR_END < sizeof(f->out->byte))
			put(f, ' ');
		put(f, k & (LETTER | X) ? (char)(*v.p | 0x20) : *v.p);
		view_advance(&v, 1);
	}
}

/* One UTF-8 sequence, or one stray byte; how many bytes it took. */
static size_t
fold_high(struct fold *f, struct view v)
{
	const unsigned char	*p = (const unsigned char *)v.p;

	if (v.n >= 2 && p[0] >= 0xc3 && p[0] <= 0xc5 && p[1] >= 0x80 &&
	    p[1] < 0xc0)
		return fold_latin(f, p);
	if (v.n >= 2 && (p[0] == 0xd0 || p[0] == 0xd1))
		return fold_cyrillic(f, p);
	if (v.n >= 2 && p[0] == 0xc2) {		/* guillemets and the like */
		blank(f);
		return 2;
	}
	if (v.n >= 3 && p[0] == 0xe2 && p[1] == 0x80) {	/* quotes, dashes */
		blank(f);
		return 3;
	}
	if (v.n >= 3 && p[0] == 0xe3 && p[1] == 0x80 && p[2] <= 0x82) {
		if (p[2] == 0x82)		/* the ideographic full stop */
			end_sentence(f);
		else
			blank(f);
		return 3;
	}
	put(f, (char)p[0]);
	return 1;
}

static size_t
fold_latin(struct fold *f, const unsigned char *p)
{
	char	c = p[0] == 0xc3 ? latin1[p[1] - 0x80] :
		    latin_a[(p[0] - 0xc4) * 64 + p[1] - 0x80];

	if (c == '-')
		blank(f);
	else
		put(f, c);
	return 2;
}

static size_t
fold_cyrillic(struct fold *f, const unsigned char *p)
{
	bool	capital = p[0] == 0xd0 && p[1] >= 0x90 && p[1] <= 0xaf;

	if ((p[0] == 0xd1 && p[1] == 0x91) || (p[0] == 0xd0 &&
	    p[1] == 0x81)) {	/* io is mostly written as ie */
		put(f, (char)0xd0);
		put(f, (char)0xb5);
	} else if (capital && p[1] >= 0xa0) {
		put(f, (char)0xd1);
		put(f, (char)(p[1] - 0x20));
	} else {
		put(f, (char)p[0]);
		put(f, (char)(capital ? p[1] + 0x20 : p[1]));
	}
	return 2;
}

static void
end_sentence(struct fold *f)
{
	blank(f);
	if (f->words < SENTENCE_WORDS)
		return;
	put(f, '\n');
	put(f, ' ');
	f->words = 0;
}

static void
mark(struct fold *f, const char *source)
{
	struct reason_text	*out = f->out;

	if (out->mark_count == REASON_TEXT_MARKS)
		return;
	out->mark[out->mark_count].folded = (uint16_t)out->n;
	out->mark[out->mark_count++].source = (uint16_t)(source - f->start);
}
