/*
 * sources - all configured inputs and their files.
 *
 * A sweep (sweep.h) compares the file system with what is open and is the
 * truth; notifications only make it come sooner. Between sweeps
 * sources_next() says which file to read from.
 *
 *	sources_sweep(s, &now);
 *	while (budget_left && (f = sources_next(s)) != NULL)
 *		while (budget_left && source_file_line(f, &line) <= ...)
 *			f->time = ...
 */
#ifndef SOURCES_H
#define SOURCES_H

#include "clock.h"
#include "config.h"
#include "file_index.h"
#include "merge.h"
#include "names.h"
#include "source_file.h"
#include "state_file.h"

enum { SOURCES_FILES = 16384 };	/* open at once; more are a gap */

struct sources {
	struct source		 *source;
	size_t			  count;
	const struct config_source *config;	/* NULL: given paths */
	struct source_file	**file;		/* in order of opening */
	size_t			  file_count;
	struct source_file	 *current;	/* handed out last */
	struct merge		  merge;
	struct pool		  pool;
	uint64_t		  bytes;	/* consumed by all, ever */
	uint64_t		  serial;
	uint32_t		  sweep;		/* number of the last one */
	bool			  follow;
	struct file_index	  index;
	uint8_t			  key[16];	/* of markers */
	bool			  resumed;	/* from a state */
	struct state_file	 *away;		/* rows that wait, see chains.h */
	size_t			  away_count;
	size_t			  open_max;	/* descriptors for files */
	uint64_t		 *dropped;	/* serials, not yet out of the
						   state */
	size_t			  dropped_count, dropped_room;
};

/*
 * Every source of the configuration, which must stay as long as this. follow:
 * files may grow and rotate; else each is read to its end once.
 */
int			 sources_open(struct sources **, const struct config *,
			    bool follow);
/*
 * One source made of files read one after the other as given; "-" is standard
 * input; .gz is known by its first bytes. On -1 *failed is the path.
 */
int			 sources_open_paths(struct sources **,
			    const struct config_source *, char *const *path,
			    size_t count, const char **failed);
void			 sources_close(struct sources *);

/*
 * Take in an open file; fd is closed if that fails, also with EMFILE for more
 * than SOURCES_FILES. It is not yet to be read.
 */
struct source_file	*sources_adopt(struct sources *, struct source *,
			    const char *path, int fd);
/* Its last line so far is of that time. */
void			 sources_go_on(struct source_file *, int64_t time);
/*
 * A file that cannot be opened now. A sweep that finds it by identity opens
 * it and goes on at its place.
 */
struct source_file	*sources_adopt_closed(struct sources *,
			    struct source *, const char *path,
			    const struct identity *);
/* Close and forget it: it is neither current nor to be read. */
void			 sources_drop(struct sources *, struct source_file *);
/* It stands behind all others, also in the state. */
void			 sources_renew(struct sources *, struct source_file *);
/* Its row in the state goes with the next commit. */
void			 sources_forget_row(struct sources *, uint64_t serial);
/* Put a file that is in no chain right before f. */
void			 sources_chain(struct source_file *older,
			    struct source_file *f);
/*
 * Where to read next: among the files with unread data the one whose last
 * line is oldest. NULL: all are at their end, until the next sweep.
 */
struct source_file	*sources_next(struct sources *);
/*
 * No line older than this is to come from the files not at their end;
 * INT64_MAX when all are.
 */
int64_t			 sources_horizon(struct sources *);
/* The directories to watch, also those that appeared lately. */
void			 sources_directories(const struct sources *,
			    names_dir_fn, void *arg);
/* Take over what was read from the file handed out last. */
void			 sources_settle(struct sources *);
/* Can each source be read, as far as the last sweep saw? */
bool			 sources_up(const struct sources *);
/* Bytes on disk that nobody has read yet. */
int64_t			 sources_lag(const struct sources *);

#endif
