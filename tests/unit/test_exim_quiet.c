/*
 * Exim's lines that mean nothing to us, and some that only look like them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tell.h"

static const char	*const quiet[] = {
	"1aBcDe-000123-AB [1.2.3.4] after QUIT, client reset TCP before SMTP "
	    "response and TLS close",
	"1aBcDe-000123-AB <a@b.example>: pipe transport output: no such user",
	"1aBcDe-000123-AB remote_smtp transport process vanished unexpectedly",
	"1aBcDe-000123-AB Delivery deferred by system filter",
	"1aBcDe-000123-AB moved from /var/spool/exim/input to /var/spool/x",
	"1aBcDe-000123-AB failure to create DMARC history file: no",
	"Long dns lookup for 'b.example': 5012 msec",
	"DNS list lookup for 4.3.2.1.b.example at b.example returned 192.0.2.1; "
	    "not in 127.0/8 and discarded",
	"overlong message header line received from h.example [1.2.3.4] (more "
	    "than 998 characters): message abandoned",
	"spool directory space check failed: space=5 inodes=6",
	"notify triggered queue run",
	"VRFY failed for a@b.example H=h.example [1.2.3.4]",
	"cram authenticator (CRAM-MD5): Cyrus SASL permanent failure: no",
	"1aBcDe-000123-AB *** Frozen (delivery error message)",
	"1aBcDe-000123-AB Frozen (delivery error message)",
	"1aBcDe-000123-AB Unfrozen by auto-thaw",
	"1aBcDe-000123-AB Unfrozen by errmsg timer",
	"1aBcDe-000123-AB cancelled by timeout_frozen_after",
	"1aBcDe-000123-AB Message is frozen",
	"1aBcDe-000123-AB Spool file is locked (another process is ha"
	    "ndling this message)",
	"1aBcDe-000123-AB Spool file for 1aBcDe-000123-AB is locked ("
	    "another process is handling this message)",
	"1aBcDe-000123-AB no immediate delivery: load average 12.34",
	"1aBcDe-000123-AB no immediate delivery: more than 10 message"
	    "s received in one connection",
	"1aBcDe-000123-AB no immediate delivery: queued by ACL",
	"1aBcDe-000123-AB TLS error on connection to mx.example.com ["
	    "1.2.3.4] (SSL_connect): error:14077410:SSL routines:SSL23_GE"
	    "T_SERVER_HELLO:sslv3 alert handshake failure",
	"1aBcDe-000123-AB TLS session failure: delivering unencrypted"
	    " to mx.example.com [1.2.3.4] (not in hosts_require_tls)",
	"1aBcDe-000123-AB DANE attempt failed; TLS connection to mx.e"
	    "xample.com [1.2.3.4]: (SSL_connect): error",
	"1aBcDe-000123-AB [1.2.3.4] SSL verify error: depth=0 error=s"
	    "elf signed certificate cert=/CN=mx",
	"1aBcDe-000123-AB [1.2.3.4] SSL verify error: certificate nam"
	    "e mismatch: DN=\"/CN=x\" H=\"mx.example.com\"",
	"1aBcDe-000123-AB DKIM: d=example.com s=sel c=relaxed/relaxed"
	    " a=rsa-sha256 b=2048 [verification succeeded]",
	"1aBcDe-000123-AB DKIM: d=example.com s=sel c=relaxed/relaxed"
	    " a=rsa-sha256 b=1024 [verification failed - body hash mismat"
	    "ch (body probably modified in transit)]",
	"1aBcDe-000123-AB DKIM: validation error: Public key signatur"
	    "e verification has failed.",
	"1aBcDe-000123-AB DKIM: Error while running this message thro"
	    "ugh validation, disabling signature verification.",
	"1aBcDe-000123-AB PDKIM: d=example.com s=sel [failed key impo"
	    "rt]",
	"1aBcDe-000123-AB DMARC results: spf_domain=example.com dmarc"
	    "_domain=example.com spf_align=yes dkim_align=no enforcement="
	    "'Accept'",
	"1aBcDe-000123-AB H=mail.x [1.2.3.4] Warning: message has bee"
	    "n scanned",
	"1aBcDe-000123-AB H=mail.x [1.2.3.4]:1234 Warning: \"SpamAssa"
	    "ssin as user detected message as NOT spam (0.0)\"",
	"1aBcDe-000123-AB SA: Action: scanned but message isn't spam:"
	    " score=0.1 required=5.0 (scanned in 1/1 secs)",
	"1aBcDe-000123-AB Error in system filter: failed to expand",
	"1aBcDe-000123-AB original recipients ignored (system filter)",
	"1aBcDe-000123-AB => discarded (system filter)",
	"1aBcDe-000123-AB cancelled by system filter: This message ha"
	    "s been rejected",
	"1aBcDe-000123-AB Sender identification U=user D=example.com "
	    "S=user@example.com",
	"1aBcDe-000123-AB error ignored",
	"1aBcDe-000123-AB U=root Warning: no such list",
	"1aBcDe-000123-AB Error while reading message with no usable "
	    "sender address: too long",
	"WARNING: purging the environment.",
	"exim user lost privilege for using -C option",
	"ignoring AUTH=a@b.c from x [1.2.3.4] (client not authenticate"
	    "d)",
	"1aBcDe-000123-AB a@b.c <d@e.f>: error ignored",
	"1aBcDe-000123-AB 10 addresses marked delivered by root",
	"1aBcDe-000123-AB address a@b.c marked delivered by root",
	"1aBcDe-000123-AB all addresses marked delivered by root",
	"1aBcDe-000123-AB sender address changed to <a@b.c> by root",
	"1aBcDe-000123-AB recipient <a@b.c> added by root",
	"1aBcDe-000123-AB Process failed (1) when writing error messa"
	    "ge to a@b.c",
	"1aBcDe-000123-AB remote delivery process count got out of st"
	    "ep",
	"1aBcDe-000123-AB local_delivery transport process returned n"
	    "on-zero status 0x000b: terminated by signal 11",
	"1aBcDe-000123-AB daemon: select() failed",
	"1aBcDe-000123-AB malware acl condition: clamd: ClamAV return"
	    "ed error",
	"1aBcDe-000123-AB spam acl condition: warning - spamd connect"
	    "ion to 127.0.0.1, port 783 failed: Connection refused",
	"1aBcDe-000123-AB spam acl condition: all spamd servers faile"
	    "d",
	"1aBcDe-000123-AB PRDR R=<a@b.c> acceptance",
	"1aBcDe-000123-AB H=x [1.2.3.4] PRDR R=<a@b.c> refusal",
	"1aBcDe-000123-AB no recipients found in headers",
	"1aBcDe-000123-AB frozen by local_scan()",
	"1aBcDe-000123-AB frozen by root",
	"1aBcDe-000123-AB unfrozen by root",
	"SMTP connection from [1.2.3.4]:5555 (TCP/IP connection count"
	    " = 3)",
	"SMTP connection from [1.2.3.4]:5555 I=[5.6.7.8]:25 (TCP/IP c"
	    "onnection count = 3)",
	"SMTP connection from (x) [1.2.3.4]:5555 lost",
	"SMTP connection from (x) [1.2.3.4]:5555 lost D=5m0s",
	"SMTP connection from (x) [1.2.3.4]:5555 closed by DROP in AC"
	    "L",
	"SMTP connection from mail.x [1.2.3.4] lost while reading mes"
	    "sage data (header)",
	"SMTP connection identification H=localhost A=127.0.0.1 P=400"
	    "00 U=nobody ID=99 S=nobody B=identify_local_connection",
	"SMTP command timeout on connection from (x) [1.2.3.4]",
	"SMTP command timeout on TLS connection from (x) [1.2.3.4]:55"
	    " D=5m",
	"SMTP data timeout (message abandoned) on connection from x ["
	    "1.2.3.4] F=<a@b.c>",
	"SMTP call from (x) [1.2.3.4] dropped: too many nonmail comma"
	    "nds (last was \"RSET\")",
	"SMTP call from (x) [1.2.3.4]:55 dropped: too many syntax or "
	    "protocol errors (last command was \"x\", C=EHLO)",
	"SMTP call from [1.2.3.4] dropped: too many unrecognized comm"
	    "ands (last was \"GET / HTTP/1.1\")",
	"SMTP protocol synchronization error (input sent without wait"
	    "ing for greeting): rejected connection from H=[1.2.3.4]:55 i"
	    "nput=\"GET\"",
	"SMTP protocol error in \"AUTH LOGIN\" H=(x) [1.2.3.4] AUTH c"
	    "ommand used when not advertised",
	"SMTP syntax error in \"MAIL FROM: a b\" H=(x) [1.2.3.4] malf"
	    "ormed address: b may not follow a",
	"SMTP protocol violation: synchronization error (input sent w"
	    "ithout waiting for greeting): rejected connection from H=[1."
	    "2.3.4]",
	"no MAIL in SMTP connection from (x) [1.2.3.4] D=0s",
	"no MAIL in SMTP connection from (x) [1.2.3.4] D=0s C=EHLO,QU"
	    "IT",
	"no MAIL in TLS SMTP connection from [1.2.3.4] D=1s",
	"no host name found for IP address 1.2.3.4",
	"no IP address found for host mail.x.y (during SMTP connectio"
	    "n from [1.2.3.4])",
	"unexpected disconnection while reading SMTP command from (x)"
	    " [1.2.3.4] D=5s",
	"unexpected disconnection while reading SMTP command from [1."
	    "2.3.4] (error: Connection reset by peer)",
	"TLS error on connection from (x) [1.2.3.4] (gnutls_handshake"
	    "): No supported cipher suites have been found.",
	"TLS error on connection from [1.2.3.4] (SSL_accept): error:1"
	    "408F10B:SSL routines:ssl3_get_record:wrong version number",
	"TLS error on connection from [1.2.3.4] (recv): The TLS conne"
	    "ction was non-properly terminated.",
	"TLS client disconnected cleanly (rejected our certificate?)",
	"SSL_write: (from (x) [1.2.3.4]) syscall: Connection reset by"
	    " peer",
	"H=(x) [1.2.3.4] sender verify fail for <a@b.c>: Unrouteable "
	    "address",
	"H=(x) [1.2.3.4] sender verify defer for <a@b.c>: host lookup"
	    " did not complete",
	"H=(x) [1.2.3.4] sender verify fail for <a@b.c>: response to "
	    "\"RCPT TO:<a@b.c>\" was: 550 no",
	"H=(x) [1.2.3.4] incomplete transaction (QUIT) from <a@b.c> f"
	    "or d@e.f",
	"H=(x) [1.2.3.4] incomplete transaction (connection lost) fro"
	    "m <a@b.c>",
	"H=(x) [1.2.3.4] Warning: x is in dnsbl",
	"H=(x) [1.2.3.4] F=<a@b.c> RCPT <d@e.f>: discarded by RCPT AC"
	    "L",
	"H=(x) [1.2.3.4] F=<a@b.c> RCPT <d@e.f>: discarded by connect"
	    " ACL: x",
	"Start queue run: pid=123",
	"End queue run: pid=123",
	"Start queue run: pid=123 -qff",
	"Start 'spool' queue run: pid=123",
	"Abandon queue run: pid=123 (load 12.34, max 8.00)",
	"exim 4.94.2 daemon started: pid=123, -q30m, listening for SM"
	    "TP on port 25 (IPv6 and IPv4)",
	"exim 4.98 daemon started: pid=123, no queue runs, listening "
	    "for SMTP on port 25 (IPv4)",
	"exim 4.98 daemon started: pid=123, -q30m, not listening for "
	    "SMTP",
	"pid 123: SIGHUP received: re-exec daemon",
	"SIGHUP received: re-exec daemon",
	"daemon: pid 123: SIGTERM received",
	"exim: permission denied",
	"cwd=/var/spool/exim4 3 args: /usr/sbin/exim4 -Mc 1aBcDe-0001"
	    "23-AB",
	"Warning: purging the environment.",
	" Suggested action: use keep_environment.",
	"Warning: No server certificate defined; will use a selfsigne"
	    "d one.",
	" Suggested action: either install a certificate or change tl"
	    "s_advertise_hosts option",
	"socket bind() to port 25 for address (any IPv6) failed: Addr"
	    "ess already in use: waiting 30s before trying again (9 more "
	    "tries)",
	"socket bind() to port 25 for address (any IPv4) failed: Addr"
	    "ess already in use: daemon abandoned",
	"IPv6 socket creation failed: Address family not supported by"
	    " protocol",
	"IPv6 socket creation failed: Address family not supported by"
	    " protocol (will use IPv4)",
	"failed to open DB file /var/spool/exim4/db/retry: File exist"
	    "s",
	"Failed to get write lock for /var/spool/exim4/db/retry.lockf"
	    "ile: timed out",
	"Berkeley DB error: page 3: illegal page type or format",
	"failed to expand ACL string \"x\": y",
	"ACL for QUIT returned ERROR: x",
	"lowest numbered MX record points to local host: x.y (while v"
	    "erifying <a@x.y> from host [1.2.3.4])",
	"remote host address is the local host: x.y (while verifying "
	    "<a@x.y> from host (z) [1.2.3.4])",
	"DNS list lookup defer (probably timeout) for 4.3.2.1.dnsbl.x"
	    ": assumed not in list",
	"list matching forced to fail: failed to find host name for 1"
	    ".2.3.4",
	"list matching forced to fail: failed to find IP address for "
	    "x.y",
	"1.2.3.4 does not match any IP address for x.y",
	"host name alias list truncated for 1.2.3.4",
	"ident connection to 1.2.3.4 timed out",
	"ETRN #x received from H=x [1.2.3.4]",
	"queue run: process 123 crashed with signal 11 while deliveri"
	    "ng 1aBcDe-000123-AB",
	"accept() failed: Too many open files",
	"no socket family",
	"SpamAssassin as nobody detected message as spam (9.1)",
	"Exim configuration error in line 12 of /etc/exim4/exim4.conf"
	    ":",
	"Cannot open main log file \"/var/log/exim4/mainlog\": Permis"
	    "sion denied: euid=1 egid=1",
	"host lookup failed for 1.2.3.4",
	"failed to find host name for 1.2.3.4",
	"unable to set gid=1 or uid=2 (euid=0): x",
	"SMTP connection from localhost [127.0.0.1] I=[127.0.0.1]:25 "
	    "closed after SIGTERM",
	"SMTP connection from [1.2.3.4] closed by QUIT",
	"TLS session: (gnutls_handshake): timed out",
	"TLS send error on connection from (x) [1.2.3.4]",
	"Received TLS status callback, null content",
	"\"a@b.c\" from env-from rewritten as \"d@e.f\" by rule 1",
	"syntax error in 'From' header when scanning for sender: malf"
	    "ormed address",
	"system_aliases router: lookup defer",
	"userforward router for x: skipped error: bad",
	"Tainted filename for search: '/etc/x'",
	"Too many \"Received\" headers"
};

static const char	*const unknown[] = {
	"frobnicated the knob",
	"1aBcDe-000123-AB frobnicated the knob",
	"1aBcDe-000123-AB Message is",
	"Start que",
	"H=h.example [192.0.2.1] said something",
	"aaa", "~~~"
};

static void
want(const char *words, enum parse_result result)
{
	struct told	*told = malloc(sizeof(*told));
	char		 line[1024];

	snprintf(line, sizeof(line), "2026-11-01 10:00:00 %s", words);
	tell_parse(told, MTA_EXIM, view_of(line));
	if (told->result != result)
		fail_msg("%s: got %s", words, told->text);
	free(told);
}

static void
quiet_lines_are_ignored(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
		want(quiet[i], PARSE_IGNORED);
}

static void
other_lines_are_unknown(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		want(unknown[i], PARSE_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_lines_are_ignored),
		cmocka_unit_test(other_lines_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
