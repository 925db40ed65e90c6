#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "siblings.h"

enum { TRIES = 5 };	/* against a rotation that is just going on */

static int	find_once(struct siblings *, const char *path,
		    const char *olddir);
static bool	equal(const struct siblings *, const struct siblings *);
static int	find_inode(const struct sibling *, char *path, size_t size);
static int	open_same(const struct sibling *, const char *path);
static int	scan(struct siblings *, const char *dir, const char *base);
static int	add(struct siblings *, const char *path, bool current);
static bool	is_rotation_mark(const char *);
static int	compare(const void *, const void *);
static int	by_name(const char *, const char *);

int
siblings_find(struct siblings *l, const char *path, const char *olddir)
{
	struct siblings	again = { 0 };
	bool		same = false;
	int		i, rc;

	memset(l, 0, sizeof(*l));
	rc = find_once(l, path, olddir);
	for (i = 0; rc == 0 && !same && i < TRIES; i++) {
		rc = find_once(&again, path, olddir);
		same = equal(l, &again);
		siblings_fini(l);
		*l = again;
		memset(&again, 0, sizeof(again));
	}
	return rc;
}

void
siblings_fini(struct siblings *l)
{
	size_t	i;

	for (i = 0; i < l->count; i++)
		free(l->item[i].path);
	free(l->item);
	memset(l, 0, sizeof(*l));
}

int
siblings_open(const struct sibling *item)
{
	char	path[PATH_MAX];
	int	i, fd = open_same(item, item->path);

	for (i = 0; fd == -1 && errno == ENOENT && i < TRIES; i++) {
		if (find_inode(item, path, sizeof(path)) == -1)
			return -1;
		fd = open_same(item, path);
	}
	return fd;
}

bool
siblings_related(const char *base, const char *name)
{
	size_t		 n = strlen(base);
	const char	*dot = strrchr(base, '.');

	if (strncmp(name, base, n) == 0 && strchr("-._", name[n]) != NULL &&
	    name[n] != '\0')
		return is_rotation_mark(name + n + 1);
	/* "extension .log": the mark stands before it */
	if (dot == NULL || dot == base)
		return false;
	n = (size_t)(dot - base);
	return strncmp(name, base, n) == 0 && strcmp(name, base) != 0 &&
	    (name[n] == '-' || name[n] == '.') &&
	    isdigit((unsigned char)name[n + 1]) &&
	    strstr(name + n, dot) != NULL;
}

bool
siblings_unfinished(const char *path)
{
	size_t		n = strlen(path);
	char		plain[PATH_MAX];
	struct stat	st;

	if (n < 4 || n >= sizeof(plain) || strcmp(path + n - 3, ".gz") != 0)
		return false;
	memcpy(plain, path, n - 3);
	plain[n - 3] = '\0';
	return lstat(plain, &st) == 0 && S_ISREG(st.st_mode);
}

static int
find_once(struct siblings *l, const char *path, const char *olddir)
{
	const char	*slash = strrchr(path, '/');
	const char	*base = slash == NULL ? path : slash + 1;
	char		 dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*s", slash == NULL ? 1 :
	    (int)(slash - path) + 1, slash == NULL ? "." : path);
	if (scan(l, dir, base) == -1 || add(l, path, true) == -1)
		return -1;
	if (olddir != NULL) {
		size_t n = *olddir == '/' ? 0 : strlen(dir);

		snprintf(dir + n, sizeof(dir) - n, "%s%s", n == 0 ? "" : "/",
		    olddir);
		if (scan(l, dir, base) == -1)
			return -1;
	}
	if (l->count > 1)
		qsort(l->item, l->count, sizeof(*l->item), compare);
	return 0;
}

static bool
equal(const struct siblings *a, const struct siblings *b)
{
	size_t	i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->item[i].ino != b->item[i].ino ||
		    a->item[i].dev != b->item[i].dev ||
		    strcmp(a->item[i].path, b->item[i].path) != 0)
			return false;
	return true;
}

/* Another file under that name counts as none. */
static int
open_same(const struct sibling *item, const char *path)
{
	struct stat	st;
	int		fd;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY |
	    (item->current ? 0 : O_NOFOLLOW));
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_ino == item->ino && st.st_dev == item->dev)
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

/* The name that it has now, in the directory where it was. */
static int
find_inode(const struct sibling *item, char *path, size_t size)
{
	const char	*slash = strrchr(item->path, '/');
	int		 n = slash == NULL ? 0 : (int)(slash - item->path) + 1;
	struct dirent	*entry;
	struct stat	 st;
	DIR		*d;
	bool		 found = false;

	snprintf(path, size, "%.*s", n == 0 ? 1 : n, n == 0 ? "." :
	    item->path);
	d = opendir(path);
	if (d == NULL)
		return -1;
	while (!found && (entry = readdir(d)) != NULL)
		found = fstatat(dirfd(d), entry->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0 && st.st_ino == item->ino &&
		    st.st_dev == item->dev &&
		    (size_t)snprintf(path, size, "%.*s%s", n, item->path,
		    entry->d_name) < size;
	closedir(d);
	errno = ENOENT;
	return found ? 0 : -1;
}

static int
scan(struct siblings *l, const char *dir, const char *base)
{
	DIR		*d = opendir(dir);
	struct dirent	*entry;
	char		 path[PATH_MAX];
	size_t		 n = strlen(dir);
	int		 rc = 0;

	if (d == NULL)
		return 0;
	while (rc == 0 && (entry = readdir(d)) != NULL) {
		if (!siblings_related(base, entry->d_name))
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s%s%s", dir,
		    n > 0 && dir[n - 1] == '/' ? "" : "/", entry->d_name) <
		    sizeof(path) && !siblings_unfinished(path))
			rc = add(l, path, false);
	}
	closedir(d);
	return rc;
}

/* Rotated files are never reached through links. */
static int
add(struct siblings *l, const char *path, bool current)
{
	struct sibling	*item;
	struct stat	 st;

	if ((current ? stat(path, &st) : lstat(path, &st)) == -1 ||
	    !S_ISREG(st.st_mode) || l->count == SIBLINGS_MAX)
		return 0;
	if (l->count == l->room) {
		size_t room = l->room == 0 ? 16 : 2 * l->room;

		item = realloc(l->item, room * sizeof(*item));
		if (item == NULL)
			return -1;
		l->item = item;
		l->room = room;
	}
	item = &l->item[l->count];
	memset(item, 0, sizeof(*item));
	item->path = strdup(path);
	if (item->path == NULL)
		return -1;
	item->dev = st.st_dev;
	item->ino = st.st_ino;
	item->size = st.st_size;
	item->mtime_ns = clock_ns(st.st_mtim);
	item->current = current;
	l->count++;
	return 0;
}

/* "1", "2.gz", "20260101", "2026-01-01-1767225600.gz", "old". */
static bool
is_rotation_mark(const char *mark)
{
	if (strncmp(mark, "old", 3) == 0 || strcmp(mark, "gz") == 0)
		return true;
	return isdigit((unsigned char)*mark);
}

static int
compare(const void *a, const void *b)
{
	const struct sibling	*x = a, *y = b;

	if (x->current != y->current)
		return x->current ? 1 : -1;
	if (x->mtime_ns != y->mtime_ns)
		return x->mtime_ns < y->mtime_ns ? -1 : 1;
	return by_name(x->path, y->path);
}

/*
 * Two of the same moment: rotation numbers grow with age, dates shrink. A
 * date has at least six digits.
 */
static int
by_name(const char *a, const char *b)
{
	size_t	i = 0, n, m;

	while (a[i] == b[i] && a[i] != '\0')
		i++;
	while (i > 0 && isdigit((unsigned char)a[i - 1]))
		i--;
	n = strspn(a + i, "0123456789");
	m = strspn(b + i, "0123456789");
	if (n < 6 && m < 6 && n > 0 && m > 0)
		return (int)(strtol(b + i, NULL, 10) -
		    strtol(a + i, NULL, 10));
	return strcmp(a, b);
}
