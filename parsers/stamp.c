/*
 * stamp - reading the time at the front of a line, by position.
 *
 * Every line has one, so date and clock are read as one word of eight bytes:
 * XOR with a pattern leaves digits as 0 to 9 and what must be equal as 0.
 */
#include <endian.h>

#include "stamp.h"

#define BIT24(a, b, c)							\
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

/* "00:00:00" and "0000-00-", and what lifts a wrong byte to 0x80 */
#define CLOCK_PATTERN	UINT64_C(0x30303a30303a3030)
#define CLOCK_LIMIT	UINT64_C(0x76767f76767f7676)
#define DATE_PATTERN	UINT64_C(0x2d30302d30303030)
#define DATE_LIMIT	UINT64_C(0x7f76767f76767676)
#define HIGH_BITS	UINT64_C(0x8080808080808080)

/* the same for "000000" in the lower six of eight bytes */
#define SIX_PATTERN	UINT64_C(0x0000303030303030)
#define SIX_LIMIT	UINT64_C(0x0000767676767676)
#define SIX_BITS	UINT64_C(0x0000808080808080)

/* the last microsecond of the year 9999: a year has four digits here */
#define EPOCH_MAX_US	INT64_C(253402300799999999)

enum { DATE_BYTES = 10, CLOCK_BYTES = 8, US_DIGITS = 6, SECOND_MAX = 60 };

static bool	take_two(struct view *, unsigned low, unsigned high, uint8_t *);
static bool	take_year(struct view *, struct stamp *);
static bool	take_month_name(struct view *, struct stamp *);
static bool	take_day(struct view *, struct stamp *);
static bool	load_pairs(const char *, uint64_t pattern, uint64_t limit,
		    uint64_t *pairs);
static bool	load_six(const char *, uint32_t *value);
static bool	take_date(struct view *, struct stamp *);
static bool	take_clock(struct view *, struct stamp *);
static void	take_fraction(struct view *, struct stamp *);
static bool	take_zone(struct view *, struct stamp *);

/* "Jul  5 17:24:35", "2013 Jun 10 15:34:42.123", "May 8 12:27:36" */
bool
stamp_take_rfc3164(struct view *v, struct stamp *out)
{
	struct view	rest = *v;
	struct stamp	s = { 0 };

	if (rest.n > 0 && *rest.p <= '9' &&
	    (!take_year(&rest, &s) || !view_skip_byte(&rest, ' ')))
		return false;
	if (!take_month_name(&rest, &s) || !view_skip_byte(&rest, ' ') ||
	    !take_day(&rest, &s) || !view_skip_byte(&rest, ' '))
		return false;
	if (s.year == 0 && rest.n > 4 && rest.p[4] == ' ' &&
	    (!take_year(&rest, &s) || !view_skip_byte(&rest, ' ')))
		return false;
	if (!take_clock(&rest, &s))
		return false;
	*out = s;
	*v = rest;
	return true;
}

/* "2020-01-30T06:26:07.404714+09:00", "...Z", or with no zone */
bool
stamp_take_rfc3339(struct view *v, struct stamp *out)
{
	struct view	rest = *v;
	struct stamp	s = { 0 };

	if (!take_date(&rest, &s) ||
	    (!view_skip_byte(&rest, 'T') && !view_skip_byte(&rest, 't')) ||
	    !take_clock(&rest, &s))
		return false;
	if (view_skip_byte(&rest, 'Z') || view_skip_byte(&rest, 'z'))
		s.has_zone = true;
	else
		take_zone(&rest, &s);
	*out = s;
	*v = rest;
	return true;
}

/* "2012-02-13 14:39:28", "2020-06-20 01:32:57.123 +0200" */
bool
stamp_take_exim(struct view *v, struct stamp *out)
{
	struct view	rest = *v, zone;
	struct stamp	s = { 0 };

	if (!take_date(&rest, &s) || !view_skip_byte(&rest, ' ') ||
	    !take_clock(&rest, &s))
		return false;
	zone = rest;
	if (view_skip_byte(&zone, ' ') && take_zone(&zone, &s))
		rest = zone;
	*out = s;
	*v = rest;
	return true;
}

bool
stamp_take_second(struct view *v, struct stamp *s)
{
	s->us = 0;
	if (!take_two(v, 0, SECOND_MAX, &s->second))
		return false;
	take_fraction(v, s);
	return true;
}

void
stamp_of_epoch(int64_t us, struct stamp *out)
{
	int64_t		 days, second, era, year;
	unsigned	 doe, yoe, doy, shifted;

	if (us < 0 || us > EPOCH_MAX_US)
		us = us < 0 ? 0 : EPOCH_MAX_US;
	second = us / 1000000;
	days = second / 86400 + 719468;	/* since 1 March of year 0 */
	second %= 86400;
	era = days / 146097;
	doe = (unsigned)(days - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	shifted = (5 * doy + 2) / 153;	/* month, March being 0 */
	year = era * 400 + yoe + (shifted >= 10);
	*out = (struct stamp){
		.year = (int16_t)year,
		.month = (uint8_t)(shifted < 10 ? shifted + 3 : shifted - 9),
		.day = (uint8_t)(doy - (153 * shifted + 2) / 5 + 1),
		.hour = (uint8_t)(second / 3600),
		.minute = (uint8_t)(second / 60 % 60),
		.second = (uint8_t)(second % 60),
		.has_zone = true,
		.us = (uint32_t)(us % 1000000),
	};
}

static inline bool
take_two(struct view *v, unsigned low, unsigned high, uint8_t *out)
{
	unsigned	tens, ones, value;

	if (v->n < 2)
		return false;
	tens = (unsigned)(unsigned char)v->p[0] - '0';
	ones = (unsigned)(unsigned char)v->p[1] - '0';
	value = tens * 10 + ones;
	if (tens > 9 || ones > 9 || value < low || value > high)
		return false;
	*out = (uint8_t)value;
	view_advance(v, 2);
	return true;
}

/* Four digits; 0000 would mean that the line names none. */
static bool
take_year(struct view *v, struct stamp *s)
{
	uint8_t	century, year;

	if (!take_two(v, 0, 99, &century) || !take_two(v, 0, 99, &year))
		return false;
	s->year = (int16_t)(century * 100 + year);
	return s->year != 0;
}

static bool
take_month_name(struct view *v, struct stamp *s)
{
	const unsigned char *p = (const unsigned char *)v->p;

	if (v->n < 3)
		return false;
	switch (BIT24(p[0] | 0x20, p[1] | 0x20, p[2] | 0x20)) {
	case BIT24('j', 'a', 'n'): s->month = 1; break;
	case BIT24('f', 'e', 'b'): s->month = 2; break;
	case BIT24('m', 'a', 'r'): s->month = 3; break;
	case BIT24('a', 'p', 'r'): s->month = 4; break;
	case BIT24('m', 'a', 'y'): s->month = 5; break;
	case BIT24('j', 'u', 'n'): s->month = 6; break;
	case BIT24('j', 'u', 'l'): s->month = 7; break;
	case BIT24('a', 'u', 'g'): s->month = 8; break;
	case BIT24('s', 'e', 'p'): s->month = 9; break;
	case BIT24('o', 'c', 't'): s->month = 10; break;
	case BIT24('n', 'o', 'v'): s->month = 11; break;
	case BIT24('d', 'e', 'c'): s->month = 12; break;
	default: return false;
	}
	view_advance(v, 3);
	return true;
}

/* " 5", "05", "5", and " 30" of tools that pad with two blanks */
static bool
take_day(struct view *v, struct stamp *s)
{
	view_skip_byte(v, ' ');
	if (v->n > 1 && v->p[1] == ' ') {
		if (*v->p < '1' || *v->p > '9')
			return false;
		s->day = (uint8_t)(*v->p - '0');
		view_advance(v, 1);
		return true;
	}
	return take_two(v, 1, 31, &s->day);
}

/*
 * Eight bytes of that pattern as pairs of digits: the number at bytes k and
 * k + 1 is in byte k of *pairs.
 */
static inline bool
load_pairs(const char *p, uint64_t pattern, uint64_t limit, uint64_t *pairs)
{
	uint64_t	x;

	memcpy(&x, p, sizeof(x));
	x = le64toh(x) ^ pattern;
	if ((((x + limit) | x) & HIGH_BITS) != 0)
		return false;
	*pairs = x * 10 + (x >> 8);
	return true;
}

/* Six digits; eight bytes can be read there. */
static inline bool
load_six(const char *p, uint32_t *value)
{
	uint64_t	x, pairs;

	memcpy(&x, p, sizeof(x));
	x = (le64toh(x) ^ SIX_PATTERN) & UINT64_C(0x0000ffffffffffff);
	if ((((x + SIX_LIMIT) | x) & SIX_BITS) != 0)
		return false;
	pairs = x * 10 + (x >> 8);
	*value = (uint32_t)((pairs & 0xff) * 10000 +
	    (pairs >> 16 & 0xff) * 100 + (pairs >> 32 & 0xff));
	return true;
}

/* "2020-01-30" */
static inline bool
take_date(struct view *v, struct stamp *s)
{
	struct view	rest = *v;
	uint64_t	pairs;
	unsigned	year, month;

	if (rest.n < DATE_BYTES ||
	    !load_pairs(rest.p, DATE_PATTERN, DATE_LIMIT, &pairs))
		return false;
	year = (unsigned)((pairs & 0xff) * 100 + (pairs >> 16 & 0xff));
	month = pairs >> 40 & 0xff;
	view_advance(&rest, DATE_BYTES - 2);
	if (year == 0 || month < 1 || month > 12 ||
	    !take_two(&rest, 1, 31, &s->day))
		return false;
	s->year = (int16_t)year;
	s->month = (uint8_t)month;
	*v = rest;
	return true;
}

/* "17:24:35", "17:24:35.123456"; a minute may have 61 seconds */
static inline bool
take_clock(struct view *v, struct stamp *s)
{
	uint64_t	pairs;
	unsigned	hour, minute, second;

	if (v->n < CLOCK_BYTES ||
	    !load_pairs(v->p, CLOCK_PATTERN, CLOCK_LIMIT, &pairs))
		return false;
	hour = pairs & 0xff;
	minute = pairs >> 24 & 0xff;
	second = pairs >> 48 & 0xff;
	if (hour > 23 || minute > 59 || second > SECOND_MAX)
		return false;
	s->hour = (uint8_t)hour;
	s->minute = (uint8_t)minute;
	s->second = (uint8_t)second;
	view_advance(v, CLOCK_BYTES);
	take_fraction(v, s);
	return true;
}

/* ".123456", or nothing; what is behind a microsecond is stepped over. */
static inline void
take_fraction(struct view *v, struct stamp *s)
{
	uint32_t	value = 0;
	size_t		i = 1, digits = 0;

	if (v->n < 2 || (*v->p != '.' && *v->p != ','))
		return;
	if (v->n > sizeof(uint64_t) && load_six(v->p + 1, &value)) {
		digits = US_DIGITS;
		i += US_DIGITS;
	}
	for (; i < v->n && v->p[i] >= '0' && v->p[i] <= '9'; i++) {
		if (digits == US_DIGITS)
			continue;
		value = value * 10 + (uint32_t)(v->p[i] - '0');
		digits++;
	}
	if (digits == 0)
		return;
	for (; digits < US_DIGITS; digits++)
		value *= 10;
	s->us = value;
	view_advance(v, i);
}

/* "+0200", "-02:00" */
static inline bool
take_zone(struct view *v, struct stamp *s)
{
	struct view	rest = *v;
	uint8_t		hours, minutes;
	int32_t		zone;

	if (rest.n < 5 || (*rest.p != '+' && *rest.p != '-'))
		return false;
	view_advance(&rest, 1);
	if (!take_two(&rest, 0, 23, &hours))
		return false;
	view_skip_byte(&rest, ':');
	if (!take_two(&rest, 0, 59, &minutes))
		return false;
	zone = hours * 3600 + minutes * 60;
	s->zone_s = *v->p == '-' ? -zone : zone;
	s->has_zone = true;
	*v = rest;
	return true;
}
