/*
 * Exim: every kind of line, old and new forms, and what is torn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "attack.h"
#include "exim_show.h"

static const struct {
	const char	*what, *line, *want;
} cases[] = {
	{ "delivered with confirmation",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=dnslooku"
	    "p T=remote_smtp H=mx.b.example [192.0.2.1] C=\"250 2.0.0 Ok: q"
	    "ueued as 934AC7BFEA7\"",
	    "event=delivery|outcome=delivered|attempt=1|code=250|enhanced=2"
	    ".0.0|class=2xx|stage=eod|id=1xUzfI-00003I-1i|count=1|to=a@b.ex"
	    "ample|kind=host|relay=mx.b.example|ip=192.0.2.1|transport=remo"
	    "te_smtp|next=934AC7BFEA7|nobody=|text=250 2.0.0 Ok: queued as "
	    "934AC7BFEA7" },
	{ "long id, pid, milliseconds, zone, all fields",
	    "2026-11-01 10:00:00.123 +0200 [77] 1vnK2E-00000002Cfc-2ahs => "
	    "a@b.example <Alias@b.example> F=<s@x.example> P=<r@x.example> "
	    "R=dnslookup T=remote_smtp S=2297 H=mx.b.example [192.0.2.1]:25"
	    "* I=[192.0.2.9]:40000 X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=d"
	    "ane DN=\"C=US,O=B, Inc.,CN=mx\" A=plain:me L K C=\"250 OK id=1"
	    "WSTcz-0002ft-2W\" QT=15m19s DT=1.5s",
	    "outcome=delivered|id=1vnK2E-00000002Cfc-2ahs|to=a@b.example|fr"
	    "om=s@x.example|relay=mx.b.example|ip=192.0.2.1|local=192.0.2.9"
	    "|next=1WSTcz-0002ft-2W|delay=919000|took=1500|code=250" },
	{ "another recipient",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i -> a@b.example R=dnslooku"
	    "p T=remote_smtp H=mx.b.example [192.0.2.1]* C=\"250 ok\"",
	    "event=delivery|outcome=delivered|code=250|ip=192.0.2.1|relay=m"
	    "x.b.example" },
	{ "cutthrough",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i >> a@b.example R=dnslooku"
	    "p T=remote_smtp H=mx.b.example [192.0.2.1] C=\"250 ok\"",
	    "event=delivery|outcome=delivered|code=250" },
	{ "suppressed",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i *> a@b.example R=dnslooku"
	    "p T=remote_smtp H=mx.b.example [192.0.2.1]",
	    "ignored" },
	{ "return path only",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example P=<> R=r T"
	    "=remote_smtp H=mx [192.0.2.1]",
	    "from=" },
	{ "IPv6",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx.b.example [2001:db8::1]:25 C=\"250 ok\"",
	    "ip=2001:db8::1" },
	{ "DNSSEC mark, connection reused, fast open, proxy",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx.b.example DS [192.0.2.1]* PRX=[192.0.2.7]:1080 TF"
	    "O* X=TLS1.3:X:256* CV=yes C=\"250 ok\"",
	    "relay=mx.b.example|ip=192.0.2.1|code=250" },
	{ "no name, only HELO",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=(relay.example) [192.0.2.1] C=\"250 ok\"",
	    "relay=relay.example|ip=192.0.2.1" },
	{ "trailing dot",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx.b.example. [192.0.2.1] C=\"250 ok\"",
	    "relay=mx.b.example" },
	{ "confirmation with escapes",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx [192.0.2.1] C=\"250-2.0.0 \\\"so\\\"\\\\n250 2.0."
	    "0 back\\\\slash Empf\\\\303\\\\244nger\"",
	    "code=250|text=250-2.0.0 \"so\"\n250 2.0.0 back\\slash Empf\303"
	    "\244nger" },
	{ "next id of Sendmail",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx [192.0.2.1] C=\"250 2.0.0 n3KFZnc6006553 Message "
	    "accepted for delivery\"",
	    "next=n3KFZnc6006553" },
	{ "mailbox",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => alice <alice@local.exa"
	    "mple> R=localuser T=local_delivery",
	    "outcome=delivered|attempt=1|kind=local|to=alice@local.example|"
	    "code=0|class=none|stage=none|relay=" },
	{ "virtual mailbox",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@v.example F=<x@y.exa"
	    "mple> R=virtual_user T=virtual_localdelivery S=1234",
	    "kind=local|to=a@v.example" },
	{ "unknown transport without host is local when delivered",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@v.example R=u T=stor"
	    "e",
	    "kind=local" },
	{ "remote transport without host is torn",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@v.example R=u "
	    "T=remote_smtp",
	    "unknown" },
	{ "no confirmation, but a host",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@v.example R=u "
	    "T=remote_smtp H=mx [192.0.2.1]", "code=0|class=2xx|stage=none" },
	{ "LMTP over a socket",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => bob <bob@v.example> R="
	    "u T=lmtp C=\"250 2.0.0 <bob> x Saved\"",
	    "kind=socket|code=250|to=bob@v.example" },
	{ "discarded",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => :blackhole: <black@loc"
	    "al.example> R=aliases",
	    "kind=local|to=black@local.example|outcome=delivered" },
	{ "discarded by a filter",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => discarded <a@local.exa"
	    "mple> R=userforward",
	    "kind=local|to=a@local.example" },
	{ "discarded by an ACL",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => blackhole (DATA ACL di"
	    "scarded recipients)",
	    "ignored" },
	{ "discarded by an ACL that says why",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => blackhole (MAIL ACL di"
	    "scarded recipients): we know you",
	    "ignored" },
	{ "pipe",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => |/usr/bin/mailin --to "
	    "R=x <foi@v.example> F=<m@b.example> R=userforward T=address_pi"
	    "pe S=31362 QT=22s DT=21s",
	    "kind=local|to=foi@v.example|transport=address_pipe|took=21000|"
	    "delay=22000" },
	{ "file",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => /home/x/mail dir/in (p"
	    "arent@v.example) <x@v.example> R=f T=address_file",
	    "kind=local|to=x@v.example" },
	{ "autoreply",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => >you@c.example <x@v.ex"
	    "ample> R=vacation T=vacation_reply",
	    "kind=local|to=x@v.example" },
	{ "blanks in the local part",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => sales team@acme.exampl"
	    "e <\"Sales Team\"@acme.example> R=dnslookup T=remote_smtp H=mx"
	    ".acme.example [192.0.2.1] C=\"250 ok\"",
	    "to=sales team@acme.example|relay=mx.acme.example" },
	{ "all parents",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example (list@v.ex"
	    "ample, old@v.example) <x@v.example> R=r T=remote_smtp H=mx [19"
	    "2.0.2.1] C=\"250 ok\"",
	    "to=a@b.example|relay=mx" },
	{ "field of a later version",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx [192.0.2.1] Zz=new C=\"250 ok\"",
	    "code=250" },
	{ "fields in another order",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example C=\"250 2."
	    "0.0 ok\" DT=2s H=mx [192.0.2.1] T=remote_smtp QT=1w1d1h1m1s R="
	    "r F=<s@x>",
	    "code=250|took=2000|delay=694861000|relay=mx|from=s@x" },
	{ "confirmation that is no success",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx [192.0.2.1] C=\"550 no\"",
	    "outcome=delivered|code=0|class=2xx" },
	{ "deferred by a reply",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=dnslooku"
	    "p T=remote_smtp defer (-44) H=mx.b.example [192.0.2.1]: SMTP e"
	    "rror from remote mail server after RCPT TO:<a@b.example>: 450 "
	    "4.2.1 slow down",
	    "outcome=deferred|attempt=1|code=450|enhanced=4.2.1|class=4xx|s"
	    "tage=rcpt|relay=mx.b.example|text=450 4.2.1 slow down" },
	{ "deferred, old form",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=dnslooku"
	    "p T=remote_smtp defer (-44): SMTP error from remote mail serve"
	    "r after RCPT TO:<a@b.example>: host mx.b.example [192.0.2.1]: "
	    "450 4.2.1 slow",
	    "code=450|relay=mx.b.example|ip=192.0.2.1|kind=host|text=450 4."
	    "2.1 slow" },
	{ "deferred, DT before the text",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-46) H=mx [192.0.2.1]:25 I=[192.0.2.9]:4 DT=0.0"
	    "90s: SMTP error from remote mail server after pipelined DATA: "
	    "451 4.3.2 later",
	    "code=451|stage=data|took=90|local=192.0.2.9" },
	{ "bracket left open",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-44) H=(relay.test) [4.4.4.4: SMTP error from r"
	    "emote mail server after RCPT TO:<a@b.example>: 450 4.7.1 no",
	    "code=450|relay=relay.test|ip=4.4.4.4" },
	{ "refused",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (111): Connection refused",
	    "outcome=deferred|attempt=1|code=0|class=none|stage=connect|kin"
	    "d=none|text=Connection refused" },
	{ "refused, host named",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (111): Connection refused H=alt1.mx [192.0.2.1]:"
	    "25 DT=0.000s",
	    "relay=alt1.mx|stage=connect|text=Connection refused|took=0" },
	{ "timeout, both texts",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (110): Connection timed out H=mx [192.0.2.1]: SM"
	    "TP timeout after end of data (2096 bytes written)",
	    "stage=eod|text=SMTP timeout after end of data (2096 bytes writ"
	    "ten)" },
	{ "timeout, old form",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (60): Operation timed out: SMTP timeout while co"
	    "nnected to mx.b [192.0.2.1] after initial connection",
	    "stage=connect|relay=mx.b|ip=192.0.2.1" },
	{ "closed",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-18) H=mx [192.0.2.1]: Remote host closed conne"
	    "ction in response to initial connection",
	    "stage=connect|code=0|attempt=1" },
	{ "closed, old form",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-18): Remote host mx.b [192.0.2.1] closed conne"
	    "ction in response to end of data",
	    "stage=eod|relay=mx.b" },
	{ "EHLO's reply behind HELO",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-18) H=mx [192.0.2.1]: Remote host closed conne"
	    "ction in response to HELO out1.example (EHLO response was: 421"
	    " 4.3.2 too busy)",
	    "code=421|enhanced=4.3.2|stage=ehlo|text=421 4.3.2 too busy" },
	{ "LMTP for each recipient",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=lmtp T=l"
	    "mtp defer (0) H=lm [192.0.2.1]: LMTP error after DATA: 452 4.2"
	    ".2 full",
	    "code=452|stage=eod|relay=lm" },
	{ "LMTP over a pipe",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=lmtp T=l"
	    "mtp defer (0): LMTP error after end of data: 452 4.2.2 full",
	    "code=452|kind=socket" },
	{ "TLS demanded",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-38) H=mx [192.0.2.1]: a TLS session is require"
	    "d, but the server did not offer TLS support",
	    "stage=starttls|code=0" },
	{ "host retry time",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-54): retry time not reached for any host for '"
	    "b.example'",
	    "outcome=deferred|attempt=0|code=0|kind=none" },
	{ "host retry time, other number",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-1): retry time not reached for any host",
	    "attempt=0" },
	{ "routing retry time",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example routing de"
	    "fer (-52) DT=0.000s: retry time not reached",
	    "attempt=0|outcome=deferred|took=0" },
	{ "local retry time",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=localuse"
	    "r T=local_delivery defer (-53) DT=0.000s: Retry time not yet r"
	    "eached",
	    "attempt=0|kind=local" },
	{ "queue only",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-1): domain matches queue_smtp_domains, or -odq"
	    "s set",
	    "attempt=0" },
	{ "DNS",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=dnslooku"
	    "p defer (-1): host lookup did not complete",
	    "attempt=1|code=0|kind=none|text=host lookup did not complete" },
	{ "quota",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=localuse"
	    "r T=local_delivery defer (-22): mailbox is full (MTA-imposed q"
	    "uota exceeded while writing to /m)",
	    "kind=local|attempt=1" },
	{ "AUTH in MAIL FROM",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example R=d T=remo"
	    "te_smtp defer (-45) H=mx [192.0.2.1]: SMTP error from remote m"
	    "ail server after pipelined MAIL FROM:<s@x> SIZE=3074 AUTH=s@x:"
	    " 451 4.3.0 no",
	    "stage=mail|code=451" },
	{ "cause without host",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i == a@b.example T=smtp def"
	    "er (145): Connection timed out",
	    "kind=none|stage=connect" },
	{ "bounced by a reply of several lines",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp H=mx [192.0.2.1] X=TLS1.3:A:256 CV=no: SMTP error from"
	    " remote mail server after RCPT TO:<a@b.example>: 550-5.1.1 The"
	    " account\\n550 5.1.1 gone \\303\\244",
	    "outcome=bounced|attempt=1|code=550|enhanced=5.1.1|stage=rcpt|t"
	    "ext=550-5.1.1 The account\n550 5.1.1 gone \303\244" },
	{ "bounced, DT behind the text",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example F=<s@x> R="
	    "d T=remote_smtp H=mx [192.0.2.1]: SMTP error from remote mail "
	    "server after end of data: 554 5.2.0 full [504] DT=1m2s",
	    "code=554|took=62000|text=554 5.2.0 full [504]|from=s@x" },
	{ "bounced, old mailer",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp: SMTP error from remote mailer after RCPT TO:<a@b.exam"
	    "ple>: host mx.b [192.0.2.1]: 550 Mailbox unavailable",
	    "code=550|relay=mx.b" },
	{ "bare code",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp H=mx [192.0.2.1]: SMTP error from remote mail server a"
	    "fter RCPT TO:<a@b.example>: 550",
	    "code=550|text=550" },
	{ "no code",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp H=mx [192.0.2.1]: SMTP error from remote mail server a"
	    "fter RCPT TO:<a@b.example>: 999 odd",
	    "code=0|outcome=bounced|stage=rcpt" },
	{ "PRDR",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp H=mx [192.0.2.1]: PRDR error after DATA: 550 5.7.1 no",
	    "code=550|stage=eod" },
	{ "not routed",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example: Unrouteab"
	    "le address",
	    "outcome=bounced|attempt=1|code=0|kind=none|text=Unrouteable ad"
	    "dress" },
	{ "not routed, DT",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example F=<s@x>: a"
	    "ll relevant MX records point to non-existent hosts DT=0.000s",
	    "text=all relevant MX records point to non-existent hosts|took="
	    "0" },
	{ "retry timeout",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example: retry tim"
	    "eout exceeded",
	    "outcome=expired|attempt=0|code=0" },
	{ "retry timeout, whatever follows",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example: retry tim"
	    "eout exceeded, DT=3",
	    "outcome=expired|attempt=0|code=0" },
	{ "retry timeout, quoted local part",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** \"Sales Team\"@b.example"
	    ": retry timeout exceeded",
	    "outcome=expired|to=\"Sales Team\"@b.example" },
	{ "retry timeout of a child",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example <list@v.ex"
	    "ample>: retry timeout exceeded",
	    "outcome=expired|to=a@b.example" },
	{ "all hosts failing",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp: all hosts for 'b.example' have been failing for a lon"
	    "g time (and retry time not reached)",
	    "outcome=expired|attempt=0" },
	{ "all hosts failing, old",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp: retry time not reached for any host after a long fail"
	    "ure period",
	    "outcome=expired|attempt=0" },
	{ "pipe failed",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** |/bin/false <list@loca"
	    "l.example> R=aliases T=address_pipe: Child process of address_"
	    "pipe transport returned 1 from command: /bin/false",
	    "outcome=bounced|kind=local|to=list@local.example" },
	{ "alias says no",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@local.example R=alia"
	    "ses: this user has left",
	    "outcome=bounced|text=this user has left" },
	{ "arrival",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= s@x.example H=mail.x.e"
	    "xample [192.0.2.3]:55 I=[192.0.2.9]:25 P=esmtpsa X=TLS1.3:A:25"
	    "6 CV=no A=plain_server:shop S=6318 M8S=0 RT=0.000s id=lab.1@x."
	    "example T=\"Test \\\"1\\\"\" from <s@x.example> for p@y.exampl"
	    "e",
	    "event=arrival|from=s@x.example|login=shop|client=mail.x.exampl"
	    "e|local=192.0.2.9|id=1xUzfI-00003I-1i|to=" },
	{ "arrival of a bounce",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= <> R=1jmFYj-00039V-QX "
	    "U=Debian-exim P=local S=8656",
	    "event=arrival|from=|user=Debian-exim|login=" },
	{ "arrival, quoted sender",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= \"Sales Team\"@x.examp"
	    "le U=webuser P=local S=5 id=a@b",
	    "from=\"Sales Team\"@x.example|user=webuser" },
	{ "arrival, HELO only",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= s@x.example H=(mail) ["
	    "192.0.2.3] P=smtp S=7386",
	    "client=192.0.2.3" },
	{ "arrival, login with sender",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= s@x.example H=a (b) [1"
	    "92.0.2.3] P=esmtpa A=login:me@x.example:s@x.example S=1",
	    "login=me@x.example|client=a" },
	{ "arrival, login with blanks",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= s@x.example H=a [192.0"
	    ".2.3] P=esmtpa A=login:jo van x S=1",
	    "login=jo van x" },
	{ "arrival, pipelining marks",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= s@x.example H=a [192.0"
	    ".2.3] P=esmtp L.- K PRDR S=1",
	    "event=arrival" },
	{ "fake reject",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i (= s@x.example H=a [192.0"
	    ".2.3] P=esmtp S=1",
	    "event=arrival" },
	{ "arrival without size",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i <= s@x.example H=a [192.0"
	    ".2.3] P=esmtpa A=login:m",
	    "unknown" },
	{ "removal",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i Completed",
	    "event=removal|id=1xUzfI-00003I-1i|delay=-1" },
	{ "removal with time",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i Completed QT=4.5s",
	    "event=removal|delay=4500" },
	{ "removed by hand",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i removed by root",
	    "event=removal" },
	{ "hop with reply",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i H=mx.b.example [192.0.2.1"
	    "]: SMTP error from remote mail server after RCPT TO:<a@b.examp"
	    "le>: 450 4.2.1 slow",
	    "event=hop|outcome=none|code=450|stage=rcpt|relay=mx.b.example|"
	    "ip=192.0.2.1|to=a@b.example|count=1|kind=host" },
	{ "hop with port",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i H=mx [192.0.2.1]:25 SMTP "
	    "error from remote mail server after initial connection: 421 bu"
	    "sy",
	    "event=hop|code=421|stage=connect|count=0" },
	{ "hop refused",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i H=mx [192.0.2.1] Connecti"
	    "on refused",
	    "event=hop|code=0|stage=connect|text=Connection refused" },
	{ "hop, old reply",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i SMTP error from remote ma"
	    "il server after initial connection: host mta6.am0.yahoodns.net"
	    " [67.195.103.232]: 420 Resources unavailable",
	    "event=hop|code=420|relay=mta6.am0.yahoodns.net|stage=connect" },
	{ "hop, reply without host",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i SMTP error from remote ma"
	    "il server after MAIL FROM:<t@e.example> SIZE=15763: 421 4.7.0 "
	    "[TS01] deferred",
	    "event=hop|code=421|stage=mail|kind=none" },
	{ "hop, old refusal",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i mx.b [2001:db8::2] No rou"
	    "te to host",
	    "event=hop|relay=mx.b|ip=2001:db8::2|stage=connect|text=No rout"
	    "e to host" },
	{ "hop, old close",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i Remote host MAIL.B [192.0"
	    ".2.1] closed connection in response to initial connection",
	    "event=hop|relay=MAIL.B|code=0" },
	{ "hop, old timeout",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i SMTP timeout while connec"
	    "ted to mx.b [192.0.2.1] after initial connection: Operation ti"
	    "med out",
	    "event=hop|relay=mx.b|stage=connect" },
	{ "hop, login refused",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i plain_client authenticato"
	    "r failed H=smtp.b.example [192.0.2.1] 535-5.7.8 Username and",
	    "event=hop|code=535|stage=auth|relay=smtp.b.example" },
	{ "rejected recipient",
	    "2026-11-01 10:00:00 H=h.example (helo) [192.0.2.3]:4 X=TLS1.2:"
	    "A:256 CV=no F=<s@x.example> A=plain:shop rejected RCPT <a@b.ex"
	    "ample>: relay not permitted",
	    "event=reject|stage=rcpt|to=a@b.example|from=s@x.example|client"
	    "=h.example|code=0|class=5xx|text=relay not permitted|id=" },
	{ "rejected for now",
	    "2026-11-01 10:00:00 H=h [192.0.2.3] temporarily rejected conne"
	    "ction in \"connect\" ACL: \"Host is ratelimited\"",
	    "event=reject|stage=connect|class=4xx|code=0" },
	{ "rejected with code",
	    "2026-11-01 10:00:00 H=h [192.0.2.3] F=<> rejected RCPT <a@b>: "
	    "550 5.7.1 no",
	    "code=550|enhanced=5.7.1|class=5xx|from=" },
	{ "rejected after DATA",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i H=h [192.0.2.3] F=<s@x> r"
	    "ejected after DATA: spam",
	    "event=reject|stage=eod|id=1xUzfI-00003I-1i" },
	{ "rejected MAIL",
	    "2026-11-01 10:00:00 H=h [192.0.2.3] rejected MAIL <s@x>: no",
	    "stage=mail" },
	{ "rejected for its size",
	    "2026-11-01 10:00:00 rejected MAIL FROM:<s@x> H=h [192.0.2.3]: "
	    "message too big: size=9 max=1",
	    "event=reject|stage=mail" },
	{ "rejected HELO",
	    "2026-11-01 10:00:00 rejected EHLO from [192.0.2.3]: syntactica"
	    "lly invalid argument(s): a_b",
	    "stage=ehlo|client=192.0.2.3|class=5xx" },
	{ "login failed",
	    "2026-11-01 10:00:00 dovecot_login authenticator failed for h.e"
	    "xample ([1.2.3.5]) [192.0.2.3]:5: 535 Incorrect authentication"
	    " data (set_id=x)",
	    "event=reject|stage=auth|code=535|client=h.example" },
	{ "login failed, nobody asked",
	    "2026-11-01 10:00:00 login authenticator failed for (x) [192.0."
	    "2.3] I=[192.0.2.9]:25: 435 Unable to authenticate at present",
	    "code=435|class=4xx|client=192.0.2.3" },
	{ "too busy for this client",
	    "2026-11-01 10:00:00 temporarily refused connection from h.exam"
	    "ple [192.0.2.3]: not in reserve list: connected=5 max=6 reserve="
	    "2",
	    "event=reject|stage=connect|class=4xx|client=h.example" },
	{ "too many connections",
	    "2026-11-01 10:00:00 Connection from [192.0.2.3]:5 refused: too"
	    " many connections",
	    "event=reject|stage=connect|class=4xx" },
	{ "refused by list",
	    "2026-11-01 10:00:00 refused connection from H=h [192.0.2.3] (h"
	    "ost_reject_connection)",
	    "event=reject|stage=connect|class=5xx" },
	{ "sender verify",
	    "2026-11-01 10:00:00 H=h [192.0.2.3]:4 sender verify fail for <"
	    "s@x>: no",
	    "ignored" },
	{ "warning",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i H=h [192.0.2.3] Warning: "
	    "spam score 9",
	    "ignored" },
	{ "frozen",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i Message is frozen",
	    "ignored" },
	{ "locked",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i Spool file is locked (ano"
	    "ther process is handling this message)",
	    "ignored" },
	{ "error ignored",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i a@b.example: error ignore"
	    "d",
	    "ignored" },
	{ "daemon",
	    "2026-11-01 10:00:00 exim 4.96 daemon started: pid=17, -q30m, l"
	    "istening for SMTP on port 25",
	    "ignored" },
	{ "arguments",
	    "2026-11-01 10:00:00 cwd=/ 3 args: /usr/sbin/exim4 -Mc 1xUzfI-0"
	    "0003I-1i",
	    "ignored" },
	{ "DKIM",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i DKIM: d=x s=y c=relaxed/r"
	    "elaxed a=rsa-sha256 b=2048 [verification succeeded]",
	    "ignored" },
	{ "certificate",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i [192.0.2.1] SSL verify er"
	    "ror: depth=0 error=x cert=/CN=y",
	    "ignored" },
	{ "rewritten",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i \"a@b\" from env-from rew"
	    "ritten as \"c@d\" by rule 1",
	    "ignored" },
	{ "rest of a reply",
	    "535 5.7.8 https://x.example",
	    "ignored" },
	{ "rejectlog's headers",
	    "P Received: from a by b",
	    "ignored" },
	{ "nonsense",
	    "2026-11-01 10:00:00 frobnicated the knob",
	    "unknown" },
	{ "nonsense with id",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i frobnicated the knob",
	    "unknown" },
	{ "id and nothing",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i",
	    "unknown" },
	{ "torn code",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example R=d T=remo"
	    "te_smtp H=mx [192.0.2.1]: SMTP error from remote mail server a"
	    "fter RCPT TO:<a@b.example>: 55",
	    "unknown" },
	{ "torn phrase",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i ** a@b.example: retry tim"
	    "e",
	    "unknown" },
	{ "torn confirmation",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx [192.0.2.1] C=\"250 ok",
	    "unknown" },
	{ "torn host",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r T=remo"
	    "te_smtp H=mx [192.0",
	    "unknown" },
	{ "torn before the transport",
	    "2026-11-01 10:00:00 1xUzfI-00003I-1i => a@b.example R=r",
	    "unknown" }
};

static void
lines_are_understood(void **state)
{
	struct scratch	*scratch = malloc(sizeof(*scratch));
	char		*shown = malloc(SHOW_MAX);
	size_t		 i;

	(void)state;
	assert_non_null(scratch);
	assert_non_null(shown);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct view missing;

		show_line(shown, view_of(cases[i].line), scratch);
		missing = show_missing(shown, view_of(cases[i].want));
		if (missing.n > 0)
			fail_msg("%s: want %.*s, got %s", cases[i].what,
			    (int)missing.n, missing.p, shown);
	}
	free(shown);
	free(scratch);
}

static void
cut_lines_mean_the_same_or_nothing(void **state)
{
	struct told	*whole = malloc(sizeof(*whole));
	struct told	*cut = malloc(sizeof(*cut));
	size_t		 i, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct view line = view_of(cases[i].line);

		tell_parse(whole, MTA_EXIM, line);
		for (n = attack_begin(whole, line); n < line.n &&
		    whole->result == PARSE_EVENT; n++) {
			tell_parse(cut, MTA_EXIM, view_sub(line, 0, n));
			if (!attack_same(cut, whole))
				fail_msg("%s, cut: %.*s", cases[i].what,
				    (int)n, line.p);
		}
	}
	free(whole);
	free(cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_understood),
		cmocka_unit_test(cut_lines_mean_the_same_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
