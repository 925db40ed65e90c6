#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "state_db.h"
#include "state_setup.h"

static enum state_result	open_locked(struct state *,
				    struct state_opening *);
static enum state_result	say(struct state_opening *,
				    enum state_result, const char *fmt, ...)
				    __attribute__((format(printf, 3, 4)));
static bool			still_there(struct state *);

enum state_result
state_open(struct state **out, const char *path, struct state_opening *how)
{
	struct state		*s = calloc(1, sizeof(*s));
	enum state_result	 rc = STATE_FAILED;

	memset(how, 0, sizeof(*how));
	if (s == NULL || (s->path = strdup(path)) == NULL) {
		free(s);
		return say(how, STATE_FAILED, "out of memory");
	}
	s->lock = state_lock(path, &how->holder);
	if (s->lock == -1 && how->holder != 0)
		rc = say(how, STATE_BUSY, "%s is in use by process %ld", path,
		    how->holder);
	else if (s->lock == -1)
		rc = say(how, STATE_FAILED, "cannot make %s.lock: %s", path,
		    strerror(errno));
	else
		rc = open_locked(s, how);
	if (rc != STATE_OK) {
		state_close(s);
		return rc;
	}
	*out = s;
	return STATE_OK;
}

/* A damaged file is put aside, once; its successor is new and sound. */
static enum state_result
open_locked(struct state *s, struct state_opening *how)
{
	enum setup	rc = state_setup(s, how);

	if (rc == SETUP_DAMAGED) {
		char	why[STATE_ERROR / 4], kept[STATE_ERROR / 4];

		snprintf(why, sizeof(why), "%.100s", s->error);
		state_shut(s);
		if (state_put_aside(s->path, kept, sizeof(kept)) == -1)
			return say(how, STATE_FAILED, "%s is damaged (%s) and "
			    "cannot be renamed: %s", s->path, why,
			    strerror(errno));
		rc = state_setup(s, how);
		how->damaged = true;
		say(how, STATE_OK, "%s is damaged (%s): kept as %s, started "
		    "without it", s->path, why, kept);
	}
	switch (rc) {
	case SETUP_OK:
		return STATE_OK;
	case SETUP_NEWER:
		return say(how, STATE_NEWER, "%s was written by a newer "
		    "smtpulse; this one knows version %d", s->path,
		    STATE_VERSION);
	case SETUP_DAMAGED:
	case SETUP_FAILED:
		break;
	}
	return say(how, STATE_FAILED, "cannot use %s: %s", s->path, s->error);
}

void
state_close(struct state *s)
{
	state_shut(s);
	if (s->lock != -1)
		close(s->lock);
	free(s->counter);
	free(s->path);
	free(s);
}

const uint8_t *
state_key(const struct state *s)
{
	return s->key;
}

int64_t
state_created(const struct state *s)
{
	return s->created;
}

bool
state_rebooted(const struct state *s)
{
	return s->rebooted;
}

const char *
state_error(const struct state *s)
{
	return s->error;
}

int
state_begin(struct state *s)
{
	s->failed = false;
	s->region_count = 0;
	s->turn++;
	if (s->db == NULL || !still_there(s)) {
		s->failed = true;
		snprintf(s->error, sizeof(s->error), "%s was removed or "
		    "replaced", s->path);
		return -1;
	}
	state_run(s, STMT_BEGIN);
	s->in_commit = !s->failed;
	/* what is there is not known: put it there anew */
	if (s->counter_count == 0)
		state_run(s, STMT_COUNTERS_DROP);
	return s->failed ? -1 : 0;
}

int
state_commit(struct state *s)
{
	size_t	i;

	if (!s->failed)
		state_drop_unnamed(s);
	if (!s->failed)
		state_run(s, STMT_COMMIT);
	if (s->failed) {
		if (s->in_commit && s->db != NULL &&
		    !sqlite3_get_autocommit(s->db)) {
			sqlite3_step(s->stmt[STMT_ROLLBACK]);
			sqlite3_reset(s->stmt[STMT_ROLLBACK]);
		}
		/* what was saved last is not known any more: save all */
		s->counter_count = 0;
		if (s->counter != NULL)
			memset(s->counter, 0,
			    s->counter_size * sizeof(*s->counter));
		s->in_commit = false;
		return -1;
	}
	for (i = 0; i < s->region_count; i++)
		memset(s->region[i]->dirty, 0,
		    s->region[i]->size >> REGION_PAGE_SHIFT);
	s->in_commit = false;
	return 0;
}

bool
state_recreate(struct state *s)
{
	struct state_opening	how = { .fresh = false };

	if (s->db != NULL && still_there(s))
		return false;
	state_shut(s);
	return state_setup(s, &how) == SETUP_OK && how.fresh;
}

/* A commit into a file that no name leads to would be lost in silence. */
static bool
still_there(struct state *s)
{
	struct stat	st;

	return stat(s->path, &st) == 0 && st.st_ino == s->file_ino;
}

static enum state_result
say(struct state_opening *how, enum state_result rc, const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(how->error, sizeof(how->error), fmt, ap);
	va_end(ap);
	return rc;
}
