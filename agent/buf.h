/*
 * buf - bytes that grow while a page is rendered.
 *
 * Doubles its memory up to a limit given at the start. What does not fit, or
 * for which there is no memory, is left out and the flag failed stays up
 * until buf_reset(); so a renderer asks once, at its end. Not for the log
 * path: it allocates.
 */
#ifndef BUF_H
#define BUF_H

#include "view.h"

struct buf {
	char	*p;
	size_t	 len, cap;
	size_t	 limit;		/* cap never grows beyond it */
	bool	 failed;	/* something is missing */
};

/*
 * How one code point is written: the length of its escaped form in out, or 0
 * when it stands for itself.
 */
typedef size_t (*buf_escape_fn)(uint32_t point, char out[8]);

void	buf_init(struct buf *, size_t limit);
void	buf_fini(struct buf *);
/* Empty again; the memory stays. */
void	buf_reset(struct buf *);

static inline struct view
buf_view(const struct buf *b)
{
	return (struct view){ b->p, b->len };
}

void	buf_put(struct buf *, struct view);
void	buf_text(struct buf *, const char *);
void	buf_byte(struct buf *, char);
void	buf_printf(struct buf *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	buf_u64(struct buf *, uint64_t);
void	buf_i64(struct buf *, int64_t);
/* The shortest form that reads back as the same number; NaN, +Inf, -Inf. */
void	buf_double(struct buf *, double);

/* Foreign text: broken UTF-8 becomes U+FFFD, the rest as escape says. */
void	buf_escaped(struct buf *, struct view, buf_escape_fn);
/* With quotes around it. */
void	buf_json_string(struct buf *, struct view);
/* Fit for an element's content and for an attribute in quotes. */
void	buf_html(struct buf *, struct view);

#endif
