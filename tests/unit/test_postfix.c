/*
 * Postfix: one line, one event, whatever the version and the text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tell.h"

#define SMTP	"postfix/smtp"
#define GM	"relay=gmail-smtp-in.l.google.com[192.0.2.1]:25"
#define TIMES	"delay=3.4, delays=0.1/0.2/1.1/2"
#define SAID	"host gmail-smtp-in.l.google.com[192.0.2.1] said: "

static const struct {
	const char	*what, *tag, *body, *want;
} cases[] = {
	/* deliveries by smtp */
	{ "sent", SMTP, "4F1A2: to=<a@b.example>, " GM ", " TIMES
	    ", dsn=2.0.0, status=sent (250 2.0.0 OK  1 x - gsmtp)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=250 2.0.0 OK  1 x - gsmtp" },
	{ "refused at RCPT", SMTP, "4F1A2: to=<a@b.example>, " GM ", " TIMES
	    ", dsn=5.1.1, status=bounced (" SAID "550 5.1.1 <a@b.example> no "
	    "(in reply to RCPT TO command))",
	    "delivery bounced 5xx 550 5.1.1 rcpt attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=550 5.1.1 <a@b.example> no" },
	{ "several lines, dsn of the last", SMTP, "4F1A2: to=<a@b.example>, "
	    GM ", " TIMES ", dsn=5.2.2, status=bounced (" SAID
	    "550-5.7.1 x 554 5.2.2 y (in reply to end of DATA command))",
	    "delivery bounced 5xx 550 5.7.1 eod attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=550-5.7.1 x 554 5.2.2 y" },
	{ "no enhanced code: dsn's", SMTP, "4F1A2: to=<a@b.example>, " GM ", "
	    TIMES ", dsn=4.0.0, status=deferred (" SAID
	    "451 later (in reply to MAIL FROM command))",
	    "delivery deferred 4xx 451 4.0.0 mail attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=451 later" },
	{ "bare code", SMTP, "4F1A2: to=<a@b.example>, " GM ", " TIMES
	    ", dsn=5.0.0, status=bounced (" SAID
	    "550 (in reply to RCPT TO command))",
	    "delivery bounced 5xx 550 5.0.0 rcpt attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=550" },
	{ "no SMTP reply at all", SMTP, "4F1A2: to=<a@b.example>, " GM ", "
	    TIMES ", dsn=5.5.0, status=bounced (Protocol error: " SAID
	    "999 what (in reply to RCPT TO command))",
	    "delivery bounced 5xx 5.5.0 rcpt attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=Protocol error: " SAID "999 what (in reply to RCPT TO "
	    "command)" },
	{ "greeting: another host than relay=", SMTP, "4F1A2: to=<a@b.example>"
	    ", " GM ", " TIMES ", dsn=4.7.0, status=deferred (host "
	    "mx2.example[192.0.2.2] refused to talk to me: 554 5.7.0 no)",
	    "delivery deferred 5xx 554 5.7.0 connect attempt id=4F1A2 "
	    "to=a@b.example relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=554 5.7.0 no" },
	{ "the words of a suffix in the greeting", SMTP, "4F1A2: to=<a@b.e>, "
	    GM ", " TIMES ", dsn=4.7.0, status=deferred (host x[192.0.2.2] "
	    "refused to talk to me: 421 no (in reply to RCPT TO command))",
	    "delivery deferred 4xx 421 4.7.0 connect attempt id=4F1A2 "
	    "to=a@b.e relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=421 no (in reply to RCPT TO command)" },
	{ "smarthost refuses the login", SMTP, "4F1A2: to=<a@b.e>, " GM ", "
	    TIMES ", dsn=4.7.8, status=deferred (SASL authentication failed; "
	    "server h.example[192.0.2.3] said: 535 5.7.8 Error)",
	    "delivery deferred 5xx 535 5.7.8 auth attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=535 5.7.8 Error" },
	{ "STARTTLS refused", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=4.7.4, status=deferred (TLS is required, but host "
	    "h.example[192.0.2.3] refused to start TLS: 454 4.7.0 not now)",
	    "delivery deferred 4xx 454 4.7.0 starttls attempt id=4F1A2 "
	    "to=a@b.e relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=454 4.7.0 not now" },
	{ "no answer", SMTP, "4F1A2: to=<a@b.e>, relay=none, " TIMES
	    ", dsn=4.4.1, status=deferred (connect to b.e[192.0.2.9]:25: "
	    "Connection timed out)",
	    "delivery deferred 4xx 4.4.1 connect attempt id=4F1A2 to=a@b.e "
	    "text=connect to b.e[192.0.2.9]:25: Connection timed out" },
	{ "lost in the middle", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=4.4.2, status=deferred (lost connection with "
	    "b.e[192.0.2.9] while sending RCPT TO)",
	    "delivery deferred 4xx 4.4.2 rcpt attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=lost connection with b.e[192.0.2.9] while sending RCPT TO" },
	{ "timed out at the greeting", SMTP, "4F1A2: to=<a@b.e>, " GM ", "
	    TIMES ", dsn=4.4.2, status=deferred (conversation with "
	    "b.e[192.0.2.9] timed out while receiving the initial server "
	    "greeting)",
	    "delivery deferred 4xx 4.4.2 connect attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=conversation with b.e[192.0.2.9] timed out while receiving "
	    "the initial server greeting" },
	{ "DNS", SMTP, "4F1A2: to=<a@b.e>, relay=none, " TIMES ", dsn=5.4.4, "
	    "status=bounced (Host or domain name not found. Name service "
	    "error for name=b.e type=A: Host not found)",
	    "delivery bounced 5xx 5.4.4 attempt id=4F1A2 to=a@b.e text=Host "
	    "or domain name not found. Name service error for name=b.e "
	    "type=A: Host not found" },
	{ "TLS policy, reuse, original recipient", SMTP, "4F1A2: to=<a@b.e>, "
	    "orig_to=<z@y.e>, " GM ", conn_use=3, " TIMES
	    ", tls=dane/!requiretls:nocertmatch, dsn=2.1.5, status=sent "
	    "(250 2.0.0 Ok: queued as 153053D)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 "
	    "next=153053D to=a@b.e relay=gmail-smtp-in.l.google.com "
	    "ip=192.0.2.1 text=250 2.0.0 Ok: queued as 153053D" },
	{ "a field of a version to come", SMTP, "4F1A2: to=<a@b.e>, " GM ", "
	    TIMES ", quic=yes, dsn=2.1.5, status=sent (250 ok)",
	    "delivery delivered 2xx 250 2.1.5 eod attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=250 ok" },
	{ "content filter", SMTP, "4F1A2: to=<a@b.e>, "
	    "relay=127.0.0.1[127.0.0.1]:10024, " TIMES ", dsn=2.0.0, "
	    "status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): "
	    "250 2.0.0 Ok: queued as 2F01D1855DB2)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 "
	    "next=2F01D1855DB2 to=a@b.e relay=127.0.0.1 ip=127.0.0.1 "
	    "text=250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: "
	    "queued as 2F01D1855DB2" },
	{ "Postfix 1: no dsn=, no delays=", SMTP, "4F1A2: to=<a@b.e>, "
	    "relay=none, delay=46, status=deferred (connect to 192.0.2.1["
	    "192.0.2.1]: No route to host)",
	    "delivery deferred connect attempt id=4F1A2 to=a@b.e text=connect "
	    "to 192.0.2.1[192.0.2.1]: No route to host" },
	{ "recipient without brackets", SMTP, "4F1A2: to=a@b.e, " GM ", "
	    TIMES ", dsn=2.0.0, status=sent (250 ok)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=250 ok" },
	{ "recipient without to=", SMTP, "4F1A2: a@b.e, " GM ", " TIMES
	    ", dsn=2.0.0, status=sent (250 ok)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=250 ok" },
	{ "soft bounce", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=5.1.1, status=SOFTBOUNCE (" SAID "550 5.1.1 no (in reply "
	    "to RCPT TO command))",
	    "delivery deferred 5xx 550 5.1.1 rcpt attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 "
	    "text=550 5.1.1 no" },
	{ "IPv6, a dot behind the name", SMTP, "4F1A2: to=<a@b.e>, "
	    "relay=mx.b.e.[2001:db8::1]:25, " TIMES
	    ", dsn=2.0.0, status=sent (250 ok)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 to=a@b.e "
	    "relay=mx.b.e ip=2001:db8::1 text=250 ok" },
	{ "a number behind the parenthesis", SMTP, "4F1A2: to=<a@b.e>, " GM
	    ", " TIMES ", dsn=2.0.0, status=sent (250 ok) 294",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=250 ok" },

	/* other services */
	{ "suspended: no attempt", "postfix/error", "4F1A2: to=<a@b.e>, "
	    "relay=none, " TIMES ", dsn=4.7.0, status=deferred (delivery "
	    "temporarily suspended: host x[192.0.2.2] refused to talk to me: "
	    "421 4.7.0 busy)",
	    "delivery deferred 4xx 421 4.7.0 connect id=4F1A2 to=a@b.e "
	    "text=421 4.7.0 busy" },
	{ "suspended by the client itself", SMTP, "4F1A2: to=<a@b.e>, "
	    "relay=none, " TIMES ", dsn=4.4.2, status=deferred (delivery "
	    "temporarily suspended: lost connection with x[192.0.2.2] while "
	    "receiving the initial server greeting)",
	    "delivery deferred 4xx 4.4.2 connect id=4F1A2 to=a@b.e "
	    "text=delivery temporarily suspended: lost connection with "
	    "x[192.0.2.2] while receiving the initial server greeting" },
	{ "by the queue manager", "postfix/qmgr", "4F1A2: to=<a@b.e>, "
	    "relay=none, " TIMES ", dsn=4.3.0, status=deferred (mail "
	    "transport unavailable)",
	    "delivery deferred 4xx 4.3.0 id=4F1A2 to=a@b.e text=mail "
	    "transport unavailable" },
	{ "local", "postfix/local", "4F1A2: to=<a@b.e>, orig_to=<root>, "
	    "relay=local, " TIMES ", dsn=2.0.0, status=sent (delivered to "
	    "mailbox)",
	    "delivery delivered 2xx 2.0.0 attempt id=4F1A2 to=a@b.e "
	    "text=delivered to mailbox" },
	{ "forwarded", "postfix/local", "4F1A2: to=<a@b.e>, relay=local, "
	    TIMES ", dsn=2.0.0, status=sent (forwarded as 3mLQKK4rDdz7sVS)",
	    "delivery delivered 2xx 2.0.0 attempt id=4F1A2 "
	    "next=3mLQKK4rDdz7sVS to=a@b.e text=forwarded as "
	    "3mLQKK4rDdz7sVS" },
	{ "a pipe's output is no reply", "postfix/pipe", "4F1A2: to=<a@b.e>, "
	    "relay=dovecot, " TIMES ", dsn=5.3.0, status=bounced (550 5.1.1 "
	    "no such user)",
	    "delivery bounced 5xx 5.3.0 attempt id=4F1A2 to=a@b.e text=550 "
	    "5.1.1 no such user" },
	{ "LMTP over a socket", "postfix/lmtp", "4F1A2: to=<a@b.e>, "
	    "relay=mail.b.e[private/dovecot-lmtp], " TIMES ", dsn=2.0.0, "
	    "status=sent (250 2.0.0 <a@b.e> abc Saved)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 to=a@b.e "
	    "relay=mail.b.e text=250 2.0.0 <a@b.e> abc Saved" },
	{ "renamed service and instance", "postfix-192.0.2.7/relay/smtp",
	    "4F1A2: to=<a@b.e>, " GM ", " TIMES ", dsn=2.0.0, status=sent "
	    "(250 ok)",
	    "delivery delivered 2xx 250 2.0.0 eod attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=250 ok" },
	{ "RFC 5424: no service", "postfix", "4F1A2: to=<a@b.e>, relay=none, "
	    TIMES ", dsn=4.4.1, status=deferred (connect to b.e[192.0.2.9]:25:"
	    " Connection refused)",
	    "delivery deferred 4xx 4.4.1 connect attempt id=4F1A2 to=a@b.e "
	    "text=connect to b.e[192.0.2.9]:25: Connection refused" },
	{ "a probe that was refused", SMTP, "4F1A2: to=<a@b.e>, " GM ", "
	    TIMES ", dsn=5.1.1, status=undeliverable (" SAID "550 5.1.1 no "
	    "(in reply to RCPT TO command))",
	    "hop 5xx 550 5.1.1 rcpt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=550 5.1.1 "
	    "no" },
	{ "a probe that was not", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=2.1.5, status=deliverable (250 2.1.5 Ok)", "ignored" },
	{ "a probe of our own table", "postfix/virtual", "4F1A2: to=<a@b.e>, "
	    "relay=none, " TIMES ", dsn=5.1.1, "
	    "status=undeliverable-but-not-cached (User unknown in virtual "
	    "alias table)", "ignored" },

	/* cut lines */
	{ "no status", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=2.0.0, stat", "unknown" },
	{ "cut before the code", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=5.0.0, status=bounced (" SAID "55", "unknown" },
	{ "cut within the enhanced code", SMTP, "4F1A2: to=<a@b.e>, " GM ", "
	    TIMES ", dsn=5.7.26, status=bounced (" SAID "550 5.7.2",
	    "unknown" },
	{ "cut behind the codes", SMTP, "4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=5.7.26, status=bounced (" SAID "550 5.7.26 This ma",
	    "delivery bounced 5xx 550 5.7.26 attempt id=4F1A2 to=a@b.e "
	    "relay=gmail-smtp-in.l.google.com ip=192.0.2.1 text=550 5.7.26 "
	    "This ma" },
	{ "no delay: no delivery line", SMTP, "4F1A2: to=<a>, relay=x, "
	    "dsn=2.0.0, status=sent (250 ok)", "unknown" },
};

/* tests/unit/tell.h writes the verdict first and the fields behind it. */
static void
a_line_is_one_event(void **state)
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
			fail_msg("%s:\n got %s\nwant %s", cases[i].what,
			    told->text, cases[i].want);
	}
	free(told);
}

static void
times_are_read(void **state)
{
	struct told	*told = malloc(sizeof(*told));

	(void)state;
	tell_parse(told, MTA_POSTFIX, VIEW("Nov 22 04:59:05 out1 "
	    "postfix-out1/relay/smtp[7]: 4F1A2: to=<a@b.e>, " GM ", " TIMES
	    ", dsn=2.0.0, status=sent (250 ok)"));
	assert_int_equal(told->result, PARSE_EVENT);
	assert_int_equal(told->event.delay_ms, 3400);
	assert_int_equal(told->event.transaction_ms, 3100);
	assert_int_equal(told->event.recipient_count, 1);
	assert_true(view_eq(told->event.instance, VIEW("postfix-out1")));
	assert_true(view_eq(told->event.service, VIEW("relay/smtp")));
	free(told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_one_event),
		cmocka_unit_test(times_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
