/*
 * world - a log that is written, rotated and lost, and an agent that lives,
 * commits and dies, both driven by a program of steps.
 *
 * The reader, its resume and its state are the real ones, over a directory of
 * a memory file system; clock and mtimes are the program's own. Every line
 * has a serial, so that what was counted can be held against what was
 * written: never twice, in order, and all of it, unless a gap says so.
 */
#ifndef WORLD_H
#define WORLD_H

#include "resume.h"
#include "sweep.h"

enum { WORLD_LINES = 4096, WORLD_STEPS = 64 };

/* name, weight of a draw */
#define STEPS(X)							\
	X(LINES,	"lines",	14)	/* write whole lines */	\
	X(PIECE,	"piece",	8)	/* write some bytes */	\
	X(ROTATE,	"rotate",	8)	/* rename, create */	\
	X(MOVE,		"move",		3)	/* rename, writer stays */ \
	X(REOPEN,	"reopen",	6)	/* writer opens anew */	\
	X(GZIP,		"gzip",		4)				\
	X(COPY,		"copytruncate",	2)				\
	X(UNLINK,	"unlink",	1)	/* the oldest goes */	\
	X(AWAY,		"away",		2)	/* directory moved */	\
	X(BACK,		"back",		3)				\
	X(READ,		"read",		16)	/* sweep, some lines */	\
	X(COMMIT,	"commit",	10)				\
	X(FAIL,		"fail",		3)	/* a commit fails */	\
	X(KILL,		"kill",		6)				\
	X(STOP,		"stop",		3)	/* commit and end */	\
	X(START,	"start",	9)				\
	X(WAIT,		"wait",		3)	/* a minute passes */

enum step_kind {
#define X(id, name, weight) STEP_##id,
	STEPS(X)
#undef X
	STEP_COUNT
};

struct step {
	enum step_kind	kind;
	uint32_t	arg;
};

/* What was counted up to a moment. */
struct tally {
	uint8_t		seen[WORLD_LINES];
	uint32_t	last;		/* serial; 0: none yet */
	uint64_t	gaps;
};

struct world {
	char		 dir[64];	/* holds "log" and "state" */
	int64_t		 clock_ms;
	/* the writer */
	int		 log;		/* what it writes to */
	bool		 away;		/* the directory has another name */
	uint32_t	 written;	/* lines begun */
	uint32_t	 first;		/* the first one in the log */
	char		 line[512];	/* the one that is half there */
	size_t		 line_len, line_at;
	bool		 lossy;		/* something happened that may cost */
	bool		 doubtful;	/* a rotated file may have changed */
	/* the agent */
	struct config	 config;
	struct config_source from;
	char		 path[96];
	struct sources	*sources;	/* NULL: no agent */
	struct state	*state;
	bool		 fail;		/* the disk refuses to sync */
	struct tally	 now, saved;
	uint64_t	 base_gaps;	/* of earlier lives */
	const char	*kind;		/* of the first violation; or NULL */
	char		 wrong[256];
};

void	world_init(struct world *, const char *dir);
void	world_fini(struct world *);
void	world_violation(struct world *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* world_log.c: what happens to the files */
void	log_lines(struct world *, uint32_t count);
void	log_piece(struct world *, uint32_t bytes);
void	log_finish(struct world *);
void	log_rotate(struct world *);
void	log_move(struct world *);
void	log_reopen(struct world *);
void	log_gzip(struct world *, uint32_t which);
void	log_copytruncate(struct world *);
void	log_unlink(struct world *);
void	log_away(struct world *);
void	log_back(struct world *);

/* world_agent.c: what the agent does */
void	agent_start(struct world *);
void	agent_kill(struct world *);
void	agent_stop(struct world *);
void	agent_read(struct world *, uint32_t lines);
void	agent_commit(struct world *);
void	agent_fail(struct world *);
/* Everything was read: what is missing or too much? */
void	agent_reckon(struct world *);

#endif
