/*
 * sendmail - the rooms of the Sendmail parser.
 *
 * sendmail.c reads tag and queue id and hands the rest of the line to the one
 * who knows its first word: sendmail_delivery.c (to=), sendmail_arrival.c
 * (from=, AUTH=server), sendmail_reject.c (rulesets, filters, refusals),
 * sendmail_quiet.c (shapes that mean nothing to us). sendmail_word.c has the
 * small words: addresses, relays, queue ids, durations.
 */
#ifndef SENDMAIL_H
#define SENDMAIL_H

#include "mail_event.h"
#include "parser.h"

/* Each takes what stands behind the queue id and fills the event. */
enum parse_result	sendmail_delivery(struct view rest, struct scratch *,
			    struct mail_event *);
enum parse_result	sendmail_from(struct view rest, struct mail_event *);
enum parse_result	sendmail_auth(struct view rest, struct mail_event *);
enum parse_result	sendmail_ruleset(struct view rest, struct mail_event *);
enum parse_result	sendmail_milter(struct view rest, struct mail_event *);
enum parse_result	sendmail_address(struct view rest, struct mail_event *);
enum parse_result	sendmail_auth_failure(struct view rest,
			    struct mail_event *);
enum parse_result	sendmail_pregreet(struct view rest,
			    struct mail_event *);
enum parse_result	sendmail_peer(struct view rest, struct mail_event *);

/* A known shape without meaning for us? */
bool	sendmail_is_quiet(struct view rest);

/* Take a queue id or NOQUEUE and ": " off the front; NOQUEUE is empty. */
bool	sendmail_take_id(struct view *, struct view *id);
/*
 * Take an address or a list of them off the front, up to a comma and a blank
 * outside of quotes and brackets; false when there is no end.
 */
bool	sendmail_take_address(struct view *, struct view *out);
/* One address without its <>. */
struct view	sendmail_bare(struct view address);
/* Take "host. [ip] (may be forged)" off the front: no dot, no brackets. */
void	sendmail_take_relay(struct view *, struct view *host, struct view *ip);
/* What stands behind the last ", relay=": texts before it may hold one, too. */
bool	sendmail_last_relay(struct view, struct view *relay);
/* "1+02:03:04" in milliseconds; -1 when it is none. */
int32_t	sendmail_duration(struct view);
/* Is what stands there the beginning of whole, but not all of it? */
bool	sendmail_is_torn(struct view v, struct view whole);

#endif
