#include "utf8.h"

struct lead {
	size_t		len;	/* bytes in all; 0: not a first byte */
	unsigned char	low;	/* range of the second byte */
	unsigned char	high;
};

static struct lead	lead_of(unsigned char);

size_t
utf8_next(struct view v, uint32_t *point, bool *valid)
{
	const unsigned char	*s = (const unsigned char *)v.p;
	struct lead		 lead = lead_of(s[0]);
	uint32_t		 cp;

	*point = UTF8_BROKEN;
	*valid = false;
	if (lead.len == 0)
		return 1;
	cp = lead.len == 1 ? s[0] : s[0] & (0x7fu >> lead.len);
	for (size_t i = 1; i < lead.len; i++) {
		if (i == v.n || s[i] < lead.low || s[i] > lead.high)
			return i;
		cp = cp << 6 | (s[i] & 0x3fu);
		lead.low = 0x80;
		lead.high = 0xbf;
	}
	*point = cp;
	*valid = true;
	return lead.len;
}

struct view
utf8_head(struct view v, size_t max)
{
	struct view	rest = v;
	uint32_t	point;
	bool		valid;

	while (rest.n > 0 && max-- > 0)
		view_advance(&rest, utf8_next(rest, &point, &valid));
	return view_sub(v, 0, v.n - rest.n);
}

size_t
utf8_count(struct view v)
{
	size_t		count = 0;
	uint32_t	point;
	bool		valid;

	for (; v.n > 0; count++)
		view_advance(&v, utf8_next(v, &point, &valid));
	return count;
}

/* RFC 3629, section 4. */
static struct lead
lead_of(unsigned char c)
{
	if (c < 0x80)
		return (struct lead){ 1, 0, 0 };
	if (c < 0xc2 || c > 0xf4)
		return (struct lead){ 0, 0, 0 };
	if (c < 0xe0)
		return (struct lead){ 2, 0x80, 0xbf };
	if (c < 0xf0)
		return (struct lead){ 3, c == 0xe0 ? 0xa0 : 0x80,
			c == 0xed ? 0x9f : 0xbf };
	return (struct lead){ 4, c == 0xf0 ? 0x90 : 0x80,
		c == 0xf4 ? 0x8f : 0xbf };
}
