#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "names.h"

struct walk {
	names_fn	 fn;		/* either this */
	names_dir_fn	 dir_fn;	/* or this is told */
	void		*arg;
	size_t		 len;		/* of path */
	char		 path[PATH_MAX];
};

static void	walk_begin(struct walk *, const char *pattern);
static void	descend(struct walk *, const char *rest);
static void	match_dir(struct walk *, const char *part, const char *rest);
static void	step(struct walk *, const char *part, const char *rest);
static bool	append(struct walk *, const char *, size_t);
static void	tell_dir(struct walk *, bool last);

bool
names_is_pattern(const char *pattern)
{
	return strpbrk(pattern, "*?[") != NULL;
}

void
names_each(const char *pattern, names_fn fn, void *arg)
{
	struct walk	w = { .fn = fn, .arg = arg };

	if (names_is_pattern(pattern))
		walk_begin(&w, pattern);
	else
		fn(arg, pattern);
}

void
names_dirs(const char *pattern, names_dir_fn fn, void *arg)
{
	struct walk	w = { .dir_fn = fn, .arg = arg };

	walk_begin(&w, pattern);
}

static void
walk_begin(struct walk *w, const char *pattern)
{
	if (*pattern == '/')
		append(w, "/", 1);
	descend(w, pattern + strspn(pattern, "/"));
}

/* path is a directory (or empty: the working directory); rest hangs below. */
static void
descend(struct walk *w, const char *rest)
{
	char	part[NAME_MAX + 1];
	size_t	n = strcspn(rest, "/");

	if (n == 0 || n > NAME_MAX)
		return;
	memcpy(part, rest, n);
	part[n] = '\0';
	rest += n + strspn(rest + n, "/");
	if (w->dir_fn != NULL)
		tell_dir(w, *rest == '\0');
	if (names_is_pattern(part))
		match_dir(w, part, rest);
	else
		step(w, part, rest);
}

static void
match_dir(struct walk *w, const char *part, const char *rest)
{
	DIR		*dir = opendir(w->len == 0 ? "." : w->path);
	struct dirent	*entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (fnmatch(part, entry->d_name, FNM_PERIOD) == 0)
			step(w, entry->d_name, rest);
	closedir(dir);
}

/* Go on with one name of the directory that path is. */
static void
step(struct walk *w, const char *part, const char *rest)
{
	size_t		len = w->len;
	struct stat	st;

	if (append(w, part, strlen(part))) {
		if (*rest == '\0') {
			if (w->fn != NULL)
				w->fn(w->arg, w->path);
		} else if (stat(w->path, &st) == 0 && S_ISDIR(st.st_mode) &&
		    append(w, "/", 1))
			descend(w, rest);
	}
	w->len = len;
	w->path[len] = '\0';
}

static bool
append(struct walk *w, const char *s, size_t n)
{
	if (n >= sizeof(w->path) - w->len)
		return false;
	memcpy(w->path + w->len, s, n);
	w->len += n;
	w->path[w->len] = '\0';
	return true;
}

static void
tell_dir(struct walk *w, bool last)
{
	w->dir_fn(w->arg, w->len == 0 ? "./" : w->path, last);
}
