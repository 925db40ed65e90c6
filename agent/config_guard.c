#include <sys/stat.h>

#include "config_fill.h"
#include "config_guard.h"
#include "option.h"

static void	refuse(const struct config *, const char *option,
		    const char *path, struct problems *);
static int	guard_receivers(struct config *,
		    const struct config_receiver *, size_t count);
static int	guard_users(struct config *);
static int	note(struct config *, const char *path, const char *what);
static const struct config_element *where_is(const struct config *,
		    const char *option);
static bool	is_open(const char *path);

int
config_guard(struct config *c, struct problems *problems)
{
	refuse(c, "key", c->web_key, problems);
	refuse(c, "token_file", c->web_token_file, problems);
	if (guard_receivers(c, c->alertmanager, c->alertmanager_count) == -1 ||
	    guard_receivers(c, c->webhook, c->webhook_count) == -1)
		return -1;
	return guard_users(c);
}

static void
refuse(const struct config *c, const char *option, const char *path,
    struct problems *problems)
{
	const struct config_element	*where = where_is(c, option);

	if (!is_open(path))
		return;
	problems_add(problems, where->file != NULL ? where->file : "built in",
	    where->line, "web.%s: %s: anybody can read it; chmod o= first",
	    option, path);
}

static int
guard_receivers(struct config *c, const struct config_receiver *r,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_open(r[i].token_file) &&
		    note(c, r[i].token_file, "the token in it") == -1)
			return -1;
		if (is_open(r[i].password_file) &&
		    note(c, r[i].password_file, "the password in it") == -1)
			return -1;
	}
	return 0;
}

/* Hashes can be tried at leisure by whoever has them. */
static int
guard_users(struct config *c)
{
	const struct config_element	*where = where_is(c, "users");

	if (c->web_users.count == 0 || !is_open(where->file))
		return 0;
	return note(c, where->file, "the users' hashes in it");
}

static int
note(struct config *c, const char *path, const char *what)
{
	return config_add_note(c, "%s: anybody can read %s; chmod o=", path,
	    what);
}

static const struct config_element *
where_is(const struct config *c, const char *option)
{
	static const struct config_element	nowhere;
	const struct option			*o;

	for (size_t i = 0; (o = option_row(i)) != NULL; i++)
		if (o == option_find(SECTION_WEB, option))
			return &c->where[i];
	return &nowhere;
}

static bool
is_open(const char *path)
{
	struct stat	st;

	return path != NULL && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & S_IRWXO) != 0;
}
