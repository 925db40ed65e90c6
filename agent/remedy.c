#include <string.h>

#include "explain.h"
#include "provider_table.h"
#include "remedy.h"
#include "remedy_table.h"

/* So many domains and servers of a provider are written at most. */
enum { NAMES_MAX = 8, SAFE_BYTES = 40 };

struct names {
	char		 safe[SAFE_BYTES];	/* fit for a transport */
	char		 word[SAFE_BYTES];	/* letters and digits only */
	const char	*domain[NAMES_MAX], *mx[NAMES_MAX];
	size_t		 domains, mxs;
};

static void	gather(const char *provider, struct names *);
static void	make_safe(const char *provider, struct names *);
static void	put_lines(struct buf *, const char *text,
		    const struct names *);
static void	put_line(struct buf *, struct view, const struct names *,
		    size_t which);
static void	put_mark(struct buf *, char mark, const struct names *,
		    size_t which);
static void	put_list(struct buf *, const char *const *, size_t count,
		    const char *between, const char *before);

bool
remedy_write(struct buf *b, const struct remedy_wish *wish)
{
	struct names	names;

	for (size_t i = 0; i < remedy_count; i++) {
		const struct remedy	*r = &remedy_table[i];

		if (r->action != wish->action || r->mta != wish->mta)
			continue;
		gather(wish->provider, &names);
		buf_printf(b, "\n# %s: ", mta_name(r->mta));
		put_line(b, view_of(r->what), &names, 0);
		buf_byte(b, '\n');
		put_lines(b, r->text, &names);
		if (r->undo == NULL)
			return true;
		buf_text(b, "# undo:\n");
		put_lines(b, r->undo, &names);
		return true;
	}
	return false;
}

/* A name that is in no table is a domain itself. */
static void
gather(const char *provider, struct names *n)
{
	enum provider_id	id;

	*n = (struct names){ 0 };
	if (provider == NULL || *provider == '\0')
		provider = "provider.example";
	make_safe(provider, n);
	id = explain_provider(view_of(provider));
	for (size_t i = 0; i < provider_pattern_count; i++) {
		const struct provider_pattern	*p = &provider_patterns[i];

		if (id == PROVIDER_OTHER || p->id != id)
			continue;
		if (p->kind == PROVIDER_DOMAIN && n->domains < NAMES_MAX)
			n->domain[n->domains++] = p->name;
		if (p->kind == PROVIDER_MX && n->mxs < NAMES_MAX)
			n->mx[n->mxs++] = p->name;
	}
	if (n->domains == 0)
		n->domain[n->domains++] = strchr(provider, '.') == NULL ?
		    "provider.example" : provider;
	if (n->mxs == 0)
		n->mx[n->mxs++] = n->domain[0];
}

static void
make_safe(const char *provider, struct names *n)
{
	size_t	length = 0, words = 0;

	for (const char *c = provider; *c != '\0' && length < SAFE_BYTES - 1;
	    c++) {
		bool	plain = (*c >= 'a' && *c <= 'z') ||
			    (*c >= '0' && *c <= '9');

		n->safe[length++] = plain ? *c : '-';
		if (plain)
			n->word[words++] = *c;
	}
}

static void
put_lines(struct buf *b, const char *text, const struct names *n)
{
	struct view	rest = view_of(text), line;

	while (view_cut(&rest, '\n', &line)) {
		bool	each = view_skip_byte(&line, '*');

		for (size_t i = 0; i < (each ? n->domains : 1); i++) {
			put_line(b, line, n, i);
			buf_byte(b, '\n');
		}
	}
}

static void
put_line(struct buf *b, struct view line, const struct names *n, size_t which)
{
	while (line.n > 0) {
		if (line.n > 1 && *line.p == '@') {
			put_mark(b, line.p[1], n, which);
			view_advance(&line, 2);
			continue;
		}
		buf_byte(b, *line.p);
		view_advance(&line, 1);
	}
}

static void
put_mark(struct buf *b, char mark, const struct names *n, size_t which)
{
	switch (mark) {
	case 'N':
		buf_text(b, n->safe);
		break;
	case 'U':
		buf_text(b, n->word);
		break;
	case 'D':
		buf_text(b, n->domain[which]);
		break;
	case 'C':
		put_list(b, n->domain, n->domains, " : ", "");
		break;
	case 'L':
		put_list(b, n->mx, n->mxs, " ; ", "*.");
		break;
	default:
		buf_byte(b, mark);
	}
}

static void
put_list(struct buf *b, const char *const *item, size_t count,
    const char *between, const char *before)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(b, "%s%s%s", i == 0 ? "" : between, before, item[i]);
}
