#include <stdio.h>
#include <time.h>

#include "utf8.h"
#include "words.h"

#define NARROW	"\xe2\x80\xaf"		/* narrow no-break space */

void
words_count(struct buf *b, uint64_t n)
{
	char	digit[24];
	int	len = snprintf(digit, sizeof(digit), "%llu",
	    (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && len > 4)
			buf_text(b, NARROW);
		buf_byte(b, digit[i]);
	}
}

void
words_share(struct buf *b, uint64_t part, uint64_t whole)
{
	double	share = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;

	if (part == 0 || whole == 0)
		buf_text(b, "0");
	else if (share < 0.1)
		buf_text(b, "&lt;" NARROW "0.1");
	else if (share < 9.95)
		buf_printf(b, "%.1f", share);
	else if (part < whole && share > 99)
		buf_text(b, "99");
	else
		buf_printf(b, "%.0f", share);
	buf_text(b, NARROW "%");
}

void
words_span(struct buf *b, int64_t s)
{
	static const struct {
		int64_t		 from, unit, rest_unit;
		const char	*name, *rest_name;
	} scale[] = {
		{ 86400, 86400, 3600, "d", "h" },
		{ 3600, 3600, 60, "h", "min" },
		{ 60, 60, 0, "min", NULL },
	};

	for (size_t i = 0; i < sizeof(scale) / sizeof(scale[0]); i++) {
		if (s < scale[i].from)
			continue;
		buf_i64(b, s / scale[i].unit);
		buf_printf(b, NARROW "%s", scale[i].name);
		if (scale[i].rest_unit == 0 ||
		    s % scale[i].unit < scale[i].rest_unit)
			return;
		buf_byte(b, ' ');
		buf_i64(b, s % scale[i].unit / scale[i].rest_unit);
		buf_printf(b, NARROW "%s", scale[i].rest_name);
		return;
	}
	buf_i64(b, s < 0 ? 0 : s);
	buf_text(b, NARROW "s");
}

void
words_time(struct buf *b, int64_t epoch, int64_t now)
{
	time_t		at = (time_t)epoch, today = (time_t)now;
	struct tm	tm, day;
	char		text[64], iso[32];

	localtime_r(&today, &day);
	gmtime_r(&at, &tm);
	strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
	localtime_r(&at, &tm);
	if (tm.tm_yday == day.tm_yday && tm.tm_year == day.tm_year)
		strftime(text, sizeof(text), "%H:%M", &tm);
	else if (now - epoch < 6 * 86400)
		strftime(text, sizeof(text), "%a %H:%M", &tm);
	else
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	buf_text(b, "<time datetime=\"");
	buf_text(b, iso);
	buf_text(b, "\">");
	buf_text(b, text);
	buf_text(b, "</time>");
}

void
words_bytes(struct buf *b, uint64_t n)
{
	static const char	unit[] = "kMGT";
	double			value = (double)n;
	size_t			i = 0;

	if (n < 1000) {
		buf_u64(b, n);
		buf_text(b, NARROW "B");
		return;
	}
	for (value /= 1000; value >= 1000 && i + 2 < sizeof(unit); i++)
		value /= 1000;
	buf_printf(b, value < 9.95 ? "%.1f" : "%.0f", value);
	buf_text(b, NARROW);
	buf_byte(b, unit[i]);
	buf_byte(b, 'B');
}

void
words_query(struct buf *b, struct view v)
{
	for (size_t i = 0; i < v.n; i++) {
		char	c = v.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' || c == '-')
			buf_byte(b, c);
		else
			buf_printf(b, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void
words_cut(struct buf *b, struct view v, size_t max)
{
	struct view	head = utf8_head(v, max);

	buf_html(b, head);
	if (head.n < v.n)
		buf_text(b, "\xe2\x80\xa6");
}
