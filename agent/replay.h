/*
 * replay - read logs from their start to their end, in log time.
 *
 * The way of a line is the daemon's own (intake.c); only where the lines come
 * from and who listens differ. Commands that read logs stand on it.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "config.h"
#include "intake.h"

struct replay {
	struct config		*config;
	struct config_source	 input;
	struct intake		*intake;
	struct sources		*sources;
	int			 year;		/* of stamps without one; 0 */
};

/*
 * Common options of such commands: -c FILE, --mta, --year, --tz. getopt
 * letters and long names to be merged into the command's own; replay_option()
 * takes one. 0; or an exit code after saying what is wrong.
 */
#define REPLAY_SHORT	"c:"
#define REPLAY_LONG							\
	{ "config", required_argument, NULL, 'c' },			\
	{ "mta", required_argument, NULL, 'm' },			\
	{ "year", required_argument, NULL, 'y' },			\
	{ "tz", required_argument, NULL, 'z' }

struct replay_options {
	const char	*config_file;
	enum mta	 mta;
	int		 year;
	char		*tz;
};

void	replay_options_init(struct replay_options *);
int	replay_option(struct replay_options *, int letter, char *argument);

/* Configuration and intake only; 0, or an exit code after saying why. */
int	replay_prepare(struct replay *, const char *config_file);
/*
 * Open everything; without a path, what the configuration names or finds. 0,
 * or an exit code after saying what is wrong.
 */
int	replay_open(struct replay *, const struct replay_options *,
	    char *const *path, size_t count);
/* Read to the end; 0, or an exit code. */
int	replay_run(struct replay *);
void	replay_close(struct replay *);

#endif
