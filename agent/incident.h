/*
 * incident - what is known about one piece of trouble.
 *
 * A record of plain data: names are copied in, because the numbers of tenants
 * and busy domains may mean somebody else tomorrow. An alert is what is said
 * about it; alert_words.h has the sentences, alert_json.h the form.
 */
#ifndef INCIDENT_H
#define INCIDENT_H

#include "config.h"
#include "profile.h"

#define INCIDENT_CAUSES(X)						\
	X(PROVIDER, "provider") X(TENANT, "tenant") X(EGRESS, "egress")	\
	X(SELF, "self")
#define INCIDENT_SCOPES(X)						\
	X(ISOLATED, "isolated") X(SEVERAL, "several") X(ALL, "all")

enum incident_cause {
#define X(id, name) CAUSE_##id,
	INCIDENT_CAUSES(X)
#undef X
};
enum incident_scope {
#define X(id, name) SCOPE_##id,
	INCIDENT_SCOPES(X)
#undef X
};

enum {
	INCIDENT_NAME_BYTES = 64, INCIDENT_MEMBERS = 16, INCIDENT_SHARES = 5,
	INCIDENT_PREVIOUS = 5, INCIDENT_ALERTNAME_BYTES = 48
};
struct incident_share {		/* of the failures, and of the attempts */
	char	name[INCIDENT_NAME_BYTES];
	float	share, traffic_share;
};
struct incident_labels {	/* frozen while it fires */
	char			alertname[INCIDENT_ALERTNAME_BYTES];
	char			provider[INCIDENT_NAME_BYTES];	/* empty: several */
	uint8_t			class, reason, cause, severity;
	uint16_t		code;
	struct enhanced		enhanced;
};

struct incident {
	uint64_t		id;
	bool			firing, flapping, silence;
	bool			final;	/* what failed is not tried again */
	uint8_t			cause, scope, severity, action;
	uint8_t			mta;		/* that writes of it */
	uint16_t		holders;	/* series, rules that keep it on */
	uint16_t		flaps;		/* times it fired again */
	struct spike_key	key;		/* provider 0 and several: none */
	struct spike_key	lead;		/* most of it: key's or a part */
	char			provider[INCIDENT_NAME_BYTES];	/* empty: several */
	char			rule[INCIDENT_NAME_BYTES];	/* empty: none */
	uint16_t		rule_value;
	int64_t			at, onset, fired_at;	/* epoch s */
	int64_t			cleared_at;		/* 0 while firing */
	struct incident_labels	labels;
	/* numbers of the detector, as of the last time it fired */
	uint32_t		count, attempts, window_s;
	double			rate, score, threshold;
	double			baseline_rate;	/* before it; 0 unknown */
	double			traffic_ratio;	/* against the usual; 0 unknown */
	uint64_t		waiting, waiting_peak;	/* recipients */
	int64_t			first_bounce;		/* epoch s; 0 unknown */
	int32_t			east_s, bounce_east_s;	/* local time then */
	uint64_t		recovered, lost;	/* recipients, since */
	uint32_t		messages, domains, tenants_affected;
	struct incident_share	tenant[INCIDENT_SHARES];
	struct incident_share	egress[INCIDENT_SHARES];
	uint32_t		tenant_count, egress_count, member_count;
	char			member[INCIDENT_MEMBERS][INCIDENT_NAME_BYTES];
	int64_t			previous[INCIDENT_PREVIOUS];
	struct evidence		evidence[EVIDENCE_MAX];
};

void		 incident_add_member(struct incident *, const char *provider);
/* Why: the alert of a class speaks for the reason of most of it. */
enum reason	 incident_reason(const struct incident *);
const char	*incident_cause_name(enum incident_cause);
const char	*incident_scope_name(enum incident_scope);
const char	*severity_name(enum config_severity);

#endif
