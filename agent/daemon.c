#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "command.h"
#include "daemon.h"
#include "http.h"
#include "intake.h"
#include "log.h"
#include "loop.h"
#include "publish.h"
#include "sweep.h"
#include "version.h"
#include "watch.h"

enum {
	TURN_BYTES = 4 << 20,	/* about 10 ms of reading, then others' turn */
	GRACE_S = 5,		/* syslog may write a line that late */
	BEHIND_S = 120		/* older news is catching up */
};

struct daemon {
	struct config		*config;
	const char		*file;
	struct daemon_extra	 extra;
	struct loop		 loop;
	struct clock_now	 now;
	struct intake		*intake;
	struct lookout		*lookout;
	struct survey		*survey;
	struct sources		*sources;
	struct watch		*watch;
	struct publication_slot	 slot;
	struct http		*http;
	int			 again;		/* eventfd: more to read */
	bool			 more;		/* sources not at their end */
	bool			 reload_ok;
};

static int	start(struct daemon *, char error[CONFIG_ERROR_BYTES]);
static int	start_loop(struct daemon *);
static void	stop(struct daemon *);
static void	on_signal(void *arg, int signo);
static void	on_hint(void *arg, int fd, uint32_t events);
static void	on_again(void *arg, int fd, uint32_t events);
static void	on_asked(void *arg, int fd, uint32_t events);
static void	on_second(void *arg);
static void	look(struct daemon *);
static void	read_on(struct daemon *);
static int	start_rooms(struct daemon *, char error[CONFIG_ERROR_BYTES]);
static void	show(struct daemon *);
static void	reload(struct daemon *);
static bool	catching_up(const struct daemon *);

int
daemon_run(struct config *config, const char *file,
    const struct daemon_extra *extra)
{
	struct daemon	 d = { .config = config, .file = file, .again = -1,
			    .reload_ok = true };
	char		 error[CONFIG_ERROR_BYTES] = "";
	int		 rc = EXIT_FAILED;

	if (extra != NULL)
		d.extra = *extra;
	d.loop.epoll = -1;
	if (start(&d, error) == -1)
		log_warnx("%s", error);
	else if (loop_run(&d.loop) == 0)
		rc = EXIT_OK;
	stop(&d);
	return rc;
}

static int
start(struct daemon *d, char error[CONFIG_ERROR_BYTES])
{
	struct http_setup	setup = { .config = d->config,
				    .slot = &d->slot };

	d->now = clock_read();
	snprintf(error, CONFIG_ERROR_BYTES, "cannot start: out of memory or "
	    "descriptors");
	if (loop_init(&d->loop, on_signal, d) == -1 ||
	    watch_open(&d->watch) == -1 ||
	    publication_slot_init(&d->slot) == -1 ||
	    sources_open(&d->sources, d->config, true) == -1 ||
	    start_loop(d) == -1)
		return -1;
	if (start_rooms(d, error) == -1 ||
	    http_start(&d->http, &setup, error) == -1)
		return -1;
	log_info("smtpulse %s follows %zu source%s", version_number(),
	    d->sources->count, d->sources->count == 1 ? "" : "s");
	on_second(d);
	return 0;
}

static int
start_rooms(struct daemon *d, char error[CONFIG_ERROR_BYTES])
{
	d->intake = calloc(1, sizeof(*d->intake));
	if (d->intake == NULL || intake_init(d->intake, d->config, error) ==
	    -1)
		return -1;
	d->lookout = calloc(1, sizeof(*d->lookout));
	d->survey = calloc(1, sizeof(*d->survey));
	if (d->lookout == NULL || d->survey == NULL)
		return -1;
	if (lookout_init(d->lookout, d->intake, d->config) == -1 ||
	    survey_init(d->survey, d->intake, d->now.wall_s) == -1)
		return -1;
	return 0;
}

static int
start_loop(struct daemon *d)
{
	int	second;

	d->again = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	second = loop_timer(&d->loop, on_second, d);
	if (d->again == -1 || second == -1 ||
	    loop_timer_set(&d->loop, second, 1000, 1000) == -1 ||
	    loop_add(&d->loop, d->again, EPOLLIN, on_again, d) == -1 ||
	    loop_add(&d->loop, watch_fd(d->watch), EPOLLIN, on_hint,
	    d) == -1 || loop_add(&d->loop, d->slot.asked_fd, EPOLLIN, on_asked,
	    d) == -1)
		return -1;
	return 0;
}

static void
stop(struct daemon *d)
{
	if (d->http != NULL)
		http_stop(d->http);
	if (d->survey != NULL)
		survey_fini(d->survey);
	free(d->survey);
	if (d->lookout != NULL)
		lookout_fini(d->lookout);
	free(d->lookout);
	if (d->intake != NULL)
		intake_fini(d->intake);
	free(d->intake);
	if (d->sources != NULL)
		sources_close(d->sources);
	publication_slot_fini(&d->slot);
	if (d->watch != NULL)
		watch_close(d->watch);
	if (d->again != -1)
		close(d->again);
	if (d->loop.epoll != -1)
		loop_fini(&d->loop);
	config_free(d->config);
}

static void
on_signal(void *arg, int signo)
{
	struct daemon	*d = arg;

	if (signo == SIGHUP) {
		reload(d);
		return;
	}
	log_info("ending on signal %d", signo);
	loop_stop(&d->loop);
}

static void
on_hint(void *arg, int fd, uint32_t events)
{
	struct daemon	*d = arg;

	(void)fd;
	(void)events;
	watch_taken(d->watch);
	look(d);
}

static void
on_again(void *arg, int fd, uint32_t events)
{
	uint64_t	n;

	(void)events;
	if (read(fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		read_on(arg);
}

/* Somebody waits for a page that is not rendered yet. */
static void
on_asked(void *arg, int fd, uint32_t events)
{
	uint64_t	n;

	(void)events;
	if (read(fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		show(arg);
}

static void
on_second(void *arg)
{
	struct daemon	*d = arg;

	if (d->extra.second != NULL)
		d->extra.second(d->extra.arg);
	look(d);
	if (!d->more)
		intake_idle(d->intake, d->now.wall_s - GRACE_S);
	show(d);
}

static void
look(struct daemon *d)
{
	d->now = clock_read();
	sources_sweep(d->sources, &d->now);
	read_on(d);
}

static void
read_on(struct daemon *d)
{
	uint64_t	one = 1;

	d->now = clock_read();
	d->more = intake_turn(d->intake, d->sources, TURN_BYTES, &d->now);
	if (d->more && write(d->again, &one, sizeof(one)) == -1)
		log_warn("cannot go on reading at once");
}

static void
show(struct daemon *d)
{
	const struct publish	how = { &d->slot, d->config, d->intake,
				    d->lookout, d->survey };

	if (publish(&how, &(struct publish_facts){ .sources = d->sources,
	    .now = d->now, .commit_ms = d->now.wall_ms,
	    .catching_up = catching_up(d), .reload_ok = d->reload_ok,
	    .demo = d->extra.second != NULL }) == -1) {
		log_warnx("no memory for a publication, the last one stays");
		return;
	}
	intake_published(d->intake);
}

/* The old configuration stays unless the new one is sound. */
static void
reload(struct daemon *d)
{
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*config;

	if (config_load(&config, d->file, error) == -1) {
		log_warnx("%s", error);
		log_warnx("the configuration stays as it was");
		d->reload_ok = false;
		return;
	}
	config_free(config);
	d->reload_ok = true;
}

static bool
catching_up(const struct daemon *d)
{
	return (d->more || sources_lag(d->sources) > 0) &&
	    d->intake->stats.log_time < d->now.wall_s - BEHIND_S;
}
