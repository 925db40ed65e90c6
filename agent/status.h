/*
 * status - the moment as the page, /api/v1/status and top show it.
 *
 * A plain picture, filled by the log thread from its tables for one
 * publication and then rendered. It keeps nothing: its views point into the
 * tables and live as long as they do not change. Lists are in the order in
 * which they are to be shown, worst or busiest first.
 */
#ifndef STATUS_H
#define STATUS_H

#include "reason.h"

#define STATUS_WINDOWS(X)						\
	X(1M,	"1m",	60)						\
	X(5M,	"5m",	300)						\
	X(15M,	"15m",	900)						\
	X(1H,	"1h",	3600)

enum status_window {
#define X(id, name, seconds) STATUS_##id,
	STATUS_WINDOWS(X)
#undef X
	STATUS_WINDOW_COUNT
};

enum {
	STATUS_MINUTES = 60, STATUS_CODES = 4, STATUS_PROVIDERS = 40,
	STATUS_REASONS = 24, STATUS_TENANTS = 20, STATUS_ALERTS = 20,
	STATUS_SOURCES = 40, STATUS_UNCLASSIFIED = 10
};

struct status_code {		/* a failing reply of the last hour */
	uint16_t	code;		/* 0: there was no reply */
	struct enhanced	enhanced;	/* class 0: none */
	uint64_t	count;
};

struct status_provider {
	struct view	name;
	uint64_t	attempts[STATUS_WINDOW_COUNT];
	uint64_t	replies[STATUS_WINDOW_COUNT][CLASS_COUNT];
	uint32_t	minute[STATUS_MINUTES][CLASS_COUNT];	/* oldest first */
	struct status_code code[STATUS_CODES];
	size_t		code_count;
	uint64_t	waiting;	/* deferred and not yet final */
	int64_t		oldest_waiting;	/* epoch s; 0: none waits */
	/* what became of recipients that were first deferred, so far */
	uint64_t	retry_deferred, retry_delivered, retry_bounced;
	int32_t		retry_median_s;	/* of those delivered; -1 unknown */
	bool		firing;		/* an alert names it */
};

struct status_reason {		/* of the last hour */
	enum reason	reason;
	enum reply_class class;
	enum action	action;
	uint64_t	count;
	struct view	provider;	/* where it is most frequent */
};

struct status_tenant {		/* of the last hour, or since it has a place */
	struct view	name;
	uint64_t	attempts, failures;
	struct view	provider;	/* where most of the failures are */
	int		reason;		/* most frequent; -1: none */
};

struct status_alert {
	struct view	id, severity, summary, advice, provider;
	bool		firing;		/* else resolved lately */
	int64_t		onset, cleared;	/* epoch s; cleared 0 while firing */
	uint16_t	code;		/* 0: none in particular */
	struct enhanced	enhanced;
	int		reason;		/* enum reason; -1: none */
	int		action;		/* enum action; -1: none */
	uint64_t	waiting;
	struct view	tenant;		/* whose mail it is most; may be empty */
	uint32_t	tenant_percent, tenants_affected;
};

struct status_source {
	struct view	name, path, mta;
	bool		up;
	uint64_t	lag_bytes;
	int64_t		last_line;	/* epoch s in log time; 0: none yet */
	uint64_t	lines, events, unknown;
};

struct status_unclassified {	/* replies that no rule knew, since start */
	struct view	text;		/* masked: a template */
	struct view	provider;	/* of the first */
	uint16_t	code;		/* 0: there was no reply */
	struct enhanced	enhanced;	/* class 0: none */
	uint64_t	count;
};

struct status {
	struct view	host, version;
	int64_t		now;		/* wall clock, epoch s */
	int64_t		log_time;	/* epoch s; 0: no line yet */
	int64_t		started;	/* epoch s */
	bool		catching_up, demo;
	bool		tenants_hidden;	/* switched off by the operator */
	size_t		provider_count, reason_count, tenant_count,
			alert_count, source_count, unclassified_count;
	uint64_t	unclassified_total;	/* replies */
	struct status_provider	provider[STATUS_PROVIDERS];
	struct status_reason	reason[STATUS_REASONS];
	struct status_tenant	tenant[STATUS_TENANTS];
	struct status_alert	alert[STATUS_ALERTS];
	struct status_source	source[STATUS_SOURCES];
	struct status_unclassified unclassified[STATUS_UNCLASSIFIED];
};

#endif
