/*
 * watch - "something in these directories changed": a hint, never the truth.
 *
 * libinotifytools blocks, hides its descriptor and keeps global state, so it
 * lives boxed in one thread, which sleeps while nothing happens; all it says
 * is that the eventfd becomes readable. Directories are watched, not files.
 * Whatever goes wrong here (no watches left, queue overflow, a directory that
 * vanished) costs only time: the sweep each second sees everything anyway.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>

#define WATCH_MODES(X)							\
	X(NOTIFY,	"notify")	/* the kernel tells us */	\
	X(POLL,		"poll")		/* the sweep alone */

enum watch_mode {
#define X(id, name) WATCH_##id,
	WATCH_MODES(X)
#undef X
	WATCH_MODE_COUNT
};

struct watch;

/*
 * Starts the thread; call early, the library wants a low descriptor. When
 * there is no inotify to be had the mode is poll and nothing else changes.
 * Only one can exist. Signals should be blocked already.
 */
int		 watch_open(struct watch **);
void		 watch_close(struct watch *);
/* Readable when it is time to look; watch_taken() makes it quiet again. */
int		 watch_fd(const struct watch *);
void		 watch_taken(struct watch *);
/*
 * Watch a directory from now on; it may be named again. Writes to the files
 * in it are worth a look only if asked for.
 */
void		 watch_directory(struct watch *, const char *dir, bool writes);
/*
 * Each second: the thread sleeps until something happens, so that only this
 * notices a directory that came later, or was replaced by another, or could
 * not be watched before.
 */
void		 watch_again(struct watch *);
/* A look took so long: hints are kept back until it is a small part of time. */
void		 watch_looked(struct watch *, int64_t took_ms);

enum watch_mode	 watch_mode_now(struct watch *);
const char	*watch_mode_name(enum watch_mode);
uint64_t	 watch_overflows(struct watch *);

#endif
