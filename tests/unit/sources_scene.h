/*
 * A directory of its own, sources over it, and all lines read so far; with a
 * state beside it, so that a life can end and the next one begin.
 */
#ifndef SOURCES_SCENE_H
#define SOURCES_SCENE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "resume.h"
#include "sweep.h"

#define SCENE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

struct scene {
	char			 dir[64];
	char			 pattern[2][128];
	struct config_source	 from[2];
	struct config		 config;
	struct sources		*sources;
	struct state		*state;
	struct clock_now	 now;
	char			 got[4096];
};

__attribute__((unused)) static char *
at(const char *name)
{
	static char	path[4][256];
	static int	turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s", name);
	return path[turn];
}

__attribute__((unused)) static void
append(const char *name, const char *text)
{
	FILE	*f = fopen(name, "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/*
 * The lines of these tests are "T text": T is the log time. Reads until all
 * is at its end and adds the texts to got.
 */
__attribute__((unused)) static void
drain(struct scene *s)
{
	struct source_file	*f;
	struct view		 line;
	size_t			 n = strlen(s->got);

	s->now.mono_ms += 1000;
	sources_sweep(s->sources, &s->now);
	while ((f = sources_next(s->sources)) != NULL) {
		if (source_file_line(f, &line) != LINES_LINE)
			continue;
		f->time = atoi(line.p);
		assert_true(n + line.n + 2 < sizeof(s->got));
		n += (size_t)sprintf(s->got + n, "%.*s|", (int)line.n, line.p);
	}
	assert_true(sources_horizon(s->sources) == INT64_MAX);
}

__attribute__((unused)) static void
want(struct scene *s, const char *text)
{
	drain(s);
	assert_string_equal(s->got, text);
	s->got[0] = '\0';
}

__attribute__((unused)) static int
set_up(void **state)
{
	struct scene	*s = calloc(1, sizeof(*s));

	strcpy(s->dir, "/tmp/smtpulse-test-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	assert_int_equal(chdir(s->dir), 0);
	s->config.source = s->from;
	s->config.source_count = 1;
	s->from[0].name = s->from[1].name = at("mail");
	s->from[0].path = s->pattern[0];
	s->from[1].path = s->pattern[1];
	s->now.mono_ms = 1000;
	*state = s;
	return 0;
}

__attribute__((unused)) static int
tear_down(void **state)
{
	struct scene	*s = *state;
	char		 command[128];

	sources_close(s->sources);
	if (s->state != NULL)
		state_close(s->state);
	snprintf(command, sizeof(command), "rm -rf %s", s->dir);
	free(s);
	return system(command);
}

__attribute__((unused)) static void
follow(struct scene *s, const char *pattern)
{
	snprintf(s->pattern[0], sizeof(s->pattern[0]), "%s/%s", s->dir,
	    pattern);
	assert_int_equal(sources_open(&s->sources, &s->config, true), 0);
}

/* Open the state; the first time it is new. */
__attribute__((unused)) static void
begin_life(struct scene *s)
{
	struct state_opening	how;

	assert_int_equal(sources_open(&s->sources, &s->config, true), 0);
	if (state_open(&s->state, "state/state.db", &how) != STATE_OK)
		fail_msg("%s", how.error);
	assert_int_equal(sources_resume(s->sources, s->state, how.damaged),
	    0);
}

__attribute__((unused)) static void
commit(struct scene *s)
{
	assert_int_equal(state_begin(s->state), 0);
	sources_save(s->sources, s->state);
	assert_int_equal(state_commit(s->state), 0);
	sources_saved(s->sources, true);
}

/* Nothing is committed here: the last commit counts, as after a kill. */
__attribute__((unused)) static void
end_life(struct scene *s)
{
	sources_close(s->sources);
	state_close(s->state);
	s->sources = NULL;
	s->state = NULL;
}

#endif
