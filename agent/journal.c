#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "journal.h"
#include "lines.h"

#ifdef WITH_JOURNAL
#include <systemd/sd-journal.h>

enum {
	BATCH		= 64,		/* entries of one read */
	CURSOR_BYTES	= 256,
	HEAD_BYTES	= 512		/* stamp, host, tag, pid */
};

struct journal {
	sd_journal	*j;
	size_t		 count;		/* entries of the last read */
	char		 cursor[BATCH + 1][CURSOR_BYTES];
	bool		 have_next;	/* the entry at hand is not read */
};

static bool	put_entry(struct journal *, char *buf, size_t size, size_t *n);
static size_t	put_head(struct journal *, char *buf, size_t size);
static struct view field(struct journal *, const char *name);
static void	note_cursor(struct journal *, size_t at);

int
journal_open(struct journal **out, const char *dir)
{
	struct journal	*j = calloc(1, sizeof(*j));
	int		 rc;

	if (j == NULL)
		return -1;
	rc = dir != NULL ? sd_journal_open_directory(&j->j, dir, 0) :
	    sd_journal_open(&j->j, SD_JOURNAL_LOCAL_ONLY);
	if (rc >= 0)
		rc = sd_journal_add_match(j->j, "SYSLOG_FACILITY=2", 0);
	/* and what it says of messages that it dropped */
	if (rc >= 0)
		rc = sd_journal_add_disjunction(j->j);
	if (rc >= 0)
		rc = sd_journal_add_match(j->j,
		    "MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e", 0);
	if (rc >= 0)
		rc = sd_journal_seek_head(j->j);
	if (rc < 0) {
		journal_close(j);
		errno = -rc;
		return -1;
	}
	/* makes it listen for files that come and go */
	sd_journal_get_fd(j->j);
	*out = j;
	return 0;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	sd_journal_close(j->j);
	free(j);
}

void
journal_seek_end(struct journal *j)
{
	if (sd_journal_seek_tail(j->j) < 0 || sd_journal_previous(j->j) <= 0)
		return;
	note_cursor(j, 0);
}

int
journal_seek(struct journal *j, const char *cursor)
{
	int	rc = sd_journal_seek_cursor(j->j, cursor);

	snprintf(j->cursor[0], CURSOR_BYTES, "%s", cursor);
	if (rc >= 0)
		rc = sd_journal_next(j->j);
	if (rc < 0) {
		errno = -rc;
		return -1;
	}
	if (rc == 0)
		return 0;
	if (sd_journal_test_cursor(j->j, cursor) > 0)
		return 1;
	j->have_next = true;
	return 0;
}

void
journal_refresh(struct journal *j)
{
	sd_journal_process(j->j);
}

ssize_t
journal_read(struct journal *j, char *buf, size_t size)
{
	size_t	n = 0;
	int	rc = 1;

	if (j->count > 0)
		memcpy(j->cursor[0], j->cursor[j->count], CURSOR_BYTES);
	j->count = 0;
	while (j->count < BATCH) {
		if (!j->have_next)
			rc = sd_journal_next(j->j);
		if (rc <= 0)
			break;
		j->have_next = !put_entry(j, buf, size, &n);
		if (j->have_next)
			break;
		note_cursor(j, ++j->count);
	}
	if (n == 0 && rc < 0) {
		errno = -rc;
		return -1;
	}
	return (ssize_t)n;
}

const char *
journal_cursor(const struct journal *j, size_t lines)
{
	return j->cursor[lines < j->count ? lines : j->count];
}

/* False: no room, it comes first in the next read. */
static bool
put_entry(struct journal *j, char *buf, size_t size, size_t *n)
{
	char		head[HEAD_BYTES];
	size_t		i, head_len = put_head(j, head, sizeof(head));
	struct view	text = field(j, "MESSAGE");

	/* enough to be seen as oversize */
	if (text.n > LINES_MAX)
		text.n = LINES_MAX + 1;
	/* at worst each byte is a line feed */
	if (*n > 0 && size - *n < head_len + 4 * text.n + 1)
		return false;
	memcpy(buf + *n, head, head_len);
	*n += head_len;
	for (i = 0; i < text.n && size - *n > 5; i++) {
		if (text.p[i] == '\n') {
			memcpy(buf + *n, "#012", 4);
			*n += 4;
		} else
			buf[(*n)++] = text.p[i];
	}
	buf[(*n)++] = '\n';
	return true;
}

static size_t
put_head(struct journal *j, char *buf, size_t size)
{
	struct view	host, tag, pid;
	uint64_t	us = 0;
	time_t		s;
	struct tm	tm;
	int		n;

	sd_journal_get_realtime_usec(j->j, &us);
	s = (time_t)(us / 1000000);
	gmtime_r(&s, &tm);
	n = (int)strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
	/* each field is only valid until the next is asked for */
	host = field(j, "_HOSTNAME");
	n += snprintf(buf + n, size - (size_t)n, ".%06u+00:00 %.*s ",
	    (unsigned)(us % 1000000), host.n > 200 ? 200 : (int)host.n,
	    host.n == 0 ? "-" : host.p);
	tag = field(j, "SYSLOG_IDENTIFIER");
	n += snprintf(buf + n, size - (size_t)n, "%.*s",
	    tag.n > 100 ? 100 : (int)tag.n, tag.n == 0 ? "" : tag.p);
	pid = field(j, "SYSLOG_PID");
	if (pid.n == 0)
		pid = field(j, "_PID");
	if (pid.n > 0)
		n += snprintf(buf + n, size - (size_t)n, "[%.*s]",
		    pid.n > 10 ? 10 : (int)pid.n, pid.p);
	n += snprintf(buf + n, size - (size_t)n, ": ");
	return (size_t)n;
}

static struct view
field(struct journal *j, const char *name)
{
	const void	*data;
	size_t		 n, skip = strlen(name) + 1;

	if (sd_journal_get_data(j->j, name, &data, &n) < 0 || n < skip)
		return VIEW_NONE;
	return (struct view){ (const char *)data + skip, n - skip };
}

static void
note_cursor(struct journal *j, size_t at)
{
	char	*cursor;

	if (sd_journal_get_cursor(j->j, &cursor) < 0)
		return;
	snprintf(j->cursor[at], CURSOR_BYTES, "%s", cursor);
	free(cursor);
}

#else

int
journal_open(struct journal **out, const char *dir)
{
	(void)out;
	(void)dir;
	errno = ENOTSUP;
	return -1;
}

void
journal_close(struct journal *j)
{
	(void)j;
}

void
journal_seek_end(struct journal *j)
{
	(void)j;
}

int
journal_seek(struct journal *j, const char *cursor)
{
	(void)j;
	(void)cursor;
	return -1;
}

void
journal_refresh(struct journal *j)
{
	(void)j;
}

ssize_t
journal_read(struct journal *j, char *buf, size_t size)
{
	(void)j;
	(void)buf;
	(void)size;
	return 0;
}

const char *
journal_cursor(const struct journal *j, size_t lines)
{
	(void)j;
	(void)lines;
	return "";
}
#endif
