#include <stdlib.h>
#include <string.h>

#include "logtime.h"

enum {
	DAY_S = 86400,
	MINUTE_S = 60,
	/* how far a first line may lie behind its file's time: a day for the
	   zone, one for a wrong clock */
	AHEAD_S = 2 * DAY_S,
	/* two leap years are at most eight years apart */
	LEAP_YEARS = 8
};

static bool	same_minute(const struct stamp *, const struct stamp *);
static bool	resolve_minute(const struct logtime *, const struct stamp *,
		    int64_t *at);
static bool	infer_year(const struct logtime *, const struct stamp *,
		    int64_t *at);
static bool	resolve_in_year(const struct logtime *, const struct stamp *,
		    int64_t year, int64_t *at);

void
logtime_init(struct logtime *lt, const struct zone *zone, int64_t reference,
    int year)
{
	*lt = (struct logtime){
		.zone = zone,
		.reference = reference,
		.year = (int16_t)year,
		.first = true,
	};
}

void
logtime_resume(struct logtime *lt, const struct zone *zone, int64_t reference)
{
	logtime_init(lt, zone, reference, 0);
	lt->first = false;
}

int64_t
logtime_resolve(struct logtime *lt, const struct stamp *s)
{
	int64_t	at;

	if (s->month == 0)
		return lt->reference;
	if (!same_minute(&lt->minute, s)) {
		if (!resolve_minute(lt, s, &at)) {
			lt->invalid++;
			return lt->reference;
		}
		lt->minute = *s;
		lt->minute_at = at;
		lt->first = false;
	}
	lt->reference = lt->minute_at + s->second;
	return lt->reference;
}

static bool
same_minute(const struct stamp *a, const struct stamp *b)
{
	return a->minute == b->minute && a->hour == b->hour &&
	    a->day == b->day && a->month == b->month && a->year == b->year &&
	    a->has_zone == b->has_zone && a->zone_s == b->zone_s;
}

static bool
resolve_minute(const struct logtime *lt, const struct stamp *s, int64_t *at)
{
	if (s->year != 0)
		return resolve_in_year(lt, s, s->year, at);
	if (lt->first && lt->year != 0)
		return resolve_in_year(lt, s, lt->year, at);
	return infer_year(lt, s, at);
}

static bool
infer_year(const struct logtime *lt, const struct stamp *s, int64_t *at)
{
	int64_t	middle = zone_year(lt->reference), year, t;
	int64_t	reach = s->month == 2 && s->day == 29 ? LEAP_YEARS : 1;
	bool	found = false;

	for (year = middle - reach; year <= middle + reach; year++) {
		if (!resolve_in_year(lt, s, year, &t))
			continue;
		if (found && lt->first && t > lt->reference + AHEAD_S)
			break;
		if (found && !lt->first &&
		    llabs(t - lt->reference) >= llabs(*at - lt->reference))
			break;
		*at = t;
		found = true;
	}
	return found;
}

/* False if that year has no such day. */
static bool
resolve_in_year(const struct logtime *lt, const struct stamp *s, int64_t year,
    int64_t *at)
{
	int64_t	local;

	if (s->day > zone_month_days(year, s->month))
		return false;
	local = zone_days(year, s->month, s->day) * DAY_S + s->hour * 3600 +
	    s->minute * MINUTE_S;
	*at = s->has_zone ? local - s->zone_s :
	    zone_resolve(lt->zone, local, lt->reference);
	return true;
}
