#include "postfix.h"

#define V(text)	{ text, sizeof(text) - 1 }

/* Without a queue id; the busiest first. */
static const struct view bare[] = {
	V("connect from "),
	V("disconnect from "),
	V("Untrusted TLS connection "),
	V("Trusted TLS connection "),
	V("Anonymous TLS connection "),
	V("Verified TLS connection "),
	V("warning:"),
	V("statistics: "),
	V("lost connection after "),
	V("timeout after "),
	V("message-id="),
	V("resent-message-id="),
	/* any service */
	V("error:"),
	V("fatal:"),
	V("panic:"),
	V("info:"),
	V("table "),
	V("daemon started -- version "),
	V("reload -- version "),
	V("terminating on signal "),
	V("idle timeout -- exiting"),
	V("using backwards-compatible default setting "),
	V("Postfix is using backwards-compatible default settings"),
	V("See http"),
	V("To disable backwards compatibility use "),
	V("cache "),
	V("close database "),
	V("database "),
	V("deleting "),
	V("disconnect: "),
	/* smtpd */
	V("too many errors after "),
	V("improper command pipelining after "),
	V("bare <LF> received after "),
	V("discarding EHLO keywords: "),
	V("reject_warning: "),
	V("proxy-accept: "),
	V("accept: "),
	V("discard: "),
	V("filter: "),
	V("hold: "),
	V("redirect: "),
	V("warn: "),
	V("permit: "),
	V("prepend: "),
	V("bcc: "),
	V("delay: "),
	V("milter-discard: "),
	V("milter-hold: "),
	V("milter-accept: "),
	V("milter-reject-warning: "),
	V("milter: "),
	V("SSL_"),
	V("mapping DSN status "),
	V("TLS support "),
	V("TLS SNI "),
	V("client="),
	/* smtp, tlsproxy */
	V("SSL3 alert "),
	V("setting up TLS connection "),
	V("certificate verification failed for "),
	V("client certificate verification failed for "),
	V("SMTPS wrappermode "),
	V("ignoring DNS RR: "),
	V("skipping "),
	V("cannot "),
	V("issuer="),
	V("subject="),
	V("certificate verification depth "),
	V("certificate peer name verification failed for "),
	V("server certificate verification failed for "),
	V("CA certificate verification failed for "),
	V("Server certificate could not be verified"),
	V("Peer certificate could not be verified"),
	V("Peer verification: "),
	V("Verified: "),
	V("Unverified: "),
	V("Untrusted: "),
	V("Trusted: "),
	V("Host offered STARTTLS: "),
	V("TLSRPT: "),
	V("verify "),
	V("subject_CN="),
	V("fingerprint="),
	V("CommonName "),
	V("initializing the "),
	V("TLS connection "),
	V("TLS cipher list "),
	V("looking for session "),
	V("save session "),
	V("remove session "),
	V("No client certificate "),
	V("Used TLS for "),
	V("CONNECT "),
	V("DISCONNECT "),
	/* postscreen, dnsblog */
	V("PASS "),
	V("PREGREET "),
	V("DNSBL rank "),
	V("HANGUP after "),
	V("ALLOWLISTED "),
	V("WHITELISTED "),
	V("DENYLISTED "),
	V("BLACKLISTED "),
	V("ALLOWLIST VETO "),
	V("WHITELIST VETO "),
	V("COMMAND "),
	V("NON-SMTP COMMAND from "),
	V("BARE NEWLINE from "),
	V("DATA without valid RCPT from "),
	V("BDAT without valid RCPT from "),
	V("entering STRESS mode "),
	V("leaving STRESS mode "),
	V("addr "),
	/* bounce */
	V("sender non-delivery notification: "),
	V("sender delivery status notification: "),
	V("sender delay notification: "),
	V("postmaster "),
	/* postsuper */
	V("Deleted: "),
	V("Requeued: "),
	V("Placed on hold: "),
	V("Released from hold: "),
	V("Expired: "),
	V("Force-expired: "),
	V("Expire and release: "),
	V("Renamed to match inode number: "),
	V("scanning "),
	/* postfix-script, when the tag is cut */
	V("starting the Postfix "),
	V("stopping the Postfix "),
	V("refreshing the Postfix "),
	V("waiting for the Postfix "),
	V("aborting the Postfix "),
	V("the Postfix mail system is "),
	V("flushing queued mail"),
	/* policy servers, when the tag is cut */
	V("action="),
	V("Action: "),
	V("Policy action="),
	V("prepend Received-SPF: "),
	V("Pass; "),
	V("Fail; "),
	V("None; "),
	V("Neutral; "),
	V("Softfail; "),
	V("Permerror; "),
	V("Temperror; "),
	V("whitelisted: "),
	/* libsasl2 speaks through its host's syslog tag */
	V("SASL "),
	V("DIGEST-MD5 "),
	V("GSSAPI "),
	V("NTLM "),
	V("OTP "),
	V("sql "),
	V("sql_select "),
	V("auxprop"),
	V("ldapdb"),
	V("could not find auxprop plugin"),
	V("unable to open Berkeley db "),
	V("begin transaction"),
	V("commit transaction"),
	V("looking for plugins in "),
	V("_sasl_"),
	/* smtpd -v and the like: what goes over the wire */
	V("> "),
	V("< "),
	V(">>> "),
	V("<<< "),
	V("send attr "),
	V("input attribute "),
	V("private/"),
	V("public/"),
	V("connection established"),
	V("connect to subsystem "),
	V("before input_transp_cleanup"),
	V("proxymap stream "),
	V("rewrite stream "),
	V("mynetworks: "),
	V("fsspace: "),
	V("trying "),
	V("read from "),
	V("write to "),
	V("lookup "),
	V("report "),
	V("abort all milters"),
	V("free all milters"),
	V("milter inspects "),
	V("process generation: "),
	V("Compiled against Berkeley DB "),
	V("Run-time linked against Berkeley DB "),
	V("using DANE RR: "),
	V("using TLSA "),
	V("TLSA "),
	V("TLS handshake failed for "),
	V("Warning: ")
};

/* With one. */
static const struct view with_id[] = {
	V("message-id="),
	V("resent-message-id="),
	V("sender "),
	V("postmaster "),
	V("skipped, "),
	V("warning:"),
	V("info:"),
	V("error:"),
	V("fatal:"),
	V("prepend: "),
	V("replace: "),
	V("strip: "),
	V("pass: "),
	V("filter: "),
	V("redirect: "),
	V("hold: "),
	V("discard: "),
	V("delay: "),
	V("bcc: "),
	V("warn: "),
	V("permit: "),
	V("ignore: "),
	V("accept: "),
	V("reject_warning: "),
	V("proxy-accept: "),
	V("milter-header-"),
	V("milter-hold: "),
	V("milter-discard: "),
	V("milter-accept: "),
	V("milter-quarantine: "),
	V("placed on hold"),
	V("released from hold"),
	V("requeued"),
	V("expired"),
	V("renamed to "),
	V("enabling PIX "),
	V("Used TLS for "),
	V("discarding EHLO keywords: "),
	V("Host or domain name not found. "),
	V("Host found but no data record "),
	V("Name service error "),
	V("Domain "),
	V("no MX host for "),
	V("unable to "),
	V("breaking line "),
	V("mail for "),
	V("message size "),
	V("TLSA lookup error "),
	V("TLS policy lookup "),
	V("No TLSA "),
	V("non DNSSEC destination"),
	V("SMTPUTF8 is required, "),
	V("REQUIRETLS "),
	V("MIME "),
	V("message has been queued for "),
	V("too many "),
	V("sasl_"),
	V("canceled"),
	V("skipping "),
	V("undeliverable postmaster notification discarded"),
	V("using DANE RR: "),
	V("offered "),
	V("abort: "),
	V("passing <"),
	V("not sending trace/success notification "),
	V("status=deferred (")
};

/* In a line whose beginning varies. */
static const struct view within[] = {
	V(" offers SMTPUTF8 support, but not 8BITMIME"),
	V(" map lookup problem -- message not accepted, ")
};

static bool	is_listed(const struct view *, size_t, struct view);
static bool	is_trace(struct view);

bool
postfix_is_quiet(const struct postfix_line *line, bool has_queue_id)
{
	enum postfix_role	role;

	if (has_queue_id ?
	    is_listed(with_id, sizeof(with_id) / sizeof(with_id[0]),
	    line->rest) :
	    is_listed(bare, sizeof(bare) / sizeof(bare[0]), line->rest) ||
	    is_trace(line->rest))
		return true;
	role = postfix_role(line->service);
	return role == ROLE_FOREIGN || (role == ROLE_QUIET && !has_queue_id);
}

bool
postfix_is_quiet_within(struct view text)
{
	size_t	i;

	for (i = 0; i < sizeof(within) / sizeof(within[0]); i++)
		if (view_search(text, within[i]) < text.n)
			return true;
	return false;
}

static bool
is_listed(const struct view *shapes, size_t count, struct view text)
{
	size_t	i;

	if (text.n == 0)
		return false;
	for (i = 0; i < count; i++)
		if (*text.p == *shapes[i].p && view_starts(text, shapes[i]))
			return true;
	return false;
}

/*
 * "match_hostname: mx ~? net": the trace of a -v flag starts with the name of
 * a function; "mx.example.com[192.0.2.1]:25: subject_CN=..." is that of the
 * TLS library.
 */
static bool
is_trace(struct view text)
{
	struct view	name, ip;
	size_t		n;

	for (n = 0; n < text.n; n++)
		if (text.p[n] != '_' && (text.p[n] < 'a' || text.p[n] > 'z') &&
		    (text.p[n] < '0' || text.p[n] > '9'))
			break;
	if (n > 2 && n < text.n && (text.p[n] == ':' || text.p[n] == '(') &&
	    view_find(text, '_', 0) < n)
		return true;
	return postfix_take_host(&text, &name, &ip) &&
	    view_starts(text, VIEW(": "));
}
