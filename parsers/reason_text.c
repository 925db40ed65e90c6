#include "reason_text.h"

/* Shorter "sentences" (Sorry. 550 a@b...) are a prelude, not a sentence. */
enum { SENTENCE_WORDS = 2 };

enum kind {
	SPLIT,		/* ends a word */
	LETTER, DIGIT, DOT, AT, HIGH,
	DASH,		/* ends a word, but not an address */
};

struct fold {
	struct reason_text	*out;
	struct view		 text;
	size_t			 pos;		/* in text */
	uint16_t		 code;
	unsigned		 words;		/* of this sentence */
	size_t			 no_at;		/* no address starts before */
};

static enum kind	kind_of(unsigned char);
static void		put(struct fold *, char, size_t at);
static void		blank(struct fold *);
static void		end_sentence(struct fold *);
static bool		is_link(const struct fold *);
static void		fold_link(struct fold *);
static void		fold_word(struct fold *);
static bool		skip_address(struct fold *);
static bool		skip_number(struct fold *);
static bool		inside(const struct fold *);
static bool		before_digit(const struct fold *);
static size_t		fold_high(struct fold *);
static char		plain_latin(unsigned char, unsigned char);
static void		punctuation(struct fold *);

/* Base letters of U+00C0..U+00FF and U+0100..U+017F; '-' is no letter. */
static const char latin1[] =
    "aaaaaaaceeeeiiiidnooooo-ouuuuybsaaaaaaaceeeeiiiidnooooo-ouuuuyby";
static const char latin_a[] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

void
reason_fold(struct view text, uint16_t code, struct reason_text *out)
{
	struct fold	f = { .out = out, .code = code };

	if (text.n > REASON_TEXT_BYTES)
		text.n = REASON_TEXT_BYTES;
	f.text = text;
	out->n = out->words = 0;
	put(&f, ' ', 0);
	while (f.pos < text.n) {
		if (kind_of((unsigned char)text.p[f.pos]) == SPLIT ||
		    text.p[f.pos] == '.' || text.p[f.pos] == '-')
			punctuation(&f);
		else if (is_link(&f))
			fold_link(&f);
		else if (!skip_number(&f) && !skip_address(&f))
			fold_word(&f);
	}
	blank(&f);
}

static enum kind
kind_of(unsigned char c)
{
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		return LETTER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c >= 0x80)
		return HIGH;
	if (c == '.')
		return DOT;
	if (c == '@')
		return AT;
	if (c == '-' || c == '_' || c == '+' || c == '=')
		return DASH;
	return SPLIT;
}

static void
put(struct fold *f, char c, size_t at)
{
	struct reason_text	*out = f->out;

	/* a blank and a sentence's end must always find room */
	if (out->n >= sizeof(out->byte) - 4 && c != ' ' && c != '\n')
		return;
	if (out->n >= sizeof(out->byte))
		return;
	out->byte[out->n] = c;
	out->at[out->n++] = (uint16_t)at;
}

static void
blank(struct fold *f)
{
	if (f->out->byte[f->out->n - 1] != ' ')
		put(f, ' ', f->pos);
}

static void
end_sentence(struct fold *f)
{
	blank(f);
	if (f->words < SENTENCE_WORDS)
		return;
	put(f, '\n', f->pos);
	put(f, ' ', f->pos);
	f->words = 0;
}

static void
punctuation(struct fold *f)
{
	char	c = f->text.p[f->pos++];
	bool	last = f->pos == f->text.n || f->text.p[f->pos] == ' ' ||
		    f->text.p[f->pos] == '\n' || f->text.p[f->pos] == '\\';

	if (((c == '.' || c == '!' || c == '?') && last) || c == '\n')
		end_sentence(f);
	else
		blank(f);
}

static bool
is_link(const struct fold *f)
{
	struct view	rest = view_sub(f->text, f->pos, f->text.n);

	return (*rest.p | 0x20) == 'h' &&
	    (view_starts_nocase(rest, VIEW("http://")) ||
	    view_starts_nocase(rest, VIEW("https://")));
}

static void
fold_link(struct fold *f)
{
	for (; f->pos < f->text.n; f->pos++) {
		char		c = f->text.p[f->pos];
		enum kind	k = kind_of((unsigned char)c);

		if (c == ' ' || c == '>' || c == ')' || c == ']' ||
		    c == '"' || c == '\n')
			break;
		put(f, k == LETTER ? (char)(c | 0x20) :
		    k == DIGIT || c == '_' ? c : '.', f->pos);
	}
	blank(f);
}

/* An address of any kind: all up to the next split that holds an @. */
static bool
skip_address(struct fold *f)
{
	size_t	i, at = 0;

	if (f->pos < f->no_at)
		return false;
	for (i = f->pos; i < f->text.n; i++) {
		enum kind	k = kind_of((unsigned char)f->text.p[i]);

		if (k == SPLIT)
			break;
		if (k == AT)
			at = i;
	}
	if (at == 0) {
		f->no_at = i;
		return false;
	}
	put(f, '@', f->pos);
	f->pos = i;
	blank(f);
	return true;
}

/*
 * Codes (5.7.1, and the reply's own once more) go, IP addresses become '#'.
 * "x.xx.xx.x" is how public lists of replies write one.
 */
static bool
skip_number(struct fold *f)
{
	size_t		i, dots = 0, start = f->pos;
	unsigned	value = 0;

	for (i = start; i < f->text.n; i++) {
		char	c = f->text.p[i];

		if (c == '.' && i + 1 < f->text.n && f->text.p[i + 1] != ' ')
			dots++;
		else if (c >= '0' && c <= '9')
			value = value * 10 + (unsigned)(c - '0');
		else if (c != 'x')
			break;
	}
	if (i == start || (i < f->text.n && f->text.p[i] != '-' &&
	    kind_of((unsigned char)f->text.p[i]) != SPLIT &&
	    f->text.p[i] != '.'))
		return false;
	if (dots == 3)
		put(f, '#', start);
	else if (!(dots == 2 && strchr("245", f->text.p[start]) != NULL) &&
	    !(dots == 0 && i - start == 3 && value == f->code))
		return false;
	f->pos = i;
	blank(f);
	return true;
}

static void
fold_word(struct fold *f)
{
	bool	more = true;

	while (more && f->pos < f->text.n) {
		unsigned char	c = (unsigned char)f->text.p[f->pos];
		enum kind	k = kind_of(c);

		if (k == LETTER)
			put(f, (char)(c | 0x20), f->pos++);
		else if (k == DIGIT || (k == DOT && inside(f)) ||
		    (c == '_' && before_digit(f)))
			put(f, (char)c, f->pos++);
		else if (k == HIGH)
			f->pos += fold_high(f);
		else
			more = false;
	}
	f->words++;
	f->out->words++;
	if (f->pos < f->text.n && f->text.p[f->pos] != '.')
		f->pos += kind_of((unsigned char)f->text.p[f->pos]) != SPLIT;
	blank(f);
}

/* Is the byte at pos followed by more of a word? */
static bool
inside(const struct fold *f)
{
	enum kind	k;

	if (f->pos + 1 >= f->text.n)
		return false;
	k = kind_of((unsigned char)f->text.p[f->pos + 1]);
	return k == LETTER || k == DIGIT;
}

static bool
before_digit(const struct fold *f)
{
	return f->pos + 1 < f->text.n &&
	    kind_of((unsigned char)f->text.p[f->pos + 1]) == DIGIT;
}

/* One UTF-8 sequence, or one stray byte; how many bytes it took. */
static size_t
fold_high(struct fold *f)
{
	const unsigned char	*p =
	    (const unsigned char *)f->text.p + f->pos;
	size_t			 left = f->text.n - f->pos;
	char			 plain;

	if (left >= 2 && p[0] >= 0xc3 && p[0] <= 0xc5 && p[1] >= 0x80 &&
	    p[1] < 0xc0) {
		plain = plain_latin(p[0], p[1]);
		put(f, plain, f->pos);
		return 2;
	}
	if (left >= 2 && p[0] == 0xc2) {	/* guillemets, no-break space */
		blank(f);
		return 2;
	}
	if (left >= 3 && p[0] == 0xe2 && p[1] == 0x80) {	/* quotes */
		blank(f);
		return 3;
	}
	if (left >= 3 && p[0] == 0xe3 && p[1] == 0x80 && p[2] <= 0x82) {
		if (p[2] == 0x82)
			end_sentence(f);
		else
			blank(f);
		return 3;
	}
	/* Cyrillic capitals */
	if (left >= 2 && p[0] == 0xd0 && p[1] >= 0x90 && p[1] <= 0xaf) {
		put(f, p[1] < 0xa0 ? (char)0xd0 : (char)0xd1, f->pos);
		put(f, p[1] < 0xa0 ? (char)(p[1] + 0x20) :
		    (char)(p[1] - 0x20), f->pos);
		return 2;
	}
	put(f, (char)p[0], f->pos);
	if (left >= 2 && (p[0] == 0xd0 || p[0] == 0xd1)) {
		put(f, (char)p[1], f->pos);
		return 2;
	}
	return 1;
}

static char
plain_latin(unsigned char lead, unsigned char tail)
{
	char	c;

	if (lead == 0xc3)
		c = latin1[tail - 0x80];
	else
		c = latin_a[(lead - 0xc4) * 64 + tail - 0x80];
	return c == '-' ? ' ' : c;
}
