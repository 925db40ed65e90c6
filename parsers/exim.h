/*
 * exim - the rooms of Exim's parser, seen from each other.
 *
 * A line is read once, from the left. Each verb takes what it knows off the
 * front of a view and leaves the rest; false means torn or ambiguous, and the
 * line is then unknown.
 */
#ifndef EXIM_H
#define EXIM_H

#include "mail_event.h"
#include "parser.h"
#include "scratch.h"
#include "view.h"

/* "name (helo) [ip]:port*", each part but one may be missing. */
struct exim_host {
	struct view	name;
	struct view	helo;
	struct view	ip;
};

/* What a field is; those that stand once a line. */
enum exim_field {
	FIELD_NONE,
	FIELD_AUTH,		/* A=authenticator:login */
	FIELD_CONFIRMATION,	/* C="250 ..." */
	FIELD_DELIVER_TIME,	/* DT= */
	FIELD_SENDER,		/* F=<> */
	FIELD_HOST,		/* H= */
	FIELD_INTERFACE,	/* I=[ip]:port */
	FIELD_PROTOCOL,		/* P=, which is also the return path */
	FIELD_QUEUE_TIME,	/* QT= */
	FIELD_ROUTER,		/* R=, on arrivals the message it is about */
	FIELD_SIZE,		/* S= */
	FIELD_TRANSPORT,	/* T=, on arrivals the subject in quotes */
	FIELD_USER,		/* U= */
	FIELD_OTHER,		/* with a value that is nothing to us */
	FIELD_FLAG		/* a bare word */
};

struct exim_fields {
	uint32_t		seen;		/* 1 << enum exim_field */
	struct exim_host	host;
	struct view		auth;
	struct view		confirmation;	/* without quotes, escaped */
	struct view		sender;		/* F=, else the return path */
	struct view		local_ip;
	struct view		transport;
	struct view		user;
	bool			has_sender;
	int32_t			queue_ms;	/* -1: not said */
	int32_t			deliver_ms;
};

struct exim_address {
	struct view	shown;
	struct view	original;	/* in <>; may be empty */
	bool		local;		/* pipe, file, reply, discarded */
};

/* What an error text says. */
struct exim_error {
	enum stage		stage;
	struct exim_host	host;		/* old form: "host NAME [ip]:" */
	struct view		recipient;	/* of RCPT TO:, may be empty */
	struct view		reply;		/* as in the line; may be empty */
	bool			waits;		/* no host was tried */
	bool			expired;	/* given up, and not now tried */
};

/* exim_fields.c */
bool	exim_fields_take(struct view *, struct exim_fields *);
bool	exim_field_follows(struct view);
static inline bool
exim_has(const struct exim_fields *f, enum exim_field field)
{
	return (f->seen & 1u << field) != 0;
}

/* exim_word.c */
bool	exim_host_take(struct view *, struct exim_host *);
bool	exim_angle_take(struct view *, struct view *inside);
bool	exim_quoted_take(struct view *, struct view *inside);
bool	exim_span_take(struct view *, int32_t *ms);
bool	exim_starts_or_torn(struct view, struct view phrase, bool *torn);
struct view	exim_unescape(struct view, bool quoted, struct scratch *);

/* exim_address.c */
bool	exim_address_take(struct view *, struct exim_address *);

/* exim_error.c */
bool	exim_error_read(struct view text, bool has_host, struct exim_error *);

/* exim_delivery.c: out has the queue id; the view starts at the address */
enum parse_result exim_delivered(struct view, struct scratch *,
		    struct mail_event *out);
enum parse_result exim_deferred(struct view, struct scratch *,
		    struct mail_event *out);
enum parse_result exim_bounced(struct view, struct scratch *,
		    struct mail_event *out);

/* exim_hop.c */
enum parse_result exim_hop(struct view, struct scratch *,
		    struct mail_event *out);

/* exim_inbound.c */
enum parse_result exim_arrival(struct view, struct mail_event *out);
enum parse_result exim_reject(struct view, struct scratch *,
		    struct mail_event *out);

/* exim_quiet.c */
bool	exim_quiet(struct view);
bool	exim_quiet_within(struct view);

#endif
