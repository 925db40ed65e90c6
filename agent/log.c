#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"

enum { LINE_BYTES = 1024, PER_SECOND = 10 };

static pthread_mutex_t	lock = PTHREAD_MUTEX_INITIALIZER;	/* of those below */
static bool		systemd_reads;
static time_t		this_second;
static unsigned		written_now;
static unsigned long	suppressed;

static void	emit(int priority, const char *fmt, va_list ap, int err)
		    __attribute__((format(printf, 2, 0)));
static bool	allowed(time_t now);

void
log_init(void)
{
	systemd_reads = getenv("JOURNAL_STREAM") != NULL;
}

void
log_info(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	emit(6, fmt, ap, 0);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	emit(4, fmt, ap, errno);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	emit(4, fmt, ap, 0);
	va_end(ap);
}

unsigned long
log_suppressed(void)
{
	unsigned long	count;

	pthread_mutex_lock(&lock);
	count = suppressed;
	pthread_mutex_unlock(&lock);
	return count;
}

/* A warning that repeats itself must not fill the log that we may read. */
static bool
allowed(time_t now)
{
	bool	yes;

	pthread_mutex_lock(&lock);
	if (now != this_second) {
		this_second = now;
		written_now = 0;
	}
	yes = written_now++ < PER_SECOND;
	if (!yes)
		suppressed++;
	pthread_mutex_unlock(&lock);
	return yes;
}

static void
emit(int priority, const char *fmt, va_list ap, int err)
{
	char		line[LINE_BYTES], stamp[32];
	time_t		now = time(NULL);
	struct tm	tm;

	if (!allowed(now))
		return;
	vsnprintf(line, sizeof(line), fmt, ap);
	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	if (systemd_reads) {
		snprintf(stamp, sizeof(stamp), "<%d>", priority);
	} else {
		gmtime_r(&now, &tm);
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ ", &tm);
	}
	if (err != 0)
		fprintf(stderr, "%s%s: %s\n", stamp, line, strerror(err));
	else
		fprintf(stderr, "%s%s\n", stamp, line);
}
