#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

/* Fields of the stat file behind the name, counted from 0; see proc(5). */
enum { FIELD_THREADS = 17, FIELD_START = 19, FIELD_VSIZE = 20, FIELD_RSS = 21,
	FIELD_COUNT };

static double	cpu_seconds(void);
static bool	read_stat(int fd, uint64_t field[FIELD_COUNT]);
static double	start_seconds(uint64_t ticks);
static uint64_t	count_entries(DIR *);
static double	limit_of(__rlimit_resource_t);
static void	gauge(struct expose *, const char *name, const char *help,
		    double);

void
process_init(struct process *p)
{
	uint64_t	stat[FIELD_COUNT];

	p->stat_fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	p->fds = opendir("/proc/self/fd");
	p->start_s = 0;
	if (p->stat_fd != -1 && read_stat(p->stat_fd, stat))
		p->start_s = start_seconds(stat[FIELD_START]);
}

void
process_fini(struct process *p)
{
	if (p->stat_fd != -1)
		close(p->stat_fd);
	if (p->fds != NULL)
		closedir(p->fds);
}

void
process_expose(const struct process *p, struct expose *e)
{
	uint64_t	stat[FIELD_COUNT];

	expose_family(e, "process_cpu_seconds_total", EXPOSE_COUNTER,
	    "seconds", "User and system time this process has used.");
	expose_double(e, NULL, 0, cpu_seconds());
	if (p->fds != NULL)
		gauge(e, "process_open_fds", "Open file descriptors.",
		    (double)count_entries(p->fds));
	gauge(e, "process_max_fds", "Most file descriptors allowed.",
	    limit_of(RLIMIT_NOFILE));
	gauge(e, "process_virtual_memory_max_bytes",
	    "Most virtual memory allowed.", limit_of(RLIMIT_AS));
	if (p->stat_fd == -1 || !read_stat(p->stat_fd, stat))
		return;
	gauge(e, "process_virtual_memory_bytes", "Virtual memory size.",
	    (double)stat[FIELD_VSIZE]);
	gauge(e, "process_resident_memory_bytes", "Resident memory size.",
	    (double)stat[FIELD_RSS] * (double)sysconf(_SC_PAGESIZE));
	gauge(e, "process_threads", "Threads of this process.",
	    (double)stat[FIELD_THREADS]);
	gauge(e, "process_start_time_seconds",
	    "When the process started, as Unix time.",
	    p->start_s);
}

static double
cpu_seconds(void)
{
	struct timespec	ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool
read_stat(int fd, uint64_t field[FIELD_COUNT])
{
	char	text[1024], *p;
	ssize_t	n = pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	/* the name in front is in brackets and may hold anything */
	p = strrchr(text, ')');
	if (p == NULL || p[1] == '\0' || p[2] == '\0')
		return false;
	p += 3;		/* the state is a letter */
	for (int i = 0; i < FIELD_COUNT; i++)
		field[i] = i == 0 ? 0 : strtoull(p, &p, 10);
	return true;
}

static double
start_seconds(uint64_t ticks)
{
	struct timespec	wall, boot;
	long		hundredths;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	hundredths = (wall.tv_nsec - boot.tv_nsec) / 10000000;
	return (double)(wall.tv_sec - boot.tv_sec) +
	    (double)hundredths / 100 +
	    (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static uint64_t
count_entries(DIR *dir)
{
	const struct dirent	*entry;
	uint64_t		 count = 0;

	rewinddir(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			count++;
	return count;
}

static double
limit_of(__rlimit_resource_t resource)
{
	struct rlimit	limit;

	if (getrlimit(resource, &limit) == -1)
		return 0;
	return (double)limit.rlim_cur;
}

static void
gauge(struct expose *e, const char *name, const char *help, double value)
{
	const char	*unit = view_ends(view_of(name), VIEW("_bytes")) ?
	    "bytes" : view_ends(view_of(name), VIEW("_seconds")) ?
	    "seconds" : NULL;

	expose_family(e, name, EXPOSE_GAUGE, unit, help);
	expose_double(e, NULL, 0, value);
}
