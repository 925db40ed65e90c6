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
