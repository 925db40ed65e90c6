#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "command.h"
#include "commit.h"
#include "daemon.h"
#include "http.h"
#include "intake.h"
#include "log.h"
#include "lookout.h"
#include "loop.h"
#include "notify_http.h"
#include "notify_keep.h"
#include "publish.h"
#include "suppress_keep.h"
#include "state_setup.h"
#include "supervisor.h"
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
	struct supervisor	 supervisor;
	struct sandbox		 sandbox;
	struct loop		 loop;
	struct clock_now	 now;
	struct intake		*intake;
	struct lookout		*lookout;
	struct notify		*notify;
	struct notify_http	 out;
	struct survey		*survey;
	struct sources		*sources;
	struct commit		 commit;
	struct suppress_keep	 suppress;
	struct watch		*watch;
	struct publication_slot	 slot;
	struct http		*http;
	int			 again;		/* eventfd: more to read */
	bool			 more;		/* sources not at their end */
	bool			 reload_ok;
	bool			 ready;		/* the supervisor knows */
	bool			 broken;	/* a reload could not go back */
};

static int	start(struct daemon *, char error[CONFIG_ERROR_BYTES]);
static void	close_in(struct daemon *);
static int	start_rooms(struct daemon *, char error[CONFIG_ERROR_BYTES]);
static int	start_alerts(struct daemon *);
static int	start_loop(struct daemon *);
static void	stop(struct daemon *);
static void	stop_rooms(struct daemon *);
static void	alerts_loaded(void *arg, struct state *, bool loaded);
static void	on_signal(void *arg, int signo);
static void	on_hint(void *arg, int fd, uint32_t events);
static void	on_again(void *arg, int fd, uint32_t events);
static void	on_asked(void *arg, int fd, uint32_t events);
static void	on_second(void *arg);
static void	watch_also(void *arg, const char *dir, bool last);
static void	on_alert(void *arg, const struct incident *);
static void	tell(struct daemon *);
static void	look(struct daemon *);
static void	read_on(struct daemon *);
static void	check_reach(struct daemon *);
static void	show(struct daemon *);
static void	show_life(struct daemon *);
static void	reload(struct daemon *);
static bool	catching_up(const struct daemon *);

int
daemon_run(struct config *config, const char *file,
    const struct daemon_extra *extra)
{
	struct daemon	 d = { .config = config, .file = file, .again = -1,
			    .reload_ok = true };
	char		 error[CONFIG_ERROR_BYTES] = "";
	int		 rc;

	if (extra != NULL)
		d.extra = *extra;
	d.loop.epoll = -1;
	rc = start(&d, error);
	if (rc != EXIT_OK)
		log_warnx("%s", error);
	else if (loop_run(&d.loop) == -1)
		rc = EXIT_FAILED;
	if (rc == EXIT_OK)
		commit_now(&d.commit);
	stop(&d);
	return d.broken ? EXIT_FAILED : rc;
}

static int
start(struct daemon *d, char error[CONFIG_ERROR_BYTES])
{
	struct http_setup	setup = { .config = d->config,
				    .slot = &d->slot };
	int			rc;

	d->now = clock_read();
	supervisor_init(&d->supervisor);
	close_in(d);
	snprintf(error, CONFIG_ERROR_BYTES, "cannot start: out of memory or "
	    "descriptors");
	if (loop_init(&d->loop, on_signal, d) == -1 ||
	    watch_open(&d->watch) == -1 ||
	    publication_slot_init(&d->slot) == -1 || start_loop(d) == -1)
		return EXIT_FAILED;
	rc = start_rooms(d, error);
	if (rc != EXIT_OK)
		return rc;
	setup.inherited = d->supervisor.sockets;
	if (http_start(&d->http, &setup, error) == -1)
		return EXIT_FAILED;
	log_info("smtpulse %s follows %zu source%s", version_number(),
	    d->sources->count, d->sources->count == 1 ? "" : "s");
	on_second(d);
	return EXIT_OK;
}

/* Before there is a thread: those that exist would stay outside. */
static void
close_in(struct daemon *d)
{
	if (*d->config->state != '\0')
		state_make_dirs(d->config->state);
	sandbox_enter(&d->sandbox, d->config, d->extra.stage);
	if (d->sandbox.level == SANDBOX_ON)
		log_info("sandbox: logs, configuration and state can be "
		    "opened, nothing else");
	else
		log_warnx("sandbox: %s: %s",
		    sandbox_level_name(d->sandbox.level), d->sandbox.why);
}

static void
stop(struct daemon *d)
{
	if (d->http != NULL)
		http_stop(d->http);
	stop_rooms(d);
	publication_slot_fini(&d->slot);
	if (d->watch != NULL)
		watch_close(d->watch);
	if (d->again != -1)
		close(d->again);
	if (d->loop.epoll != -1)
		loop_fini(&d->loop);
	supervisor_fini(&d->supervisor);
	config_free(d->config);
}

/* All that depends on the configuration, but for the door. */
static int
start_rooms(struct daemon *d, char error[CONFIG_ERROR_BYTES])
{
	d->intake = calloc(1, sizeof(*d->intake));
	if (d->intake == NULL ||
	    sources_open(&d->sources, d->config, true) == -1 ||
	    intake_init(d->intake, d->config, error) == -1 ||
	    start_alerts(d) == -1)
		return EXIT_FAILED;
	d->commit.intake = d->intake;
	d->commit.sources = d->sources;
	for (int i = 0; i < ALERT_REGIONS; i++)
		commit_join(&d->commit, &(struct commit_member){
		    .region = alerts_region(&d->lookout->alerts, i) });
	commit_join(&d->commit, &(struct commit_member){
	    .load = alerts_loaded, .arg = d });
	if (suppress_keep_init(&d->suppress, d->config, &d->lookout->alerts,
	    &d->commit) == -1)
		return EXIT_FAILED;
	notify_keep(d->notify, &d->commit);
	return commit_open(&d->commit, d->config->state, error);
}

static int
start_alerts(struct daemon *d)
{
	const struct notify_transport	transport = { notify_http_post,
					    &d->out };

	d->lookout = calloc(1, sizeof(*d->lookout));
	d->survey = calloc(1, sizeof(*d->survey));
	d->notify = calloc(1, sizeof(*d->notify));
	if (d->lookout == NULL || d->survey == NULL || d->notify == NULL ||
	    lookout_init(d->lookout, d->intake, d->config,
	    d->sources->source[0].zone) == -1 ||
	    survey_init(d->survey, d->intake, d->now.wall_s) == -1 ||
	    notify_init(d->notify, d->config, &transport) == -1 ||
	    notify_http_init(&d->out, &d->loop, d->notify, d->config) ==
	    -1)
		return -1;
	/* until the first look is over everything may be old news */
	notify_tick(d->notify, &(struct notify_now){ d->now.wall_s,
	    d->now.mono_ms, 0 });
	d->lookout->tell = on_alert;
	d->lookout->arg = d;
	return 0;
}

/* Behind the regions that it checks and indexes. */
static void
alerts_loaded(void *arg, struct state *state, bool loaded)
{
	struct daemon	*d = arg;

	(void)state;
	(void)loaded;
	alerts_restore(&d->lookout->alerts);
}

static void
stop_rooms(struct daemon *d)
{
	struct commit_time	time = d->commit.time;

	commit_close(&d->commit);
	suppress_keep_fini(&d->suppress);
	memset(&d->commit, 0, sizeof(d->commit));
	d->commit.time = time;
	if (d->notify != NULL) {
		notify_http_fini(&d->out);
		notify_fini(d->notify);
	}
	if (d->survey != NULL)
		survey_fini(d->survey);
	if (d->lookout != NULL)
		lookout_fini(d->lookout);
	if (d->intake != NULL)
		intake_fini(d->intake);
	if (d->sources != NULL)
		sources_close(d->sources);
	free(d->notify);
	free(d->survey);
	free(d->lookout);
	free(d->intake);
	d->notify = NULL;
	d->survey = NULL;
	d->lookout = NULL;
	d->intake = NULL;
	d->sources = NULL;
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
on_signal(void *arg, int signo)
{
	struct daemon	*d = arg;

	if (signo == SIGHUP) {
		supervisor_tell(&d->supervisor, "RELOADING=1");
		reload(d);
		supervisor_tell(&d->supervisor, "READY=1");
		return;
	}
	log_info("ending on signal %d", signo);
	supervisor_tell(&d->supervisor, "STOPPING=1");
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
	check_reach(d);
	sources_directories(d->sources, watch_also, d->watch);
	watch_again(d->watch);
	if (!d->more)
		intake_idle(d->intake, d->now.wall_s - GRACE_S);
	tell(d);
	show(d);
	show_life(d);
}

static void
watch_also(void *arg, const char *dir, bool last)
{
	watch_directory(arg, dir, last);
}

static void
on_alert(void *arg, const struct incident *i)
{
	struct daemon	*d = arg;

	notify_incident(d->notify, i);
}

/* What fires is told again as it is now; the receivers' turn has come. */
static void
tell(struct daemon *d)
{
	const struct notify_now	 now = { d->now.wall_s, d->now.mono_ms,
				    catching_up(d) ? d->intake->stats.log_time :
				    d->now.wall_s };
	const struct incident	*i;
	size_t			 at = 0;

	while ((i = alerts_next(&d->lookout->alerts, &at, INT64_MAX)) != NULL)
		on_alert(d, i);
	notify_tick(d->notify, &now);
}

static void
look(struct daemon *d)
{
	int64_t	since_ms;

	d->now = clock_read();
	since_ms = d->now.mono_ms;
	sources_sweep(d->sources, &d->now);
	read_on(d);
	/* the clock was read after the sweep */
	watch_looked(d->watch, d->now.mono_ms - since_ms);
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

/* Is it our own sandbox that keeps a log from us? */
static void
check_reach(struct daemon *d)
{
	if (sources_up(d->sources) && d->sandbox.level != SANDBOX_STALE)
		return;
	if (sandbox_went_stale(&d->sandbox, d->config))
		log_warnx("restart needed: %s was made anew, the sandbox does "
		    "not reach it", d->sandbox.why);
}

/* What a crash could take back is not shown: commit, then publish. */
static void
show(struct daemon *d)
{
	const struct publish	how = { &d->slot, d->config, d->intake,
				    d->lookout, d->notify, d->survey };

	if (!commit_now(&d->commit))
		return;
	if (publish(&how, &(struct publish_facts){ .sources = d->sources,
	    .now = d->now, .commit_ms = d->commit.last_ms,
	    .commits = &d->commit.time,
	    .catching_up = catching_up(d), .reload_ok = d->reload_ok,
	    .sandbox = d->sandbox.level,
	    .demo = d->extra.second != NULL }) == -1) {
		log_warnx("no memory for a publication, the last one stays");
		return;
	}
	intake_published(d->intake);
	if (!d->ready)
		supervisor_tell(&d->supervisor, "READY=1");
	d->ready = true;
}

/* Alive: we who look once a second, and a server that wakes up. */
static void
show_life(struct daemon *d)
{
	char	status[128];

	if (!supervisor_waits(&d->supervisor, d->now.mono_ms) ||
	    !publication_awake(&d->slot))
		return;
	snprintf(status, sizeof(status), "%zu source%s, %s",
	    d->sources->count, d->sources->count == 1 ? "" : "s",
	    catching_up(d) ? "catching up" : "up to date");
	supervisor_alive(&d->supervisor, d->now.mono_ms, status);
}

/*
 * The old configuration stays unless the new one is sound. The rooms are
 * closed with a commit and opened again on the same state, which stays open as
 * the disk may fail by now. Only the addresses to listen on stay.
 */
static void
reload(struct daemon *d)
{
	char		 error[CONFIG_ERROR_BYTES], path[SANDBOX_WHY_BYTES];
	struct config	*old = d->config, *config;
	struct state	*state = NULL;

	d->reload_ok = false;
	if (config_load_live(&config, d->file, error) == -1) {
		log_warnx("%s; the configuration stays as it was", error);
		return;
	}
	commit_now(&d->commit);
	if (d->commit.failing_ms != 0 ||
	    !sandbox_covers(&d->sandbox, config, path)) {
		log_warnx("%s%s; the configuration stays as it was",
		    d->commit.failing_ms != 0 ? "the state cannot be saved" :
		    "restart needed: the sandbox does not reach ",
		    d->commit.failing_ms != 0 ? "" : path);
		config_free(config);
		return;
	}
	if (strcmp(old->state, config->state) == 0)
		state = commit_hand_over(&d->commit);
	stop_rooms(d);
	d->config = config;
	d->commit.state = state;
	if (start_rooms(d, error) == EXIT_OK) {
		config_free(old);
		d->reload_ok = true;
		log_info("the configuration was read again");
		return;
	}
	log_warnx("%s; going on with the old configuration", error);
	d->commit.state = state != NULL ? NULL : d->commit.state;
	stop_rooms(d);
	d->config = old;
	d->commit.state = state;
	config_free(config);
	if (start_rooms(d, error) == EXIT_OK)
		return;
	log_warnx("%s; ending", error);
	d->broken = true;
	loop_stop(&d->loop);
}

static bool
catching_up(const struct daemon *d)
{
	return (d->more || sources_lag(d->sources) > 0) &&
	    d->intake->stats.log_time < d->now.wall_s - BEHIND_S;
}
