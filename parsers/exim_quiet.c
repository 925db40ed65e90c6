/*
 * exim_quiet - known shapes that mean nothing to us.
 *
 * The constant beginnings of what Exim's log_write() is given in daemon.c,
 * queue.c, receive.c, smtp_in.c, deliver.c, tls*.c and others, and of what
 * the hosting panels add. A few shapes have their constant part elsewhere.
 */
#include "exim.h"

/* Sorted by bytes; none begins with another, so one place can match. */
static const struct view	quiet[] = {
	VIEW(" Suggested action: "),
	VIEW("*** "),
	VIEW("2nd fork "),
	VIEW("ACL "),
	VIEW("ALPN "),
	VIEW("ARC-"),
	VIEW("ARC: "),
	VIEW("ATRN "),
	VIEW("Abandon queue run"),
	VIEW("Adding "),
	VIEW("Attempt to exec "),
	VIEW("Authentication-Warning: "),
	VIEW("Bad "),
	VIEW("Berkeley DB error: "),
	VIEW("CHUNKING"),
	VIEW("CNAME loop for "),
	VIEW("CUTTHROUGH"),
	VIEW("Cannot open main log file"),
	VIEW("Cannot open message log"),
	VIEW("Could not "),
	VIEW("Couldn't "),
	VIEW("DANE "),
	VIEW("DANE: "),
	VIEW("DCC"),
	VIEW("DKIM START"),
	VIEW("DKIM: "),
	VIEW("DMARC"),
	VIEW("DNS list lookup "),
	VIEW("Delivery "),
	VIEW("ETRN "),
	VIEW("End '"),
	VIEW("End queue run"),
	VIEW("Error "),
	VIEW("Exim configuration error"),
	VIEW("Exim version "),
	VIEW("Expansion of "),
	VIEW("Failed to "),
	VIEW("Failed writing "),
	VIEW("Format error in "),
	VIEW("From: "),
	VIEW("Frozen"),
	VIEW("GnuTLS "),
	VIEW("Header modification "),
	VIEW("IPv6 socket "),
	VIEW("LDAP "),
	VIEW("Long "),
	VIEW("Lookup module "),
	VIEW("MIME acl "),
	VIEW("Message abandoned"),
	VIEW("Message is frozen"),
	VIEW("Message is no longer frozen"),
	VIEW("Message removed because "),
	VIEW("No host name found "),
	VIEW("No recipients "),
	VIEW("OCSP "),
	VIEW("OpenSSL"),
	VIEW("PDKIM"),
	VIEW("PRDR "),
	VIEW("PROXY"),
	VIEW("Process "),
	VIEW("Queue run "),
	VIEW("Received TLS "),
	VIEW("Required TLS "),
	VIEW("Rewrite of "),
	VIEW("SA: "),
	VIEW("SEGV_"),
	VIEW("SIGHUP received"),
	VIEW("SIGSEGV"),
	VIEW("SIGTERM received"),
	VIEW("SMTP call from "),
	VIEW("SMTP command timeout "),
	VIEW("SMTP connection "),
	VIEW("SMTP data timeout "),
	VIEW("SMTP input "),
	VIEW("SMTP pipelining "),
	VIEW("SMTP protocol "),
	VIEW("SMTP send failed"),
	VIEW("SMTP syntax error "),
	VIEW("SMTP timeout on "),
	VIEW("SMTP timeout while reading "),
	VIEW("SMTP transmission finished"),
	VIEW("SNI "),
	VIEW("SPF: "),
	VIEW("SRS: "),
	VIEW("SSL channel "),
	VIEW("SSL connection "),
	VIEW("SSL verify "),
	VIEW("SSL_"),
	VIEW("Sender identification "),
	VIEW("Server certificate "),
	VIEW("Setting IPV6_"),
	VIEW("SpamAssassin "),
	VIEW("Spool error "),
	VIEW("Spool file "),
	VIEW("Spool read error "),
	VIEW("Start '"),
	VIEW("Start queue run"),
	VIEW("Stat failed on "),
	VIEW("TLS "),
	VIEW("TLS: "),
	VIEW("Taint mismatch"),
	VIEW("Tainted "),
	VIEW("Temporary error with DCC"),
	VIEW("This message has been frozen"),
	VIEW("Too many "),
	VIEW("Unable to "),
	VIEW("Unfrozen by "),
	VIEW("Unknown DCC "),
	VIEW("Unlink of "),
	VIEW("Unrecognised socks "),
	VIEW("VRFY "),
	VIEW("WARNING: "),
	VIEW("WELLKNOWN"),
	VIEW("Warning: "),
	VIEW("Wrong header from DCC"),
	VIEW("Wrong ownership on "),
	VIEW("abandon queue run"),
	VIEW("accept() failed"),
	VIEW("acl_"),
	VIEW("address <"),
	VIEW("all addresses "),
	VIEW("already initialised GnuTLS"),
	VIEW("attempt to "),
	VIEW("auto-thaw"),
	VIEW("bad local_part "),
	VIEW("bad router variable "),
	VIEW("bad size"),
	VIEW("bind() "),
	VIEW("bmi "),
	VIEW("cancelled by "),
	VIEW("clamd"),
	VIEW("configuration file "),
	VIEW("connection from "),
	VIEW("could not "),
	VIEW("cwd="),
	VIEW("daemon abandoned"),
	VIEW("daemon: "),
	VIEW("daemon_"),
	VIEW("debugging Exim "),
	VIEW("delivering unencrypted to "),
	VIEW("delivery process "),
	VIEW("delivery to "),
	VIEW("dkim: "),
	VIEW("dkim_"),
	VIEW("dlfunc{"),
	VIEW("dmarc"),
	VIEW("dnslist"),
	VIEW("dnssec fail "),
	VIEW("error ignored"),
	VIEW("errors: "),
	VIEW("errors_to "),
	VIEW("event_action"),
	VIEW("exim "),
	VIEW("exim: "),
	VIEW("expansion of "),
	VIEW("failed in"),
	VIEW("failed to "),
	VIEW("failure "),
	VIEW("fork failed"),
	VIEW("fork of "),
	VIEW("fork() "),
	VIEW("format error "),
	VIEW("frozen by "),
	VIEW("frozen for "),
	VIEW("gethost"),
	VIEW("getpeername"),
	VIEW("getrlimit("),
	VIEW("getsockname"),
	VIEW("getsockopt"),
	VIEW("gnutls_"),
	VIEW("host in "),
	VIEW("host lookup "),
	VIEW("host name alias list truncated"),
	VIEW("host_lookup "),
	VIEW("ident connection"),
	VIEW("identify_"),
	VIEW("ignoring AUTH="),
	VIEW("incomplete transaction"),
	VIEW("inotify"),
	VIEW("insufficient "),
	VIEW("internal "),
	VIEW("invalid message"),
	VIEW("invalid return "),
	VIEW("link("),
	VIEW("list matching forced to fail"),
	VIEW("listen backlog "),
	VIEW("listen() failed"),
	VIEW("load average "),
	VIEW("local_scan()"),
	VIEW("log directory space "),
	VIEW("log string"),
	VIEW("lowest numbered MX record"),
	VIEW("malware acl "),
	VIEW("malware:"),
	VIEW("message abandoned"),
	VIEW("message filter"),
	VIEW("message too big"),
	VIEW("message_size_limit"),
	VIEW("mime_regex "),
	VIEW("moved from "),
	VIEW("no @ found "),
	VIEW("no IP address "),
	VIEW("no MAIL in "),
	VIEW("no address "),
	VIEW("no host name found "),
	VIEW("no immediate delivery: "),
	VIEW("no recipients "),
	VIEW("no socket "),
	VIEW("not running "),
	VIEW("notify triggered "),
	VIEW("original recipients "),
	VIEW("overlong message header "),
	VIEW("partial matching "),
	VIEW("pid "),
	VIEW("process "),
	VIEW("queue run"),
	VIEW("queue_run"),
	VIEW("queued by "),
	VIEW("ratelimit"),
	VIEW("reading retry "),
	VIEW("readsock "),
	VIEW("received_headers_max"),
	VIEW("recipient <"),
	VIEW("recipients_max"),
	VIEW("redirection process "),
	VIEW("regex acl "),
	VIEW("remote delivery process "),
	VIEW("remote host address is the local host"),
	VIEW("responsible-"),
	VIEW("retry database"),
	VIEW("rewrite"),
	VIEW("rfc1413"),
	VIEW("ridiculously long message "),
	VIEW("rmdir("),
	VIEW("routing loop for "),
	VIEW("sender address "),
	VIEW("sender_host_"),
	VIEW("setgid("),
	VIEW("setgroups("),
	VIEW("setrlimit("),
	VIEW("setsockopt"),
	VIEW("setuid("),
	VIEW("shadow transport "),
	VIEW("signing"),
	VIEW("smtp-wait "),
	VIEW("smtp_"),
	VIEW("socket bind() to port "),
	VIEW("socks "),
	VIEW("spam acl condition"),
	VIEW("spamd"),
	VIEW("spool directory space "),
	VIEW("spoolfile "),
	VIEW("string too large "),
	VIEW("syntax error"),
	VIEW("system filter"),
	VIEW("system_filter"),
	VIEW("tainted "),
	VIEW("thawed"),
	VIEW("timed out while reading "),
	VIEW("tls_"),
	VIEW("too many "),
	VIEW("unable to "),
	VIEW("unexpected "),
	VIEW("unfrozen by "),
	VIEW("unknown "),
	VIEW("unlink"),
	VIEW("user filter"),
	VIEW("waiting for "),
	VIEW("warning: ")
};

/* Behind "H=host [ip]" and more fields. */
static const struct view	quiet_about_host[] = {
	VIEW(" Warning: "),
	VIEW(" sender verify "),
	VIEW(" incomplete transaction"),
	VIEW(" TLS error"),
	VIEW(" SMTP data timeout"),
	VIEW(" discarded by "),
	VIEW(" RCPT "),
	VIEW(" NULL character"),
	VIEW(" syntax error in "),
	VIEW(" sent "),
	VIEW(" no "),
	VIEW(" DKIM"),
	VIEW(" DMARC"),
	VIEW(" SPF"),
	VIEW(" closed connection"),
	VIEW(" lost connection"),
	VIEW(" acceptance"),
	VIEW(" refusal")
};

/* In a line whose beginning varies. */
static const struct view	quiet_within[] = {
	VIEW(" router: "),
	VIEW(": skipped error: "),
	VIEW(" marked delivered by "),
	VIEW(" rewritten as \""),
	VIEW("] SSL verify "),
	VIEW(" daemon started: pid="),
	VIEW(" does not match any IP address for "),
	VIEW(" transport process "),
	VIEW(" transport output: "),
	VIEW(" transport: "),
	VIEW(" router failed to expand "),
	VIEW(" authenticator ("),
	VIEW(" authenticator cancelled authentication "),
	VIEW(" after QUIT, client reset TCP "),
	VIEW(": callout unencrypted to "),
	VIEW(": delivering unencrypted to H="),
	VIEW(": failed to expand "),
	VIEW(" (while routing <"),
	VIEW(" (while verifying <"),
	VIEW("U=root Warning: ")
};

static bool	is_quiet_start(struct view);
static bool	is_about_host(struct view);

bool
exim_quiet(struct view v)
{
	return view_starts(v, VIEW("H=")) ? is_about_host(v) :
	    is_quiet_start(v);
}

/* What begins as a refusal is one, or torn, whatever stands in it. */
bool
exim_quiet_within(struct view v)
{
	static const struct view refusals[] = {
		VIEW("H="), VIEW("rejected "), VIEW("temporarily rejected "),
		VIEW("refused connection from "), VIEW("Connection from "),
		VIEW("temporarily refused connection from "),
		VIEW("unqualified ")
	};
	size_t	i;

	for (i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (view_starts(v, refusals[i]))
			return false;
	if (view_ends(v, VIEW(": error ignored")))
		return true;
	for (i = 0; i < sizeof(quiet_within) / sizeof(*quiet_within); i++)
		if (view_search(v, quiet_within[i]) < v.n)
			return true;
	return false;
}

static bool
is_quiet_start(struct view v)
{
	size_t	low = 0, high = sizeof(quiet) / sizeof(*quiet);

	while (low < high) {
		size_t		 middle = (low + high) / 2;
		struct view	 row = quiet[middle];
		size_t		 n = v.n < row.n ? v.n : row.n;
		int		 order = n == 0 ? 0 : memcmp(v.p, row.p, n);

		if (order == 0 && v.n >= row.n)
			return true;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool
is_about_host(struct view v)
{
	struct exim_fields	f = { 0 };
	size_t			i, count;

	count = sizeof(quiet_about_host) / sizeof(*quiet_about_host);
	if (!exim_fields_take(&v, &f))
		return false;
	view_skip_byte(&v, ':');
	for (i = 0; i < count; i++)
		if (view_starts(v, quiet_about_host[i]))
			return true;
	return false;
}
