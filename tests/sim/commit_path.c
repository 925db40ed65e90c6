/*
 *	commit_path
 *
 * Every system call of a commit, killed once and failed once with each of its
 * errnos. A first life counts the calls; then one life for each call and each
 * way to end it. The next life reads the rest of the log: its whole /metrics
 * page must be that of a life to which nothing happened. Then the same for the
 * calls of a checkpoint, which follows a commit now and then. Calls come here,
 * and not to libc, from SQLite too.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "commit.h"
#include "intake.h"
#include "render_metrics.h"
#include "state_db.h"
#include "sweep.h"

enum { CALLS_MAX = 4096, PAGE_BYTES = 4 << 20, ERRNOS = 4, KILL = -1 };

#define CALLS(X)							\
	X(PWRITE, "pwrite", EIO, ENOSPC, EDQUOT, EINTR)			\
	X(PREAD, "pread", EIO, EINTR, 0, 0)				\
	X(WRITE, "write", EIO, ENOSPC, EDQUOT, EINTR)			\
	X(FDATASYNC, "fdatasync", EIO, ENOSPC, EINTR, 0)		\
	X(FTRUNCATE, "ftruncate", EIO, ENOSPC, EINTR, 0)		\
	X(FCNTL, "fcntl", EAGAIN, EACCES, ENOLCK, EINTR)		\
	X(UNLOCK, "unlock", 0, 0, 0, 0)	/* that cannot fail here */	\
	X(FSTAT, "fstat", EIO, ENOMEM, 0, 0)				\
	X(STAT, "stat", EACCES, EIO, 0, 0)				\
	X(MMAP, "mmap", ENOMEM, EAGAIN, 0, 0)				\
	X(UNLINK, "unlink", EIO, EACCES, 0, 0)

enum call {
#define X(id, name, a, b, c, d) CALL_##id,
	CALLS(X)
#undef X
	CALL_COUNT
};

static const struct {
	const char	*name;
	int		 error[ERRNOS];
} calls[CALL_COUNT] = {
#define X(id, name, a, b, c, d) { name, { a, b, c, d } },
	CALLS(X)
#undef X
};

/* Shared by parent and children. */
struct board {
	size_t		made;			/* calls of the commit */
	uint8_t		call[CALLS_MAX];	/* enum call of each */
	size_t		page_len;
	char		page[PAGE_BYTES];	/* of the undisturbed life */
};

struct life {
	struct intake	*intake;
	struct sources	*sources;
	struct commit	 commit;
	struct config	*config;
};

static struct board	*board;
static struct life	 life;
static char		 dir[64], log_path[96], state_path[96], conf[96];
/* What happens to which call; the calls come from anywhere. */
static bool		 armed;
static size_t		 fault_at;	/* 0: none; else 1 + its number */
static int		 fault;		/* errno, or KILL */
static bool		 checkpoints;	/* after each commit */

/* 0: go on; else the call fails, errno is set. */
static int
meet(enum call c)
{
	size_t	n;

	if (!armed)
		return 0;
	n = board->made++;
	if (n < CALLS_MAX)
		board->call[n] = (uint8_t)c;
	if (n + 1 != fault_at)
		return 0;
	if (fault == KILL)
		kill(getpid(), SIGKILL);
	errno = fault;
	return -1;
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return meet(CALL_PWRITE) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	return meet(CALL_PREAD) ? -1 : syscall(SYS_pread64, fd, p, n, at);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	return meet(CALL_WRITE) ? -1 : syscall(SYS_write, fd, p, n);
}

int
fdatasync(int fd)
{
	return meet(CALL_FDATASYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate64(int fd, off64_t n)
{
	return meet(CALL_FTRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

int
fcntl64(int fd, int command, ...)
{
	va_list		 ap;
	struct flock	*lock;
	bool		 unlock;

	va_start(ap, command);
	lock = va_arg(ap, struct flock *);
	va_end(ap);
	unlock = (command == F_SETLK || command == F_SETLKW) &&
	    lock->l_type == F_UNLCK;
	return meet(unlock ? CALL_UNLOCK : CALL_FCNTL) ? -1 :
	    (int)syscall(SYS_fcntl, fd, command, lock);
}

int
fstat64(int fd, struct stat64 *st)
{
	return meet(CALL_FSTAT) ? -1 : (int)syscall(SYS_fstat, fd, st);
}

int
stat64(const char *path, struct stat64 *st)
{
	return meet(CALL_STAT) ? -1 : (int)syscall(SYS_newfstatat, AT_FDCWD,
	    path, st, 0);
}

void *
mmap64(void *p, size_t n, int prot, int flags, int fd, off64_t at)
{
	return meet(CALL_MMAP) ? MAP_FAILED : (void *)syscall(SYS_mmap, p, n,
	    prot, flags, fd, at);
}

int
unlink(const char *path)
{
	return meet(CALL_UNLINK) ? -1 : (int)syscall(SYS_unlink, path);
}

static void
append(int from, int to)
{
	static const struct {
		const char	*relay, *result;
	} kinds[] = {
		{ "gmail-smtp-in.l.google.com", "dsn=2.0.0, status=sent (250 "
		    "2.0.0 OK)" },
		{ "mta5.am0.yahoodns.net", "dsn=4.7.0, status=deferred (host "
		    "mta5.am0.yahoodns.net[192.0.2.1] said: 421 4.7.0 [TSS04])" },
		{ "mx00.gmx.net", "dsn=5.1.1, status=bounced (host "
		    "mx00.gmx.net[192.0.2.1] said: 550 5.1.1 unknown)" },
	};
	FILE	*f = fopen(log_path, "ae");
	int	 i;

	if (f == NULL)
		abort();
	for (i = from; i < to; i++)
		fprintf(f, "2026-11-01T00:%02d:%02d.0+00:00 mx postfix/smtp[1]:"
		    " A%05d: to=<u%d@d%d.example>, relay=%s[192.0.2.1]:25, "
		    "delay=1, delays=0/0/0/1, %s\n", i / 60 % 60, i % 60, i, i,
		    i % 40, kinds[i % 3].relay, kinds[i % 3].result);
	fclose(f);
}

/* Once; every child has its own copy of it. */
static void
prepare(struct life *l)
{
	char	error[CONFIG_ERROR_BYTES];

	l->intake = calloc(1, sizeof(*l->intake));
	if (l->intake == NULL ||
	    config_load(&l->config, conf, error) == -1 ||
	    sources_open(&l->sources, l->config, true) == -1 ||
	    intake_init(l->intake, l->config, error) == -1)
		abort();
	l->commit.intake = l->intake;
	l->commit.sources = l->sources;
}

static void
live(struct life *l)
{
	char	error[CONFIG_ERROR_BYTES];

	if (commit_open(&l->commit, state_path, error) != EXIT_OK) {
		printf("%s\n", error);
		_exit(3);
	}
	if (checkpoints)
		sqlite3_wal_autocheckpoint(l->commit.state->db, 1);
}

static void
read_all(struct life *l)
{
	const struct clock_now	now = clock_read();

	sources_sweep(l->sources, &now);
	while (intake_turn(l->intake, l->sources, 1 << 20, &now))
		;
}

static bool
save(struct life *l)
{
	bool	ok = commit_now(&l->commit) && l->commit.failing_ms == 0;

	intake_published(l->intake);
	return ok;
}

/* The commit in question; then one that has to succeed. */
static void
first_life(void)
{
	append(0, 40);
	live(&life);
	read_all(&life);
	if (!save(&life))
		_exit(4);
	append(40, 44);
	read_all(&life);
	armed = true;
	save(&life);
	armed = false;
	/* what it failed to save, the next one saves */
	_exit(save(&life) ? 0 : 5);
}

/* What it shows at the end goes to page. */
static void
next_life(char *page, size_t *len)
{
	struct metrics_input	in = { .reload_ok = true };
	struct expose		e;
	struct buf		b;

	append(44, 54);
	live(&life);
	read_all(&life);
	if (!save(&life))
		_exit(4);
	buf_init(&b, PAGE_BYTES);
	in.intake = life.intake;
	in.sources = life.sources;
	render_metrics(&b, EXPOSE_TEXT, &in, &e);
	if (b.failed)
		_exit(6);
	memcpy(page, b.p, b.len);
	*len = b.len;
}

static void
compare_life(void)
{
	static char	page[PAGE_BYTES];
	size_t		len, i = 0, line = 0;

	next_life(page, &len);
	if (len == board->page_len && memcmp(page, board->page, len) == 0)
		_exit(0);
	for (; i < len && i < board->page_len && page[i] == board->page[i];
	    i++)
		if (page[i] == '\n')
			line = i + 1;
	printf("got  %.*s\nwant %.*s\n", (int)strcspn(page + line, "\n"),
	    page + line, (int)strcspn(board->page + line, "\n"),
	    board->page + line);
	fflush(stdout);
	_exit(7);
}

static void
reference_life(void)
{
	next_life(board->page, &board->page_len);
	_exit(0);
}

static int
in_child(void (*live_one)(void))
{
	int	status;
	pid_t	pid = fork();

	if (pid == 0)
		live_one();
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		abort();
	return status;
}

static void
clear(void)
{
	static const char *const tails[] = { "", "-wal", "-shm", ".lock" };
	char			 path[128];

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", state_path, tails[i]);
		remove(path);
	}
	remove(log_path);
}

/* 0; or 1 with a report. */
static int
run(size_t number, enum call c, int how)
{
	int	first, next;

	clear();
	fault_at = number + 1;
	fault = how;
	board->made = 0;
	first = in_child(first_life);
	fault_at = 0;
	next = in_child(compare_life);
	/* the number of pages differs a little from life to life */
	if (next == 0 && (first == 0 || (how == KILL && WIFSIGNALED(first) &&
	    WTERMSIG(first) == SIGKILL)))
		return 0;
	printf("call %zu, %s, %s: lives ended with %#x and %#x\n", number,
	    calls[c].name, how == KILL ? "killed" : strerror(how), first,
	    next);
	return 1;
}

static void
set_up(void)
{
	FILE	*f;

	snprintf(dir, sizeof(dir), "/dev/shm/smtpulse-commit-%d",
	    (int)getpid());
	if (mkdir(dir, 0700) == -1)
		abort();
	snprintf(log_path, sizeof(log_path), "%s/mail.log", dir);
	snprintf(state_path, sizeof(state_path), "%s/state.db", dir);
	snprintf(conf, sizeof(conf), "%s/agent.conf", dir);
	f = fopen(conf, "we");
	if (f == NULL)
		abort();
	fprintf(f, "source \"mail\" { path = \"%s\" mta = postfix "
	    "tz = \"UTC\" }\n", log_path);
	fclose(f);
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		abort();
}

/* The calls of the next life's commit from that one on; how many went wrong. */
static int
sweep(size_t from, size_t made[CALL_COUNT], size_t *count, size_t *runs)
{
	uint8_t	call[CALLS_MAX];
	size_t	i;
	int	e, wrong = 0;

	clear();
	fault_at = 0;
	board->made = 0;
	if (in_child(first_life) != 0 || board->made <= from ||
	    board->made > CALLS_MAX) {
		printf("the undisturbed life failed\n");
		return 1;
	}
	*count = board->made;
	memcpy(call, board->call, sizeof(call));
	for (i = from; i < *count && wrong < 10; i++) {
		made[call[i]]++;
		wrong += run(i, (enum call)call[i], KILL);
		++*runs;
		for (e = 0; e < ERRNOS && calls[call[i]].error[e] != 0; e++) {
			wrong += run(i, (enum call)call[i],
			    calls[call[i]].error[e]);
			++*runs;
		}
	}
	return wrong;
}

int
main(void)
{
	size_t	count, all, i, made[CALL_COUNT] = { 0 }, runs = 0;
	int	wrong;

	set_up();
	prepare(&life);
	if (in_child(first_life) != 0 || in_child(reference_life) != 0) {
		printf("the undisturbed life failed\n");
		return 1;
	}
	wrong = sweep(0, made, &count, &runs);
	checkpoints = true;
	if (wrong == 0)
		wrong = sweep(count, made, &all, &runs);
	clear();
	remove(conf);
	rmdir(dir);
	for (i = 0; i < CALL_COUNT; i++)
		printf("%s %zu\n", calls[i].name, made[i]);
	printf("checkpoint %zu\nruns %zu\nwrong %d\n",
	    wrong == 0 ? all - count : 0, runs, wrong);
	return wrong != 0;
}
