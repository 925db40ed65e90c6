#include <stdio.h>

#include "label.h"

/*
 * Reply codes that RFC 5321, its extensions (RFC 4954, 7504, 3207, 7372) or a
 * provider's pages document. In order.
 */
static const uint16_t codes[] = {
	211, 214, 220, 221, 235, 250, 251, 252, 253, 334, 354,
	420, 421, 422, 430, 431, 432, 441, 442, 446, 447, 449, 450, 451, 452,
	453, 454, 455, 458, 459, 471,
	500, 501, 502, 503, 504, 510, 511, 512, 513, 515, 517, 521, 522, 523,
	530, 534, 535, 538, 540, 541, 542, 543, 544, 546, 547, 550, 551, 552,
	553, 554, 555, 556, 557, 559, 570, 571, 573, 577, 580, 582, 586, 590,
};

/*
 * Enhanced codes as ranges of details: the IANA registry (RFC 3463 and its
 * additions), Google's 7.2x to 7.40, Microsoft's three-digit details.
 */
static const struct {
	uint16_t	subject, first, last;
} ranges[] = {
	{ 0, 0, 0 }, { 0, 350, 350 },
	{ 1, 0, 10 }, { 1, 20, 20 }, { 1, 90, 90 },
	{ 2, 0, 5 }, { 2, 14, 14 }, { 2, 121, 122 },
	{ 3, 0, 6 }, { 3, 190, 190 },
	{ 4, 0, 7 }, { 4, 14, 14 }, { 4, 300, 318 },
	{ 5, 0, 6 },
	{ 6, 0, 10 },
	{ 7, 0, 40 }, { 7, 50, 60 }, { 7, 64, 64 }, { 7, 100, 136 },
	{ 7, 193, 193 }, { 7, 230, 233 }, { 7, 300, 370 }, { 7, 500, 515 },
	{ 7, 600, 651 }, { 7, 700, 750 }, { 7, 820, 860 },
};

enum { RANGES = sizeof(ranges) / sizeof(ranges[0]), PER_CLASS = 1024 };

const char *
label_name(enum label l)
{
	static const char *const names[] = {
		"",
#define X(id, name, open) name,
		LABELS(X)
#undef X
	};

	return names[l];
}

int
label_is_open(enum label l)
{
	static const int open[] = {
		0,
#define X(id, name, is_open) is_open,
		LABELS(X)
#undef X
	};

	return open[l];
}

uint16_t
label_of_code(uint16_t code)
{
	size_t	low = 0, high = sizeof(codes) / sizeof(codes[0]);

	if (code == 0)
		return 0;
	while (low < high) {
		size_t	mid = (low + high) / 2;

		if (codes[mid] == code)
			return code;
		if (codes[mid] < code)
			low = mid + 1;
		else
			high = mid;
	}
	return LABEL_OTHER;
}

uint16_t
label_of_enhanced(struct enhanced e)
{
	uint16_t	base = 1;
	size_t		i;

	if (e.class == 0)
		return 0;
	for (i = 0; i < RANGES; i++) {
		if (ranges[i].subject == e.subject &&
		    e.detail >= ranges[i].first && e.detail <= ranges[i].last)
			return (uint16_t)(e.class * PER_CLASS + base +
			    e.detail - ranges[i].first);
		base = (uint16_t)(base + ranges[i].last - ranges[i].first + 1);
	}
	return LABEL_OTHER;
}

const char *
label_enhanced_print(uint16_t label, char *buf)
{
	struct enhanced	e;
	uint16_t	at;
	size_t		i;

	if (label == 0)
		return "none";
	if (label == LABEL_OTHER)
		return "other";
	e.class = (uint8_t)(label / PER_CLASS);
	at = (uint16_t)(label % PER_CLASS - 1);
	for (i = 0; i < RANGES; i++) {
		uint16_t	len = (uint16_t)(ranges[i].last -
				    ranges[i].first + 1);

		if (at < len) {
			e.subject = ranges[i].subject;
			e.detail = (uint16_t)(ranges[i].first + at);
			enhanced_print(e, buf);
			return buf;
		}
		at = (uint16_t)(at - len);
	}
	return "other";
}

const char *
label_code_print(uint16_t label, char *buf)
{
	if (label == 0)
		return "none";
	if (label == LABEL_OTHER)
		return "other";
	snprintf(buf, 12, "%u", label);
	return buf;
}
