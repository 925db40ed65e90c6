/*
 * reply - codes at the front of a reply, and a multi-line reply as one text.
 *
 * Postfix joins the lines of a reply by a blank, Exim's decoded form by a LF;
 * each line but the last repeats "550-" or "550-5.7.1 ", the last "550 ".
 * Sendmail keeps only the first. Folding follows that form and takes away
 * nothing that does not repeat the first line's code exactly.
 */
#include "reply.h"

enum { CODE_BYTES = 3, PART_MAX = 999 };

struct fold {
	struct view	text, code;
	size_t		last_dash;	/* separator before the last "550-" */
	char		separator;	/* what the lines were joined by */
	bool		ended;		/* the last part was found */
};

static const char	*const classes[] = {
#define X(id, name) name,
	REPLY_CLASSES(X)
#undef X
};

static bool	is_digit(char);
static bool	take_part(struct view *, uint16_t *);
static bool	take_bare_enhanced(struct view *, struct enhanced *);
static size_t	print_number(unsigned, char *);
static bool	fold_begin(struct fold *);
static char	code_at(const struct fold *, size_t i);
static size_t	fold_next(struct fold *, size_t from);
static struct view without_codes(struct view part, struct view code);
static size_t	skip_blanks(struct view, size_t from);
static size_t	append(char *to, size_t at, struct view);

const char *
reply_class_name(enum reply_class class)
{
	return classes[class];
}

enum reply_class
reply_class_of(const struct reply *reply)
{
	unsigned	first = reply->code / 100u;

	/* 3xx is an answer out of step: ask what the MTA made of it */
	if (first == 0 || first == 3)
		first = reply->enhanced.class;
	if (first == 2)
		return CLASS_2XX;
	if (first == 4)
		return CLASS_4XX;
	return first == 5 ? CLASS_5XX : CLASS_NONE;
}

bool
reply_take_code(struct view *v, uint16_t *code)
{
	if (v->n < CODE_BYTES || *v->p < '2' || *v->p > '5' ||
	    !is_digit(v->p[1]) || !is_digit(v->p[2]))
		return false;
	if (v->n > CODE_BYTES && v->p[3] != ' ' && v->p[3] != '-')
		return false;
	*code = (uint16_t)((v->p[0] - '0') * 100 + (v->p[1] - '0') * 10 +
	    (v->p[2] - '0'));
	view_advance(v, CODE_BYTES + 1);
	return true;
}

bool
reply_take_enhanced(struct view *v, struct enhanced *out)
{
	struct view	rest = *v;
	struct enhanced	e;
	bool		paren = view_skip_byte(&rest, '(');
	bool		hash = view_skip_byte(&rest, '#');

	if ((paren && !hash) || !take_bare_enhanced(&rest, &e))
		return false;
	if (paren && !view_skip_byte(&rest, ')'))
		return false;
	*out = e;
	*v = rest;
	return true;
}

size_t
enhanced_print(struct enhanced e, char *buf)
{
	size_t	n = print_number(e.class, buf);

	buf[n++] = '.';
	n += print_number(e.subject, buf + n);
	buf[n++] = '.';
	n += print_number(e.detail, buf + n);
	buf[n] = '\0';
	return n;
}

bool
reply_parse(struct view text, struct reply *out)
{
	struct reply	reply = { 0 };

	if (!reply_take_code(&text, &reply.code))
		return false;
	text = view_sub(text, skip_blanks(text, 0), text.n);
	if (!reply_take_enhanced(&text, &reply.enhanced))
		reply.enhanced = (struct enhanced){ 0 };
	*out = reply;
	return true;
}

struct view
reply_fold(struct view text, const struct reply *reply, struct scratch *scratch)
{
	struct view	code = view_sub(text, 0, CODE_BYTES);
	struct fold	fold = { .text = text, .code = code };
	size_t		at, end, n;
	char		*room;

	if (reply->code == 0 || !fold_begin(&fold))
		return text;
	room = scratch_room(scratch, text.n);
	if (room == NULL)
		return text;
	n = append(room, 0, code);
	for (at = CODE_BYTES; at < text.n; at = end) {
		struct view part;

		end = fold_next(&fold, at + 1);
		part = view_sub(text, at, end - at);
		if (at == CODE_BYTES)
			view_advance(&part, 1);
		else
			part = without_codes(part, code);
		n = append(room, n, part);
	}
	scratch_keep(scratch, n);
	return (struct view){ room, n };
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
take_part(struct view *v, uint16_t *out)
{
	uint32_t	value;

	if (!view_take_u32(v, &value) || value > PART_MAX)
		return false;
	*out = (uint16_t)value;
	return true;
}

/* "4.7.28", not followed by what would make it an address or a version */
static bool
take_bare_enhanced(struct view *v, struct enhanced *out)
{
	struct view	rest = *v;
	struct enhanced	e = { 0 };

	if (rest.n < 5 || (*rest.p != '2' && *rest.p != '4' && *rest.p != '5'))
		return false;
	e.class = (uint8_t)(*rest.p - '0');
	view_advance(&rest, 1);
	if (!view_skip_byte(&rest, '.') || !take_part(&rest, &e.subject) ||
	    !view_skip_byte(&rest, '.') || !take_part(&rest, &e.detail))
		return false;
	if (rest.n > 1 && *rest.p == '.' && is_digit(rest.p[1]))
		return false;
	*out = e;
	*v = rest;
	return true;
}

static size_t
print_number(unsigned value, char *buf)
{
	char	digit[10];
	size_t	n = 0, i;

	do {
		digit[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	for (i = 0; i < n; i++)
		buf[i] = digit[n - 1 - i];
	return n;
}

/*
 * Find out how the lines were joined. False when there is one only: without
 * LF, nothing but "550-" announces another.
 */
static bool
fold_begin(struct fold *f)
{
	struct view	rest = f->text;
	uint16_t	code;
	size_t		i;

	if (!reply_take_code(&rest, &code))
		return false;
	f->separator = '\n';
	if (view_find(f->text, '\n', 0) < f->text.n)
		return true;
	if (f->text.n <= CODE_BYTES || f->text.p[CODE_BYTES] != '-')
		return false;
	f->separator = ' ';
	for (i = f->text.n - 1; i > CODE_BYTES; i--)
		if (code_at(f, i) == '-')
			break;
	f->last_dash = i;
	return true;
}

/* What follows the code behind a separator at i: '-', ' ', or 0 for neither. */
static char
code_at(const struct fold *f, size_t i)
{
	struct view	rest;

	if (f->text.p[i] != f->separator)
		return 0;
	rest = view_sub(f->text, i + 1, f->text.n);
	if (!view_skip(&rest, f->code))
		return 0;
	if (rest.n == 0)
		return ' ';
	return *rest.p == '-' || *rest.p == ' ' ? *rest.p : 0;
}

/*
 * Where the next part begins: at a LF, or at " 550-". The last part begins at
 * the first " 550 " behind all of these; before it, that is text.
 */
static size_t
fold_next(struct fold *f, size_t from)
{
	size_t	i;

	for (i = view_find(f->text, f->separator, from); i < f->text.n;
	    i = view_find(f->text, f->separator, i + 1)) {
		char follows;

		if (f->separator == '\n')
			return i;
		follows = code_at(f, i);
		if (follows == '-')
			return i;
		if (follows == ' ' && i > f->last_dash && !f->ended) {
			f->ended = true;
			return i;
		}
	}
	return f->text.n;
}

/* A later part without the "550-5.7.1 " or "550 5.7.1 " it repeats. */
static struct view
without_codes(struct view part, struct view code)
{
	struct view	rest;
	struct enhanced	e;

	view_advance(&part, skip_blanks(part, 0));
	rest = part;
	if (!view_skip(&rest, code) ||
	    (rest.n > 0 && *rest.p != ' ' && *rest.p != '-'))
		return part;
	view_advance(&rest, 1);
	if (rest.n > 0 && is_digit(*rest.p))
		reply_take_enhanced(&rest, &e);
	return rest;
}

static size_t
skip_blanks(struct view v, size_t from)
{
	while (from < v.n && (v.p[from] == ' ' || v.p[from] == '\n' ||
	    v.p[from] == '\r' || v.p[from] == '\t'))
		from++;
	return from;
}

/* Append a part with one blank before it, without blanks at its ends. */
static size_t
append(char *to, size_t at, struct view part)
{
	size_t	from = skip_blanks(part, 0);

	part = view_sub(part, from, part.n);
	while (part.n > 0 && skip_blanks(part, part.n - 1) == part.n)
		part.n--;
	if (part.n == 0)
		return at;
	if (at > 0)
		to[at++] = ' ';
	memcpy(to + at, part.p, part.n);
	return at + part.n;
}
