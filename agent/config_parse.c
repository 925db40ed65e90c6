#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include "config_fill.h"
#include "config_parse.h"
#include "config_text.h"

enum {
	OPTIONS_MAX = 32,		/* rows of one section */
	INCLUDE_DEPTH_MAX = 8,
	FLAG_GIVEN = 1 << 24		/* ours: the option has been given */
};

/* What libConfuse hands back for each value of an option. */
struct value {
	int	 line;
	char	*file;			/* behind text */
	char	 text[];
};

/* While config_parse() runs, because libConfuse's callbacks get no argument
   of ours; one thread reads configurations. */
static struct {
	struct problems	*problems;
	unsigned	 depth;
} reading;

static cfg_t	*make_parser(void);
static void	 make_options(cfg_opt_t *, enum option_section);
static int	 parse_text(cfg_t *, const char *file);
static int	 on_value(cfg_t *, cfg_opt_t *, const char *, void *);
static int	 on_include(cfg_t *, cfg_opt_t *, int, const char **);
static void	 on_error(cfg_t *, const char *fmt, va_list)
		    __attribute__((format(printf, 2, 0)));
static enum option_section	 section_of(const cfg_t *);
static int	 take_root(struct config *, cfg_t *);
static int	 take_section(struct config *, cfg_t *, enum option_section);
static int	 take_options(struct config *, cfg_t *, enum option_section,
		    void *base);
static int	 take_option(cfg_t *, cfg_opt_t *, const struct option *,
		    void *base);
static int	 take_labels(struct config *, cfg_t *);

int
config_parse(struct config *c, const char *file, struct problems *problems)
{
	cfg_t	*cfg = make_parser();
	int	 rc = -1;

	reading.problems = problems;
	reading.depth = 0;
	if (cfg == NULL) {
		problems_add(problems, file, 0, "%s", strerror(errno));
		return -1;
	}
	if (parse_text(cfg, file) == 0 && take_root(c, cfg) == 0)
		rc = 0;
	else if (problems->count == 0)
		problems_add(problems, file, cfg->line, "is not understood");
	cfg_free(cfg);
	reading.problems = NULL;
	return rc == 0 && problems->count == 0 ? 0 : -1;
}

static cfg_t *
make_parser(void)
{
	cfg_opt_t	(*opts)[OPTIONS_MAX + 1];
	cfg_opt_t	*root;
	cfg_t		*cfg;
	size_t		 n = 0;

	opts = calloc(SECTION_COUNT, sizeof(*opts));
	if (opts == NULL)
		return NULL;
	for (int s = 0; s < SECTION_COUNT; s++)
		make_options(opts[s], (enum option_section)s);
	root = opts[SECTION_ROOT];
	while (root[n].name != NULL)
		n++;
	/* Untitled sections are marked as repeatable too: only then are they
	   made when they are met, and know their file. */
	for (int s = 1; s < SECTION_COUNT; s++)
		root[n++] = (cfg_opt_t)CFG_SEC(sections[s].name, opts[s],
		    CFGF_MULTI |
		    (sections[s].titled ?
		    CFGF_TITLE | CFGF_NO_TITLE_DUPES : 0) |
		    (s == SECTION_LABELS ? CFGF_KEYSTRVAL : 0));
	root[n] = (cfg_opt_t)CFG_FUNC("include", on_include);
	cfg = cfg_init(root, CFGF_NONE);
	free(opts);
	if (cfg != NULL)
		cfg_set_error_function(cfg, on_error);
	return cfg;
}

static void
make_options(cfg_opt_t *to, enum option_section s)
{
	const struct option	*o;

	for (size_t i = 0; (o = option_row(i)) != NULL; i++) {
		if (o->section != s)
			continue;
		*to++ = (cfg_opt_t)CFG_PTR_CB(o->name, NULL,
		    CFGF_NODEFAULT | (option_is_list(o) ? CFGF_LIST : 0),
		    on_value, free);
	}
	*to = (cfg_opt_t)CFG_END();
}

static int
parse_text(cfg_t *cfg, const char *file)
{
	char	*text = config_text_read(file, reading.problems);
	FILE	*in;
	int	 rc = -1;

	if (text == NULL)
		return -1;
	if (config_text_clean(text, file, reading.problems) == -1)
		goto out;
	in = fmemopen(text, strlen(text), "r");
	if (in == NULL)
		goto out;
	free(cfg->filename);
	cfg->filename = strdup(file);
	if (cfg->filename != NULL && cfg_parse_fp(cfg, in) == CFG_SUCCESS)
		rc = 0;
	fclose(in);
out:
	free(text);
	return rc;
}

static int
on_value(cfg_t *cfg, cfg_opt_t *opt, const char *text, void *result)
{
	const char	*file = cfg->filename == NULL ? "" : cfg->filename;
	size_t		 n = strlen(text) + 1, m = strlen(file) + 1;
	struct value	*value;

	/* the second "x = ..." would take the place of the first in silence;
	   "x += { }" is meant to add */
	if ((opt->flags & FLAG_GIVEN) != 0 &&
	    ((opt->flags & CFGF_LIST) == 0 || opt->nvalues == 1)) {
		cfg_error(cfg, "%s is given twice", opt->name);
		return -1;
	}
	opt->flags |= FLAG_GIVEN;
	value = malloc(sizeof(*value) + n + m);
	if (value == NULL)
		return -1;
	value->line = cfg->line;
	value->file = value->text + n;
	memcpy(value->text, text, n);
	memcpy(value->file, file, m);
	*(void **)result = value;
	return 0;
}

/* A name without / in front is looked for beside the file that says so. */
static int
on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	char	*outer = cfg->filename, *path;
	char	*slash = outer == NULL ? NULL : strrchr(outer, '/');
	int	 line = cfg->line, rc;

	(void)opt;
	if (argc != 1) {
		cfg_error(cfg, "include takes one file name");
		return -1;
	}
	if (reading.depth == INCLUDE_DEPTH_MAX) {
		cfg_error(cfg, "files include each other more than %d deep",
		    INCLUDE_DEPTH_MAX);
		return -1;
	}
	if (asprintf(&path, "%.*s%s", argv[0][0] == '/' || slash == NULL ? 0 :
	    (int)(slash + 1 - outer), outer == NULL ? "" : outer,
	    argv[0]) == -1)
		return -1;
	reading.depth++;
	cfg->filename = NULL;
	rc = parse_text(cfg, path);
	reading.depth--;
	free(path);
	free(cfg->filename);
	cfg->filename = outer;
	cfg->line = line;
	return rc;
}

static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	const char		*file, *near, *name;
	char			*message;

	/* labels are free words, but libConfuse complains first */
	if ((cfg->flags & CFGF_KEYSTRVAL) != 0 &&
	    strncmp(fmt, "no such option", 14) == 0)
		return;
	file = cfg->filename == NULL ? "" : cfg->filename;
	if (strncmp(fmt, "no such option", 14) == 0) {
		name = va_arg(ap, const char *);
		near = option_near(section_of(cfg), name);
		problems_add(reading.problems, file, cfg->line,
		    "there is no option '%s' %s%s%s%s%s", name,
		    section_of(cfg) == SECTION_ROOT ? "here" : "in section ",
		    section_of(cfg) == SECTION_ROOT ? "" : cfg->name,
		    near == NULL ? "" : "; did you mean '",
		    near == NULL ? "" : near, near == NULL ? "" : "'?");
		return;
	}
	if (vasprintf(&message, fmt, ap) == -1)
		return;
	problems_add(reading.problems, file, cfg->line, "%s", message);
	free(message);
}

static enum option_section
section_of(const cfg_t *cfg)
{
	for (int s = 1; s < SECTION_COUNT; s++)
		if (strcmp(sections[s].name, cfg->name) == 0)
			return (enum option_section)s;
	return SECTION_ROOT;
}

static int
take_root(struct config *c, cfg_t *cfg)
{
	if (take_options(c, cfg, SECTION_ROOT, c) == -1)
		return -1;
	for (int s = 1; s < SECTION_COUNT; s++)
		for (unsigned i = 0; i < cfg_size(cfg, sections[s].name); i++)
			if (take_section(c, cfg_getnsec(cfg, sections[s].name,
			    i), (enum option_section)s) == -1)
				return -1;
	return 0;
}

static int
take_section(struct config *c, cfg_t *sec, enum option_section s)
{
	void	*base = c;

	if (s == SECTION_LABELS)
		return take_labels(c, sec);
	if (sections[s].titled)
		base = config_grow(c, s, cfg_title(sec), sec->filename,
		    sec->line);
	return base == NULL ? -1 : take_options(c, sec, s, base);
}

static int
take_options(struct config *c, cfg_t *sec, enum option_section s, void *base)
{
	const struct option	*o;

	for (size_t i = 0; (o = option_row(i)) != NULL; i++) {
		cfg_opt_t	*opt;
		struct value	*first;

		if (o->section != s)
			continue;
		opt = cfg_getopt(sec, o->name);
		if (opt == NULL || (opt->flags & CFGF_MODIFIED) == 0)
			continue;
		if (base == c && c->where[i].line != 0) {
			first = cfg_opt_getnptr(opt, 0);
			problems_add(reading.problems, c->where[i].file,
			    first == NULL ? sec->line : first->line,
			    "%s is given twice", o->name);
			continue;
		}
		if (base == c && cfg_opt_size(opt) > 0) {
			first = cfg_opt_getnptr(opt, 0);
			c->where[i].line = first->line;
			c->where[i].file = strdup(first->file);
			if (c->where[i].file == NULL)
				return -1;
		}
		if (take_option(sec, opt, o, base) == -1)
			return -1;
	}
	return 0;
}

/* What is wrong becomes a problem and the reading goes on. */
static int
take_option(cfg_t *sec, cfg_opt_t *opt, const struct option *o, void *base)
{
	char	why[OPTION_WHY_BYTES];

	if (option_is_list(o))
		option_clear(o, base);
	for (unsigned i = 0; i < cfg_opt_size(opt); i++) {
		const struct value *v = cfg_opt_getnptr(opt, i);

		if (option_set(o, base, v->text, why) == 0)
			continue;
		if (o->section == SECTION_ROOT)
			problems_add(reading.problems, v->file, v->line,
			    "%s: %s", o->name, why);
		else if (cfg_title(sec) == NULL)
			problems_add(reading.problems, v->file, v->line,
			    "%s.%s: %s", sec->name, o->name, why);
		else
			problems_add(reading.problems, v->file, v->line,
			    "%s \"%s\": %s: %s", sec->name, cfg_title(sec),
			    o->name, why);
	}
	return 0;
}

static int
take_labels(struct config *c, cfg_t *sec)
{
	cfg_opt_t	*opt;

	for (unsigned i = 0; (opt = cfg_getnopt(sec, i)) != NULL; i++) {
		const char *value = cfg_opt_getnstr(opt, 0);

		if (config_add_label(c, cfg_opt_name(opt),
		    value == NULL ? "" : value) == -1)
			return -1;
	}
	return 0;
}
