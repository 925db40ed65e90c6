#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "config.h"
#include "daemon.h"
#include "demo.h"
#include "log.h"

enum {
	HISTORY_S = 2 * 3600,
	INCIDENT_AGE_S = 5 * 60,	/* at start */
	INCIDENT_S = 30 * 60,
	PATH_BYTES = 512
};

/* A log in a directory of its own, and how far it is written. */
struct theatre {
	struct demo		 demo;
	struct demo_log		 log;
	struct demo_truth	 truth;
	int64_t			 written;	/* the last second in it */
	char			 dir[PATH_BYTES];
	char			 config[PATH_BYTES + 16];
};

static int	set_up(struct theatre *, const char *listen);
static int	write_config(const struct theatre *, const char *listen);
static int	write_until(struct theatre *, int64_t second);
static void	on_second(void *arg);
static void	clear_away(struct theatre *);

int
cmd_demo(int argc, char **argv)
{
	static const struct option	options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 }
	};
	struct theatre		 stage = { 0 };
	struct daemon_extra	 extra = { on_second, &stage,
				    stage.dir };
	const char		*listen = "127.0.0.1:10421";
	char			 error[CONFIG_ERROR_BYTES];
	struct config		*config;
	int			 opt, rc = EXIT_FAILED;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt != 'l')
			return EXIT_USAGE;
		listen = optarg;
	}
	if (optind != argc)
		return EXIT_USAGE;
	log_init();
	if (set_up(&stage, listen) == -1) {
		log_warn("demo: cannot write a log in %s", stage.dir);
	} else if (config_load(&config, stage.config, error) == -1) {
		fprintf(stderr, "%s\n", error);
		rc = EXIT_CONFIG;
	} else {
		log_info("demo: synthetic mail of the last two hours is in "
		    "%s/mail.log and goes on; Gmail began to throttle five "
		    "minutes ago", stage.dir);
		rc = daemon_run(config, stage.config, &extra);
	}
	clear_away(&stage);
	return rc;
}

static int
set_up(struct theatre *s, const char *listen)
{
	int64_t		 now = clock_read().wall_s;
	const char	*base = getenv("XDG_RUNTIME_DIR");
	char		 path[PATH_BYTES + 16];

	s->demo = (struct demo){ .seed = (uint64_t)now,
	    .incident_from = now - INCIDENT_AGE_S,
	    .incident_until = now - INCIDENT_AGE_S + INCIDENT_S };
	if (base == NULL || access(base, W_OK) == -1)
		base = "/tmp";
	snprintf(s->dir, sizeof(s->dir), "%s/smtpulse-demo-XXXXXX", base);
	if (mkdtemp(s->dir) == NULL) {
		snprintf(s->dir, sizeof(s->dir), "%s", base);
		s->config[0] = '\0';
		return -1;
	}
	snprintf(s->config, sizeof(s->config), "%s/agent.conf", s->dir);
	snprintf(path, sizeof(path), "%s/mail.log", s->dir);
	s->log.out = fopen(path, "we");
	if (s->log.out == NULL || write_config(s, listen) == -1)
		return -1;
	s->written = now - HISTORY_S;
	return write_until(s, now);
}

static int
write_config(const struct theatre *s, const char *listen)
{
	FILE	*out = fopen(s->config, "we");

	if (out == NULL)
		return -1;
	fprintf(out, "listen = {'%s'}\nstate = '%s/state.db'\n"
	    "source \"demo\" { path = '%s/mail.log' mta = postfix }\n",
	    listen, s->dir, s->dir);
	return fclose(out) == EOF ? -1 : 0;
}

static int
write_until(struct theatre *s, int64_t second)
{
	while (s->written < second)
		demo_write_second(&s->demo, &s->log, ++s->written, &s->truth);
	return fflush(s->log.out) == EOF ? -1 : 0;
}

static void
on_second(void *arg)
{
	struct theatre	*s = arg;
	int64_t		 now = clock_read().wall_s;

	/* a suspended machine: the mail of that time was never sent */
	if (now - s->written > HISTORY_S)
		s->written = now - 1;
	if (write_until(s, now) == -1)
		log_warn("demo: cannot write to %s/mail.log", s->dir);
}

/* Only what is in a directory that was made here. */
static void
clear_away(struct theatre *s)
{
	struct dirent	*entry;
	DIR		*dir;

	if (s->log.out != NULL)
		fclose(s->log.out);
	if (s->config[0] == '\0')
		return;
	dir = opendir(s->dir);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_type == DT_REG &&
		    unlinkat(dirfd(dir), entry->d_name, 0) == -1)
			log_warn("demo: cannot remove %s", entry->d_name);
	if (dir != NULL)
		closedir(dir);
	if (rmdir(s->dir) == -1)
		log_warn("demo: cannot remove %s", s->dir);
}
