#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef WITH_JOURNAL
#include <systemd/sd-journal.h>
#endif

#include "config_fill.h"
#include "config_find.h"

enum { FRESH_S = 86400, PATH_BYTES = 512 };

static const struct {
	const char	*name, *path;
} usual[] = {
	{ "mail", "/var/log/mail.log" },
	{ "maillog", "/var/log/maillog" },
	{ "exim", "/var/log/exim4/mainlog" },
	{ "exim-main", "/var/log/exim/main.log" },
};

enum { USUAL_COUNT = sizeof(usual) / sizeof(usual[0]) };

/* Where journald keeps its files, on disk or in memory. */
static const char *const	journals[] = {
	"/var/log/journal", "/run/log/journal"
};

struct seen {
	dev_t	dev;
	ino_t	ino;
};

static int	add_file(struct config *, size_t i, const char *path,
		    const struct stat *, int64_t now);
static int	add_journal(struct config *, const char *root, bool fresh);
static bool	has_mail(const char *journal_dir);
static int	add_source(struct config *, const char *name,
		    const char *option, const char *value);

int
config_find_sources(struct config *c, const char *root, int64_t now)
{
	struct seen	seen[USUAL_COUNT] = { { 0, 0 } };
	size_t		count = 0;
	bool		fresh = false, twice;
	char		path[PATH_BYTES];
	struct stat	st;

	for (size_t i = 0; i < USUAL_COUNT; i++) {
		snprintf(path, sizeof(path), "%s%s", root, usual[i].path);
		if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
			continue;
		twice = false;
		for (size_t n = 0; n < count; n++)
			twice |= seen[n].dev == st.st_dev &&
			    seen[n].ino == st.st_ino;
		if (twice)
			continue;
		seen[count++] = (struct seen){ st.st_dev, st.st_ino };
		if (add_file(c, i, path, &st, now) == -1)
			return -1;
		fresh |= st.st_size > 0 && st.st_mtime >= now - FRESH_S &&
		    access(path, R_OK) == 0;
	}
	if (add_journal(c, root, fresh) == -1)
		return -1;
	if (c->source_count == 0)
		return config_add_note(c, "no mail log found: looked for "
		    "/var/log/mail.log, /var/log/maillog, "
		    "/var/log/exim4/mainlog, /var/log/exim/main.log and the "
		    "journal");
	return 0;
}

static int
add_file(struct config *c, size_t i, const char *path, const struct stat *st,
    int64_t now)
{
	int64_t	age = now - st->st_mtime;

	if (access(path, R_OK) == -1)
		return config_add_note(c, "%s is there but cannot be read "
		    "(%s); group adm may read it on Debian", path,
		    strerror(errno));
	if (add_source(c, usual[i].name, "path", path) == -1)
		return -1;
	if (st->st_size == 0)
		return config_add_note(c, "reading %s, which is empty now",
		    path);
	return config_add_note(c, "reading %s, written %lld %s ago", path,
	    (long long)(age < 7200 ? age / 60 : age / 3600),
	    age < 7200 ? "minutes" : "hours");
}

static int
add_journal(struct config *c, const char *root, bool fresh)
{
	char		path[PATH_BYTES];
	struct stat	st;

	for (size_t i = 0; i < sizeof(journals) / sizeof(journals[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", root, journals[i]);
		if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode) ||
		    !has_mail(path))
			continue;
		if (fresh)
			return config_add_note(c, "not reading the journal: a "
			    "mail log was written in the last day, and every "
			    "mail would count twice");
		if (add_source(c, "journal", "journal", "true") == -1)
			return -1;
		return config_add_note(c, "reading the journal, which has "
		    "mail lines in %s: no mail log was written in the last "
		    "day", path);
	}
	return 0;
}

/* Has anybody logged there as syslog's facility mail? */
static bool
has_mail(const char *dir)
{
#ifdef WITH_JOURNAL
	sd_journal	*j;
	bool		 found;

	if (sd_journal_open_directory(&j, dir, 0) < 0)
		return false;
	found = sd_journal_add_match(j, "SYSLOG_FACILITY=2", 0) == 0 &&
	    sd_journal_seek_tail(j) == 0 && sd_journal_previous(j) > 0;
	sd_journal_close(j);
	return found;
#else
	(void)dir;
	return false;
#endif
}

static int
add_source(struct config *c, const char *name, const char *option,
    const char *value)
{
	char	why[OPTION_WHY_BYTES];
	void	*source = config_grow(c, SECTION_SOURCE, name, NULL, 0);

	return source == NULL ? -1 : option_set(option_find(SECTION_SOURCE,
	    option), source, value, why);
}
