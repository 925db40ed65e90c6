#include <stdlib.h>
#include <string.h>

#include "gap.h"
#include "label_value.h"
#include "metric.h"
#include "stats.h"
#include "window.h"

static uint16_t	limit_of(const struct label_owners *, enum label);
static uint16_t	code_of(const char *text);
static uint16_t	enhanced_of(const char *text);

const char *
label_value_text(const struct label_owners *o, enum label kind, uint16_t value,
    char buf[LABEL_VALUE_BYTES])
{
	if (value == LABEL_OTHER && kind != LABEL_CODE &&
	    kind != LABEL_ENHANCED)
		return "other";
	switch (kind) {
	case LABEL_PROVIDER:
		return provider_name(&o->judge->providers, value);
	case LABEL_OUTCOME:
		return outcome_name((enum outcome)value);
	case LABEL_CLASS:
		return reply_class_name((enum reply_class)value);
	case LABEL_CODE:
		return label_code_print(value, buf);
	case LABEL_ENHANCED:
		return label_enhanced_print(value, buf);
	case LABEL_REASON:
	case LABEL_FIRST_REASON:
		return reason_name((enum reason)value);
	case LABEL_ACTION:
		return action_name((enum action)value);
	case LABEL_STAGE:
		return stage_name((enum stage)value);
	case LABEL_TENANT:
		return tenant_place_name(&o->judge->tenants, value);
	case LABEL_EGRESS:
		return egress_name(&o->judge->egresses, value);
	case LABEL_SOURCE:
		return o->sources->source[value].name;
	case LABEL_MTA:
		return value == MTA_COUNT ? "none" :
		    mta_name((enum mta)value);
	case LABEL_RESULT:
		return line_result_name((enum line_result)value);
	case LABEL_WINDOW:
		return window_name((enum window_length)value);
	case LABEL_METRIC:
		return metric_table[value].name;
	case LABEL_GAP:
		return gap_name((enum gap)value);
	case LABEL_RECEIVER:
	case LABEL_NONE:
	case LABEL_COUNT:
		break;
	}
	return "";
}

uint16_t
label_value_of(const struct label_owners *o, enum label kind, const char *text)
{
	char		buf[LABEL_VALUE_BYTES];
	uint16_t	value, limit = limit_of(o, kind);

	if (kind == LABEL_CODE)
		return code_of(text);
	if (kind == LABEL_ENHANCED)
		return enhanced_of(text);
	/* tenants count from 1; 0 stands for those without a place */
	for (value = kind == LABEL_TENANT; value < limit; value++)
		if (strcmp(label_value_text(o, kind, value, buf), text) == 0)
			return value;
	return LABEL_OTHER;
}

/* Numbers of that kind are below it. */
static uint16_t
limit_of(const struct label_owners *o, enum label kind)
{
	switch (kind) {
	case LABEL_PROVIDER:
		return provider_limit(&o->judge->providers);
	case LABEL_OUTCOME:
		return OUTCOME_COUNT;
	case LABEL_CLASS:
		return CLASS_COUNT;
	case LABEL_REASON:
	case LABEL_FIRST_REASON:
		return REASON_COUNT;
	case LABEL_ACTION:
		return ACTION_COUNT;
	case LABEL_STAGE:
		return STAGE_COUNT;
	case LABEL_TENANT:
		return TENANT_PLACES + 1;
	case LABEL_EGRESS:
		return (uint16_t)(o->judge->egresses.count + 1);
	case LABEL_SOURCE:
		return (uint16_t)o->sources->count;
	case LABEL_MTA:
		return MTA_COUNT + 1;
	case LABEL_RESULT:
		return LINE_RESULT_COUNT;
	case LABEL_WINDOW:
		return WINDOW_COUNT;
	case LABEL_METRIC:
		return METRIC_COUNT;
	case LABEL_GAP:
		return GAP_COUNT;
	case LABEL_CODE:
	case LABEL_ENHANCED:
	case LABEL_RECEIVER:
	case LABEL_NONE:
	case LABEL_COUNT:
		break;
	}
	return 0;
}

static uint16_t
code_of(const char *text)
{
	uint16_t	code = (uint16_t)strtoul(text, NULL, 10);

	if (code == 0)
		return strcmp(text, "none") == 0 ? 0 : LABEL_OTHER;
	return label_of_code(code);
}

static uint16_t
enhanced_of(const char *text)
{
	struct view	v = view_of(text);
	struct enhanced	enhanced;

	if (strcmp(text, "none") == 0)
		return 0;
	if (!reply_take_enhanced(&v, &enhanced) || v.n > 0)
		return LABEL_OTHER;
	return label_of_enhanced(enhanced);
}
