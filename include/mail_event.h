/*
 * mail_event - what one log line means.
 *
 * Lives on the caller's stack; its views point into the line or the scratch
 * buffer and die with them. A field that the line does not have is empty, 0
 * or -1 as said beside it.
 */
#ifndef MAIL_EVENT_H
#define MAIL_EVENT_H

#include "reply.h"
#include "stamp.h"
#include "view.h"

#define MTAS(X)								\
	X(POSTFIX,	"postfix")					\
	X(EXIM,		"exim")						\
	X(SENDMAIL,	"sendmail")

#define EVENT_KINDS(X)							\
	X(DELIVERY,	"delivery")	/* outbound result */		\
	X(HOP,		"hop")		/* one host's reply inside a	\
					   delivery that goes on */	\
	X(REJECT,	"reject")	/* we refused somebody */	\
	X(ARRIVAL,	"arrival")	/* a message entered */		\
	X(REMOVAL,	"removal")	/* it left the queue */

#define OUTCOMES(X)							\
	X(NONE,		"none")						\
	X(DELIVERED,	"delivered")					\
	X(DEFERRED,	"deferred")					\
	X(BOUNCED,	"bounced")					\
	X(EXPIRED,	"expired")

/* How far the dialogue was when the reply came. */
#define STAGES(X)							\
	X(NONE,		"none")						\
	X(CONNECT,	"connect")					\
	X(EHLO,		"ehlo")						\
	X(STARTTLS,	"starttls")					\
	X(AUTH,		"auth")						\
	X(MAIL,		"mail")						\
	X(RCPT,		"rcpt")						\
	X(DATA,		"data")						\
	X(EOD,		"eod")

enum mta {
#define X(id, name) MTA_##id,
	MTAS(X)
#undef X
	MTA_COUNT,
	MTA_AUTO = MTA_COUNT	/* as an option: decide by each line */
};

enum event_kind {
#define X(id, name) EVENT_##id,
	EVENT_KINDS(X)
#undef X
	EVENT_COUNT
};

enum outcome {
#define X(id, name) OUTCOME_##id,
	OUTCOMES(X)
#undef X
	OUTCOME_COUNT
};

enum stage {
#define X(id, name) STAGE_##id,
	STAGES(X)
#undef X
	STAGE_COUNT
};

/* What the line says about the next hop. */
enum relay_kind {
	RELAY_NONE,	/* relay=none, or nothing said */
	RELAY_HOST,	/* a host name or an address */
	RELAY_SOCKET,	/* a Unix socket */
	RELAY_LOCAL	/* local delivery: mailbox, pipe, file, discard */
};

struct mail_event {
	enum event_kind	kind;
	enum mta	mta;
	enum outcome	outcome;	/* deliveries only */
	enum stage	stage;
	enum relay_kind	relay_kind;
	bool		attempt;	/* deliveries: a host was really tried,
					   or local delivery was */
	bool		has_sender;	/* sender is known, maybe empty: <> */
	uint32_t	count;		/* the line stands for this many */
	uint32_t	pid;
	uint32_t	recipient_count;	/* 0: all that are left */
	int32_t		delay_ms;	/* queue entry to now; -1 unknown */
	int32_t		transaction_ms;	/* connection and transmission; -1 */
	struct stamp	stamp;
	int64_t		time;		/* epoch seconds, set by intake */
	struct view	host;		/* syslog host */
	struct view	instance;	/* "postfix-out1", "sm-mta"; may be
					   empty */
	struct view	service;	/* "smtp", "submission/smtpd" */
	struct view	transport;	/* Exim T=, Sendmail mailer= */
	struct view	local_ip;	/* Exim I=, without port */
	struct view	queue_id;
	struct view	next_id;	/* "queued as NEXT" of the next hop */
	struct view	sender;		/* without <> */
	struct view	recipients;	/* one bare address if recipient_count
					   is 1, else a list: see below */
	struct view	login;		/* SASL login */
	struct view	user;		/* local submitter: pickup uid, U=,
					   ctladdr */
	struct view	client;		/* host of the submitting client */
	struct view	relay;		/* host name; its address if it has no
					   name; no port, no trailing dot */
	struct view	relay_ip;
	struct reply	reply;
	struct view	text;		/* the reply if reply.code is not 0,
					   else the MTA's own words */
};

const char	*mta_name(enum mta);		/* "auto" for MTA_AUTO */
const char	*event_kind_name(enum event_kind);
const char	*outcome_name(enum outcome);
const char	*stage_name(enum stage);

/*
 * Walk through the recipients: start with *rest = ev->recipients. Addresses
 * come without <>. The list form is Sendmail's "<a>,<b>,c"; quoted local
 * parts may hold commas and brackets.
 */
bool	recipient_next(const struct mail_event *, struct view *rest,
	    struct view *address);

#endif
