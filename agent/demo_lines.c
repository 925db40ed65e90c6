#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "demo_lines.h"

static const char *const	tenants[][3] = {
	/* domain, login, client */
	{ "shop.example", "orders", "web01.shop.example" },
	{ "shop.example", "orders", "web02.shop.example" },
	{ "newsletter.example", "campaign", "app.newsletter.example" },
	{ "newsletter.example", "campaign", "app.newsletter.example" },
	{ "newsletter.example", "campaign", "app.newsletter.example" },
	{ "clinic.example", "reception", "pc7.clinic.example" },
	{ "school.example", "office", "mail.school.example" },
	{ "club.example", "board", "dsl-41.club.example" },
	{ "bakery.example", "hello", "dsl-17.bakery.example" },
};

static const char *const	people[] = {
	"anna", "bernd", "carla", "david", "emma", "felix", "greta", "hugo",
	"ines", "jonas", "karin", "lars", "maria", "nils", "olga", "paul"
};

enum {
	TENANTS = sizeof(tenants) / sizeof(tenants[0]),
	PEOPLE = sizeof(people) / sizeof(people[0])
};

#define NO_USER_GOOGLE \
	"The email account that you tried to reach does not exist. Please " \
	"try 550-5.1.1 double-checking the recipient's email address for " \
	"typos or 550-5.1.1 unnecessary spaces. 550 5.1.1  " \
	"https://support.google.com/mail/?p=NoSuchUser b12-2002 - gsmtp"
#define QUOTA_GOOGLE \
	"The recipient's inbox is out of storage space. Please direct the " \
	"452-4.2.2 recipient to 452 4.2.2  " \
	"https://support.google.com/mail/?p=OverQuotaTemp b12-2002 - gsmtp"
#define THROTTLED_GOOGLE \
	"Gmail has detected an unusual rate of unsolicited mail originating " \
	"421-4.7.28 from your IP address. To protect our users from spam, " \
	"mail sent 421-4.7.28 from your IP address has been temporarily " \
	"rate limited. 421 4.7.28 review our Bulk Email Senders " \
	"Guidelines. b12-2002 - gsmtp"
#define GREYLISTED \
	"<{rcpt}>: Recipient address rejected: Greylisted, please come back " \
	"in 5 minutes"
#define NO_USER	"<{rcpt}>: Recipient address rejected: User unknown"

const struct demo_provider	demo_providers[] = {
	{ "google", 36, { "gmail.com", "gmail.com", "googlemail.com" },
	    { "gmail-smtp-in.l.google.com", "gmail-smtp-in.l.google.com",
	    "alt1.gmail-smtp-in.l.google.com" },
	    "250 2.0.0 OK  1732000000 b12-2002 - gsmtp", {
	    { 70, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.1.1", NO_USER_GOOGLE },
	    { 20, OUTCOME_DEFERRED, STAGE_RCPT, 452, "4.2.2", QUOTA_GOOGLE },
	    } },
	{ "microsoft365", 15,
	    { "northwind.example", "fabrikam.example", "tailspin.example" },
	    { "northwind-example.mail.protection.outlook.com",
	    "fabrikam-example.mail.protection.outlook.com",
	    "tailspin-example.mail.protection.outlook.com" },
	    "250 2.6.0 <1@example> [InternalId=1] Queued mail for delivery", {
	    { 60, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.4.1",
	    "Recipient address rejected: Access denied" },
	    { 40, OUTCOME_DEFERRED, STAGE_MAIL, 451, "4.7.500",
	    "Server busy. Please try again later" },
	    } },
	{ "outlook", 12, { "outlook.com", "hotmail.com", "live.com" },
	    { "outlook-com.olc.protection.outlook.com",
	    "hotmail-com.olc.protection.outlook.com",
	    "live-com.olc.protection.outlook.com" },
	    "250 2.6.0 <1@example> [InternalId=2] Queued mail for delivery", {
	    { 80, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.5.0",
	    "Requested action not taken: mailbox unavailable (S2017062302)" },
	    { 25, OUTCOME_DEFERRED, STAGE_MAIL, 451, "4.7.650",
	    "The mail server has been temporarily rate limited due to IP "
	    "reputation. For e-mail delivery information, see "
	    "https://postmaster.live.com (S775)" },
	    } },
	{ "yahoo", 9, { "yahoo.com", "yahoo.co.uk", "aol.com" },
	    { "mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net",
	    "mx-aol.mail.gm0.yahoodns.net" },
	    "250 ok dirdel", {
	    { 60, OUTCOME_BOUNCED, STAGE_EOD, 554, "5.0.0",
	    "delivery error: dd This user doesn't have a yahoo.com account "
	    "({rcpt}) [-9]" },
	    { 50, OUTCOME_DEFERRED, STAGE_MAIL, 421, "4.7.0",
	    "[TSS04] Messages temporarily deferred due to unexpected volume "
	    "or user complaints" },
	    } },
	{ "gmx", 7, { "gmx.de", "web.de", "gmx.net" },
	    { "mx00.gmx.net", "mx01.gmx.net", "mx-ha02.web.de" },
	    "250 Requested mail action okay, completed: id=0MB1", {
	    { 50, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.0.0",
	    "Requested action not taken: mailbox unavailable" },
	    { 30, OUTCOME_DEFERRED, STAGE_CONNECT, 421, "4.0.0",
	    "gmx.net (mxgmx012) Nemesis ESMTP Service not available" },
	    } },
	{ "icloud", 5, { "icloud.com", "me.com", "icloud.com" },
	    { "mx01.mail.icloud.com", "mx02.mail.icloud.com",
	    "mx01.mail.icloud.com" },
	    "250 2.0.0 Ok: queued as 4XyZ", {
	    { 30, OUTCOME_BOUNCED, STAGE_RCPT, 552, "5.2.2",
	    "<{rcpt}>: user is over quota" },
	    } },
	{ "t-online", 4, { "t-online.de", "t-online.de", "magenta.de" },
	    { "mx00.t-online.de", "mx01.t-online.de", "mx02.t-online.de" },
	    "250 2.0.0 Message accepted.", {
	    { 40, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.1.1", NO_USER },
	    { 20, OUTCOME_DEFERRED, STAGE_NONE, 0, "4.4.1",
	    "Connection timed out" },
	    } },
	{ "orange", 3, { "orange.fr", "wanadoo.fr", "orange.fr" },
	    { "smtp-in.orange.fr", "smtp-in.orange.fr", "smtp-in.orange.fr" },
	    "250 2.0.0 mail accepted for delivery", {
	    { 60, OUTCOME_DEFERRED, STAGE_CONNECT, 421, "4.0.0",
	    "mwinf5c40 ME Too many connections, slow down. OFR004_104" },
	    } },
	{ "university.example", 4,
	    { "university.example", "cs.university.example",
	    "university.example" },
	    { "mx1.university.example", "mx2.university.example",
	    "mx1.university.example" },
	    "250 2.0.0 Ok: queued as 8F00B", {
	    { 3500, OUTCOME_DEFERRED, STAGE_RCPT, 450, "4.2.0", GREYLISTED },
	    { 90, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.1.1", NO_USER },
	    } },
	{ "town.example", 3, { "town.example", "town.example",
	    "town.example" },
	    { "mail.town.example", "mail.town.example", "mail.town.example" },
	    "250 2.0.0 Ok: queued as 1A2B3C", {
	    { 5000, OUTCOME_DEFERRED, STAGE_RCPT, 450, "4.2.0", GREYLISTED },
	    { 120, OUTCOME_BOUNCED, STAGE_RCPT, 550, "5.1.1", NO_USER },
	    } },
	{ "brewery.example", 2, { "brewery.example", "brewery.example",
	    "brewery.example" },
	    { "mx.brewery.example", "mx.brewery.example",
	    "mx.brewery.example" },
	    "250 OK id=1abcde-000123-45", {
	    { 100, OUTCOME_BOUNCED, STAGE_EOD, 554, "5.7.1",
	    "Message rejected as spam by content scanner" },
	    } },
};

const unsigned	demo_provider_count =
		    sizeof(demo_providers) / sizeof(demo_providers[0]);

const struct demo_reply	demo_sent = {
	0, OUTCOME_DELIVERED, STAGE_EOD, 250, "2.0.0", NULL
};
const struct demo_reply	demo_throttled = {
	0, OUTCOME_DEFERRED, STAGE_EOD, 421, "4.7.28", THROTTLED_GOOGLE
};

static void	print_head(struct demo_log *, const char *program,
		    unsigned pid);
static void	print_reply(FILE *, const struct demo_message *,
		    const struct demo_reply *);
static void	print_text(FILE *, const char *text, const char *recipient);
static unsigned	delay_from(uint64_t random);
static const struct demo_reply	*choose(const struct demo_provider *,
		    uint64_t random);

/* splitmix64 (Steele, Lea, Flood, 2014), once for each number. */
uint64_t
demo_hash(uint64_t seed, uint64_t a, uint64_t b)
{
	uint64_t	x = seed;
	uint64_t	in[] = { a, b };

	for (size_t i = 0; i < 2; i++) {
		x += UINT64_C(0x9e3779b97f4a7c15) + in[i];
		x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
		x ^= x >> 31;
	}
	return x;
}

unsigned
demo_delay_ms(uint64_t seed, uint64_t number)
{
	return delay_from(demo_hash(seed, number, 1));
}

void
demo_message_make(struct demo_message *m, uint64_t seed, uint64_t number)
{
	uint64_t	h = demo_hash(seed, number, 0);
	uint64_t	g = demo_hash(seed, number, 1);
	unsigned	part = (unsigned)(h % 100);
	unsigned	way = (unsigned)(h >> 8) % 3;
	const struct demo_provider *to;

	*m = (struct demo_message){ .hash = h };
	while (part >= demo_providers[m->provider].share)
		part -= demo_providers[m->provider++].share;
	to = &demo_providers[m->provider];
	m->tenant = (unsigned)(h >> 16) % TENANTS;
	m->pid = 1000 + (unsigned)(h >> 24) % 60;
	m->mx = to->mx[way];
	m->bytes = 1500 + (unsigned)(g % 60000);
	m->delay_ms = delay_from(g);
	m->first = choose(to, g >> 32);
	snprintf(m->mx_ip, sizeof(m->mx_ip), "198.51.100.%u",
	    10 * m->provider + way);
	snprintf(m->client, sizeof(m->client), "%s[192.0.2.%u]",
	    tenants[m->tenant][2], 10 + m->tenant);
	snprintf(m->queue_id, sizeof(m->queue_id), "%010" PRIX64,
	    number & UINT64_C(0xffffffffff));
	snprintf(m->sender, sizeof(m->sender), "%s@%s",
	    tenants[m->tenant][1], tenants[m->tenant][0]);
	snprintf(m->recipient, sizeof(m->recipient), "%s.%u@%s",
	    people[(h >> 40) % PEOPLE], (unsigned)(h >> 48) % 5000,
	    to->domain[way]);
}

const char *
demo_enhanced(const struct demo_message *m, const struct demo_reply *r,
    char buf[DEMO_ENHANCED_BYTES])
{
	const char	*accepted = demo_providers[m->provider].accepted;

	if (r->outcome != OUTCOME_DELIVERED || accepted[5] != '.')
		return r->enhanced;
	snprintf(buf, DEMO_ENHANCED_BYTES, "%.5s", accepted + 4);
	return buf;
}

void
demo_print_arrival(struct demo_log *log, const struct demo_message *m)
{
	const char	*smtpd = "postfix/submission/smtpd";

	print_head(log, smtpd, m->pid);
	fprintf(log->out, "connect from %s\n", m->client);
	print_head(log, smtpd, m->pid);
	fprintf(log->out, "%s: client=%s, sasl_method=PLAIN, "
	    "sasl_username=%s\n", m->queue_id, m->client, m->sender);
	print_head(log, "postfix/cleanup", m->pid + 100);
	fprintf(log->out, "%s: message-id=<%016" PRIx64 "@%s>\n",
	    m->queue_id, m->hash, tenants[m->tenant][0]);
	demo_print_active(log, m);
	print_head(log, smtpd, m->pid);
	fprintf(log->out, "disconnect from %s ehlo=2 starttls=1 auth=1 mail=1 "
	    "rcpt=1 data=1 quit=1 commands=8\n", m->client);
}

void
demo_print_active(struct demo_log *log, const struct demo_message *m)
{
	print_head(log, "postfix/qmgr", 900);
	fprintf(log->out, "%s: from=<%s>, size=%u, nrcpt=1 (queue active)\n",
	    m->queue_id, m->sender, m->bytes);
}

void
demo_print_attempt(struct demo_log *log, const struct demo_message *m,
    const struct demo_reply *r, unsigned delay_ms)
{
	unsigned	third = m->delay_ms / 3;
	char		enhanced[DEMO_ENHANCED_BYTES];

	print_head(log, "postfix/smtp", m->pid + 200);
	fprintf(log->out, "%s: to=<%s>, relay=", m->queue_id, m->recipient);
	if (r->stage == STAGE_NONE)
		fprintf(log->out, "none");
	else
		fprintf(log->out, "%s[%s]:25", m->mx, m->mx_ip);
	fprintf(log->out, ", delay=%u.%02u, delays=%u.%02u/0.01/%u.%02u/"
	    "%u.%02u, dsn=%s, status=", delay_ms / 1000, delay_ms % 1000 / 10,
	    (delay_ms - 2 * third) / 1000,
	    (delay_ms - 2 * third) % 1000 / 10, third / 1000,
	    third % 1000 / 10, third / 1000, third % 1000 / 10,
	    demo_enhanced(m, r, enhanced));
	print_reply(log->out, m, r);
}

void
demo_print_tls(struct demo_log *log, const struct demo_message *m)
{
	print_head(log, "postfix/smtp", m->pid + 200);
	fprintf(log->out, "Untrusted TLS connection established to "
	    "%s[%s]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 "
	    "bits)\n", m->mx, m->mx_ip);
}

void
demo_print_removed(struct demo_log *log, const struct demo_message *m)
{
	print_head(log, "postfix/qmgr", 900);
	fprintf(log->out, "%s: removed\n", m->queue_id);
}

static void
print_head(struct demo_log *log, const char *program, unsigned pid)
{
	time_t		t = (time_t)log->second;
	struct tm	tm;
	char		stamp[40];

	gmtime_r(&t, &tm);
	if (log->rfc3164) {
		strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
		fprintf(log->out, "%s mail %s[%u]: ", stamp, program, pid);
	} else {
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
		fprintf(log->out, "%s.%06u+00:00 mail %s[%u]: ", stamp,
		    log->us % 1000000, program, pid);
	}
	log->us += 997;
	log->lines++;
}

static void
print_reply(FILE *out, const struct demo_message *m,
    const struct demo_reply *r)
{
	static const char *const	commands[STAGE_COUNT] = {
		[STAGE_MAIL] = "MAIL FROM command",
		[STAGE_RCPT] = "RCPT TO command",
		[STAGE_EOD] = "end of DATA command",
	};

	if (r->outcome == OUTCOME_DELIVERED) {
		fprintf(out, "sent (%s)\n",
		    demo_providers[m->provider].accepted);
		return;
	}
	fprintf(out, "%s (",
	    r->outcome == OUTCOME_BOUNCED ? "bounced" : "deferred");
	if (r->stage == STAGE_NONE) {
		fprintf(out, "connect to %s[%s]:25: %s)\n", m->mx, m->mx_ip,
		    r->text);
		return;
	}
	fprintf(out, "host %s[%s] %s: %u", m->mx, m->mx_ip,
	    r->stage == STAGE_CONNECT ? "refused to talk to me" : "said",
	    r->code);
	/* a text with more lines repeats its codes, Postfix joins them */
	fputc(strstr(r->text, " b12-2002") != NULL ? '-' : ' ', out);
	if (r->enhanced[2] != '0' || r->enhanced[4] != '0')
		fprintf(out, "%s ", r->enhanced);
	print_text(out, r->text, m->recipient);
	if (commands[r->stage] != NULL)
		fprintf(out, " (in reply to %s)", commands[r->stage]);
	fputs(")\n", out);
}

static void
print_text(FILE *out, const char *text, const char *recipient)
{
	const char	*at = strstr(text, "{rcpt}");

	if (at == NULL)
		fputs(text, out);
	else
		fprintf(out, "%.*s%s%s", (int)(at - text), text, recipient,
		    at + strlen("{rcpt}"));
}

static const struct demo_reply *
choose(const struct demo_provider *p, uint64_t random)
{
	unsigned	part = (unsigned)(random % 10000);

	for (size_t i = 0; i < DEMO_FAILURES; i++) {
		if (part < p->failure[i].share)
			return &p->failure[i];
		part -= p->failure[i].share;
	}
	return &demo_sent;
}

static unsigned
delay_from(uint64_t random)
{
	return 300 + (unsigned)(random >> 16) % 5000;
}
