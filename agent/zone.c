#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "view.h"
#include "zone.h"

#define ZONE_DIR	"/usr/share/zoneinfo"

enum {
	DAY_S = 86400,
	FILE_BYTES = 64 * 1024,		/* the largest of tzdata has 4 KiB */
	HEADER_BYTES = 44,
	TYPE_BYTES = 6
};

/* Counts of a TZif block, in the order of its header. */
enum { UT_COUNT, STD_COUNT, LEAP_COUNT, TIME_COUNT, TYPE_COUNT, CHAR_COUNT,
	COUNTS };

struct file {
	unsigned char	byte[FILE_BYTES];
	size_t		n;
};

/* One end of summer time: "M3.5.0/2", "J60" or "59". */
struct change {
	char		kind;		/* 'M', 'J' or '0' */
	uint32_t	month, week, day;
	int32_t		time;		/* local seconds after midnight */
};

static int	read_file(const char *name, struct file *);
static int	parse_file(struct zone *, const struct file *);
static bool	block_counts(const struct file *, size_t at,
		    uint32_t count[COUNTS]);
static size_t	block_bytes(const uint32_t count[COUNTS], size_t time_bytes);
static int	parse_block(struct zone *, const struct file *, size_t at,
		    const uint32_t count[COUNTS]);
static bool	parse_rule(struct zone *, struct view rule);
static bool	take_name(struct view *);
static bool	take_time(struct view *, int32_t *seconds);
static bool	take_change(struct view *, struct change *);
static int64_t	change_at(const struct change *, int64_t year);
static void	add(struct zone *, int64_t at, int32_t offset);
static uint32_t	be32(const unsigned char *);
static int64_t	be64(const unsigned char *);

int
zone_load(struct zone *z, const char *name)
{
	char		path[PATH_MAX];
	struct file	*file;
	int		rc = -1;

	if (name == NULL)
		name = getenv("TZ");
	if (name != NULL && *name == ':')
		name++;
	*z = (struct zone){ 0 };
	if (name == NULL || *name == '\0')
		snprintf(path, sizeof(path), "/etc/localtime");
	else if (*name == '/')
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), ZONE_DIR "/%s", name);
	file = malloc(sizeof(*file));
	if (file == NULL)
		return -1;
	if (strstr(path, "/../") == NULL && read_file(path, file) == 0)
		rc = parse_file(z, file);
	free(file);
	if (rc == 0)
		return 0;
	*z = (struct zone){ 0 };
	/* without tzdata, UTC and rules still work */
	if (name == NULL || *name == '\0' || strcmp(name, "UTC") == 0)
		return 0;
	if (parse_rule(z, view_of(name)))
		return 0;
	errno = ENOENT;
	return -1;
}

int32_t
zone_offset(const struct zone *z, int64_t utc)
{
	unsigned	low = 0, high = z->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (z->at[middle] <= utc)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? z->first_offset : z->offset[low - 1];
}

int64_t
zone_resolve(const struct zone *z, int64_t local, int64_t reference)
{
	int64_t	before = local - zone_offset(z, local - DAY_S);
	int64_t	after = local - zone_offset(z, local + DAY_S);

	if (before == after)
		return before;
	if (before + zone_offset(z, before) != local)
		return after + zone_offset(z, after) == local ? after : before;
	if (after + zone_offset(z, after) != local)
		return before;
	return llabs(before - reference) <= llabs(after - reference) ?
	    before : after;
}

int64_t
zone_days(int64_t year, unsigned month, unsigned day)
{
	int64_t		y = year - (month <= 2);
	int64_t		era = (y >= 0 ? y : y - 399) / 400;
	int64_t		yoe = y - era * 400;
	int64_t		doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) /
			    5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

unsigned
zone_month_days(int64_t year, unsigned month)
{
	static const unsigned char	days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

int64_t
zone_year(int64_t epoch)
{
	int64_t	year = 1970 + epoch / 31556952;	/* the mean year */

	while (zone_days(year, 1, 1) * DAY_S > epoch)
		year--;
	while (zone_days(year + 1, 1, 1) * DAY_S <= epoch)
		year++;
	return year;
}

static int
read_file(const char *path, struct file *f)
{
	int	fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t	n;

	if (fd == -1)
		return -1;
	f->n = 0;
	while (f->n < sizeof(f->byte) &&
	    (n = read(fd, f->byte + f->n, sizeof(f->byte) - f->n)) > 0)
		f->n += (size_t)n;
	close(fd);
	return 0;
}

/* The second block has 64-bit times; behind it stands the rule. */
static int
parse_file(struct zone *z, const struct file *f)
{
	uint32_t	count[COUNTS];
	size_t		at, end;
	struct view	rest, rule;

	if (!block_counts(f, 0, count) || f->byte[4] < '2')
		return -1;
	at = HEADER_BYTES + block_bytes(count, 4);
	if (!block_counts(f, at, count))
		return -1;
	at += HEADER_BYTES;
	end = at + block_bytes(count, 8);
	if (end > f->n || parse_block(z, f, at, count) == -1)
		return -1;
	rest = (struct view){ (const char *)f->byte + end, f->n - end };
	if (view_skip_byte(&rest, '\n') && view_cut(&rest, '\n', &rule) &&
	    rule.n > 0)
		parse_rule(z, rule);
	return 0;
}

static bool
block_counts(const struct file *f, size_t at, uint32_t count[COUNTS])
{
	int	i;

	if (at + HEADER_BYTES > f->n || memcmp(f->byte + at, "TZif", 4) != 0)
		return false;
	for (i = 0; i < COUNTS; i++) {
		count[i] = be32(f->byte + at + 20 + 4 * i);
		if (count[i] > FILE_BYTES)
			return false;
	}
	return true;
}

static size_t
block_bytes(const uint32_t count[COUNTS], size_t time_bytes)
{
	return count[TIME_COUNT] * (time_bytes + 1) +
	    count[TYPE_COUNT] * TYPE_BYTES + count[CHAR_COUNT] +
	    count[LEAP_COUNT] * (time_bytes + 4) + count[STD_COUNT] +
	    count[UT_COUNT];
}

static int
parse_block(struct zone *z, const struct file *f, size_t at,
    const uint32_t count[COUNTS])
{
	const unsigned char	*times = f->byte + at;
	const unsigned char	*index = times + 8 * count[TIME_COUNT];
	const unsigned char	*types = index + count[TIME_COUNT];
	uint32_t		i;

	if (count[TYPE_COUNT] == 0)
		return -1;
	z->first_offset = (int32_t)be32(types);
	for (i = 0; i < count[TIME_COUNT]; i++) {
		if (index[i] >= count[TYPE_COUNT])
			return -1;
		add(z, be64(times + 8 * i),
		    (int32_t)be32(types + TYPE_BYTES * index[i]));
	}
	return 0;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": from the last known transition on. */
static bool
parse_rule(struct zone *z, struct view rule)
{
	struct change	start, end;
	int32_t		standard, summer;
	int64_t		year, last;

	if (!take_name(&rule) || !take_time(&rule, &standard))
		return false;
	standard = -standard;
	if (z->count == 0)
		z->first_offset = standard;
	if (rule.n == 0)
		return true;
	summer = standard + 3600;
	if (!take_name(&rule))
		return false;
	if (rule.n > 0 && *rule.p != ',') {
		if (!take_time(&rule, &summer))
			return false;
		summer = -summer;
	}
	if (!take_change(&rule, &start) || !take_change(&rule, &end) ||
	    rule.n > 0)
		return false;
	last = z->count == 0 ? INT64_MIN : z->at[z->count - 1];
	for (year = z->count == 0 ? 1970 : zone_year(last);
	    year <= ZONE_LAST_YEAR; year++) {
		int64_t	on = change_at(&start, year) - standard;
		int64_t	off = change_at(&end, year) - summer;

		if (on < off) {
			add(z, on, summer);
			add(z, off, standard);
		} else {
			add(z, off, standard);
			add(z, on, summer);
		}
	}
	return true;
}

/* "CET" or "<+03>" */
static bool
take_name(struct view *v)
{
	struct view	name;
	size_t		i = 0;

	if (view_skip_byte(v, '<'))
		return view_cut(v, '>', &name);
	while (i < v->n && ((v->p[i] | 0x20) >= 'a' && (v->p[i] | 0x20) <= 'z'))
		i++;
	view_advance(v, i);
	return i >= 3;
}

/* "-1", "2:30", "+26:00:00" */
static bool
take_time(struct view *v, int32_t *seconds)
{
	bool		minus = view_skip_byte(v, '-');
	uint32_t	part, scale = 3600, total = 0;

	if (!minus)
		view_skip_byte(v, '+');
	do {
		if (!view_take_u32(v, &part) || part > 167)
			return false;
		total += part * scale;
		scale /= 60;
	} while (scale > 0 && view_skip_byte(v, ':'));
	*seconds = minus ? -(int32_t)total : (int32_t)total;
	return true;
}

static bool
take_change(struct view *v, struct change *c)
{
	*c = (struct change){ .kind = '0', .time = 7200 };
	if (!view_skip_byte(v, ','))
		return false;
	if (view_skip_byte(v, 'M')) {
		c->kind = 'M';
		if (!view_take_u32(v, &c->month) || !view_skip_byte(v, '.') ||
		    !view_take_u32(v, &c->week) || !view_skip_byte(v, '.') ||
		    c->month < 1 || c->month > 12 || c->week < 1 || c->week > 5)
			return false;
	} else if (view_skip_byte(v, 'J')) {
		c->kind = 'J';
	}
	if (!view_take_u32(v, &c->day) || c->day > 366)
		return false;
	return !view_skip_byte(v, '/') || take_time(v, &c->time);
}

/* When the clock shows it, as if that were UTC. */
static int64_t
change_at(const struct change *c, int64_t year)
{
	int64_t		day = zone_days(year, 1, 1);
	unsigned	length, wanted;

	switch (c->kind) {
	case 'M':
		day = zone_days(year, c->month, 1);
		length = zone_month_days(year, c->month);
		/* 1 January 1970 was a Thursday */
		wanted = (unsigned)((c->day + 7 - (uint64_t)(day + 4) % 7) % 7);
		wanted += (c->week - 1) * 7;
		while (wanted >= length)
			wanted -= 7;
		day += wanted;
		break;
	case 'J':		/* 29 February is never counted */
		day += c->day - 1;
		if (c->day >= 60 && zone_month_days(year, 2) == 29)
			day++;
		break;
	case '0':
		day += c->day;
		break;
	}
	return day * DAY_S + c->time;
}

/* Later ones only, and only while there is room. */
static void
add(struct zone *z, int64_t at, int32_t offset)
{
	if (z->count == ZONE_TRANSITIONS ||
	    (z->count > 0 && at <= z->at[z->count - 1]))
		return;
	z->at[z->count] = at;
	z->offset[z->count++] = offset;
}

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static int64_t
be64(const unsigned char *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}
