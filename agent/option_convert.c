#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "address.h"
#include "option.h"

static int	set_string(const struct option *, void *, const char *);
static int	set_list(const struct option *, void *, const char *);
static int	set_bool(const struct option *, void *, const char *);
static int	set_uint(const struct option *, void *, const char *);
static int	set_code(const struct option *, void *, const char *);
static int	set_seconds(const struct option *, void *, const char *);
static int	set_ratio(const struct option *, void *, const char *);
static int	set_enum(const struct option *, void *, const char *);
static bool	is_enhanced(const char *);
static bool	is_url(const char *);
static bool	is_zone(const char *);
static bool	is_listen(const char *);
static bool	is_user(const char *);
static bool	is_pattern(const char *, char why[OPTION_WHY_BYTES]);
static bool	take_number(const char **, uint32_t *);
static char	*print_seconds(char *buf, size_t, uint32_t);

/* How a type is checked and stored, and what is allowed, in words. */
static const struct {
	bool		 list;
	bool		(*fits)(const char *);
	int		(*set)(const struct option *, void *, const char *);
	const char	*allowed;	/* NULL: made from the row */
} types[OPTION_TYPE_COUNT] = {
	[OPTION_STRING] = { false, NULL, set_string,
	    "a text that is not empty" },
	[OPTION_LIST] = { true, NULL, set_list, "a list of texts" },
	[OPTION_BOOL] = { false, NULL, set_bool, "true or false" },
	[OPTION_UINT] = { false, NULL, set_uint, NULL },
	[OPTION_CODE] = { false, NULL, set_code, NULL },
	[OPTION_SECONDS] = { false, NULL, set_seconds, NULL },
	[OPTION_RATIO] = { false, NULL, set_ratio, "a number from 0 to 1" },
	[OPTION_ENUM] = { false, NULL, set_enum, NULL },
	[OPTION_ENHANCED] = { false, is_enhanced, set_string,
	    "a code such as 4.7.28" },
	[OPTION_URL] = { false, is_url, set_string,
	    "a URL that starts with http:// or https://" },
	[OPTION_ZONE] = { false, is_zone, set_string,
	    "a zone that this machine knows, such as Europe/Berlin" },
	[OPTION_LISTEN] = { true, is_listen, set_list,
	    "address and port, such as 127.0.0.1:10421 or [::1]:10421" },
	[OPTION_USERS] = { true, is_user, set_list,
	    "a name, a colon and a bcrypt hash, such as ann:$2b$10$..." },
	[OPTION_PATTERN] = { false, NULL, set_string, "a pattern of PCRE2" },
};

bool
option_is_list(const struct option *o)
{
	return types[o->type].list;
}

int
option_set(const struct option *o, void *base, const char *text,
    char why[OPTION_WHY_BYTES])
{
	char	allowed[OPTION_WHY_BYTES];

	if ((types[o->type].fits == NULL || types[o->type].fits(text)) &&
	    types[o->type].set(o, (char *)base + o->at, text) == 0)
		return o->type != OPTION_PATTERN || is_pattern(text, why) ?
		    0 : -1;
	snprintf(why, OPTION_WHY_BYTES, "'%.80s' is wrong, allowed: %s", text,
	    option_allowed(o, allowed, sizeof(allowed)));
	return -1;
}

void
option_clear(const struct option *o, void *base)
{
	void			*field = (char *)base + o->at;
	struct config_list	*list = field;

	if (types[o->type].set == set_string) {
		free(*(char **)field);
		*(char **)field = NULL;
	} else if (types[o->type].list) {
		for (size_t i = 0; i < list->count; i++)
			free(list->item[i]);
		free(list->item);
		*list = (struct config_list){ NULL, 0 };
	}
}

const char *
option_allowed(const struct option *o, char *buf, size_t size)
{
	char	min[16], max[16];
	size_t	used = 0;

	if (types[o->type].allowed != NULL) {
		snprintf(buf, size, "%s", types[o->type].allowed);
	} else if (o->type == OPTION_SECONDS) {
		snprintf(buf, size, "%s to %s",
		    print_seconds(min, sizeof(min), o->min),
		    print_seconds(max, sizeof(max), o->max));
	} else if (o->type == OPTION_ENUM) {
		for (const struct option_name *n = o->names;
		    n->name != NULL && used < size; n++)
			used += (size_t)snprintf(buf + used, size - used,
			    "%s%s", used == 0 ? "" :
			    n[1].name == NULL ? " or " : ", ", n->name);
	} else {
		snprintf(buf, size, "%u to %u", o->min, o->max);
	}
	return buf;
}

static int
set_string(const struct option *o, void *field, const char *text)
{
	char	**string = field, *copy;

	/* '' would mean "not set", which only a default can overrule */
	if (*text == '\0' && o->value == NULL)
		return -1;
	copy = strdup(text);
	if (copy == NULL)
		return -1;
	free(*string);
	*string = copy;
	return 0;
}

static int
set_list(const struct option *o, void *field, const char *text)
{
	struct config_list	*list = field;
	char			**grown;

	(void)o;
	grown = reallocarray(list->item, list->count + 1, sizeof(*grown));
	if (grown == NULL)
		return -1;
	list->item = grown;
	list->item[list->count] = strdup(text);
	if (list->item[list->count] == NULL)
		return -1;
	list->count++;
	return 0;
}

static int
set_bool(const struct option *o, void *field, const char *text)
{
	static const char *const	words[] = {
		"false", "true", "no", "yes", "off", "on"
	};

	(void)o;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) != 0)
			continue;
		*(bool *)field = i % 2 == 1;
		return 0;
	}
	return -1;
}

static int
set_uint(const struct option *o, void *field, const char *text)
{
	uint32_t	value;

	if (!take_number(&text, &value) || *text != '\0' ||
	    value < o->min || value > o->max)
		return -1;
	*(uint32_t *)field = value;
	return 0;
}

static int
set_code(const struct option *o, void *field, const char *text)
{
	uint32_t	value;

	if (set_uint(o, &value, text) == -1)
		return -1;
	*(uint16_t *)field = (uint16_t)value;
	return 0;
}

static int
set_seconds(const struct option *o, void *field, const char *text)
{
	static const struct {
		char		unit;
		uint32_t	seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	uint32_t	value;

	if (!take_number(&text, &value) || text[0] == '\0' || text[1] != '\0')
		return -1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		uint64_t seconds = (uint64_t)value * units[i].seconds;

		if (text[0] != units[i].unit)
			continue;
		if (seconds < o->min || seconds > o->max)
			return -1;
		*(uint32_t *)field = (uint32_t)seconds;
		return 0;
	}
	return -1;
}

/* By hand, because strtod() knows hexadecimal, nan and the locale's comma. */
static int
set_ratio(const struct option *o, void *field, const char *text)
{
	double	value = 0, scale = 1;
	bool	digits = false;

	(void)o;
	for (; *text >= '0' && *text <= '9'; text++, digits = true)
		value = value * 10 + (*text - '0');
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++) {
			scale /= 10;
			value += scale * (*text - '0');
			digits = true;
		}
	if (!digits || *text != '\0' || value > 1)
		return -1;
	*(double *)field = value;
	return 0;
}

static int
set_enum(const struct option *o, void *field, const char *text)
{
	for (const struct option_name *n = o->names; n->name != NULL; n++) {
		if (strcmp(n->name, text) != 0)
			continue;
		*(int *)field = n->value;
		return 0;
	}
	return -1;
}

static bool
is_enhanced(const char *text)
{
	uint32_t	value;

	if (*text != '2' && *text != '4' && *text != '5')
		return false;
	text++;
	for (int part = 0; part < 2; part++)
		if (*text++ != '.' || !take_number(&text, &value) ||
		    value > 999)
			return false;
	return *text == '\0';
}

static bool
is_url(const char *text)
{
	static const char *const	schemes[] = { "http://", "https://" };

	for (const char *p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p == 0x7f)
			return false;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i]);

		if (strncasecmp(text, schemes[i], n) == 0)
			return text[n] != '\0' && strchr("/?#:", text[n]) ==
			    NULL;
	}
	return false;
}

static bool
is_zone(const char *text)
{
	char	path[256];

	if (*text == '\0' || *text == '/' || strstr(text, "..") != NULL)
		return false;
	if (strcmp(text, "UTC") == 0)
		return true;
	if (snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", text) >=
	    (int)sizeof(path))
		return false;
	return access(path, R_OK) == 0;
}

/* A numeric address: names would be asked from a resolver at start. */
static bool
is_listen(const char *text)
{
	return address_parse(&(struct address){ 0 }, text);
}

static bool
is_user(const char *text)
{
	const char	*colon = strchr(text, ':');

	return colon != NULL && colon != text &&
	    strncmp(colon + 1, "$2", 2) == 0 && strlen(colon + 1) == 60;
}

static bool
is_pattern(const char *text, char why[OPTION_WHY_BYTES])
{
	PCRE2_UCHAR	message[128];
	PCRE2_SIZE	at;
	pcre2_code	*code;
	int		 err;

	code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0,
	    &err, &at, NULL);
	if (code == NULL) {
		pcre2_get_error_message(err, message, sizeof(message));
		snprintf(why, OPTION_WHY_BYTES, "%s, at column %zu of '%.80s'",
		    (const char *)message, at + 1, text);
	}
	pcre2_code_free(code);
	return code != NULL;
}

static bool
take_number(const char **text, uint32_t *out)
{
	uint64_t	value = 0;
	const char	*p = *text;

	for (; *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (uint64_t)(*p - '0');
		if (value > UINT32_MAX)
			return false;
	}
	if (p == *text)
		return false;
	*text = p;
	*out = (uint32_t)value;
	return true;
}

static char *
print_seconds(char *buf, size_t size, uint32_t s)
{
	if (s != 0 && s % 86400 == 0)
		snprintf(buf, size, "%ud", s / 86400);
	else if (s != 0 && s % 3600 == 0)
		snprintf(buf, size, "%uh", s / 3600);
	else if (s != 0 && s % 60 == 0)
		snprintf(buf, size, "%um", s / 60);
	else
		snprintf(buf, size, "%us", s);
	return buf;
}
