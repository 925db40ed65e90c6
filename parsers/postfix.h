/*
 * postfix - the rooms of the Postfix parser.
 *
 * postfix.c reads tag and queue id and hands the rest of the line to the one
 * who knows its first word: postfix_delivery.c (to=), postfix_hop.c (what a
 * host said before the next was tried), postfix_queue.c (arrivals and
 * removals), postfix_reject.c (whom we refused), postfix_quiet.c (shapes that
 * mean nothing to us). postfix_reply.c reads who answered what; postfix_word.c
 * has the small words: addresses and host[ip]:port; postfix_service.c knows the
 * daemons of master.cf.
 */
#ifndef POSTFIX_H
#define POSTFIX_H

#include "mail_event.h"
#include "parser.h"

/* What a daemon of master.cf does with mail. */
enum postfix_role {
	ROLE_UNSAID,	/* the tag names no daemon we know */
	ROLE_REMOTE,	/* speaks SMTP or LMTP to the next hop */
	ROLE_LOCAL,	/* delivers on this machine */
	ROLE_MAIL,	/* handles messages but never tries a host */
	ROLE_QUIET,	/* never says a word about a message */
	ROLE_FOREIGN	/* not Postfix, but logs under its name */
};

struct postfix_line {
	struct view	rest;		/* what stands behind the queue id */
	struct view	service;	/* the tag behind the first slash */
};

/* By the last component: "relay/smtp" is an smtp. */
enum postfix_role	postfix_role(struct view service);

/* Each takes a line whose first word is its own and fills the event. */
enum parse_result	postfix_delivery(const struct postfix_line *,
			    struct mail_event *);
enum parse_result	postfix_hop(const struct postfix_line *,
			    struct mail_event *);
enum parse_result	postfix_from(const struct postfix_line *,
			    struct mail_event *);
enum parse_result	postfix_client(const struct postfix_line *,
			    struct mail_event *);
enum parse_result	postfix_uid(const struct postfix_line *,
			    struct mail_event *);
enum parse_result	postfix_removed(const struct postfix_line *,
			    struct mail_event *);
enum parse_result	postfix_reject(const struct postfix_line *,
			    struct mail_event *);

/* A known shape without meaning for us? */
bool	postfix_is_quiet(const struct postfix_line *, bool has_queue_id);
/* Or one whose words stand somewhere in it? */
bool	postfix_is_quiet_within(struct view text);

/*
 * Read reply, stage and text of an event from what Postfix wrote about the
 * next hop. whole: the text is known to be complete. False: it was cut before
 * one could know what the reply is.
 */
bool	postfix_read_reply(struct view text, bool whole,
	    enum postfix_role, struct mail_event *);

/*
 * Take "<address>" off the front. It ends at the first > outside of quotes
 * that one of the words in follow comes after; "" there means the line's end.
 */
bool	postfix_take_address(struct view *, const struct view *follow,
	    size_t follow_count, struct view *out);
/* Take "name[ip]" and an optional ":port" off the front. */
bool	postfix_take_host(struct view *, struct view *name, struct view *ip);
/* Put "name[ip]:port", "none" or a socket into the event. */
void	postfix_set_relay(struct view relay, enum postfix_role,
	    struct mail_event *);

#endif
