/*
 * state - everything that must survive a crash, in one SQLite file.
 *
 * One commit is one transaction (WAL, synchronous FULL): offsets, counters,
 * regions and notes become durable together or not at all. Every row carries
 * a checksum; all are verified at start. A file that is damaged is kept aside
 * under another name and replaced by a new one; a file of a newer version is
 * refused. PATH.lock keeps a second instance out.
 *
 *	state_begin(s);
 *	state_region(s, r);	each region
 *	state_counter(s, ...);	each counter there is: others are dropped
 *	state_file(s, ...);	changed files
 *	if (state_commit(s) == -1) ... all of it is still to be saved
 *
 * Errors in between are kept until state_commit().
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "region.h"

struct state;

enum {
	STATE_VERSION	= 1,
	STATE_REGIONS	= 32,
	STATE_ERROR	= 512
};

enum state_result {
	STATE_OK,
	STATE_BUSY,	/* another instance has it */
	STATE_NEWER,	/* written by a newer smtpulse */
	STATE_FAILED	/* the file cannot be opened or made */
};

struct state_opening {
	bool	fresh;			/* there was none, or not a good one */
	bool	damaged;		/* the old one was kept aside */
	long	holder;			/* pid of the other instance, or 0 */
	char	error[STATE_ERROR];	/* what is wrong, for people */
};

enum state_result	 state_open(struct state **, const char *path,
			    struct state_opening *);
void			 state_close(struct state *);

/* 16 bytes made with the file: hashes of one life can be compared. */
const uint8_t		*state_key(const struct state *);
int64_t			 state_created(const struct state *);	/* epoch s */
/* Did the machine boot since the last commit? */
bool			 state_rebooted(const struct state *);

/*
 * Fill a region from the last commit: 1, or 0 when it was never saved or in
 * another version or size; -1 when reading failed.
 */
int	state_load_region(struct state *, struct region *);

typedef void (*state_counter_fn)(void *arg, const char *family,
	    const char *labels, uint64_t value);
int	state_each_counter(struct state *, state_counter_fn, void *arg);

int	state_begin(struct state *);
/* Its dirty pages. */
void	state_region(struct state *, struct region *);
/* labels: any text that is unique in the family and readable at load. */
void	state_counter(struct state *, const char *family, const char *labels,
	    uint64_t value);
/* 0; or -1: nothing of it was saved, and the next one will save it too. */
int	state_commit(struct state *);
/*
 * After a failed commit: was the file removed from under us, and has a new
 * one, of the same key, been made? It is empty.
 */
bool	state_recreate(struct state *);
/* What the last failure was. */
const char	*state_error(const struct state *);

#endif
