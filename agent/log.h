/*
 * log - what the operator reads at three in the morning.
 *
 * Lines on stderr: with a syslog priority in front when systemd reads them,
 * else with the time. Lower case, no final stop: which file or option, what
 * happened, what we do now. Any thread may write. File-scope state lives here
 * and in clock.c only.
 */
#ifndef LOG_H
#define LOG_H

void	log_init(void);
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* warn appends the text of errno, warnx does not. */
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* At most ten warnings a second are written; how many were not. */
unsigned long	log_suppressed(void);

#endif
