#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

/* Newer than the headers of some who build this; bits of the kernel's ABI. */
#define TRUNCATE	(1ULL << 14)
#define IOCTL_DEV	(1ULL << 15)

#define READ		(LANDLOCK_ACCESS_FS_READ_FILE |			\
			    LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE		(READ | LANDLOCK_ACCESS_FS_WRITE_FILE |		\
			    LANDLOCK_ACCESS_FS_MAKE_REG |		\
			    LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE)
/* What makes sense for a rule on something that is no directory. */
#define OF_FILES	(LANDLOCK_ACCESS_FS_READ_FILE |			\
			    LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE)

enum {
	PATH_BYTES = 4096,
	ABI_TRUNCATE = 3,	/* before it a file can be emptied */
	ABI_IOCTL_DEV = 5
};

/* What libraries open late: names, keys, zones, and modules of each. */
static const char *const system_paths[] = {
	"/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/hosts",
	"/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf",
	"/etc/gai.conf", "/etc/services", "/etc/protocols",
	"/run/systemd/resolve", "/etc/ssl", "/etc/pki",
	"/etc/ca-certificates", "/etc/gnutls", "/etc/crypto-policies",
	"/etc/localtime", "/etc/timezone", "/etc/machine-id",
	"/dev/null", "/dev/urandom", "/proc/self", "/proc/sys",
	"/sys/devices/system/cpu"
};

/* Where the journal of the system lies. */
static const char *const journal_paths[] = {
	"/run/log/journal", "/var/log/journal"
};

/* false ends the walk */
typedef bool (*place_fn)(void *arg, const char *path, uint64_t rights);

struct ruleset {
	int		 fd;
	uint64_t	 handled;
	struct sandbox	*sandbox;
};

struct search {
	char	*path;		/* what may not be opened */
};

static uint64_t	handled_by(long abi);
static void	let_system(struct ruleset *);
static bool	walk(const struct config *, place_fn, void *arg);
static bool	walk_source(const struct config_source *, place_fn, void *);
static bool	above(const char *path, place_fn, void *arg, uint64_t rights);
static bool	let(void *arg, const char *path, uint64_t rights);
static bool	let_one(struct ruleset *, const char *path, uint64_t rights);
static bool	can_open(void *arg, const char *path, uint64_t rights);
static void	nearest(const char *path, char out[PATH_BYTES]);
static void	say_off(struct sandbox *, const char *why);

const char *
sandbox_level_name(enum sandbox_level level)
{
	static const char *const	name[] = {
#define X(id, text) text,
		SANDBOX_LEVELS(X)
#undef X
	};

	return name[level];
}

void
sandbox_enter(struct sandbox *s, const struct config *config,
    const char *stage)
{
	struct landlock_ruleset_attr	attr = { 0 };
	struct ruleset			rules = { .sandbox = s };
	long				abi;

	*s = (struct sandbox){ .level = SANDBOX_OFF };
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!config->sandbox) {
		say_off(s, "the configuration says so");
		return;
	}
	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	attr.handled_access_fs = rules.handled = handled_by(abi);
	rules.fd = abi < 1 ? -1 : (int)syscall(SYS_landlock_create_ruleset,
	    &attr, sizeof(attr.handled_access_fs), 0);
	if (rules.fd == -1) {
		say_off(s, strerror(errno));
		return;
	}
	s->level = abi < ABI_TRUNCATE ? SANDBOX_PARTIAL : SANDBOX_ON;
	if (abi < ABI_TRUNCATE)
		snprintf(s->why, sizeof(s->why), "this kernel's Landlock "
		    "cannot keep files from being emptied");
	let_system(&rules);
	walk(config, let, &rules);
	if (stage != NULL)
		above(stage, let, &rules, LANDLOCK_ACCESS_FS_REMOVE_DIR);
	if (syscall(SYS_landlock_restrict_self, rules.fd, 0) == -1)
		say_off(s, strerror(errno));
	s->entered = s->level;
	close(rules.fd);
}

bool
sandbox_went_stale(struct sandbox *s, const struct config *config)
{
	bool	was_stale = s->level == SANDBOX_STALE;

	s->level = sandbox_covers(s, config, s->why) ? s->entered :
	    SANDBOX_STALE;
	return s->level == SANDBOX_STALE && !was_stale;
}

bool
sandbox_covers(const struct sandbox *s, const struct config *config,
    char path[SANDBOX_WHY_BYTES])
{
	struct search	search = { path };

	return s->level == SANDBOX_OFF || walk(config, can_open, &search);
}

/* Whatever is handled and not allowed by a rule is denied. */
static uint64_t
handled_by(long abi)
{
	uint64_t	rights = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1;

	if (abi >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= ABI_TRUNCATE)
		rights |= TRUNCATE;
	if (abi >= ABI_IOCTL_DEV)
		rights |= IOCTL_DEV;
	return rights;
}

static void
let_system(struct ruleset *rules)
{
	for (size_t i = 0; i < sizeof(system_paths) /
	    sizeof(system_paths[0]); i++)
		if (access(system_paths[i], F_OK) == 0)
			let_one(rules, system_paths[i], READ);
}

/* Everything that a configuration names, with what we do to it. */
static bool
walk(const struct config *c, place_fn fn, void *arg)
{
	const char *const	once[] = { c->web_cert, c->web_key,
				    c->web_client_ca, c->web_token_file };

	if (*c->state != '\0' && !above(c->state, fn, arg, WRITE))
		return false;
	if (c->file != NULL && !above(c->file, fn, arg, READ))
		return false;
	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (once[i] != NULL && !above(once[i], fn, arg, READ))
			return false;
	for (size_t i = 0; i < c->source_count; i++)
		if (!walk_source(&c->source[i], fn, arg))
			return false;
	for (size_t i = 0; i < c->alertmanager_count + c->webhook_count; i++) {
		const struct config_receiver *r = i < c->alertmanager_count ?
		    &c->alertmanager[i] :
		    &c->webhook[i - c->alertmanager_count];

		if ((r->token_file != NULL &&
		    !above(r->token_file, fn, arg, READ)) ||
		    (r->password_file != NULL &&
		    !above(r->password_file, fn, arg, READ)))
			return false;
	}
	return true;
}

static bool
walk_source(const struct config_source *s, place_fn fn, void *arg)
{
	char	fixed[PATH_BYTES];

	if (s->olddir != NULL && !fn(arg, s->olddir, READ))
		return false;
	if (s->journal_dir != NULL)
		return fn(arg, s->journal_dir, READ);
	for (size_t i = 0; s->journal && i < sizeof(journal_paths) /
	    sizeof(journal_paths[0]); i++)
		if (!fn(arg, journal_paths[i], READ))
			return false;
	if (s->path == NULL)
		return true;
	/* of a glob only what stands before its first special character */
	snprintf(fixed, sizeof(fixed), "%.*s",
	    (int)strcspn(s->path, "*?["), s->path);
	if (strlen(fixed) < strlen(s->path))
		strncat(fixed, "x", sizeof(fixed) - strlen(fixed) - 1);
	return above(fixed, fn, arg, READ);
}

/*
 * The directory of a file, for files are replaced; where a symbolic link
 * leads, that directory too.
 */
static bool
above(const char *path, place_fn fn, void *arg, uint64_t rights)
{
	char	copy[PATH_BYTES], real[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	if (!fn(arg, dirname(copy), rights))
		return false;
	if (realpath(path, real) == NULL)
		return true;
	return fn(arg, dirname(real), rights);
}

static bool
let(void *arg, const char *path, uint64_t rights)
{
	char	there[PATH_BYTES];

	nearest(path, there);
	let_one(arg, there, rights);
	return true;
}

static bool
let_one(struct ruleset *rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr	beneath = { 0 };
	struct stat				st;
	long					rc = -1;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd != -1 && fstat(beneath.parent_fd, &st) == 0) {
		beneath.allowed_access = rights & rules->handled;
		if (!S_ISDIR(st.st_mode))
			beneath.allowed_access &= OF_FILES;
		rc = syscall(SYS_landlock_add_rule, rules->fd,
		    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	}
	if (rc == -1)
		snprintf(rules->sandbox->why, sizeof(rules->sandbox->why),
		    "%.200s stays closed", path);
	if (beneath.parent_fd != -1)
		close(beneath.parent_fd);
	return rc == 0;
}

/* The permissions say yes and the kernel says no: it is our own sandbox. */
static bool
can_open(void *arg, const char *path, uint64_t rights)
{
	struct search	*search = arg;
	char		 there[PATH_BYTES];
	bool		 writing = (rights & LANDLOCK_ACCESS_FS_WRITE_FILE)
			    != 0;
	int		 fd;

	nearest(path, there);
	if (access(there, writing ? W_OK : R_OK) == -1)
		return true;
	fd = writing ? open(there, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) :
	    open(there, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (fd != -1)
		close(fd);
	if (fd != -1 || errno != EACCES)
		return true;
	snprintf(search->path, SANDBOX_WHY_BYTES, "%s", path);
	return false;
}

/* What exists of a path: itself, or a directory above it. */
static void
nearest(const char *path, char out[PATH_BYTES])
{
	const char	*up;

	snprintf(out, PATH_BYTES, "%s", path);
	while (access(out, F_OK) == -1 && strcmp(out, "/") != 0 &&
	    strcmp(out, ".") != 0) {
		up = dirname(out);
		memmove(out, up, strlen(up) + 1);
	}
}

static void
say_off(struct sandbox *s, const char *why)
{
	s->level = SANDBOX_OFF;
	snprintf(s->why, sizeof(s->why), "%s", why);
}
