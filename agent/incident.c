#include <stdio.h>
#include <string.h>

#include "incident.h"

const char *
incident_cause_name(enum incident_cause cause)
{
	static const char *const names[] = {
#define X(id, name) name,
		INCIDENT_CAUSES(X)
#undef X
	};

	return names[cause];
}

const char *
incident_scope_name(enum incident_scope scope)
{
	static const char *const names[] = {
#define X(id, name) name,
		INCIDENT_SCOPES(X)
#undef X
	};

	return names[scope];
}

const char *
severity_name(enum config_severity severity)
{
	switch (severity) {
	case SEVERITY_INFO:
		return "info";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_CRITICAL:
		return "critical";
	}
	return "warning";
}

void
incident_add_member(struct incident *i, const char *provider)
{
	uint32_t	n;

	for (n = 0; n < i->member_count; n++)
		if (strcmp(i->member[n], provider) == 0)
			return;
	if (n < INCIDENT_MEMBERS)
		snprintf(i->member[i->member_count++], INCIDENT_NAME_BYTES,
		    "%s", provider);
}

/* The alert of a class speaks for the reason of most of it. */
enum reason
incident_reason(const struct incident *i)
{
	return (enum reason)(i->key.reason != REASON_NONE ? i->key.reason :
	    i->lead.reason);
}
