/*
 * metric - every metric family, one row each.
 *
 * Enum, exposition name, HELP, labels and the README's table follow from the
 * row. Counters live in series tables (series.h) or histograms; gauges and
 * what is known elsewhere is collected by render_metrics.c.
 */
#ifndef METRIC_H
#define METRIC_H

#include "label.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };
enum { METRIC_LABELS = 5 };

#define L0	{ LABEL_NONE }
#define L1(a)	{ LABEL_##a }
#define L2(a, b) { LABEL_##a, LABEL_##b }
#define L3(a, b, c) { LABEL_##a, LABEL_##b, LABEL_##c }
#define L4(a, b, c, d) { LABEL_##a, LABEL_##b, LABEL_##c, LABEL_##d }
#define L5(a, b, c, d, e) { LABEL_##a, LABEL_##b, LABEL_##c, LABEL_##d, \
	LABEL_##e }

/*	id, name, type, unit, labels, help				*/
#define METRICS(X)							\
	X(ATTEMPTS, "attempts_total", COUNTER, NULL,			\
	    L2(PROVIDER, OUTCOME),					\
	    "Recipients of real delivery attempts.")			\
	X(REPLIES, "replies_total", COUNTER, NULL,			\
	    L4(PROVIDER, CLASS, CODE, OUTCOME),				\
	    "The same attempts by reply; code none when there was no reply.") \
	X(HOST_REPLIES, "host_replies_total", COUNTER, NULL,		\
	    L3(PROVIDER, CLASS, CODE),					\
	    "Replies of one host inside a delivery that went on to the next.") \
	X(ENHANCED_REPLIES, "enhanced_replies_total", COUNTER, NULL,	\
	    L2(PROVIDER, ENHANCED),					\
	    "Attempts by enhanced status code (RFC 3463).")		\
	X(FAILURES, "failures_total", COUNTER, NULL,			\
	    L3(PROVIDER, REASON, CLASS),				\
	    "Failed attempts by reason; reason_info joins the action.")	\
	X(FAILURE_STAGES, "failure_stages_total", COUNTER, NULL,	\
	    L3(PROVIDER, CLASS, STAGE),					\
	    "Failed attempts by the stage of the dialogue.")		\
	X(RECIPIENTS, "recipients_total", COUNTER, NULL,		\
	    L2(PROVIDER, OUTCOME),					\
	    "Recipients, each once, when their outcome was final.")	\
	X(FIRST_ATTEMPTS, "first_attempts_total", COUNTER, NULL,	\
	    L2(PROVIDER, OUTCOME),					\
	    "First attempts only: a deferral ratio without retries.")	\
	X(RETRY_OUTCOMES, "retry_outcomes_total", COUNTER, NULL,	\
	    L3(PROVIDER, FIRST_REASON, OUTCOME),			\
	    "What became of recipients that were deferred at first.")	\
	X(RETRY_SECONDS, "retry_seconds", HISTOGRAM, "seconds",		\
	    L1(PROVIDER),						\
	    "From first deferral to delivery.")				\
	X(DEFERRED_RECIPIENTS, "deferred_recipients", GAUGE, NULL,	\
	    L1(PROVIDER),						\
	    "Recipients waiting now, as far as the logs tell.")		\
	X(OLDEST_DEFERRED, "oldest_deferred_timestamp_seconds", GAUGE,	\
	    "seconds", L1(PROVIDER),					\
	    "First deferral of the recipient that waits longest.")	\
	X(DELIVERY_SECONDS, "delivery_seconds", HISTOGRAM, "seconds",	\
	    L1(PROVIDER),						\
	    "From queue entry to delivery, delivered mail only.")	\
	X(TRANSACTION_SECONDS, "transaction_seconds", HISTOGRAM,	\
	    "seconds", L1(PROVIDER),					\
	    "Connection and transmission of every attempt.")		\
	X(EGRESS_REPLIES, "egress_replies_total", COUNTER, NULL,	\
	    L4(EGRESS, PROVIDER, CLASS, CODE),				\
	    "Attempts by the way out.")					\
	X(TENANT_ATTEMPTS, "tenant_attempts_total", COUNTER, NULL,	\
	    L2(TENANT, OUTCOME),					\
	    "Attempts by tenant; those without a place count as other.") \
	X(TENANT_FAILURES, "tenant_failures_total", COUNTER, NULL,	\
	    L2(TENANT, REASON),						\
	    "Failed attempts by tenant and reason.")			\
	X(TENANT_PROVIDER_FAILURES, "tenant_provider_failures_total",	\
	    COUNTER, NULL, L2(TENANT, PROVIDER),			\
	    "Failed attempts by tenant and provider.")			\
	X(REJECTS, "rejects_total", COUNTER, NULL,			\
	    L3(MTA, CODE, REASON),					\
	    "Mail that we refused, by our reply.")			\
	X(WINDOW_ATTEMPTS, "window_attempts", GAUGE, NULL,		\
	    L2(PROVIDER, WINDOW),					\
	    "Attempts of the last minutes of log time; graphs use rate().") \
	X(WINDOW_REPLIES, "window_replies", GAUGE, NULL,		\
	    L3(PROVIDER, CLASS, WINDOW),				\
	    "Replies of the last minutes of log time; graphs use rate().") \
	X(WINDOW_FAILURE_RATIO, "window_failure_ratio", GAUGE, NULL,	\
	    L3(PROVIDER, CLASS, WINDOW),				\
	    "Replies of a class by attempts, 0 to 1; 0 without traffic.") \
	X(SPIKE_ACTIVE, "spike_active", GAUGE, NULL,			\
	    L5(PROVIDER, CLASS, CODE, ENHANCED, REASON),		\
	    "1 while the series fails far above its own normal.")	\
	X(SPIKE_SCORE, "spike_score", GAUGE, NULL,			\
	    L5(PROVIDER, CLASS, CODE, ENHANCED, REASON),		\
	    "Evidence for a spike; it is one from about 18 on.")	\
	X(SPIKES, "spikes_total", COUNTER, NULL,			\
	    L5(PROVIDER, CLASS, CODE, ENHANCED, REASON),		\
	    "Spikes that were raised.")					\
	X(SPIKE_INFO, "spike_info", GAUGE, NULL,			\
	    L5(PROVIDER, CLASS, CODE, ENHANCED, REASON),		\
	    "Always 1, while it spikes: its action, scope and severity.") \
	X(PROVIDERS_SPIKING, "providers_spiking", GAUGE, NULL, L0,	\
	    "Providers with a spike.")					\
	X(NOTIFICATIONS, "notifications_total", COUNTER, NULL,		\
	    L2(RECEIVER, OUTCOME),					\
	    "Notifications by receiver and what became of them.")	\
	X(NOTIFICATION_QUEUE, "notification_queue_length", GAUGE, NULL,	\
	    L1(RECEIVER), "Notifications that a receiver has not yet taken.") \
	X(LINES, "lines_total", COUNTER, NULL, L3(SOURCE, MTA, RESULT),	\
	    "Log lines by what they were to us.")			\
	X(SOURCE_UP, "source_up", GAUGE, NULL, L1(SOURCE),		\
	    "1 while the source can be read.")				\
	X(SOURCE_LAG, "source_lag_bytes", GAUGE, "bytes", L1(SOURCE),	\
	    "Bytes on disk that are not read yet.")			\
	X(SOURCE_LAST_LINE, "source_last_line_timestamp_seconds", GAUGE, \
	    "seconds", L1(SOURCE), "Log time of the source's last line.") \
	X(ROTATIONS, "rotations_total", COUNTER, NULL, L1(SOURCE),	\
	    "Files that were rotated or truncated while we read them.")	\
	X(GAPS, "gaps_total", COUNTER, NULL, L2(SOURCE, GAP),		\
	    "Input that could not be counted, by reason.")		\
	X(CATCHING_UP, "catching_up", GAUGE, NULL, L0,			\
	    "1 while old lines are read: rules hold their fire then.")	\
	X(LOG_TIME, "log_time_seconds", GAUGE, "seconds", L0,		\
	    "The time in the logs up to which everything is counted.")	\
	X(STATE_COMMIT_SECONDS, "state_commit_seconds", HISTOGRAM,	\
	    "seconds", L0, "How long saving the state took, each second.") \
	X(LABEL_OVERFLOW, "label_overflow_total", COUNTER, NULL,	\
	    L1(METRIC), "Counts that went to other: the family is full.") \
	X(CORRELATION_MESSAGES, "correlation_messages", GAUGE, NULL, L0, \
	    "Queue ids in the correlation table.")			\
	X(CORRELATION_EVICTED, "correlation_evicted_total", COUNTER,	\
	    NULL, L0, "Queue ids dropped unfinished: the table was full.") \
	X(REASON_RULES_OFF, "reason_rules_off", GAUGE, NULL, L0,	\
	    "Reason sections switched off: their match took too long.")	\
	X(REASON_INFO, "reason_info", GAUGE, NULL,			\
	    L3(REASON, CLASS, ACTION),					\
	    "Always 1: the action that follows from reason and class.")	\
	X(BUILD_INFO, "build_info", GAUGE, NULL, L0,			\
	    "Always 1: version, revision and compiler as labels.")	\
	X(CONFIG_RELOAD, "config_last_reload_successful", GAUGE, NULL,	\
	    L0, "1 if the configuration in use is the one on disk.")	\
	X(SANDBOX, "sandbox", GAUGE, NULL, L0,				\
	    "1 for what is in force, as label state: on, partial, off, stale.")

enum metric {
#define X(id, name, type, unit, labels, help) METRIC_##id,
	METRICS(X)
#undef X
	METRIC_COUNT
};

struct metric_row {
	const char		*name, *unit, *help;
	enum metric_type	 type;
	enum label		 label[METRIC_LABELS];
};

extern const struct metric_row metric_table[METRIC_COUNT];

#endif
