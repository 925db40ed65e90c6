/*
 * reply - what an SMTP server answered: RFC 5321 4.2, RFC 3463.
 *
 * A multi-line reply is one reply. Code and enhanced code are read from the
 * front of the text and nowhere else.
 */
#ifndef REPLY_H
#define REPLY_H

#include "scratch.h"
#include "view.h"

#define REPLY_CLASSES(X)						\
	X(NONE,	"none")							\
	X(2XX,	"2xx")							\
	X(4XX,	"4xx")							\
	X(5XX,	"5xx")

enum reply_class {
#define X(id, name) CLASS_##id,
	REPLY_CLASSES(X)
#undef X
	CLASS_COUNT
};

struct enhanced {
	uint8_t		class;		/* 2, 4 or 5; 0: there is none */
	uint16_t	subject;	/* 0..999 */
	uint16_t	detail;		/* 0..999 */
};

struct reply {
	uint16_t	code;		/* 200..599; 0: there was no reply */
	struct enhanced	enhanced;	/* the reply's own, else the one the
					   MTA wrote (dsn=), else class 0 */
};

static inline bool
enhanced_eq(struct enhanced a, struct enhanced b)
{
	return a.class == b.class && a.subject == b.subject &&
	    a.detail == b.detail;
}

const char	*reply_class_name(enum reply_class);
/* From the code; without one, from the enhanced code; else CLASS_NONE. */
enum reply_class reply_class_of(const struct reply *);

/* Take "421 ", "421-" or a bare "421" off the front. */
bool	reply_take_code(struct view *, uint16_t *code);
/* Take "4.7.28" off the front, also as "#4.7.28" or "(#4.7.28)". */
bool	reply_take_enhanced(struct view *, struct enhanced *);
/* Write "4.7.28" and a NUL into buf (at least 12 bytes); its length. */
size_t	enhanced_print(struct enhanced, char *buf);

/*
 * Code and enhanced code from the front of a reply's first line. False when
 * the text does not start with a code of 200..599; *out is then unchanged.
 */
bool	reply_parse(struct view text, struct reply *out);

/*
 * The reply as one readable text: parts joined by one blank, codes that are
 * repeated at the start of later parts removed, the first code kept. Returns
 * text itself when there is nothing to fold or no room in scratch.
 */
struct view	reply_fold(struct view text, const struct reply *,
		    struct scratch *);

#endif
