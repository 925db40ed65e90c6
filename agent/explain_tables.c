#include <stddef.h>

#include "explain_tables.h"

#define RETRY_421 "back off: 1 min, 5 min, 15 min, 1 h, then up to 4 h"
#define RETRY_450 "in 15 min, then less and less often, for up to 5 days"
#define RETRY_452 "slowly: in 30 min, then every few hours"
#define RETRY_NOT "not: the same attempt will be refused again"

static const struct explain_code codes[] = {
	{ 421, "service not available, the connection is closed", RETRY_421 },
	{ 422, "the mailbox has no room (not in RFC 5321)", RETRY_452 },
	{ 432, "a password transition is needed; at Microsoft: busy",
	    RETRY_421 },
	{ 450, "mailbox not available now: busy, or deferred by policy",
	    RETRY_450 },
	{ 451, "local error in processing", RETRY_450 },
	{ 452, "not enough storage, or too many recipients", RETRY_452 },
	{ 454, "a login or TLS failed for the moment", RETRY_450 },
	{ 455, "parameters cannot be accommodated now", RETRY_450 },
	{ 500, "syntax error, command not recognised", RETRY_NOT },
	{ 501, "syntax error in parameters or arguments", RETRY_NOT },
	{ 502, "command not implemented", RETRY_NOT },
	{ 503, "bad sequence of commands", RETRY_NOT },
	{ 504, "command parameter not implemented", RETRY_NOT },
	{ 521, "the host takes no mail (RFC 7504)", RETRY_NOT },
	{ 523, "encryption needed, or message too large", RETRY_NOT },
	{ 530, "a login or TLS is needed first",
	    "not before the login is mended: more attempts lock the account" },
	{ 534, "this way to log in is too weak",
	    "not before the login is mended: more attempts lock the account" },
	{ 535, "the login was refused",
	    "not before the login is mended: more attempts lock the account" },
	{ 538, "this login needs encryption", RETRY_NOT },
	{ 541, "refused by the recipient's system", RETRY_NOT },
	{ 550, "mailbox not available: unknown, no access, or refused by "
	    "policy", RETRY_NOT },
	{ 551, "the user is not local", RETRY_NOT },
	{ 552, "storage exceeded: the mailbox is full or the message too "
	    "large; x.2.2 and x.3.4 tell which",
	    "a full mailbox: in some days; a large message: not" },
	{ 553, "mailbox name not allowed", RETRY_NOT },
	{ 554, "transaction failed, or no service at connect: read the text",
	    RETRY_NOT },
	{ 555, "parameters not recognised", RETRY_NOT },
	{ 556, "the domain takes no mail (RFC 7504)", RETRY_NOT },
	{ 571, "refused by policy (not in RFC 5321)", RETRY_NOT },
};

static const struct explain_reason reasons[REASON_COUNT] = {
	[REASON_NONE] = { "nobody", "nothing: it was delivered" },
	[REASON_BAD_RECIPIENT] = { "you: whoever keeps the list of addresses",
	    "take the address off your lists; mail to unknown addresses "
	    "spoils your reputation" },
	[REASON_INACTIVE_RECIPIENT] = { "you: whoever keeps the list of "
	    "addresses", "take the address off your lists; ask the person "
	    "for another one" },
	[REASON_BAD_DOMAIN] = { "you: whoever keeps the list of addresses",
	    "check the spelling of the domain; take the address off your "
	    "lists if the domain is really gone" },
	[REASON_MAILBOX_FULL] = { "the recipient", "send it again in some "
	    "days; suppress the address when it stays full for weeks" },
	[REASON_RATE_LIMIT] = { "you: the postmaster", "send more slowly to "
	    "this provider: fewer connections, a pause between messages; "
	    "look whose mail makes the volume" },
	[REASON_GREYLIST] = { "nobody", "wait: the next attempt from the same "
	    "address succeeds; be sure that retries leave by one address" },
	[REASON_REPUTATION] = { "you: the postmaster, and whoever sends what "
	    "they complain about", "open the page of the list or provider "
	    "named, find the cause (a hacked account, a bad list), stop it, "
	    "then ask for removal" },
	[REASON_CONTENT] = { "the author of the message", "look at the links, "
	    "attachments and wording; do not send the same message on" },
	[REASON_AUTH_FAIL] = { "you: whoever keeps the DNS of the sender's "
	    "domain", "mend SPF, DKIM or DMARC of the From: domain so that "
	    "one of them passes and is aligned" },
	[REASON_BAD_SENDER] = { "you: the postmaster", "give the sending "
	    "address a name that leads back to it, use that name in HELO, and "
	    "a sender whose domain exists" },
	[REASON_LOGIN] = { "you: the postmaster", "mend user, password or "
	    "mechanism of the login at the relay; stop trying until then" },
	[REASON_ROUTING] = { "you: the postmaster", "check transport, relay "
	    "and MX settings: this host was asked for mail that is not its "
	    "own, or the mail goes in circles" },
	[REASON_TOO_LARGE] = { "the author of the message", "send a smaller "
	    "message, or a link instead of the attachment" },
	[REASON_BAD_MESSAGE] = { "whoever runs the program that made the "
	    "message", "mend the header or encoding that is named" },
	[REASON_POLICY] = { "you, with the recipient or their postmaster",
	    "read the text; ask their postmaster, with time and queue id" },
	[REASON_PROTOCOL] = { "you: the postmaster", "check what talks to "
	    "them: a proxy, a firewall with SMTP fixups, or the MTA itself" },
	[REASON_TLS] = { "you: the postmaster", "check TLS on both sides: "
	    "is it offered, is the certificate valid, does DANE or MTA-STS "
	    "demand another one" },
	[REASON_NETWORK] = { "you if it is all hosts, their postmaster if it "
	    "is one", "wait for the next attempt; if it goes on, check DNS, "
	    "route and firewall to that host" },
	[REASON_SERVER_ERROR] = { "their postmaster", "wait for the next "
	    "attempt; tell their postmaster if it goes on for hours" },
	[REASON_UNKNOWN] = { "you: the postmaster", "read the text; a reason "
	    "section in agent.conf teaches it" },
};

static const struct explain_provider providers[] = {
	{ PROVIDER_GOOGLE, "x.7.23-x.7.32 and x.7.40 name what is missing: "
	    "PTR, SPF, DKIM, alignment, DMARC, TLS; x.7.28 is volume. 421 "
	    "here is throttling", "support.google.com/a/answer/3726730" },
	{ PROVIDER_YAHOO, "[TSS04], [TS01], [TSS02]: volume or complaints, "
	    "slow down; [TS03], [TSS09]: refused for long; [BL..]: on "
	    "Spamhaus; [PH..]: content; (AU..): authentication",
	    "senders.yahooinc.com/smtp-error-codes" },
	{ PROVIDER_OUTLOOK, "S3140, S3150: your network is on their list; "
	    "S775, S843, S3114: limited for reputation; RP-00x: rate; "
	    "SC-00x, OU-001: listed; DY-001: dynamic address",
	    "sendersupport.olc.protection.outlook.com/pm/" },
	{ PROVIDER_MICROSOFT365, "5.4.1 Access denied and 5.1.10: no such "
	    "recipient; 5.7.606-649: banned address, delist portal; 5.7.509, "
	    "5.7.515: DMARC; 4.7.500: throttled; 5.7.64: connector",
	    "learn.microsoft.com/exchange/mail-flow-best-practices/"
	    "non-delivery-reports-in-exchange-online" },
	{ PROVIDER_ICLOUD, "[CS01], [CS02]: their policy filter; 421 4.7.1 "
	    "excessive volume: to one recipient",
	    "support.apple.com/102322" },
	{ PROVIDER_COMCAST, "RL: rate limit; BL: on a list; ES: dynamic "
	    "address; DM: DMARC", "postmaster.comcast.net/"
	    "smtp-error-codes.php" },
	{ PROVIDER_SPECTRUM, "AUP#In-10xx, 1370: blocked; 11xx: reverse DNS; "
	    "12xx: Cloudmark or Spamhaus; 13xx: rate", "www.spectrum.net/"
	    "support/internet/understanding-email-error-codes" },
	{ PROVIDER_GMX, "no enhanced codes; the last line counts; the link in "
	    "the reply explains it", "postmaster.gmx.net/en/error-messages" },
	{ PROVIDER_T_ONLINE, "(BL) and (NOWL): the address is unknown or has "
	    "a bad name; write to the address named",
	    "postmaster.t-online.de" },
	{ PROVIDER_ORANGE, "OFR_102: blocked; _104: too many connections; "
	    "_108, _505, _999: later; _405: sender; _416: unknown; _417: "
	    "full; _506: spam", "postmaster.orange.fr" },
	{ PROVIDER_LAPOSTE, "LPN_405: sender; _416: unknown; _426: mailbox "
	    "blocked; _503: later; _510: spam; _517: DMARC",
	    "www.laposte.net" },
	{ PROVIDER_FREE, "limits connections for each address; 5.2.1: closed "
	    "for inactivity", "postmaster.free.fr" },
	{ PROVIDER_QQ, "\"frequency limited\" is a rate limit although it is "
	    "550", "service.mail.qq.com" },
	{ PROVIDER_NETEASE, "HL:ICC, HL:IFC, MI:DMC, MI:SFQ, RP:DRC: rate; "
	    "HL:REP, DT:RBL: reputation; DT:SPM: content",
	    "help.163.com" },
	{ PROVIDER_GODADDY, "IB101: busy; IB212: spam; IB401: login; IB50x: "
	    "From; IB506: domain; IB508: SPF; IB607: rate",
	    "www.godaddy.com/help" },
	{ PROVIDER_MIMECAST, "451 Internal resource temporarily unavailable "
	    "is greylisting; \"envelope blocked\" is a rule of the customer",
	    "community.mimecast.com" },
	{ PROVIDER_PROOFPOINT, "blocked using prs.proofpoint.com or "
	    "ipcheck.proofpoint.com: reputation of your address",
	    "ipcheck.proofpoint.com" },
	{ PROVIDER_BARRACUDA, "may be the recipient's own rule or the "
	    "reputation of your address", "barracudacentral.org/lookups" },
	{ PROVIDER_CISCO_IPHMX, "\"poor reputation\" is the score of your "
	    "address at Talos", "talosintelligence.com" },
	{ PROVIDER_MAILRU, "\"spam message rejected\": content or "
	    "reputation, see the link; \"account is disabled\": suppress",
	    "postmaster.mail.ru" },
	{ PROVIDER_YANDEX, "5.7.1 also means an unknown user: read the text",
	    "postmaster.yandex.com" },
	{ PROVIDER_NAVER, "\"Your IP is filtered\": register the address "
	    "there", "realip.naver.com" },
	{ PROVIDER_ATT, "DNSBL:ATTRBL: on their own list; the mail runs on "
	    "Yahoo's servers since 2025", "senders.yahooinc.com" },
};

const struct explain_code *
explain_code_of(uint16_t code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (codes[i].code == code)
			return &codes[i];
	return NULL;
}

const struct explain_provider *
explain_provider_of(enum provider_id id)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (providers[i].provider == id)
			return &providers[i];
	return NULL;
}

const struct explain_reason *
explain_reason_of(enum reason r)
{
	return &reasons[r];
}
