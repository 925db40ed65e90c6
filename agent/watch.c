#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include <inotifytools/inotifytools.h>

#include "watch.h"

enum {
	DIRS		= 256,	/* more are found by the sweep alone */
	PAUSE_MS	= 20,	/* events in a burst are one look */
	PAUSE_MAX_MS	= 500,	/* the tick is there anyway */
	LOOK_PART	= 20,	/* a look may take one in so many */
	DRAIN		= 65536	/* events thrown away at once */
};

static const int EVENTS = IN_CREATE | IN_DELETE | IN_MOVED_FROM |
    IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

/* Which directory it is that has a name now. */
struct which {
	uint64_t	dev, ino;	/* 0: none */
	int64_t		btime_s;
	uint32_t	btime_ns;
	bool		writes;		/* are looked for in it */
};

struct directory {
	char		*name;		/* ends with a slash */
	atomic_bool	 writes;
	struct which	 named;		/* the owner's: last seen */
	struct which	 watched;	/* the thread's */
};

struct watch {
	pthread_t	 thread;
	sem_t		 started;
	bool		 running;
	atomic_bool	 stop;
	int		 look;			/* eventfd */
	int		 bell;			/* eventfd, wakes the thread */
	int		 notify;		/* the library's, inotify */
	struct directory dir[DIRS];		/* the owner adds to them */
	atomic_uint	 dir_count;
	atomic_int	 mode;
	atomic_int	 pause_ms;
	atomic_ullong	 overflows;
};

static void	*run(void *);
static int	 start_library(struct watch *);
static int	 inotify_fd(void);
static void	 forget_record(const struct directory *,
		    const struct which *now);
static struct which which_now(struct directory *);
static bool	 same(const struct which *, const struct which *);
static void	 watch_all(struct watch *);
static bool	 watch_one(struct watch *, struct directory *);
static void	 wait_for_event(struct watch *);
static void	 drain(struct watch *);
static void	 ring(int fd);
static void	 taken(int fd);

int
watch_open(struct watch **out)
{
	struct watch	*w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	w->mode = WATCH_POLL;
	w->pause_ms = PAUSE_MS;
	w->look = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->look == -1 || w->bell == -1 ||
	    sem_init(&w->started, 0, 0) == -1) {
		watch_close(w);
		return -1;
	}
	if (pthread_create(&w->thread, NULL, run, w) == 0) {
		w->running = true;
		while (sem_wait(&w->started) == -1 && errno == EINTR)
			;
	}
	*out = w;
	return 0;
}

void
watch_close(struct watch *w)
{
	unsigned	i;

	if (w == NULL)
		return;
	if (w->running) {
		atomic_store(&w->stop, true);
		ring(w->bell);
		pthread_join(w->thread, NULL);
	}
	for (i = 0; i < w->dir_count; i++)
		free(w->dir[i].name);
	if (w->look != -1)
		close(w->look);
	if (w->bell != -1)
		close(w->bell);
	sem_destroy(&w->started);
	free(w);
}

int
watch_fd(const struct watch *w)
{
	return w->look;
}

void
watch_taken(struct watch *w)
{
	taken(w->look);
}

/* The library finds a directory again only by its name with a slash. */
void
watch_directory(struct watch *w, const char *dir, bool writes)
{
	size_t		 n = strlen(dir);
	unsigned	 i, count = w->dir_count;
	char		*name;

	if (n > 0 && dir[n - 1] == '/')
		n--;
	for (i = 0; i < count; i++)
		if (strlen(w->dir[i].name) == n + 1 &&
		    memcmp(w->dir[i].name, dir, n) == 0) {
			if (writes)
				atomic_store(&w->dir[i].writes, true);
			return;
		}
	if (count == DIRS || (name = malloc(n + 2)) == NULL)
		return;
	memcpy(name, dir, n);
	memcpy(name + n, "/", 2);
	w->dir[count].name = name;
	atomic_store(&w->dir[count].writes, writes);
	atomic_store(&w->dir_count, count + 1);
	ring(w->bell);
}

void
watch_again(struct watch *w)
{
	bool		wake = watch_mode_now(w) == WATCH_POLL;
	struct which	now;
	unsigned	i;

	for (i = 0; i < w->dir_count; i++) {
		now = which_now(&w->dir[i]);
		wake = wake || !same(&now, &w->dir[i].named);
		w->dir[i].named = now;
	}
	if (wake)
		ring(w->bell);
}

void
watch_looked(struct watch *w, int64_t took_ms)
{
	int	pause_ms = PAUSE_MAX_MS;

	if (took_ms < PAUSE_MAX_MS / LOOK_PART)
		pause_ms = PAUSE_MS + LOOK_PART * (int)took_ms;
	atomic_store(&w->pause_ms, pause_ms);
}

enum watch_mode
watch_mode_now(struct watch *w)
{
	return (enum watch_mode)atomic_load(&w->mode);
}

const char *
watch_mode_name(enum watch_mode m)
{
	static const char *const names[] = {
#define X(id, name) name,
		WATCH_MODES(X)
#undef X
	};

	return names[m];
}

uint64_t
watch_overflows(struct watch *w)
{
	return atomic_load(&w->overflows);
}

static void *
run(void *arg)
{
	struct watch	*w = arg;
	int		 rc = start_library(w);

	pthread_setname_np(pthread_self(), "watch");
	if (rc == 0)
		atomic_store(&w->mode, WATCH_NOTIFY);
	sem_post(&w->started);
	if (rc == -1)
		return NULL;
	while (!atomic_load(&w->stop)) {
		watch_all(w);
		wait_for_event(w);
	}
	/* what it still has in its buffer would confuse its next start */
	drain(w);
	inotifytools_cleanup();
	return NULL;
}

/*
 * The library waits with a time limit only, so the waiting is ours and needs
 * its descriptor. That must not leak into programs we might start, and the
 * library select()s on it, which is undefined for a high one.
 */
static int
start_library(struct watch *w)
{
	if (!inotifytools_initialize())
		return -1;
	w->notify = inotify_fd();
	if (w->notify == -1 || w->notify >= FD_SETSIZE) {
		inotifytools_cleanup();
		return -1;
	}
	fcntl(w->notify, F_SETFD, FD_CLOEXEC);
	return 0;
}

static int
inotify_fd(void)
{
	DIR		*dir = opendir("/proc/self/fd");
	struct dirent	*entry;
	char		 link[64];
	ssize_t		 n;
	int		 fd = -1;

	if (dir == NULL)
		return -1;
	while (fd == -1 && (entry = readdir(dir)) != NULL) {
		n = readlinkat(dirfd(dir), entry->d_name, link,
		    sizeof(link) - 1);
		if (n == -1)
			continue;
		link[n] = '\0';
		if (strstr(link, "inotify") != NULL)
			fd = (int)strtol(entry->d_name, NULL, 10);
	}
	closedir(dir);
	return fd;
}

static void
watch_all(struct watch *w)
{
	unsigned	i, count = atomic_load(&w->dir_count);
	int		mode = count == DIRS ? WATCH_POLL : WATCH_NOTIFY;

	for (i = 0; i < count; i++)
		if (!watch_one(w, &w->dir[i]))
			mode = WATCH_POLL;
	atomic_store(&w->mode, mode);
}

/*
 * Watch what is there under that name now. The same directory is not added
 * twice, because the library keeps a record for each time. False when the
 * kernel refuses, so that this directory is seen by the sweep alone.
 */
static bool
watch_one(struct watch *w, struct directory *d)
{
	struct which	now = which_now(d);

	if (now.ino != 0 && !same(&now, &d->watched)) {
		forget_record(d, &now);
		if (!inotifytools_watch_file(d->name,
		    EVENTS | (now.writes ? IN_MODIFY : 0)))
			return inotifytools_error() == ENOENT;
		/* what happened before the watch was there */
		ring(w->look);
	}
	d->watched = now;
	return true;
}

/* Of the same directory, watched for less until now. */
static void
forget_record(const struct directory *d, const struct which *now)
{
	struct which	then = d->watched;

	then.writes = now->writes;
	if (same(&then, now))
		inotifytools_remove_watch_by_filename(d->name);
}

static struct which
which_now(struct directory *d)
{
	struct statx	sx;

	if (statx(AT_FDCWD, d->name, 0, STATX_INO | STATX_BTIME, &sx) == -1)
		return (struct which){ 0 };
	return (struct which){
		(uint64_t)sx.stx_dev_major << 32 | sx.stx_dev_minor,
		sx.stx_ino, sx.stx_btime.tv_sec, sx.stx_btime.tv_nsec,
		atomic_load(&d->writes) };
}

static bool
same(const struct which *a, const struct which *b)
{
	return a->ino == b->ino && a->dev == b->dev &&
	    a->btime_s == b->btime_s && a->btime_ns == b->btime_ns &&
	    a->writes == b->writes;
}

/* Events of a burst are gathered, and told when it begins and when it ends. */
static void
wait_for_event(struct watch *w)
{
	struct timespec	pause = { 0 };
	struct pollfd	fds[] = { { w->bell, POLLIN, 0 },
			    { w->notify, POLLIN, 0 } };

	if (poll(fds, 2, -1) == -1)
		return;
	taken(w->bell);
	if (fds[1].revents == 0)
		return;
	ring(w->look);
	if (atomic_load(&w->stop))
		return;
	pause.tv_nsec = atomic_load(&w->pause_ms) * 1000000L;
	nanosleep(&pause, NULL);
	drain(w);
	ring(w->look);
}

/*
 * All that the library has: our descriptor says nothing of what is left in
 * its buffer. More than one event at a time makes it spin.
 */
static void
drain(struct watch *w)
{
	struct inotify_event	*ev;
	int			 i;

	for (i = 0; i < DRAIN; i++) {
		ev = inotifytools_next_events(0, 1);
		if (ev == NULL)
			return;
		if ((ev->mask & IN_Q_OVERFLOW) != 0)
			atomic_fetch_add(&w->overflows, 1);
	}
}

static void
ring(int fd)
{
	uint64_t	one = 1;

	while (write(fd, &one, sizeof(one)) == -1 && errno == EINTR)
		;
}

static void
taken(int fd)
{
	uint64_t	n;

	while (read(fd, &n, sizeof(n)) == -1 && errno == EINTR)
		;
}
