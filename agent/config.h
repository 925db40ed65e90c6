/*
 * config - agent.conf, read whole and checked, or refused whole.
 *
 * Every option is one row of the table in option.c; its default is text that
 * goes through the same converter as the user's. A configuration is never
 * changed after it was loaded: a reload makes a new one.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail_event.h"
#include "reason.h"

enum config_start { START_BEGINNING, START_END };
enum config_tenant_by { TENANT_AUTO, TENANT_LOGIN, TENANT_SENDER, TENANT_OFF };
enum config_per {
	PER_PROVIDER, PER_TENANT, PER_EGRESS, PER_ALL
};
enum config_sensitivity { SPIKE_OFF, SPIKE_NORMAL, SPIKE_SENSITIVE };
enum config_severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };
enum config_webhook_format { WEBHOOK_ALERTMANAGER, WEBHOOK_SLACK };

struct config_list {
	char	**item;		/* NUL-terminated strings */
	size_t	  count;
};

/* How every titled section starts: its title and where it ends. */
struct config_element {
	char			*name, *file;
	int			 line;		/* 0: built in */
};

struct config_source {
	char			*name, *file;
	int			 line;
	char			*path;		/* file or glob; NULL: journal */
	bool			 journal;
	char			*journal_dir;	/* NULL: the system's own */
	enum mta		 mta;
	char			*tz;		/* zone name; NULL: the system's */
	int			 year;		/* of the first stamp if it has
						   none; 0: infer */
	enum config_start	 start;
	char			*olddir;	/* where rotated files go, or NULL */
};

struct config_provider {
	char			*name, *file;
	int			 line;
	struct config_list	 mx, domain;
};

struct config_egress {
	char			*name, *file;
	int			 line;
	char			*instance, *service, *transport, *address;
};

struct config_reason {
	char			*name, *file;
	int			 line;
	char			*provider;	/* NULL: any */
	uint16_t		 code;		/* 0: any */
	char			*enhanced;	/* NULL: any */
	char			*match;		/* PCRE2 pattern, NULL: any */
	enum reason		 reason;
};

struct config_rule {
	char			*name, *file;
	int			 line;
	bool			 enabled, immediate, silence, builtin;
	char			*provider, *tenant, *egress;	/* NULL: any */
	uint16_t		 code;		/* 0: any */
	enum reply_class	 class;		/* CLASS_NONE: any */
	char			*enhanced;	/* NULL: any */
	int			 reason;	/* enum reason; -1: any */
	enum config_per		 per;
	uint32_t		 window_s, for_s, clear_s, count;
	double			 ratio;		/* 0..1; 0: not asked */
	int			 severity;	/* config_severity; -1: by reason */
};

struct config_receiver {
	char			*name, *file;
	int			 line;
	char			*url;
	char			*token_file, *user, *password_file;
	enum config_webhook_format format;
	uint32_t		 timeout_s;
};

struct config_label {
	char			*name, *value;
};

struct config {
	char			*file;		/* as given; NULL: defaults */
	struct config_list	 listen, internal;
	char			*state;		/* path; "" keeps no state */
	bool			 sandbox;
	uint32_t		 retention_s;
	bool			 suppression;
	uint32_t		 correlation_messages;	/* open queue ids */
	uint32_t		 providers;		/* dynamic ones, 0..200 */
	enum config_tenant_by	 tenant_by;
	uint32_t		 tenant_top;		/* 0: no tenant series */
	enum config_sensitivity	 spike_sensitivity;
	struct config_source	*source;
	struct config_provider	*provider;
	struct config_egress	*egress;
	struct config_reason	*reason;
	struct config_rule	*rule;
	struct config_receiver	*alertmanager, *webhook;
	struct config_label	*label;
	struct config_element	*where;		/* of each untitled option, by
						   row of the option table */
	size_t			 source_count, provider_count, egress_count,
				 reason_count, rule_count, alertmanager_count,
				 webhook_count, label_count;
	/* section web { } */
	char			*web_cert, *web_key, *web_client_ca,
				*web_token_file, *web_external_url;
	struct config_list	 web_users;	/* "name:bcrypt hash" */
	struct config_list	 web_names;	/* that requests may ask for */
	bool			 web_insecure;	/* the one loud option */
	/* For the operator: what was found, why, and what looks odd. */
	struct config_list	 notes;
};

enum { CONFIG_ERROR_BYTES = 4096 };

/* The file that run reads without -c, if it is there. */
#define CONFIG_FILE	"/etc/smtpulse/agent.conf"

/*
 * Load file, or the built-in defaults when it is NULL. 0; else -1 with what is
 * wrong in error, a line for each mistake and no LF behind the last:
 * "FILE:LINE: OPTION: what is wrong, what is allowed".
 */
int	config_load(struct config **, const char *file,
	    char error[CONFIG_ERROR_BYTES]);
/* The same for who will follow logs: without a source the usual ones. */
int	config_load_live(struct config **, const char *file,
	    char error[CONFIG_ERROR_BYTES]);
void	config_free(struct config *);
/* CONFIG_FILE if it is there, else NULL: what is loaded without -c. */
const char	*config_usual_file(void);

#endif
