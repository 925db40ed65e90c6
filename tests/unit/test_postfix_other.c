/*
 * Postfix: what is no delivery - hops, arrivals, removals, refusals, and the
 * many shapes that mean nothing to us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tell.h"

static const struct {
	const char	*tag, *body, *want;
} cases[] = {
	/* hops */
	{ "postfix/smtp", "4F1A2: host mx1.b.e[192.0.2.1] said: 450 4.7.1 "
	    "Greylisted (in reply to RCPT TO command)",
	    "hop 4xx 450 4.7.1 rcpt id=4F1A2 relay=mx1.b.e ip=192.0.2.1 "
	    "text=450 4.7.1 Greylisted" },
	{ "postfix/smtp", "4F1A2: host mx1.b.e[192.0.2.1] refused to talk to "
	    "me: 554-mx1.b.e 554 Your access is rejected",
	    "hop 5xx 554 connect id=4F1A2 relay=mx1.b.e ip=192.0.2.1 "
	    "text=554-mx1.b.e 554 Your access is rejected" },
	{ "postfix/smtp", "4F1A2: SASL authentication failed; server "
	    "mx1.b.e[192.0.2.1] said: 535 5.7.8 Error",
	    "hop 5xx 535 5.7.8 auth id=4F1A2 relay=mx1.b.e ip=192.0.2.1 "
	    "text=535 5.7.8 Error" },
	{ "postfix/smtp", "4F1A2: lost connection with mx1.b.e[192.0.2.1] "
	    "while sending end of data -- message may be sent more than once",
	    "hop eod id=4F1A2 relay=mx1.b.e ip=192.0.2.1 text=lost connection "
	    "with mx1.b.e[192.0.2.1] while sending end of data -- message may "
	    "be sent more than once" },
	{ "postfix/smtp", "4F1A2: conversation with mx1.b.e[192.0.2.1] timed "
	    "out while performing the EHLO handshake",
	    "hop ehlo id=4F1A2 relay=mx1.b.e ip=192.0.2.1 text=conversation "
	    "with mx1.b.e[192.0.2.1] timed out while performing the EHLO "
	    "handshake" },
	{ "postfix/smtp", "connect to mx1.b.e[2001:db8::1]:25: Network is "
	    "unreachable",
	    "hop connect relay=mx1.b.e ip=2001:db8::1 text=connect to "
	    "mx1.b.e[2001:db8::1]:25: Network is unreachable" },
	{ "postfix/smtp", "4F1A2: Cannot start TLS: handshake failure",
	    "hop starttls id=4F1A2 text=Cannot start TLS: handshake failure" },
	{ "postfix/smtp", "4F1A2: TLS is required, but was not offered by "
	    "host mx1.b.e[192.0.2.1]",
	    "hop starttls id=4F1A2 relay=mx1.b.e ip=192.0.2.1 text=TLS is "
	    "required, but was not offered by host mx1.b.e[192.0.2.1]" },
	{ "postfix/smtp", "4F1A2: host mx1.b.e[192.0.2.1] said: 45",
	    "unknown" },
	{ "postfix/smtp", "4F1A2: host mx1.b.e[192.0.2.1] sai", "unknown" },
	{ "postfix/smtp", "4F1A2: lost connection with mx1.b.e[192.0",
	    "unknown" },
	{ "postfix/smtp", "connect to mx1.b.e[192.0.2.1]:25: ", "unknown" },

	/* arrivals */
	{ "postfix/submission/smtpd", "4F1A2: client=unknown[192.0.2.5], "
	    "sasl_method=PLAIN, sasl_username=shop@b.e",
	    "arrival id=4F1A2 login=shop@b.e client=192.0.2.5" },
	{ "postfix/smtpd", "4F1A2: client=web.b.e[192.0.2.5]:4711, "
	    "sasl_method=LOGIN, sasl_username=a, b, sasl_sender=x@y",
	    "arrival id=4F1A2 login=a, b client=web.b.e" },
	{ "postfix/smtpd", "4F1A2: client=localhost[127.0.0.1], "
	    "orig_queue_id=4XX, orig_client=web.b.e[192.0.2.5]",
	    "arrival id=4F1A2 client=localhost" },
	{ "postfix/smtpd", "NOQUEUE: client=unknown[192.0.2.5]", "ignored" },
	{ "postfix/smtpd", "4F1A2: client=web.b.e[192", "unknown" },
	{ "postfix/pickup", "4F1A2: uid=1001 from=<www-data>",
	    "arrival id=4F1A2 user=1001" },
	{ "postfix/pickup", "4F1A2: uid=10", "unknown" },
	{ "postfix/qmgr", "4F1A2: from=<a@b.e>, size=4311, nrcpt=1 (queue "
	    "active)", "arrival id=4F1A2 from=a@b.e" },
	{ "postfix/qmgr", "4F1A2: from=<>, size=4311, nrcpt=1 (queue active)",
	    "arrival id=4F1A2" },
	{ "postfix/nqmgr", "4F1A2: from=a@b.e, size=1141 (queue active)",
	    "arrival id=4F1A2 from=a@b.e" },
	{ "postfix/qmgr", "4F1A2: from=<a@b", "unknown" },

	/* the end of a message */
	{ "postfix/qmgr", "4F1A2: removed", "removal id=4F1A2" },
	{ "postfix/postsuper", "3nsRhm5bH5z306M: removed",
	    "removal id=3nsRhm5bH5z306M" },
	{ "postfix/qmgr", "4F1A2: remov", "unknown" },
	{ "postfix/qmgr", "4F1A2: from=<a@b.e>, status=expired, returned to "
	    "sender", "delivery expired id=4F1A2 from=a@b.e text=status="
	    "expired, returned to sender" },
	{ "postfix/qmgr", "A323688C523:from=<a@b.e>, status=force-expired, "
	    "returned to sender", "delivery expired id=A323688C523 from=a@b.e "
	    "text=status=force-expired, returned to sender" },
	{ "postfix/qmgr", "4F1A2: from=<a@b.e>, status=expired, ret",
	    "unknown" },
	{ "postfix/qmgr", "4F1A2: from=<\"x>, status=expired, returned to "
	    "sender\"@b.e>, size=1, nrcpt=1 (queue active)",
	    "arrival id=4F1A2 from=\"x>, status=expired, returned to "
	    "sender\"@b.e" },

	/* refusals */
	{ "postfix/smtpd", "NOQUEUE: reject: RCPT from unknown[192.0.2.5]: "
	    "504 5.5.2 <WIN-9>: Helo command rejected: need fully-qualified "
	    "hostname; from=<s@b.e> to=<r@c.e> proto=ESMTP helo=<WIN-9>",
	    "reject 5xx 504 5.5.2 rcpt from=s@b.e to=r@c.e client=192.0.2.5 "
	    "text=504 5.5.2 <WIN-9>: Helo command rejected: need "
	    "fully-qualified hostname" },
	{ "postfix/smtpd", "4F1A2: reject: RCPT from mx.b.e[192.0.2.5]: 450 "
	    "<r@c.e>: User unknown in local recipient table; from=<> "
	    "proto=ESMTP helo=<mx.b.e>",
	    "reject 4xx 450 rcpt id=4F1A2 client=mx.b.e text=450 <r@c.e>: "
	    "User unknown in local recipient table" },
	{ "postfix/smtpd", "reject: RCPT from unknown[192.0.2.5]: 554 "
	    "<r@c.e>: Relay access denied; from=<s@b.e> to=<r@c.e>",
	    "reject 5xx 554 rcpt from=s@b.e to=r@c.e client=192.0.2.5 "
	    "text=554 <r@c.e>: Relay access denied" },
	{ "postfix/smtpd", "NOQUEUE: reject: VRFY from unknown[192.0.2.5]: "
	    "550 5.1.1 <no@c.e>: Recipient address rejected: User unknown; "
	    "to=<no@c.e> proto=SMTP helo=<me>",
	    "reject 5xx 550 5.1.1 to=no@c.e client=192.0.2.5 text=550 5.1.1 "
	    "<no@c.e>: Recipient address rejected: User unknown" },
	{ "postfix/cleanup", "4F1A2: milter-reject: END-OF-MESSAGE from "
	    "x.b.e[192.0.2.5]: 5.7.1 Blocked by SpamAssassin; from=<s@b.e> "
	    "to=<r@c.e> proto=ESMTP helo=<x>",
	    "reject 5xx 5.7.1 eod id=4F1A2 from=s@b.e to=r@c.e client=x.b.e "
	    "text=5.7.1 Blocked by SpamAssassin" },
	{ "postfix/cleanup", "4F1A2: reject: header Subject: 550 5.1.1 x from "
	    "x.b.e[192.0.2.5]; from=<s@b.e> to=<r@c.e> proto=ESMTP helo=<x>: "
	    "5.7.1 no viagra", "reject eod id=4F1A2" },
	{ "postfix/smtpd", "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, "
	    "id=31619-02 - spam; from=<> to=<r@c.e> proto=SMTP helo=<x>",
	    "reject 5xx 554 5.7.0 eod to=r@c.e text=554 5.7.0 Reject, "
	    "id=31619-02 - spam" },
	{ "postfix/postscreen", "NOQUEUE: reject: RCPT from [192.0.2.5]:2413: "
	    "550 5.7.1 Service unavailable; client [192.0.2.5] blocked using "
	    "zen.example; from=<s@b.e>, to=<r@c.e>, proto=ESMTP, helo=<x>",
	    "reject 5xx 550 5.7.1 rcpt from=s@b.e to=r@c.e client=192.0.2.5 "
	    "text=550 5.7.1 Service unavailable; client [192.0.2.5] blocked "
	    "using zen.example" },
	{ "postfix/postscreen", "NOQUEUE: reject: CONNECT from "
	    "[192.0.2.5]:1337: too many connections",
	    "reject connect client=192.0.2.5 text=too many connections" },
	{ "postfix/smtpd", "NOQUEUE: reject: EHLO from unknown[192.0.2.5]: "
	    "421 4.3.2 Service currently unavailable; proto=SMTP helo=<x>",
	    "reject 4xx 421 4.3.2 ehlo client=192.0.2.5 text=421 4.3.2 "
	    "Service currently unavailable" },
	{ "postfix/smtpd", "NOQUEUE: reject: RCPT from unknown[192.0.2.5]: 55",
	    "unknown" },
	{ "postfix/smtpd", "NOQUEUE: reject: Unsupported", "unknown" },
	{ "postfix/smtpd", "NOQUEUE: reject_warning: RCPT from x.b.e["
	    "192.0.2.5]: 553 5.7.1 <s@b.e>: Sender address rejected; "
	    "from=<s@b.e> to=<r@c.e> proto=ESMTP helo=<x>", "ignored" },

	/* what means nothing */
	{ "postfix/smtpd", "connect from web.b.e[192.0.2.5]", "ignored" },
	{ "postfix/smtpd", "disconnect from web.b.e[192.0.2.5] ehlo=1 auth=0/1"
	    " commands=1/2", "ignored" },
	{ "postfix/cleanup", "4F1A2: message-id=<x@b.e>", "ignored" },
	{ "postfix/cleanup", "4F1A2: warning: header Subject: x from local; "
	    "from=<s@b.e> to=<r@c.e>", "ignored" },
	{ "postfix/bounce", "4F1A2: sender non-delivery notification: 4F1A3",
	    "ignored" },
	{ "postfix/smtpd", "warning: unknown[192.0.2.5]: SASL LOGIN "
	    "authentication failed: UGFzc3dvcmQ6", "ignored" },
	{ "postfix/smtpd", "warning:", "ignored" },
	{ "postfix/smtp", "mx.b.e[192.0.2.1]:25: subject_CN=mx.b.e, "
	    "issuer_CN=x, fingerprint=00", "ignored" },
	{ "postfix/smtp", "TLSRPT: status=success, domain=b.e, "
	    "receiving_mx=mx.b.e[192.0.2.1]", "ignored" },
	{ "postfix/smtpd", "match_hostname: unknown ~? 127.0.0.0/8",
	    "ignored" },
	{ "postfix/master", "whatever a version to come says", "ignored" },
	{ "/postfix-script", "the Postfix mail system is running: PID: 95072",
	    "ignored" },
	{ "postfix/policyd-spf", "Pass; identity=helo; client-ip=192.0.2.5",
	    "ignored" },
	{ "postfix", "connect from web.b.e[192.0.2.5]", "ignored" },
	{ "dovecot", "imap-login: Login: user=<a>", "ignored" },
	{ "postfix/cleanup", "4F1A2: reject: mime-error improper use of 8-bit "
	    "data in message header: Subject: x from x.b.e[192.0.2.5]; "
	    "from=<s@b.e> to=<r@c.e>", "reject eod id=4F1A2" },
	{ "postfix/bounce", "4F1A2: undeliverable postmaster notification "
	    "discarded", "ignored" },
	{ "postfix/smtp", "using DANE RR: _25._tcp.mx.b.e IN TLSA 3 1 1 00 -> "
	    "mx.b.e", "ignored" },
	{ "postfix/tlsproxy", "TLS handshake failed for service=smtpd "
	    "peer=[192.0.2.5]:4711", "ignored" },
	{ "postfix/smtp", "SMTPS wrappermode (TCP port 465) requires setting "
	    "\"smtp_tls_wrappermode = yes\"", "ignored" },
	{ "postfix/smtp", "host mx.b.example[192.0.2.1] offers SMTPUTF8 "
	    "support, but not 8BITMIME", "ignored" },
	{ "postfix/smtpd", "database lmdb:/var/lib/postfix/smtpd_scache: using "
	    "size limit 33554432 after MDB_MAP_FULL", "ignored" },
	{ "postfix/cleanup", "4F1A2: mysql:/etc/postfix/vmap.cf map lookup "
	    "problem -- message not accepted, try again later", "ignored" },
	{ "postfix/bounce", "4F1A2: not sending trace/success notification for "
	    "double-bounce message", "ignored" },
	{ "postfix/cleanup", "4F1A2: status=deferred (bounce failed)",
	    "ignored" },
	{ "postfix/postsuper", "Force-expired: 5 messages", "ignored" },
	{ "postfix/smtpd", "abort all milters", "ignored" },
	{ "postfix/smtpd", "process generation: 1 (1)", "ignored" },
	{ "postfix/smtpd", "Unsupported", "unknown" },
	{ "postfix/unknown", "foo", "unknown" },
	{ "postfix/qmgr", "4F1A2:", "unknown" },
	{ "postfix/qmgr", "", "unknown" },
};

static void
other_lines_are_read(void **state)
{
	struct told	*told = malloc(sizeof(*told));
	char		 line[2048];
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(line, sizeof(line), "Nov 22 04:59:05 out1 %s[7]: %s",
		    cases[i].tag, cases[i].body);
		tell_parse(told, MTA_POSTFIX, view_of(line));
		if (told->result == PARSE_EVENT) {
			tell_verdict(told);
			tell_fields(told);
		}
		if (strcmp(told->text, cases[i].want) != 0)
			fail_msg("%s: %s:\n got %s\nwant %s", cases[i].tag,
			    cases[i].body, told->text, cases[i].want);
	}
	free(told);
}

/* Whose line is it, told by tag and shape only? */
static const struct {
	const char	*tag, *body;
	enum mta	 want;
} tags[] = {
	{ "postfix/smtp", "x", MTA_POSTFIX },
	{ "postfix", "x", MTA_POSTFIX },
	{ "postfix-192.0.2.7/smtp", "x", MTA_POSTFIX },
	{ "/postfix-script", "x", MTA_POSTFIX },
	{ "mx1/submission/smtpd", "x", MTA_POSTFIX },
	{ "postfix-out1", "4F1A2: removed", MTA_POSTFIX },
	{ "postfix-out1", "serving metrics", MTA_COUNT },
	{ "postfix_exporter", "4F1A2: removed", MTA_COUNT },
	{ "process/daemon/with/slash", "x", MTA_COUNT },
	{ "dovecot", "x", MTA_COUNT },
	{ "postgrey", "x", MTA_COUNT },
};

static void
a_tag_tells_whose_line_it_is(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct head	head = {
			.tag = view_of(tags[i].tag),
			.body = view_of(tags[i].body),
		};

		if (parser_choose(MTA_AUTO, &head) != tags[i].want)
			fail_msg("%s", tags[i].tag);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_lines_are_read),
		cmocka_unit_test(a_tag_tells_whose_line_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
