#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include <inotifytools/inotifytools.h>

#include "watch.h"

enum {
	DIRS		= 256,	/* more are found by the sweep alone */
	PAUSE_MS	= 20,	/* events in a burst are one look */
	DRAIN		= 4096	/* events thrown away at once */
};

static const int EVENTS = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
    IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

/* What the thread knows about a directory that it watches. */
struct watched {
	uint64_t	dev, ino;	/* 0: not watched */
	int64_t		btime_s;
	uint32_t	btime_ns;
};

struct watch {
	pthread_t	 thread;
	sem_t		 started;
	bool		 running;
	atomic_bool	 stop;
	int		 look;			/* eventfd */
	int		 bell;			/* a watched file of ours: its
						   change wakes the thread */
	char		*dir[DIRS];		/* only added to, by the owner */
	atomic_uint	 dir_count;
	struct watched	 watched[DIRS];		/* the thread's */
	atomic_int	 mode;
	atomic_ullong	 overflows;
};

static void	*run(void *);
static int	 start_library(void);
static int	 inotify_fd(void);
static void	 watch_bell(struct watch *);
static void	 ring(struct watch *);
static void	 watch_all(struct watch *);
static bool	 watch_one(struct watch *, unsigned);
static void	 wait_for_event(struct watch *);
static void	 say_look(struct watch *);

int
watch_open(struct watch **out)
{
	struct watch	*w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	w->mode = WATCH_POLL;
	w->look = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->bell = memfd_create("bell", MFD_CLOEXEC);
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
		ring(w);
		pthread_join(w->thread, NULL);
	}
	for (i = 0; i < w->dir_count; i++)
		free(w->dir[i]);
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
	uint64_t	n;

	while (read(w->look, &n, sizeof(n)) == -1 && errno == EINTR)
		;
}

/* The library finds a directory again only by its name with a slash. */
void
watch_directory(struct watch *w, const char *dir)
{
	size_t		 n = strlen(dir);
	unsigned	 i, count = w->dir_count;
	char		*name;

	if (n > 0 && dir[n - 1] == '/')
		n--;
	for (i = 0; i < count; i++)
		if (strlen(w->dir[i]) == n + 1 &&
		    memcmp(w->dir[i], dir, n) == 0)
			return;
	if (count == DIRS || (name = malloc(n + 2)) == NULL)
		return;
	memcpy(name, dir, n);
	memcpy(name + n, "/", 2);
	w->dir[count] = name;
	atomic_store(&w->dir_count, count + 1);
	ring(w);
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
	int		 i, rc = start_library();

	pthread_setname_np(pthread_self(), "watch");
	if (rc == 0) {
		atomic_store(&w->mode, WATCH_NOTIFY);
		watch_bell(w);
	}
	sem_post(&w->started);
	if (rc == -1)
		return NULL;
	while (!atomic_load(&w->stop)) {
		watch_all(w);
		wait_for_event(w);
	}
	/* what it still has in its buffer would confuse its next start */
	for (i = 0; i < DRAIN && inotifytools_next_events(0, 1) != NULL; i++)
		;
	inotifytools_cleanup();
	return NULL;
}

/*
 * The descriptor must not leak into programs we might start, and the library
 * select()s on it, which is undefined for a high one.
 */
static int
start_library(void)
{
	int	fd;

	if (!inotifytools_initialize())
		return -1;
	fd = inotify_fd();
	if (fd == -1)
		return 0;
	if (fd >= FD_SETSIZE) {
		inotifytools_cleanup();
		return -1;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Without it the thread notices a stop within a second. */
static void
watch_bell(struct watch *w)
{
	char	name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", w->bell);
	inotifytools_watch_file(name, IN_ATTRIB);
}

/* Newer kernels tell nothing of writes to a memfd, but of its mode they do. */
static void
ring(struct watch *w)
{
	fchmod(w->bell, 0600);
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
		if (!watch_one(w, i))
			mode = WATCH_POLL;
	atomic_store(&w->mode, mode);
}

/*
 * Watch what is there under that name now. The same directory is not added
 * twice, because the library keeps a record for each time. False when the
 * kernel refuses, so that this directory is seen by the sweep alone.
 */
static bool
watch_one(struct watch *w, unsigned i)
{
	struct watched	now, *then = &w->watched[i];
	struct statx	sx;

	if (statx(AT_FDCWD, w->dir[i], 0, STATX_INO | STATX_BTIME, &sx) ==
	    -1) {
		then->ino = 0;
		return true;
	}
	now = (struct watched){
		(uint64_t)sx.stx_dev_major << 32 | sx.stx_dev_minor,
		sx.stx_ino, sx.stx_btime.tv_sec, sx.stx_btime.tv_nsec };
	if (now.ino == then->ino && now.dev == then->dev &&
	    now.btime_s == then->btime_s && now.btime_ns == then->btime_ns)
		return true;
	if (!inotifytools_watch_file(w->dir[i], EVENTS))
		return inotifytools_error() == ENOENT;
	*then = now;
	/* what happened before the watch was there */
	say_look(w);
	return true;
}

/* More than one event at a time makes the library spin. */
static void
wait_for_event(struct watch *w)
{
	struct timespec		 pause = { 0, PAUSE_MS * 1000000L };
	struct inotify_event	*ev = inotifytools_next_events(1, 1);
	int			 i;

	if (ev == NULL) {
		/* a second without events; or it failed: do not spin */
		if (inotifytools_error() != 0)
			nanosleep(&pause, NULL);
		return;
	}
	say_look(w);
	if (atomic_load(&w->stop))
		return;
	nanosleep(&pause, NULL);
	for (i = 0; i < DRAIN && ev != NULL; i++) {
		if ((ev->mask & IN_Q_OVERFLOW) != 0)
			atomic_fetch_add(&w->overflows, 1);
		ev = inotifytools_next_events(0, 1);
	}
	say_look(w);
}

static void
say_look(struct watch *w)
{
	uint64_t	one = 1;

	while (write(w->look, &one, sizeof(one)) == -1 && errno == EINTR)
		;
}
