#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "config_check.h"
#include "config_fill.h"
#include "config_find.h"
#include "config_guard.h"
#include "config_parse.h"

static int	load(struct config *, const char *file, struct problems *);
static int	place_state(struct config *);
static bool	was_given(const struct config *, const char *option);

int
config_load(struct config **out, const char *file,
    char error[CONFIG_ERROR_BYTES])
{
	struct problems	 problems;
	struct config	*c = config_new();

	*out = NULL;
	problems_init(&problems, error, CONFIG_ERROR_BYTES);
	if (c == NULL || load(c, file, &problems) == -1) {
		if (problems.count == 0)
			problems_add(&problems, file == NULL ? "smtpulse" :
			    file, 0, "%s", strerror(ENOMEM));
		config_free(c);
		return -1;
	}
	*out = c;
	return 0;
}

int
config_load_live(struct config **out, const char *file,
    char error[CONFIG_ERROR_BYTES])
{
	if (config_load(out, file, error) == -1)
		return -1;
	if ((*out)->source_count > 0 ||
	    config_find_sources(*out, "", clock_read().wall_s) == 0)
		return 0;
	snprintf(error, CONFIG_ERROR_BYTES, "smtpulse: %s", strerror(ENOMEM));
	config_free(*out);
	*out = NULL;
	return -1;
}

const char *
config_usual_file(void)
{
	return access(CONFIG_FILE, F_OK) == 0 ? CONFIG_FILE : NULL;
}

static int
load(struct config *c, const char *file, struct problems *problems)
{
	if (file != NULL) {
		c->file = strdup(file);
		if (c->file == NULL)
			return -1;
		if (config_parse(c, file, problems) == -1)
			return -1;
	}
	if (config_add_rules(c) == -1 || place_state(c) == -1)
		return -1;
	config_check(c, problems);
	return config_guard(c, problems) == -1 || problems->count > 0 ? -1 : 0;
}

/* An ordinary user cannot write to /var/lib. */
static int
place_state(struct config *c)
{
	const char	*state = getenv("XDG_STATE_HOME"), *home;
	char		*path;
	int		 n;

	if (geteuid() == 0 || was_given(c, "state"))
		return 0;
	home = getenv("HOME");
	if (state != NULL && *state == '/')
		n = asprintf(&path, "%s/smtpulse/state.db", state);
	else if (home != NULL && *home == '/')
		n = asprintf(&path, "%s/.local/state/smtpulse/state.db", home);
	else
		return 0;
	if (n == -1)
		return -1;
	free(c->state);
	c->state = path;
	return 0;
}

static bool
was_given(const struct config *c, const char *option)
{
	const struct option	*o;

	for (size_t i = 0; (o = option_row(i)) != NULL; i++)
		if (o == option_find(SECTION_ROOT, option))
			return c->where[i].line > 0;
	return false;
}
