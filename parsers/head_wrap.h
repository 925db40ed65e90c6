/*
 * head_wrap - log lines inside of JSON: rsyslog's and other collectors'
 * records, journalctl -o json, Docker's json-file.
 */
#ifndef HEAD_WRAP_H
#define HEAD_WRAP_H

#include "head.h"

/* line begins with '{'. False when no log line is found in it. */
bool	head_unwrap(struct view line, struct scratch *, struct head *out);

#endif
