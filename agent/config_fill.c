#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_fill.h"

enum { NOTE_BYTES = 512 };

/* Rules that are there without being written; a section of the same name
   changes what it names and keeps the rest. */
static const struct {
	const char	*rule, *option, *value;
} builtin[] = {
	{ "421", "code", "421" },
	{ "421", "per", "provider" },
	{ "421", "window", "5m" },
	{ "421", "count", "20" },
	{ "421", "ratio", "0.2" },
	{ "421", "for", "2m" },
	{ "554", "code", "554" },
	{ "554", "per", "provider" },
	{ "554", "window", "5m" },
	{ "554", "count", "20" },
	{ "554", "ratio", "0.2" },
	{ "554", "for", "2m" },
	/* a smarthost that no longer takes our login holds up everything */
	{ "530", "code", "530" },
	{ "530", "immediate", "true" },
	{ "535", "code", "535" },
	{ "535", "immediate", "true" },
};

enum { BUILTIN_COUNT = sizeof(builtin) / sizeof(builtin[0]) };

static void	*enlarge(struct config *, enum option_section);
static int	set_defaults(enum option_section, void *base);
static int	set_builtin(struct config_rule *);

struct config *
config_new(void)
{
	struct config	*c = calloc(1, sizeof(*c));
	size_t		 rows = 0;

	while (option_row(rows) != NULL)
		rows++;
	if (c == NULL)
		return NULL;
	c->where = calloc(rows, sizeof(*c->where));
	if (c->where == NULL)
		goto fail;
	for (int s = 0; s < SECTION_COUNT; s++)
		if (!sections[s].titled &&
		    set_defaults((enum option_section)s, c) == -1)
			goto fail;
	return c;
fail:
	config_free(c);
	return NULL;
}

void
config_free(struct config *c)
{
	const struct option	*o;

	if (c == NULL)
		return;
	for (size_t i = 0; (o = option_row(i)) != NULL; i++) {
		if (!sections[o->section].titled) {
			option_clear(o, c);
			if (c->where != NULL)
				free(c->where[i].file);
			continue;
		}
		for (size_t n = 0; n < config_element_count(c, o->section);
		    n++)
			option_clear(o, config_element_at(c, o->section, n));
	}
	for (int s = 0; s < SECTION_COUNT; s++) {
		if (!sections[s].titled)
			continue;
		for (size_t n = 0; n < config_element_count(c,
		    (enum option_section)s); n++) {
			struct config_element *e = config_element_at(c,
			    (enum option_section)s, n);

			free(e->name);
			free(e->file);
		}
		free(*(void **)((char *)c + sections[s].array_at));
	}
	for (size_t i = 0; i < c->label_count; i++) {
		free(c->label[i].name);
		free(c->label[i].value);
	}
	free(c->label);
	for (size_t i = 0; i < c->notes.count; i++)
		free(c->notes.item[i]);
	free(c->notes.item);
	free(c->where);
	free(c->file);
	free(c);
}

size_t
config_element_count(const struct config *c, enum option_section s)
{
	assert(sections[s].titled);
	return *(const size_t *)((const char *)c + sections[s].count_at);
}

void *
config_element_at(const struct config *c, enum option_section s, size_t i)
{
	char	*array;

	memcpy(&array, (const char *)c + sections[s].array_at, sizeof(array));
	return array + i * sections[s].element_bytes;
}

void *
config_grow(struct config *c, enum option_section s, const char *title,
    const char *file, int line)
{
	struct config_element	*e = enlarge(c, s);

	if (e == NULL)
		return NULL;
	e->line = line;
	e->name = strdup(title);
	e->file = file == NULL ? NULL : strdup(file);
	if (e->name == NULL || (file != NULL && e->file == NULL) ||
	    set_defaults(s, e) == -1)
		return NULL;
	if (s == SECTION_RULE && set_builtin((struct config_rule *)e) == -1)
		return NULL;
	return e;
}

int
config_add_label(struct config *c, const char *name, const char *value)
{
	struct config_label	*grown, *label;

	grown = reallocarray(c->label, c->label_count + 1, sizeof(*grown));
	if (grown == NULL)
		return -1;
	c->label = grown;
	label = &grown[c->label_count++];
	label->name = strdup(name);
	label->value = strdup(value);
	return label->name == NULL || label->value == NULL ? -1 : 0;
}

int
config_add_rules(struct config *c)
{
	for (size_t i = 0; i < BUILTIN_COUNT; i++) {
		bool	there = false;

		for (size_t n = 0; n < c->rule_count; n++)
			there |= strcmp(c->rule[n].name, builtin[i].rule) == 0;
		if (!there && config_grow(c, SECTION_RULE, builtin[i].rule,
		    NULL, 0) == NULL)
			return -1;
	}
	return 0;
}

int
config_add_note(struct config *c, const char *fmt, ...)
{
	char	note[NOTE_BYTES];
	char	**grown;
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(note, sizeof(note), fmt, ap);
	va_end(ap);
	grown = reallocarray(c->notes.item, c->notes.count + 1,
	    sizeof(*grown));
	if (grown == NULL)
		return -1;
	c->notes.item = grown;
	grown[c->notes.count] = strdup(note);
	if (grown[c->notes.count] == NULL)
		return -1;
	c->notes.count++;
	return 0;
}

/* A zeroed element more at the end of a section's array, or NULL. */
static void *
enlarge(struct config *c, enum option_section s)
{
	size_t	*count = (size_t *)((char *)c + sections[s].count_at);
	size_t	 bytes = sections[s].element_bytes;
	char	*array, *grown;

	memcpy(&array, (char *)c + sections[s].array_at, sizeof(array));
	grown = reallocarray(array, *count + 1, bytes);
	if (grown == NULL)
		return NULL;
	memcpy((char *)c + sections[s].array_at, &grown, sizeof(grown));
	return memset(grown + (*count)++ * bytes, 0, bytes);
}

static int
set_defaults(enum option_section s, void *base)
{
	char			 why[OPTION_WHY_BYTES];
	const struct option	*o;

	for (size_t i = 0; (o = option_row(i)) != NULL; i++)
		if (o->section == s && o->value != NULL &&
		    option_set(o, base, o->value, why) == -1)
			return -1;
	return 0;
}

static int
set_builtin(struct config_rule *rule)
{
	char	why[OPTION_WHY_BYTES];

	for (size_t i = 0; i < BUILTIN_COUNT; i++) {
		if (strcmp(builtin[i].rule, rule->name) != 0)
			continue;
		rule->builtin = true;
		if (option_set(option_find(SECTION_RULE, builtin[i].option),
		    rule, builtin[i].value, why) == -1)
			return -1;
	}
	return 0;
}
