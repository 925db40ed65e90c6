#include <stddef.h>
#include <string.h>

#include "option.h"

#define ROOT(field)	offsetof(struct config, field)
#define SOURCE(field)	offsetof(struct config_source, field)
#define PROVIDER(field)	offsetof(struct config_provider, field)
#define REASON(field)	offsetof(struct config_reason, field)
#define EGRESS(field)	offsetof(struct config_egress, field)
#define RULE(field)	offsetof(struct config_rule, field)
#define RECEIVER(field)	offsetof(struct config_receiver, field)

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static const struct option_name	mta_names[] = {
	{ "auto", MTA_AUTO },
#define X(id, name) { name, MTA_##id },
	MTAS(X)
#undef X
	{ NULL, 0 }
};

/* The first is "none", which no section can mean. */
static const struct option_name	reason_names[] = {
#define X(id, name, a5, a4, help) { name, REASON_##id },
	REASONS(X)
#undef X
	{ NULL, 0 }
};

static const struct option_name	rule_reason_names[] = {
	{ "any", -1 },
#define X(id, name, a5, a4, help) { name, REASON_##id },
	REASONS(X)
#undef X
	{ NULL, 0 }
};

static const struct option_name	class_names[] = {
	{ "any", CLASS_NONE }, { "4xx", CLASS_4XX }, { "5xx", CLASS_5XX },
	{ NULL, 0 }
};

static const struct option_name	start_names[] = {
	{ "beginning", START_BEGINNING }, { "end", START_END }, { NULL, 0 }
};

static const struct option_name	tenant_names[] = {
	{ "auto", TENANT_AUTO }, { "login", TENANT_LOGIN },
	{ "sender", TENANT_SENDER }, { "off", TENANT_OFF }, { NULL, 0 }
};

static const struct option_name	per_names[] = {
	{ "provider", PER_PROVIDER }, { "tenant", PER_TENANT },
	{ "egress", PER_EGRESS }, { "all", PER_ALL }, { NULL, 0 }
};

static const struct option_name	sensitivity_names[] = {
	{ "off", SPIKE_OFF }, { "normal", SPIKE_NORMAL },
	{ "sensitive", SPIKE_SENSITIVE }, { NULL, 0 }
};

static const struct option_name	severity_names[] = {
	{ "auto", -1 }, { "info", SEVERITY_INFO },
	{ "warning", SEVERITY_WARNING }, { "critical", SEVERITY_CRITICAL },
	{ NULL, 0 }
};

static const struct option_name	format_names[] = {
	{ "alertmanager", WEBHOOK_ALERTMANAGER }, { "slack", WEBHOOK_SLACK },
	{ NULL, 0 }
};

const struct section	sections[SECTION_COUNT] = {
	[SECTION_ROOT] = { "", false, 0, 0, 0, "" },
	[SECTION_SOURCE] = { "source", true, ROOT(source), ROOT(source_count),
	    sizeof(struct config_source),
	    "One input: a log file, a glob, or the systemd journal." },
	[SECTION_PROVIDER] = { "provider", true, ROOT(provider),
	    ROOT(provider_count), sizeof(struct config_provider),
	    "A mailbox provider: adds to the built-in table, or overrides." },
	[SECTION_REASON] = { "reason", true, ROOT(reason), ROOT(reason_count),
	    sizeof(struct config_reason),
	    "What a reply means here; comes before the built-in rules." },
	[SECTION_EGRESS] = { "egress", true, ROOT(egress), ROOT(egress_count),
	    sizeof(struct config_egress),
	    "A way out, by name; the first section that fits is taken." },
	[SECTION_TENANT] = { "tenant", false, 0, 0, 0,
	    "Whose mail it is." },
	[SECTION_SPIKE] = { "spike", false, 0, 0, 0,
	    "The adaptive detector." },
	[SECTION_RULE] = { "rule", true, ROOT(rule), ROOT(rule_count),
	    sizeof(struct config_rule),
	    "A threshold; all conditions of a rule must hold." },
	[SECTION_LABELS] = { "labels", false, 0, 0, 0,
	    "Labels added to every pushed alert: name = value." },
	[SECTION_ALERTMANAGER] = { "alertmanager", true, ROOT(alertmanager),
	    ROOT(alertmanager_count), sizeof(struct config_receiver),
	    "A Prometheus Alertmanager that gets the alerts." },
	[SECTION_WEBHOOK] = { "webhook", true, ROOT(webhook),
	    ROOT(webhook_count), sizeof(struct config_receiver),
	    "A URL that gets the alerts." },
	[SECTION_WEB] = { "web", false, 0, 0, 0,
	    "TLS and access for the web side." },
};

static const struct option options[] = {
	{ SECTION_ROOT, "listen", OPTION_LISTEN, ROOT(listen),
	    "127.0.0.1:10421", 0, 0, NULL,
	    "Where metrics and page are served. Other addresses than loopback "
	    "want section web." },
	{ SECTION_ROOT, "state", OPTION_STRING, ROOT(state),
	    "/var/lib/smtpulse/state.db", 0, 0, NULL,
	    "The state file; '' keeps no state. For an ordinary user the "
	    "default is $XDG_STATE_HOME/smtpulse/state.db." },
	{ SECTION_ROOT, "sandbox", OPTION_BOOL, ROOT(sandbox), "true", 0, 0,
	    NULL,
	    "Open nothing but logs, configuration and state; needs Landlock, "
	    "which kernels since 5.13 have." },
	{ SECTION_ROOT, "retention", OPTION_SECONDS, ROOT(retention_s), "30d",
	    HOUR, 366 * DAY, NULL,
	    "How long the state keeps addresses." },
	{ SECTION_ROOT, "suppression", OPTION_BOOL, ROOT(suppression), "false",
	    0, 0, NULL,
	    "Keep suppression candidates, which are addresses." },
	{ SECTION_ROOT, "correlation_messages", OPTION_UINT,
	    ROOT(correlation_messages), "65536", 1024, 1048576, NULL,
	    "How many messages are remembered while they are in the queue." },
	{ SECTION_ROOT, "providers", OPTION_UINT, ROOT(providers), "50",
	    0, 200, NULL,
	    "How many busy domains outside the table get series of their "
	    "own." },
	{ SECTION_ROOT, "internal", OPTION_LIST, ROOT(internal), NULL,
	    0, 0, NULL,
	    "Relays of our own: host names, domains or addresses. Mail to "
	    "them is no attempt at a provider." },

	{ SECTION_SOURCE, "path", OPTION_STRING, SOURCE(path), NULL, 0, 0,
	    NULL, "A log file or a glob." },
	{ SECTION_SOURCE, "journal", OPTION_BOOL, SOURCE(journal), "false",
	    0, 0, NULL, "Read the systemd journal instead of a file." },
	{ SECTION_SOURCE, "journal_directory", OPTION_STRING,
	    SOURCE(journal_dir), NULL, 0, 0, NULL,
	    "Read journal files in this directory, not the system's own." },
	{ SECTION_SOURCE, "mta", OPTION_ENUM, SOURCE(mta), "auto", 0, 0,
	    mta_names, "Whose log it is; auto decides line by line." },
	{ SECTION_SOURCE, "tz", OPTION_ZONE, SOURCE(tz), NULL, 0, 0, NULL,
	    "The zone of stamps that name none; else the system's." },
	{ SECTION_SOURCE, "start", OPTION_ENUM, SOURCE(start), "beginning",
	    0, 0, start_names,
	    "Where to start in a file that was never read." },
	{ SECTION_SOURCE, "olddir", OPTION_STRING, SOURCE(olddir), NULL, 0, 0,
	    NULL, "Where rotated files go, if not beside the log." },

	{ SECTION_PROVIDER, "mx", OPTION_LIST, PROVIDER(mx), NULL, 0, 0, NULL,
	    "Host names of its mail servers, or domains they are in." },
	{ SECTION_PROVIDER, "domain", OPTION_LIST, PROVIDER(domain), NULL,
	    0, 0, NULL, "Recipient domains." },

	{ SECTION_REASON, "provider", OPTION_STRING, REASON(provider), NULL,
	    0, 0, NULL, "Only replies of this provider." },
	{ SECTION_REASON, "code", OPTION_CODE, REASON(code), NULL, 200, 599,
	    NULL, "Only this reply code." },
	{ SECTION_REASON, "enhanced", OPTION_ENHANCED, REASON(enhanced), NULL,
	    0, 0, NULL, "Only this enhanced code." },
	{ SECTION_REASON, "match", OPTION_PATTERN, REASON(match), NULL, 0, 0,
	    NULL, "Only texts that this Perl pattern matches." },
	{ SECTION_REASON, "reason", OPTION_ENUM, REASON(reason), NULL, 0, 0,
	    &reason_names[1], "What it means." },

	{ SECTION_EGRESS, "instance", OPTION_STRING, EGRESS(instance), NULL,
	    0, 0, NULL, "Name of the MTA's instance, e.g. postfix-out1." },
	{ SECTION_EGRESS, "service", OPTION_STRING, EGRESS(service), NULL,
	    0, 0, NULL, "Name of the service in master.cf, e.g. slow." },
	{ SECTION_EGRESS, "transport", OPTION_STRING, EGRESS(transport), NULL,
	    0, 0, NULL, "Exim's transport or Sendmail's mailer." },
	{ SECTION_EGRESS, "address", OPTION_STRING, EGRESS(address), NULL,
	    0, 0, NULL, "The local address that mail leaves by." },

	{ SECTION_TENANT, "by", OPTION_ENUM, ROOT(tenant_by), "auto", 0, 0,
	    tenant_names,
	    "auto: domain of the login, else local user, else sender's "
	    "domain." },
	{ SECTION_TENANT, "top", OPTION_UINT, ROOT(tenant_top), "20", 0, 200,
	    NULL, "How many tenants get series of their own; 0 switches them "
	    "off." },

	{ SECTION_SPIKE, "sensitivity", OPTION_ENUM, ROOT(spike_sensitivity),
	    "normal", 0, 0, sensitivity_names,
	    "How soon the adaptive detector speaks." },

	{ SECTION_RULE, "enabled", OPTION_BOOL, RULE(enabled), "true", 0, 0,
	    NULL, "false switches the rule off, built-in ones too." },
	{ SECTION_RULE, "provider", OPTION_STRING, RULE(provider), NULL, 0, 0,
	    NULL, "Only this provider." },
	{ SECTION_RULE, "tenant", OPTION_STRING, RULE(tenant), NULL, 0, 0,
	    NULL, "Only this tenant." },
	{ SECTION_RULE, "egress", OPTION_STRING, RULE(egress), NULL, 0, 0,
	    NULL, "Only mail that left by this egress." },
	{ SECTION_RULE, "code", OPTION_CODE, RULE(code), NULL, 200, 599, NULL,
	    "Only this reply code." },
	{ SECTION_RULE, "class", OPTION_ENUM, RULE(class), "any", 0, 0,
	    class_names, "Only replies of this class." },
	{ SECTION_RULE, "enhanced", OPTION_ENHANCED, RULE(enhanced), NULL,
	    0, 0, NULL, "Only this enhanced code." },
	{ SECTION_RULE, "reason", OPTION_ENUM, RULE(reason), "any", 0, 0,
	    rule_reason_names, "Only failures for this reason." },
	{ SECTION_RULE, "per", OPTION_ENUM, RULE(per), "provider", 0, 0,
	    per_names, "What is counted apart." },
	{ SECTION_RULE, "window", OPTION_SECONDS, RULE(window_s), "5m",
	    MINUTE, HOUR, NULL, "How far back messages count." },
	{ SECTION_RULE, "count", OPTION_UINT, RULE(count), "20", 1, 1000000,
	    NULL, "At least this many messages in the window." },
	{ SECTION_RULE, "ratio", OPTION_RATIO, RULE(ratio), "0", 0, 1, NULL,
	    "At least this share of the attempts; 0 does not ask." },
	{ SECTION_RULE, "for", OPTION_SECONDS, RULE(for_s), "0s", 0, HOUR,
	    NULL, "How long it must hold before the rule fires." },
	{ SECTION_RULE, "clear", OPTION_SECONDS, RULE(clear_s), "5m", MINUTE,
	    HOUR, NULL, "How long it must not hold before the alert ends." },
	{ SECTION_RULE, "immediate", OPTION_BOOL, RULE(immediate), "false",
	    0, 0, NULL, "Fire on the first hit." },
	{ SECTION_RULE, "silence", OPTION_BOOL, RULE(silence), "false", 0, 0,
	    NULL, "Fire when a provider that waits for mail gets none." },
	{ SECTION_RULE, "severity", OPTION_ENUM, RULE(severity), "auto", 0, 0,
	    severity_names, "auto: by reason, scope and what waits." },

	{ SECTION_ALERTMANAGER, "url", OPTION_URL, RECEIVER(url), NULL, 0, 0,
	    NULL, "Its address; /api/v2/alerts is added." },
	{ SECTION_ALERTMANAGER, "token_file", OPTION_STRING,
	    RECEIVER(token_file), NULL, 0, 0, NULL,
	    "File with a bearer token." },
	{ SECTION_ALERTMANAGER, "user", OPTION_STRING, RECEIVER(user), NULL,
	    0, 0, NULL, "User name for basic authentication." },
	{ SECTION_ALERTMANAGER, "password_file", OPTION_STRING,
	    RECEIVER(password_file), NULL, 0, 0, NULL,
	    "File with that user's password." },
	{ SECTION_ALERTMANAGER, "timeout", OPTION_SECONDS,
	    RECEIVER(timeout_s), "10s", 1, MINUTE, NULL,
	    "How long one delivery may take." },

	{ SECTION_WEBHOOK, "url", OPTION_URL, RECEIVER(url), NULL, 0, 0, NULL,
	    "Where alerts are sent." },
	{ SECTION_WEBHOOK, "format", OPTION_ENUM, RECEIVER(format),
	    "alertmanager", 0, 0, format_names,
	    "Alertmanager's webhook JSON, or a text as Slack takes it." },
	{ SECTION_WEBHOOK, "token_file", OPTION_STRING, RECEIVER(token_file),
	    NULL, 0, 0, NULL, "File with a bearer token." },
	{ SECTION_WEBHOOK, "user", OPTION_STRING, RECEIVER(user), NULL, 0, 0,
	    NULL, "User name for basic authentication." },
	{ SECTION_WEBHOOK, "password_file", OPTION_STRING,
	    RECEIVER(password_file), NULL, 0, 0, NULL,
	    "File with that user's password." },
	{ SECTION_WEBHOOK, "timeout", OPTION_SECONDS, RECEIVER(timeout_s),
	    "10s", 1, MINUTE, NULL, "How long one delivery may take." },

	{ SECTION_WEB, "cert", OPTION_STRING, ROOT(web_cert), NULL, 0, 0,
	    NULL, "Certificate chain for TLS, PEM." },
	{ SECTION_WEB, "key", OPTION_STRING, ROOT(web_key), NULL, 0, 0, NULL,
	    "Its private key, PEM." },
	{ SECTION_WEB, "client_ca", OPTION_STRING, ROOT(web_client_ca), NULL,
	    0, 0, NULL, "Clients must have a certificate of this CA." },
	{ SECTION_WEB, "users", OPTION_USERS, ROOT(web_users), NULL, 0, 0,
	    NULL, "Users for basic authentication: name:bcrypt-hash." },
	{ SECTION_WEB, "token_file", OPTION_STRING, ROOT(web_token_file),
	    NULL, 0, 0, NULL, "File with a bearer token for clients." },
	{ SECTION_WEB, "external_url", OPTION_URL, ROOT(web_external_url),
	    NULL, 0, 0, NULL, "How others reach this page, for links." },
	{ SECTION_WEB, "names", OPTION_LIST, ROOT(web_names), NULL, 0, 0,
	    NULL, "Names to be asked by, without TLS, beside its own." },
	{ SECTION_WEB, "insecure", OPTION_BOOL, ROOT(web_insecure), "false",
	    0, 0, NULL,
	    "Serve other addresses than loopback without TLS and users." },
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]),
	NEAR_DISTANCE = 2, NAME_BYTES = 32 };

const struct option *
option_row(size_t i)
{
	return i < OPTION_COUNT ? &options[i] : NULL;
}

const struct option *
option_find(enum option_section section, const char *name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (options[i].section == section &&
		    strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

const char *
option_near(enum option_section section, const char *name)
{
	const char	*best = NULL;
	unsigned	 best_distance = NEAR_DISTANCE + 1, d;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (options[i].section != section)
			continue;
		d = option_distance(options[i].name, name);
		if (d < best_distance) {
			best_distance = d;
			best = options[i].name;
		}
	}
	for (size_t i = 1; section == SECTION_ROOT && i < SECTION_COUNT; i++) {
		d = option_distance(sections[i].name, name);
		if (d < best_distance) {
			best_distance = d;
			best = sections[i].name;
		}
	}
	return best;
}

/* Levenshtein's distance, one row of the matrix at a time. */
unsigned
option_distance(const char *a, const char *b)
{
	unsigned	row[NAME_BYTES], left, above;
	size_t		n = strlen(b);

	if (n >= NAME_BYTES || strlen(a) >= NAME_BYTES)
		return 99;
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		above = row[0];
		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < n; j++) {
			left = above + (a[i] != b[j]);
			above = row[j + 1];
			if (row[j] + 1 < left)
				left = row[j] + 1;
			if (above + 1 < left)
				left = above + 1;
			row[j + 1] = left;
		}
	}
	return row[n];
}
