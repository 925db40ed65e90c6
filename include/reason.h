/*
 * reason - why a delivery failed, and what to do about it.
 *
 * Twenty reasons; the action follows from the reason and the class of the
 * reply. The judgement is made from code, enhanced code, text and provider.
 */
#ifndef REASON_H
#define REASON_H

#include "provider_id.h"
#include "reply.h"
#include "view.h"

#define ACTIONS(X)							\
	X(NONE,			"none")					\
	X(RETRY,		"retry")				\
	X(RESEND_LATER,		"resend-later")				\
	X(SLOW_DOWN,		"slow-down")				\
	X(SUPPRESS,		"suppress")				\
	X(FIX_MESSAGE,		"fix-message")				\
	X(FIX_AUTH,		"fix-auth")				\
	X(FIX_CONFIG,		"fix-config")				\
	X(CHECK_BLOCKLIST,	"check-blocklist")			\
	X(INVESTIGATE,		"investigate")

/*	id, name, action on 5xx, action on 4xx, what it means		*/
#define REASONS(X)							\
	X(NONE, "none", NONE, NONE, "no failure")			\
	X(BAD_RECIPIENT, "bad-recipient", SUPPRESS, RETRY,		\
	    "no such mailbox")						\
	X(INACTIVE_RECIPIENT, "inactive-recipient", SUPPRESS, RETRY,	\
	    "the mailbox is disabled, suspended or closed")		\
	X(BAD_DOMAIN, "bad-domain", SUPPRESS, RETRY,			\
	    "the recipient's domain does not exist or takes no mail")	\
	X(MAILBOX_FULL, "mailbox-full", RESEND_LATER, RETRY,		\
	    "the recipient's quota is used up")				\
	X(RATE_LIMIT, "rate-limit", SLOW_DOWN, SLOW_DOWN,		\
	    "too many messages, connections or recipients at once")	\
	X(GREYLIST, "greylist", RESEND_LATER, RETRY,			\
	    "deliberately deferred the first time")			\
	X(REPUTATION, "reputation", CHECK_BLOCKLIST, CHECK_BLOCKLIST,	\
	    "our address, network or domain is listed or ill-reputed")	\
	X(CONTENT, "content", FIX_MESSAGE, FIX_MESSAGE,			\
	    "the message was judged spam, phish or virus")		\
	X(AUTH_FAIL, "auth-fail", FIX_AUTH, FIX_AUTH,			\
	    "SPF, DKIM, DMARC or alignment failed")			\
	X(BAD_SENDER, "bad-sender", FIX_CONFIG, FIX_CONFIG,		\
	    "the server does not believe who we are")			\
	X(LOGIN, "login", FIX_CONFIG, FIX_CONFIG,			\
	    "SMTP AUTH is missing or failed")				\
	X(ROUTING, "routing", FIX_CONFIG, FIX_CONFIG,			\
	    "relay denied, mail loop or too many hops")			\
	X(TOO_LARGE, "too-large", FIX_MESSAGE, FIX_MESSAGE,		\
	    "message, attachment or header is too large")		\
	X(BAD_MESSAGE, "bad-message", FIX_MESSAGE, FIX_MESSAGE,		\
	    "the message is malformed")					\
	X(POLICY, "policy", INVESTIGATE, RETRY,				\
	    "refused by a rule that names no cause")			\
	X(PROTOCOL, "protocol", FIX_CONFIG, FIX_CONFIG,			\
	    "a command was not understood or out of order")		\
	X(TLS, "tls", FIX_CONFIG, FIX_CONFIG,				\
	    "TLS is required, absent or failed")			\
	X(NETWORK, "network", RESEND_LATER, RETRY,			\
	    "no SMTP answer: timeout, refused, DNS, expired")		\
	X(SERVER_ERROR, "server-error", RESEND_LATER, RETRY,		\
	    "trouble on their side")					\
	X(UNKNOWN, "unknown", INVESTIGATE, RETRY, "nothing to go by")

enum action {
#define X(id, name) ACTION_##id,
	ACTIONS(X)
#undef X
	ACTION_COUNT
};

enum reason {
#define X(id, name, a5, a4, help) REASON_##id,
	REASONS(X)
#undef X
	REASON_COUNT
};

struct diagnosis {
	enum reason	 reason;
	enum action	 action;
	struct view	 detail;	/* the list's or provider's own tag in
					   the text, or empty */
	const char	*rule;		/* name of the rule that decided */
};

const char	*reason_name(enum reason);
const char	*reason_help(enum reason);
/* The reason of that name; -1 when there is none. */
int		 reason_by_name(struct view);
const char	*action_name(enum action);
enum action	 reason_action(enum reason, enum reply_class);

/*
 * Do class and reason disagree? A 4xx that no retry will mend, or a 5xx that
 * may pass.
 */
bool		 reason_disagrees(enum reason, enum reply_class);
/* Where that rule is known from ("Postfix", "RFC 5321"); NULL: no such. */
const char	*reason_source(const char *rule);

/*
 * Diagnose one failed delivery. text is the reply as written (codes in it are
 * skipped), or the MTA's own words when reply->code is 0. provider may be
 * PROVIDER_OTHER. Takes linear time; detail points into text.
 */
void	reason_diagnose(const struct reply *, enum provider_id,
	    struct view text, struct diagnosis *out);

#endif
