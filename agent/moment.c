#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "moment.h"

enum { AGO_MAX = 100 * 366 };	/* of any unit: no overflow, nothing older */

static const char *const	forms[] = {
	"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
	"%Y-%m-%d %H:%M:%S"
};

static int	parse_ago(const char *text, int64_t now, int64_t *out);

int
moment_parse(const char *text, int64_t now, int64_t *out)
{
	const char	*end;
	struct tm	 tm;

	if (parse_ago(text, now, out) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&tm, 0, sizeof(tm));
		tm.tm_isdst = -1;
		end = strptime(text, forms[i], &tm);
		if (end == NULL)
			continue;
		if (*end == '\0') {
			*out = mktime(&tm);
			return 0;
		}
		if (strcmp(end, "Z") == 0) {
			tm.tm_isdst = 0;
			*out = timegm(&tm);
			return 0;
		}
	}
	return -1;
}

static int
parse_ago(const char *text, int64_t now, int64_t *out)
{
	static const struct {
		char	unit;
		int	seconds;
	} units[] = { { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	char	*end;
	long	 n = strtol(text, &end, 10);

	if (end == text || n < 0 || n > AGO_MAX || *end == '\0' ||
	    end[1] != '\0')
		return -1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (*end != units[i].unit)
			continue;
		*out = now - (int64_t)n * units[i].seconds;
		return 0;
	}
	return -1;
}
