/*
 * Sendmail's lines as events: what 8.8 to 8.18 write, and what others put in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "parser.h"

#define TO	"6AM4v0x1000178: to=<a@b.example>, "
#define D	"delay=00:00:07, xdelay=00:00:02, mailer=esmtp, pri=31938, "
#define R	"relay=mx.b.example. [127.20.5.1], "
#define TDR	TO D R

enum { BODY_BYTES = 1024 };

/*
 * An event as one line: kind outcome[!] code enhanced stage relay[ip]
 * sender=... to=... login= user= client= next= : text; "!" marks a delivery
 * that was no attempt. What is empty is left out.
 */
static const struct {
	const char	*what, *body, *want;
} cases[] = {
	/* deliveries */
	{ "sent", TDR "dsn=2.0.0, stat=Sent (Ok: queued as 02A6FTHUXI)",
	    "delivery delivered 250 2.0.0 eod mx.b.example[127.20.5.1] "
	    "to=a@b.example next=02A6FTHUXI: Ok: queued as 02A6FTHUXI" },
	{ "sent, no words", TDR "dsn=2.0.0, stat=Sent",
	    "delivery delivered 250 2.0.0 eod mx.b.example[127.20.5.1] "
	    "to=a@b.example: Sent" },
	{ "old: no dsn=, no pri=", "SAA15929: to=<j@d4.example>, "
	    "ctladdr=<jj@d9.example> (16306/1984), delay=00:00:10, "
	    "xdelay=00:00:09, mailer=esmtp, relay=m.d4.example. [13.0.0.3], "
	    "stat=Sent (Ok)",
	    "delivery delivered 250 2.0.0 eod m.d4.example[13.0.0.3] "
	    "to=j@d4.example user=jj: Ok" },
	{ "deferred with a reply", TDR "dsn=4.7.1, "
	    "stat=Deferred: 450 4.7.1 Client host rejected, [208.100.55.237]",
	    "delivery deferred 450 4.7.1 none mx.b.example[127.20.5.1] "
	    "to=a@b.example: 450 4.7.1 Client host rejected, "
	    "[208.100.55.237]" },
	{ "deferred, first line of a longer reply", TDR "dsn=4.2.1, "
	    "reply=450-4.2.1 The user you, stat=Deferred: 450-4.2.1 The user",
	    "delivery deferred 450 4.2.1 rcpt mx.b.example[127.20.5.1] "
	    "to=a@b.example: 450 4.2.1 The user you" },
	{ "an earlier host's reply behind a refused one",
	    TO D "relay=alt2.b.example., dsn=4.4.1, reply=421 4.7.28 Gmail "
	    "has, stat=Deferred: Connection refused by alt2.b.example.",
	    "delivery deferred 421 4.7.28 none alt2.b.example "
	    "to=a@b.example: 421 4.7.28 Gmail has" },
	{ "a settled recipient's reply is not this one's",
	    TO "delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=1, "
	    "relay=alt2.b.example., dsn=4.4.1, reply=552 5.3.4 Too big, "
	    "stat=Deferred: Connection refused by alt2.b.example.",
	    "delivery deferred! 0 4.4.1 none alt2.b.example "
	    "to=a@b.example: Connection refused by alt2.b.example." },
	{ "connection refused", TDR "dsn=4.0.0, "
	    "stat=Deferred: Connection refused by mx.b.example.",
	    "delivery deferred 0 4.0.0 none mx.b.example[127.20.5.1] "
	    "to=a@b.example: Connection refused by mx.b.example." },
	{ "the same words again, no host was tried", TO "delay=2+15:56:56, "
	    "xdelay=00:00:00, mailer=esmtp, pri=1, relay=mx.b.example., "
	    "dsn=4.0.0, stat=Deferred: Connection refused by mx.b.example.",
	    "delivery deferred! 0 4.0.0 none mx.b.example "
	    "to=a@b.example: Connection refused by mx.b.example." },
	{ "no route took time", TO "delay=16:18:01, xdelay=00:03:09, "
	    "mailer=esmtp, pri=1, relay=b.example., dsn=4.0.0, "
	    "stat=Deferred: b.example.: No route to host",
	    "delivery deferred 0 4.0.0 none b.example to=a@b.example: "
	    "b.example.: No route to host" },
	{ "deferred and nothing else", TO "delay=00:00:00, xdelay=00:00:00, "
	    "mailer=esmtp, pri=127125, relay=mta6.b.example., dsn=4.0.0, "
	    "stat=Deferred",
	    "delivery deferred! 0 4.0.0 none mta6.b.example "
	    "to=a@b.example: Deferred" },
	{ "name server", TO D "relay=b.example., dsn=4.0.0, stat=Deferred: "
	    "Name server: b.example.: host name lookup failure",
	    "delivery deferred 0 4.0.0 none b.example to=a@b.example: "
	    "Name server: b.example.: host name lookup failure" },
	{ "queued", TO "delay=00:00:00, mailer=esmtp, pri=30794, dsn=4.4.3, "
	    "stat=queued", "delivery deferred! 0 4.4.3 none "
	    "to=a@b.example: queued" },
	{ "failed, generic words", TDR "dsn=5.1.1, stat=User unknown",
	    "delivery bounced 0 5.1.1 none mx.b.example[127.20.5.1] "
	    "to=a@b.example: User unknown" },
	{ "failed with reply=", TDR "dsn=5.1.1, reply=550-5.1.1 The email "
	    "account that, stat=User unknown",
	    "delivery bounced 550 5.1.1 rcpt mx.b.example[127.20.5.1] "
	    "to=a@b.example: 550 5.1.1 The email account that" },
	{ "the reply has no enhanced code", TDR "dsn=5.1.1, reply=550, "
	    "stat=User unknown", "delivery bounced 550 5.1.1 rcpt "
	    "mx.b.example[127.20.5.1] to=a@b.example: 550" },
	{ "the sender was refused", TDR "dsn=5.1.7, reply=553 5.1.7 no, "
	    "stat=Data format error", "delivery bounced 553 5.1.7 mail "
	    "mx.b.example[127.20.5.1] to=a@b.example: 553 5.1.7 no" },
	{ "the greeting", TDR "dsn=5.5.0, reply=554 no service, "
	    "stat=Service unavailable", "delivery bounced 554 5.5.0 connect "
	    "mx.b.example[127.20.5.1] to=a@b.example: 554 no service" },
	{ "DATA", TDR "dsn=4.0.0, reply=451 4.3.2 later, "
	    "stat=Deferred: 451 4.3.2 later", "delivery deferred 451 4.3.2 "
	    "data mx.b.example[127.20.5.1] to=a@b.example: 451 4.3.2 later" },
	{ "MAIL without a login", TDR "dsn=5.7.1, reply=530 5.7.1 Auth, "
	    "stat=Service unavailable", "delivery bounced 530 5.7.1 mail "
	    "mx.b.example[127.20.5.1] to=a@b.example: 530 5.7.1 Auth" },
	{ "dsn=4 without the word", TDR "dsn=4.5.0, "
	    "stat=Operating system error",
	    "delivery deferred 0 4.5.0 none mx.b.example[127.20.5.1] "
	    "to=a@b.example: Operating system error" },
	{ "old: tried again by its exit code", "SAA15929: to=<j@d>, "
	    "delay=00:00:10, xdelay=00:00:09, mailer=smtp, "
	    "relay=d. [1.2.3.4], stat=I/O error",
	    "delivery deferred 0 4.0.0 none d[1.2.3.4] to=j@d: I/O error" },
	{ "host unknown", TO D "relay=y, dsn=5.1.2, "
	    "stat=Host unknown (Name server: y: host not found)",
	    "delivery bounced 0 5.1.2 none y to=a@b.example: "
	    "Host unknown (Name server: y: host not found)" },
	{ "a rule set's words, no relay", "qAD0Cg5c013756: to=<a@b.example>, "
	    "delay=00:00:00, pri=30747, stat=Mail Rejected: high volume",
	    "delivery bounced! 0 5.0.0 none to=a@b.example: "
	    "Mail Rejected: high volume" },
	{ "missing comma", TO "delay=3+13:01:56, xdelay=00:01:00, "
	    "mailer=esmtp, pri=45751020, relay=relay_id dsn=4.0.0, "
	    "stat=Deferred: Connection timed out with x.",
	    "delivery deferred 0 4.0.0 none relay_id to=a@b.example: "
	    "Connection timed out with x." },
	{ "several recipients", "6AM4v0x1000178: to=<a@b>,c,<\"d, e\"@f>, " D
	    R "dsn=2.0.0, stat=Sent (ok)",
	    "delivery delivered 250 2.0.0 eod mx.b.example[127.20.5.1] "
	    "to=a@b,c,\"d, e\"@f: ok" },
	{ "the list goes on in another line",
	    "6AM4v0x1000178: to=<a@b>,<c@d>, [more], " D R
	    "dsn=2.0.0, stat=Sent (ok)",
	    "delivery delivered 250 2.0.0 eod mx.b.example[127.20.5.1] "
	    "to=a@b,c@d: ok" },
	{ "no queue id", ": to=<@yahoo.com>, " D R "dsn=5.0.0, "
	    "stat=Service unavailable",
	    "delivery bounced 0 5.0.0 none mx.b.example[127.20.5.1] "
	    "to=@yahoo.com: Service unavailable" },
	{ "to our own daemon", "n3KFZnHK006552: to=x@y.example, "
	    "ctladdr=www-data (33/33), delay=00:00:01, xdelay=00:00:01, "
	    "mailer=relay, pri=30103, relay=[127.0.0.1] [127.0.0.1], "
	    "dsn=2.0.0, stat=Sent (n3KFZnc6006553 Message accepted for "
	    "delivery)", "delivery delivered 250 2.0.0 eod "
	    "127.0.0.1[127.0.0.1] to=x@y.example user=www-data "
	    "next=n3KFZnc6006553: n3KFZnc6006553 Message accepted for "
	    "delivery" },
	{ "local", "6AM4v0x1000178: to=alice, delay=00:00:00, "
	    "xdelay=00:00:00, mailer=local, pri=35123, dsn=2.0.0, stat=Sent",
	    "delivery delivered 0 2.0.0 none local to=alice: Sent" },
	{ "a program", "6AM4v0x1000178: to=\"|/usr/bin/v -a x, y\", "
	    "ctladdr=<u@h> (8/0), delay=00:00:00, xdelay=00:00:00, "
	    "mailer=prog, pri=1, dsn=2.0.0, stat=Sent",
	    "delivery delivered 0 2.0.0 none local "
	    "to=\"|/usr/bin/v -a x, y\" user=u: Sent" },
	{ "a file, TLS fields", "27PNO8ta032355: to=REDACTED, "
	    "ctladdr=<user@example.org> (8/0), delay=00:00:00, "
	    "xdelay=00:00:00, mailer=*file*, tls_verify=NONE, "
	    "tls_version=NONE, cipher=NONE, pri=32434, dsn=2.0.0, stat=Sent",
	    "delivery delivered 0 2.0.0 none local to=REDACTED user=user: "
	    "Sent" },
	{ "IPv6", TO D "relay=gmail-smtp-in.l.google.com. "
	    "[IPv6:2a00:1450:400c:c08:0:0:0:1b], dsn=2.0.0, stat=Sent (ok)",
	    "delivery delivered 250 2.0.0 eod gmail-smtp-in.l.google.com["
	    "2a00:1450:400c:c08:0:0:0:1b] to=a@b.example: ok" },
	{ "relay without a name", TO D "relay= [3.4.5.6], dsn=2.0.0, "
	    "stat=Sent (ok)", "delivery delivered 250 2.0.0 eod "
	    "3.4.5.6[3.4.5.6] to=a@b.example: ok" },
	{ "ntries=", TO D R "dsn=2.0.0, ntries=2, stat=Sent (ok)",
	    "delivery delivered 250 2.0.0 eod mx.b.example[127.20.5.1] "
	    "to=a@b.example: ok" },
	{ "time is up", "6AM50pow000186: 6AM51Ro8000547: return to sender: "
	    "Cannot send message for 5 days",
	    "delivery expired! 0 - none: Cannot send message for 5 days" },
	/* deliveries, hostile */
	{ "fields in an address", "6AM4v0x1000178: to=<\"a>, delay=00:00:00, "
	    "dsn=2.0.0, stat=Sent (\"@b>, " D R "dsn=5.1.1, "
	    "stat=User unknown",
	    "delivery bounced 0 5.1.1 none mx.b.example[127.20.5.1] "
	    "to=\"a>, delay=00:00:00, dsn=2.0.0, stat=Sent (\"@b: "
	    "User unknown" },
	{ "fields in reply=", TDR "dsn=5.7.1, reply=550 5.7.1 no, stat=Sent "
	    "(250 ok), stat=Service unavailable",
	    "delivery bounced 550 5.7.1 none mx.b.example[127.20.5.1] "
	    "to=a@b.example: 550 5.7.1 no" },
	{ "fields in the text", TDR "dsn=4.7.1, stat=Deferred: 451 4.7.1 x, "
	    "dsn=2.0.0, stat=Sent (ok)",
	    "delivery deferred 451 4.7.1 none mx.b.example[127.20.5.1] "
	    "to=a@b.example: 451 4.7.1 x, dsn=2.0.0, stat=Sent (ok)" },
	{ "a code in Sent", TDR "dsn=2.0.0, stat=Sent (dsn=5.1.1, stat=User)",
	    "delivery delivered 250 2.0.0 eod mx.b.example[127.20.5.1] "
	    "to=a@b.example: dsn=5.1.1, stat=User" },
	/* arrivals, removals */
	{ "from the net", "6AM50pRI000172: from=<b-1@shop.example>, "
	    "size=1938, class=0, nrcpts=1, msgid=<lab.32.1@shop.example>, "
	    "proto=ESMTPA, daemon=MTA-v4, relay=web01.shop.example "
	    "[127.2.1.2]", "arrival none 0 - none sender=b-1@shop.example "
	    "client=web01.shop.example: " },
	{ "from the bounce sender", "u1IJTVKD001591: from=<>, size=2172, "
	    "class=0, nrcpts=1, proto=ESMTP, daemon=MTA-v4, "
	    "relay=[127.2.1.5]",
	    "arrival none 0 - none sender= client=127.2.1.5: " },
	{ "from a local user", "n3KFZnHK006552: from=www-data, size=103, "
	    "class=0, nrcpts=1, msgid=<2@m>, relay=www-data@localhost",
	    "arrival none 0 - none sender=www-data user=www-data: " },
	{ "relay in a message id", "6AM50pRI000172: from=<b@s>, size=1, "
	    "class=0, nrcpts=1, msgid=<x, relay=evil [6.6.6.6]>, "
	    "proto=ESMTP, relay=good [127.2.1.2] (may be forged)",
	    "arrival none 0 - none sender=b@s client=good: " },
	{ "login with a queue id", "6AM50pRI000172: AUTH=server, "
	    "relay=web01.shop.example [127.2.1.2], authid=shop@x, "
	    "mech=PLAIN, bits=0", "arrival none 0 - none login=shop@x "
	    "client=web01.shop.example: " },
	{ "login without", "AUTH=server, relay=h [127.2.1.2], authid=shop, "
	    "mech=PLAIN, bits=0", "arrival none 0 - none login=shop "
	    "client=h: " },
	{ "done", "6AM50pRI000172: done; delay=00:00:00, ntries=1",
	    "removal none 0 - none: " },
	/* rejects */
	{ "check_rcpt", "h6RDLNtg011461: ruleset=check_rcpt, "
	    "arg1=<n@d.example>, relay=h.example [66.246.77.42], "
	    "reject=550 5.7.1 <n@d.example>... Relaying denied",
	    "reject none 550 5.7.1 rcpt to=n@d.example client=h.example: "
	    "550 5.7.1 <n@d.example>... Relaying denied" },
	{ "check_relay without queue id", "ruleset=check_relay, "
	    "arg1=[211.228.26.114], arg2=211.228.26.114, "
	    "relay=[211.228.26.114], reject=554 5.7.1 found in a list",
	    "reject none 554 5.7.1 connect client=211.228.26.114: "
	    "554 5.7.1 found in a list" },
	{ "check_mail, hostile", "h6RDLNtg011461: ruleset=check_mail, "
	    "arg1=<\"x, relay=y, reject=250 ok\"@d>, relay=h [6.2.7.4], "
	    "reject=451 4.1.8 does not resolve",
	    "reject none 451 4.1.8 mail sender=\"x, relay=y, reject=250 ok\""
	    "@d client=h: 451 4.1.8 does not resolve" },
	{ "rate limit", "ruleset=check_relay, arg1=h.example, arg2=1.2.3.4, "
	    "relay=h.example [1.2.3.4], reject=421 4.3.2 Connection rate "
	    "limit exceeded.", "reject none 421 4.3.2 connect "
	    "client=h.example: 421 4.3.2 Connection rate limit exceeded." },
	{ "a header's rule set", "mB72JLu5013099: ruleset=CheckSubject, "
	    "arg1=Re: x, relay=y, reject=250 ok, relay=h.example [1.2.3.4], "
	    "reject=553 5.3.5 no", "reject none 553 5.3.5 eod "
	    "client=h.example: 553 5.3.5 no" },
	{ "a judgement of the server we deliver to",
	    "mB72JLu5013099: ruleset=tls_rcpt, arg1=b@s.example, "
	    "relay=smtp2.example., reject=451 4.3.0 Temporary", "ignored" },
	{ "milter after data", "i04Axx2c005759: Milter: data, reject=511 "
	    "Virus found in email!",
	    "reject none 511 - eod: 511 Virus found in email!" },
	{ "milter at RCPT", "i04Axx2c005759: Milter: to=<a@b>, reject=451 "
	    "4.7.1 Greylisted", "reject none 451 4.7.1 rcpt to=a@b: "
	    "451 4.7.1 Greylisted" },
	{ "milter at RCPT, hostile", "i04Axx2c005759: Milter: "
	    "to=<\"a, reject=250 \"@b>, reject=550 5.7.1 no",
	    "reject none 550 5.7.1 rcpt to=\"a, reject=250 \"@b: "
	    "550 5.7.1 no" },
	{ "milter at connect", "NOQUEUE: Milter: connect: host=h.example, "
	    "addr=1.2.3.4, reject=550 5.7.1 no",
	    "reject none 550 5.7.1 connect client=h.example: 550 5.7.1 no" },
	{ "milter at connect, without words", "NOQUEUE: Milter: connect: "
	    "host=h.example, addr=1.2.3.4, rejecting commands",
	    "reject none 554 5.7.1 connect client=h.example: "
	    "rejecting commands" },
	{ "milter at connect, for now", "NOQUEUE: Milter: connect: "
	    "host=h.example, addr=1.2.3.4, temp failing commands",
	    "reject none 451 4.3.2 connect client=h.example: "
	    "temp failing commands" },
	{ "milter at HELO", "i04Axx2c005759: Milter: helo=h.example, "
	    "reject=Command rejected",
	    "reject none 0 - ehlo: Command rejected" },
	{ "milter at DATA", "i04Axx2c005759: Milter: cmd=data, reject=550 "
	    "5.7.1 no", "reject none 550 5.7.1 data: 550 5.7.1 no" },
	{ "milter hangs up", "i04Axx2c005759: Milter: from=<a@b>, "
	    "reject=421, errormode=4", "reject none 421 4.7.0 mail sender=a@b: "
	    "reject=421, errormode=4" },
	{ "the same, by the filter's name", "i04Axx2c005759: milter=grey, "
	    "action=rcpt, reject=451 4.7.1 wait", "ignored" },
	{ "and without words", "i04Axx2c005759: milter=grey, action=mail, "
	    "reject", "ignored" },
	{ "and after the data", "i04Axx2c005759: milter=grey, "
	    "reject=550 5.7.1 no", "ignored" },
	{ "milter adds a header with hostile words", "i04Axx2c005759: Milter "
	    "add: header: X-Spam: , reject=550 5.7.1 no", "ignored" },
	{ "milter changes something", "i04Axx2c005759: Milter: no active "
	    "filter", "ignored" },
	{ "user unknown here", "u1IJTVKB001591: <d@m.example>... User "
	    "unknown", "reject none 550 5.1.1 rcpt to=d@m.example: "
	    "User unknown" },
	{ "login failed", "6AM4v3Gm000337: AUTH failure (PLAIN): "
	    "authentication failure (-13) SASL(-13): x, user=school, "
	    "relay=[127.2.1.5]", "reject none 535 5.7.0 auth "
	    "client=127.2.1.5: AUTH failure (PLAIN): authentication failure "
	    "(-13) SASL(-13): x, user=school" },
	{ "talked too early", "6AM4v3Gm000337: rejecting commands from "
	    "h.example [1.2.3.4] due to pre-greeting traffic after 0 seconds",
	    "reject none 554 5.5.0 connect client=h.example: rejecting "
	    "commands from h.example [1.2.3.4] due to pre-greeting traffic "
	    "after 0 seconds" },
	{ "VRFY", "6AM4v3Gm000337: h.example [1.2.3.4]: VRFY root "
	    "[rejected]", "reject none 0 - none client=h.example: h.example "
	    "[1.2.3.4]: VRFY root [rejected]" },
	{ "VRFY, no name", "6AM4v3Gm000337: [1.2.3.4]: VRFY root "
	    "[rejected]", "reject none 0 - none client=1.2.3.4: "
	    "[1.2.3.4]: VRFY root [rejected]" },
	{ "user unknown here, no brackets", "u1IJTVKB001591: d@m.example... "
	    "User unknown", "reject none 550 5.1.1 rcpt to=d@m.example: "
	    "User unknown" },
	/* shapes that mean nothing */
	{ "bounce made", "l8E3xVpO007423: l8E3xZpO007425: DSN: User unknown",
	    "ignored" },
	{ "delay notice", "6AM4v2il000289: 6AM4vI12000973: sender notify: "
	    "Warning: could not send message for past 4 hours", "ignored" },
	{ "no MAIL", "u1IJU1E8001628: localhost [127.0.0.1] did not issue "
	    "MAIL/EXPN/VRFY/ETRN during connection to MTA-v4", "ignored" },
	{ "split", "u1IJU1E8001628: split: maxrcpts=100, rcpts=200, count=1, "
	    "id1=u1IJU1E8001629", "ignored" },
	{ "bad sender", "u1IJU1E8001628: setsender: a@@b: invalid or "
	    "unparsable, received from x [192.0.2.1]", "ignored" },
	{ "output", "u1IJU1E8001628: putoutmsg (x): error on output channel "
	    "sending \"250 ok\": Broken pipe", "ignored" },
	{ "TLS", "STARTTLS=client, relay=whatever.com., version=TLSv1.3",
	    "ignored" },
	{ "aliases", "/etc/mail/aliases: 3 aliases, longest 22 bytes, 49 "
	    "bytes total", "ignored" },
	{ "protocol trace", "6AM4v3Gm000337: --- 250 2.1.0 <a@b>... Sender "
	    "ok", "ignored" },
	{ "an early reply", "mB72JLu5013099: mx.b.example.: SMTP DATA-1 "
	    "protocol error: 250 ok", "ignored" },
	{ "a header too long", "mB72JLu5013099: header overflow from h.example "
	    "[1.2.3.4] during message collect", "ignored" },
	{ "a header's rule set discards", "mB72JLu5013099: ruleset=CheckSub, "
	    "arg1=Re: x, discard", "ignored" },
	{ "talk on a queue runner", "runqueue /var/spool/mqueue, pid=7, "
	    "forkflag=1", "ignored" },
	{ "a filter that ends", "mB72JLu5013099: Milter read(grey): timeout "
	    "before data read, where=MAIL", "ignored" },
	{ "system error", "mB72JLu5013099: SYSERR(root): hash map", "ignored" },
	/* not understood, or torn */
	{ "torn before stat=", TDR "dsn=2.0.0", "unknown" },
	{ "torn in stat= without dsn=", "SAA15929: to=<j@d>, "
	    "delay=00:00:10, xdelay=00:00:09, mailer=smtp, relay=d., "
	    "stat=Deferre", "unknown" },
	{ "torn address", "6AM4v0x1000178: to=<a@b", "unknown" },
	{ "torn code", "h6RDLNtg011461: ruleset=check_rcpt, arg1=<n@d>, "
	    "relay=h [6.2.7.4], reject=55", "unknown" },
	{ "torn words", "u1IJTVKB001591: <d@m.example>... User unk",
	    "unknown" },
	{ "prose", "6AM4v3Gm000337: hello world", "unknown" },
	{ "empty", "", "unknown" },
};

static void
put(char *buf, const char *label, struct view v)
{
	size_t	n = strlen(buf);

	if (v.n > 0)
		snprintf(buf + n, BODY_BYTES - n, "%s%.*s", label, (int)v.n,
		    v.p);
}

static void
put_recipients(char *buf, const struct mail_event *ev)
{
	struct view	rest = ev->recipients, one;
	const char	*label = " to=";

	while (recipient_next(ev, &rest, &one)) {
		put(buf, label, one);
		label = ",";
	}
}

static void
show(char *buf, enum parse_result result, const struct mail_event *ev)
{
	char	enhanced[16] = "-";

	if (result != PARSE_EVENT) {
		snprintf(buf, BODY_BYTES, "%s",
		    result == PARSE_IGNORED ? "ignored" : "unknown");
		return;
	}
	if (ev->reply.enhanced.class != 0)
		enhanced_print(ev->reply.enhanced, enhanced);
	snprintf(buf, BODY_BYTES, "%s %s%s %u %s %s",
	    event_kind_name(ev->kind), outcome_name(ev->outcome),
	    ev->kind == EVENT_DELIVERY && !ev->attempt ? "!" : "",
	    ev->reply.code, enhanced, stage_name(ev->stage));
	if (ev->relay_kind == RELAY_LOCAL)
		put(buf, " ", VIEW("local"));
	put(buf, " ", ev->relay);
	put(buf, "[", ev->relay_ip);
	if (ev->relay_ip.n > 0)
		put(buf, "", VIEW("]"));
	if (ev->has_sender)
		put(buf, "", VIEW(" sender="));
	put(buf, "", ev->sender);
	put_recipients(buf, ev);
	put(buf, " login=", ev->login);
	put(buf, " user=", ev->user);
	put(buf, " client=", ev->client);
	put(buf, " next=", ev->next_id);
	put(buf, "", VIEW(": "));
	put(buf, "", ev->text);
}

static enum parse_result
parse(struct view body, struct scratch *scratch, struct mail_event *ev)
{
	struct head	head = { .tag = VIEW("sm-mta"), .repeat = 1,
			    .pid = 7, .body = body };

	scratch_reset(scratch);
	return parser_run(MTA_SENDMAIL, &head, scratch, ev);
}

static void
lines_become_events(void **state)
{
	struct scratch		*scratch = malloc(sizeof(*scratch));
	struct mail_event	 ev;
	char			 got[BODY_BYTES];
	size_t			 i;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		show(got, parse(view_of(cases[i].body), scratch, &ev), &ev);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s:\nwant %s\ngot  %s", cases[i].what,
			    cases[i].want, got);
	}
	free(scratch);
}

/*
 * A line that ends too early means the same, less, or nothing: never another
 * kind, outcome or class.
 */
static void
cut_lines_mean_nothing_else(void **state)
{
	struct scratch		*scratch = malloc(sizeof(*scratch));
	struct mail_event	 whole, cut;
	size_t			 i, n;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t			len = strlen(cases[i].body);
		enum parse_result	want = parse(view_of(cases[i].body),
					    scratch, &whole), got;

		for (n = 0; n < len; n++) {
			char *copy = malloc(n + 1);

			assert_non_null(copy);
			memcpy(copy, cases[i].body, n);
			got = parse((struct view){ copy, n }, scratch, &cut);
			if (got == PARSE_EVENT && (want != PARSE_EVENT ||
			    cut.kind != whole.kind ||
			    cut.outcome != whole.outcome ||
			    (cut.kind != EVENT_REJECT &&
			    reply_class_of(&cut.reply) !=
			    reply_class_of(&whole.reply))))
				fail_msg("%s: cut at %zu", cases[i].what, n);
			free(copy);
		}
	}
	free(scratch);
}

static void
recipients_are_counted(void **state)
{
	static const struct {
		const char	*to;
		uint32_t	 count;
	} lists[] = {
		{ "<a@b>", 1 }, { "a", 1 }, { "<a@b>,<c@d>", 2 },
		{ "<a@b>,c,<\"d, e\"@f>", 3 }, { "<a@b>,<c@d>, [more]", 2 },
		{ "<@x,@y:a@b>", 1 }, { "\"|/bin/p -a x, y\"", 1 },
	};
	struct scratch		*scratch = malloc(sizeof(*scratch));
	struct mail_event	 ev;
	char			 body[BODY_BYTES];
	size_t			 i;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		snprintf(body, sizeof(body), "x12345: to=%s, delay=00:00:01, "
		    "mailer=esmtp, dsn=2.0.0, stat=Sent", lists[i].to);
		parse(view_of(body), scratch, &ev);
		if (ev.recipient_count != lists[i].count)
			fail_msg("%s: got %u", lists[i].to,
			    ev.recipient_count);
	}
	free(scratch);
}

static void
durations_are_read(void **state)
{
	struct scratch		*scratch = malloc(sizeof(*scratch));
	struct mail_event	 ev;

	(void)state;
	assert_non_null(scratch);
	parse(view_of("x12345: to=<a@b>, delay=3+13:01:56, xdelay=00:01:02, "
	    "mailer=esmtp, relay=h. [1.2.3.4], dsn=2.0.0, stat=Sent"),
	    scratch, &ev);
	assert_int_equal(ev.delay_ms, 306116000);
	assert_int_equal(ev.transaction_ms, 62000);
	assert_true(view_eq(ev.transport, VIEW("esmtp")));
	assert_true(view_eq(ev.instance, VIEW("sm-mta")));
	assert_int_equal(ev.count, 1);
	free(scratch);
}

static void
owner_is_told_by_tag_and_shape(void **state)
{
	static const struct {
		const char	*line;
		enum mta	 want;
	} lines[] = {
		{ "Nov  1 00:00:00 h sm-msp-queue[1]: x", MTA_SENDMAIL },
		{ "Nov  1 00:00:00 h sendmail[1]: x", MTA_SENDMAIL },
		{ "Nov  1 00:00:00 h postfix/smtp[1]: x", MTA_POSTFIX },
		{ "Nov  1 00:00:00 h exim[1]: x", MTA_EXIM },
		{ "2012-02-13 14:39:28 1RwtEg-0002zL-7C => x", MTA_EXIM },
		{ "Nov  1 00:00:00 h procmail[1]: to=<a>", MTA_COUNT },
		{ "to=<a>, stat=Sent", MTA_COUNT },
	};
	struct scratch	*scratch = malloc(sizeof(*scratch));
	struct head	 head;
	size_t		 i;

	(void)state;
	assert_non_null(scratch);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		scratch_reset(scratch);
		head_parse(view_of(lines[i].line), scratch, NULL, &head);
		if (parser_choose(MTA_AUTO, &head) != lines[i].want)
			fail_msg("%s", lines[i].line);
	}
	assert_int_equal(parser_mta_by_name(VIEW("auto")), MTA_AUTO);
	assert_int_equal(parser_mta_by_name(VIEW("exim")), MTA_EXIM);
	assert_int_equal(parser_mta_by_name(VIEW("qmail")), -1);
	free(scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_become_events),
		cmocka_unit_test(cut_lines_mean_nothing_else),
		cmocka_unit_test(recipients_are_counted),
		cmocka_unit_test(durations_are_read),
		cmocka_unit_test(owner_is_told_by_tag_and_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
