/*
 * names - the file names that a pattern leads to now.
 *
 * *, ? and [] in any part of the path, never across a slash, never a leading
 * dot. A pattern without them is its own only name, whether a file is there
 * or not. Only directories are read, in the order in which they give their
 * entries.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

typedef void (*names_fn)(void *arg, const char *path);
/* last: the files themselves are in it, not only the way to them */
typedef void (*names_dir_fn)(void *arg, const char *dir, bool last);

bool	names_is_pattern(const char *pattern);
void	names_each(const char *pattern, names_fn, void *arg);
/* The directories to watch for it: those in which a part is looked up. */
void	names_dirs(const char *pattern, names_dir_fn, void *arg);

#endif
