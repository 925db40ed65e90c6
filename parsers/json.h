/*
 * json - the members of one object in a line, read in place.
 *
 * Just enough of RFC 8259 to find a log line inside: one walk, linear time,
 * any bytes, no allocation. It does not validate; what does not look like a
 * member ends the walk.
 */
#ifndef JSON_H
#define JSON_H

#include "scratch.h"
#include "view.h"

enum json_kind {
	JSON_STRING,	/* value: between the quotes, not yet decoded */
	JSON_SCALAR,	/* number, true, false, null */
	JSON_ARRAY,	/* value: between the brackets */
	JSON_OBJECT	/* value: between the braces */
};

struct json_member {
	struct view	key;		/* not decoded */
	struct view	value;
	enum json_kind	kind;
};

/* Start behind the opening brace. False at the end or at what is no member. */
bool	json_next(struct view *rest, struct json_member *out);
/* Decoded, in scratch if that is needed; false when there is no room. */
bool	json_string(struct view raw, struct scratch *, struct view *out);
/* An array of byte values, as the journal writes text that is not UTF-8. */
bool	json_bytes(struct view raw, struct scratch *, struct view *out);

#endif
