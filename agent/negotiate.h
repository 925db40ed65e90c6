/*
 * negotiate - what the client would like to have (RFC 9110, 12.5).
 *
 * Quality values, wildcards, quoted and unknown parameters are read; what
 * cannot be read is passed over. There is always an answer: text 0.0.4,
 * uncompressed.
 */
#ifndef NEGOTIATE_H
#define NEGOTIATE_H

#include "expose.h"

struct accept {
	int64_t	openmetrics;	/* quality in thousandths; -1: not named */
	int64_t	text;		/* by the range that names it best */
	int	text_rank;	/* how exactly text was named so far */
};

struct accept_encoding {
	int64_t	gzip, identity, any;	/* as above */
};

void	accept_init(struct accept *);
/* Called for each Accept header. */
void	accept_read(struct accept *, struct view header);
enum expose_format accept_format(const struct accept *);

void	accept_encoding_init(struct accept_encoding *);
void	accept_encoding_read(struct accept_encoding *, struct view header);
bool	accept_encoding_gzip(const struct accept_encoding *);

#endif
