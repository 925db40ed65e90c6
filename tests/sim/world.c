/*
 *	world [--seed N] [--programs N] [FILE...]
 *
 * Random programs, or those of the files. One that breaks a promise is made
 * as short as it can be and printed; the exit status is 1.
 */
#include <ftw.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "world.h"

struct program {
	struct step	step[WORLD_STEPS];
	size_t		count;
};

static const char *const step_names[STEP_COUNT] = {
#define X(id, name, weight) name,
	STEPS(X)
#undef X
};

static const unsigned step_weights[STEP_COUNT] = {
#define X(id, name, weight) weight,
	STEPS(X)
#undef X
};

static void	draw(struct program *, uint64_t *rng);
static uint32_t	next(uint64_t *rng);
static const char *run(const struct program *, char wrong[256]);
static void	take(struct world *, struct step);
static void	shorten(struct program *);
static void	print(const struct program *, const char *wrong);
static int	load(struct program *, const char *path);
static int	run_files(char *const *path, int count);
static int	erase(const char *, const struct stat *, int, struct FTW *);

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "programs", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 }
	};
	uint64_t	seed = (uint64_t)time(NULL), count = 10000, i, rng;
	struct program	p;
	char		wrong[256];
	int		c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (c == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (c == 'n')
			count = strtoull(optarg, NULL, 10);
		else
			return 2;
	if (optind < argc)
		return run_files(argv + optind, argc - optind);
	printf("%llu programs from seed %llu\n", (unsigned long long)count,
	    (unsigned long long)seed);
	fflush(stdout);
	for (i = 0; i < count; i++) {
		rng = seed + i;
		draw(&p, &rng);
		if (run(&p, wrong) == NULL)
			continue;
		printf("seed %llu: %s\n", (unsigned long long)(seed + i),
		    wrong);
		shorten(&p);
		run(&p, wrong);
		print(&p, wrong);
		return 1;
	}
	return 0;
}

static void
draw(struct program *p, uint64_t *rng)
{
	unsigned	total = 0, at;
	int		kind;

	for (kind = 0; kind < STEP_COUNT; kind++)
		total += step_weights[kind];
	p->count = 10 + next(rng) % (WORLD_STEPS - 10);
	for (size_t i = 0; i < p->count; i++) {
		at = next(rng) % total;
		for (kind = 0; at >= step_weights[kind]; kind++)
			at -= step_weights[kind];
		p->step[i].kind = (enum step_kind)kind;
		p->step[i].arg = next(rng) % 60 + 1;
	}
}

/* splitmix64 */
static uint32_t
next(uint64_t *rng)
{
	uint64_t	z = *rng += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32);
}

/*
 * At the end all is put right and read by a last life. NULL, or the kind of
 * violation.
 */
static const char *
run(const struct program *p, char wrong[256])
{
	static struct world	w;
	char			dir[48];
	size_t			i;

	snprintf(dir, sizeof(dir), "/dev/shm/smtpulse-world-%d",
	    (int)getpid());
	world_init(&w, dir);
	agent_start(&w);
	agent_read(&w, 0);
	agent_commit(&w);
	for (i = 0; i < p->count && w.kind == NULL; i++)
		take(&w, p->step[i]);
	log_back(&w);
	log_finish(&w);
	agent_start(&w);
	for (i = 0; i < 4; i++)
		agent_read(&w, UINT32_MAX);
	take(&w, (struct step){ STEP_WAIT, 1 });
	agent_read(&w, UINT32_MAX);
	agent_read(&w, UINT32_MAX);
	agent_reckon(&w);
	agent_stop(&w);
	world_fini(&w);
	snprintf(wrong, 256, "%s", w.wrong);
	return w.kind;
}

static void
take(struct world *w, struct step s)
{
	switch (s.kind) {
	case STEP_LINES:	log_lines(w, s.arg % 20 + 1); break;
	case STEP_PIECE:	log_piece(w, s.arg); break;
	case STEP_ROTATE:	log_rotate(w); break;
	case STEP_MOVE:		log_move(w); break;
	case STEP_REOPEN:	log_reopen(w); break;
	case STEP_GZIP:		log_gzip(w, s.arg); break;
	case STEP_COPY:		log_copytruncate(w); break;
	case STEP_UNLINK:	log_unlink(w); break;
	case STEP_AWAY:		log_away(w); break;
	case STEP_BACK:		log_back(w); break;
	case STEP_READ:		agent_read(w, s.arg % 3 == 0 ? UINT32_MAX :
				    s.arg); break;
	case STEP_COMMIT:	agent_commit(w); break;
	case STEP_FAIL:		agent_fail(w); break;
	case STEP_KILL:		agent_kill(w); break;
	case STEP_STOP:		agent_stop(w); break;
	case STEP_START:	agent_start(w); break;
	case STEP_WAIT:		w->clock_ms += 61000; break;
	case STEP_COUNT:	abort();
	}
}

/* Without each step in turn, as long as it fails in the same way. */
static void
shorten(struct program *p)
{
	char		 wrong[256];
	const char	*kind = run(p, wrong);
	size_t		 i;

	for (i = p->count; i > 0; i--) {
		struct program	less = *p;

		memmove(&less.step[i - 1], &less.step[i],
		    (less.count - i) * sizeof(less.step[0]));
		less.count--;
		if (run(&less, wrong) == kind)
			*p = less;
	}
}

static void
print(const struct program *p, const char *wrong)
{
	printf("# %s\n", wrong);
	for (size_t i = 0; i < p->count; i++)
		printf("%s %u\n", step_names[p->step[i].kind],
		    p->step[i].arg);
}

static int
load(struct program *p, const char *path)
{
	FILE		*f = fopen(path, "re");
	char		 line[128], name[32];
	unsigned	 arg;

	p->count = 0;
	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		int	kind = 0;

		if (sscanf(line, "%31[a-z] %u", name, &arg) != 2)
			continue;
		while (kind < STEP_COUNT && strcmp(step_names[kind], name))
			kind++;
		if (kind == STEP_COUNT || p->count == WORLD_STEPS)
			break;
		p->step[p->count].kind = (enum step_kind)kind;
		p->step[p->count++].arg = arg;
	}
	fclose(f);
	return p->count > 0 ? 0 : -1;
}

static int
run_files(char *const *path, int count)
{
	struct program	p;
	char		wrong[256];
	int		i, rc = 0;

	for (i = 0; i < count; i++) {
		if (load(&p, path[i]) == -1) {
			printf("%s: not a program\n", path[i]);
			rc = 1;
		} else if (run(&p, wrong) != NULL) {
			printf("%s: %s\n", path[i], wrong);
			rc = 1;
		}
	}
	return rc;
}

static int
erase(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void
world_init(struct world *w, const char *dir)
{
	char	name[96];

	memset(w, 0, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "%s", dir);
	snprintf(name, sizeof(name), "%s/log", dir);
	if (mkdir(dir, 0700) == -1 || mkdir(name, 0700) == -1)
		abort();
	w->clock_ms = INT64_C(1767225600000);
	w->log = -1;
	log_reopen(w);
	snprintf(w->path, sizeof(w->path), "%s/log/mail.log", dir);
	w->from.name = "mail";
	w->from.path = w->path;
	w->config.source = &w->from;
	w->config.source_count = 1;
}

void
world_fini(struct world *w)
{
	close(w->log);
	if (nftw(w->dir, erase, 8, FTW_DEPTH | FTW_PHYS) == -1)
		abort();
}
