"""Postfix logs with a known incident in them.

A scene is some hours of ordinary mail of several tenants over two ways out to
several providers, with its usual few failures, and then one piece of trouble.
All numbers come from the seed.
"""
import collections
import datetime
import random

START = 1793577600      # 2026-11-02T00:00:00Z
CALM_MIN, TROUBLE_MIN, AFTER_MIN = 200, 25, 100

PROVIDERS = {   # name: (recipient domain, MX, address)
    "google": ("gmail.com", "gmail-smtp-in.l.google.com", "142.250.1.26"),
    "yahoo": ("yahoo.com", "mta5.am0.yahoodns.net", "67.195.1.73"),
    "outlook": ("hotmail.com", "hotmail-com.olc.protection.outlook.com",
                "52.101.1.5"),
    "icloud": ("icloud.com", "mx01.mail.icloud.com", "17.57.1.10"),
    "gmx": ("gmx.net", "mx00.emig.gmx.net", "212.227.1.9"),
}
TENANTS = ["shop.example", "news.example", "bank.example", "club.example",
           "city.example"]
EGRESS = {"postfix-out1": "out1", "postfix-out2": "out2"}
CONFIG = "".join('egress "%s" { instance = "%s" }\n' % (name, instance)
                 for instance, name in EGRESS.items())

THROTTLE = {
    "google": "421-4.7.28 Our system has detected an unusual rate of mail. "
              "421 4.7.28 Please try again later",
    "yahoo": "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred "
             "due to unexpected volume or user complaints",
    "outlook": "451 4.7.650 The mail server [192.0.2.1] has been temporarily "
               "rate limited due to IP reputation. [S775]",
}
UNKNOWN = "550 5.1.1 The email account that you tried to reach does not exist"
GREY = "450 4.2.0 Greylisted, please try again in 300 seconds"
SPF = "550-5.7.26 Your email has been blocked because the sender is " \
      "unauthenticated. 550 5.7.26 SPF [%s] with ip: [192.0.2.1] = did not pass"
LOGIN = "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6"
LISTED = "550 5.7.1 Service unavailable; client [192.0.2.%d] blocked using " \
         "zen.spamhaus.org"

Mail = collections.namedtuple("Mail", "at provider tenant egress campaign")


class Scene:
    def __init__(self, kind, seed):
        self.random = random.Random("%s/%s" % (kind, seed))
        self.kind, self.seed = kind, seed
        r = self.random
        self.per_minute = r.choice((30, 45, 60))
        self.weight = {p: r.uniform(0.6, 1.6) for p in PROVIDERS}
        self.tenant_weight = {t: r.uniform(0.6, 1.5) for t in TENANTS}
        self.egress_weight = {e: 1 for e in EGRESS}
        if seed % 2:            # most is from one tenant, an innocent one
            self.tenant_weight[r.choice(TENANTS)] = 12
        if seed % 3 == 2:       # most leaves by one way
            self.egress_weight[r.choice(sorted(EGRESS))] = 5
        self.begin = START + 60 * CALM_MIN + r.randrange(60)
        self.end = self.begin + 60 * TROUBLE_MIN
        self.provider = self.tenant = self.egress = self.smarthost = None
        self.share, self.campaign = 1, 0
        self.lines, self.queue = [], []
        self.fails = KINDS[kind](self)

    def one_of(self, names):
        return self.random.choice(sorted(names))

    # the log
    def log(self):
        for minute in range(CALM_MIN + TROUBLE_MIN + AFTER_MIN):
            at = START + 60 * minute
            for _ in range(self.random.randint(self.per_minute * 4 // 5,
                                               self.per_minute * 6 // 5)):
                self.mail(at + self.random.random() * 60, None)
            for _ in range(self.extra(at)):
                self.mail(at + self.random.random() * 60, self.tenant)
        self.lines.sort(key=lambda line: line[0])
        return "".join(text for _, text in self.lines)

    def extra(self, at):
        """Mail beyond the usual: a bad list and a newsletter are campaigns."""
        return self.campaign if self.begin <= at < self.end else 0

    def mail(self, at, tenant):
        r = self.random
        m = Mail(at, self.pick(self.weight),
                 tenant or self.pick(self.tenant_weight),
                 self.pick(self.egress_weight), tenant is not None)
        qid = "%X" % r.randrange(1 << 40, 1 << 44)
        answer = self.answer(m)
        if answer is None:      # it never entered the queue
            return
        relay, text, status = answer
        self.say(at, m.egress, "qmgr", "%s: from=<info@%s>, size=%d, nrcpt=1 "
                 "(queue active)" % (qid, m.tenant, r.randrange(1000, 90000)))
        if relay:
            relay = "%s[%s]:%d" % (*self.host(m.provider),
                                   587 if self.smarthost else 25)
        seconds = r.uniform(0.3, 8)
        self.say(at + min(1, seconds), m.egress, "smtp",
                 "%s: to=<user%d@%s>, relay=%s, delay=%.1f, "
                 "delays=0.1/0.01/%.2f/%.2f, dsn=%s, status=%s (%s)" %
                 (qid, r.randrange(10 ** 6), PROVIDERS[m.provider][0],
                  relay or "none", seconds, seconds / 3, seconds / 2, *status,
                  text))
        if status[1] != "deferred":
            self.say(at + min(1, seconds) + 0.01, m.egress, "qmgr",
                     qid + ": removed")

    def answer(self, m):
        """(was a host spoken to, text, (dsn, status))"""
        r = self.random
        if self.begin <= m.at < self.end and r.random() < self.share:
            answer = self.fails(m)
            if answer:
                return answer
            if answer == ():
                return None
        usual = r.random()
        if usual < 0.012:
            return self.said(m.provider, UNKNOWN)
        if usual < 0.02:
            return self.said(m.provider, GREY)
        return True, "250 2.0.0 OK", ("2.0.0", "sent")

    def host(self, provider):
        return self.smarthost or PROVIDERS[provider][1:]

    def turn_away(self, m):
        self.say(m.at, m.egress, "smtpd", "NOQUEUE: reject: MAIL from "
                 "app.%s[192.0.2.9]: 452 4.3.1 Insufficient system storage; "
                 "proto=ESMTP helo=<app>" % m.tenant)
        self.say(m.at, m.egress, "smtpd", "warning: not enough free space in "
                 "mail queue: 1048576 bytes < 1.5*message size limit")
        return ()

    def said(self, provider, reply):
        mx, ip = self.host(provider)
        code = reply.split()[1] if "." in reply.split()[1] else \
            reply[4:].split()[0]
        return True, "host %s[%s] said: %s (in reply to RCPT TO command)" % (
            mx, ip, reply), (code, "deferred" if reply[0] == "4" else
                             "bounced")

    def pick(self, weights):
        return self.random.choices(list(weights), weights.values())[0]

    def say(self, at, instance, program, text):
        when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
        self.lines.append((at, "%s mx1 %s/%s[%d]: %s\n" % (
            when.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"), instance, program,
            2000 + len(program), text)))


# Each kind sets what is true of it and returns fails(mail): the answer as
# answer() gives it, nothing if it is the usual one, () if it was not queued.
def throttled(s):
    s.provider = s.one_of(THROTTLE)
    s.share = s.random.uniform(0.35, 0.8)
    s.truth = {"scope": "isolated", "cause": "provider",
               "reason": "rate-limit", "provider": s.provider,
               "advice": "Send more slowly"}
    return lambda m: m.provider == s.provider and \
        s.said(m.provider, THROTTLE[m.provider])


def bad_list(s):
    s.tenant = s.one_of(TENANTS)
    s.share = s.random.uniform(0.4, 0.7)
    s.campaign = s.per_minute // 2
    s.truth = {"cause": "tenant", "reason": "bad-recipient",
               "culprit": s.tenant, "advice": "Talk to " + s.tenant}
    return lambda m: m.campaign and s.said(m.provider, UNKNOWN)


def egress_listed(s):
    s.egress = s.one_of(EGRESS)
    s.share = s.random.uniform(0.7, 0.95)
    s.truth = {"cause": "egress", "reason": "reputation",
               "culprit": EGRESS[s.egress],
               "advice": "Take %s out of use" % EGRESS[s.egress]}
    return lambda m: m.egress == s.egress and \
        s.said(m.provider, LISTED % (1 + (m.egress[-1] == "2")))


def egress_listed_at_one(s):
    """One provider keeps a list of its own."""
    s.egress, s.provider = s.one_of(EGRESS), s.one_of(PROVIDERS)
    s.share = s.random.uniform(0.7, 0.95)
    s.truth = {"scope": "isolated", "cause": "egress", "reason": "reputation",
               "provider": s.provider, "culprit": EGRESS[s.egress],
               "advice": "Take %s out of use" % EGRESS[s.egress]}
    return lambda m: m.egress == s.egress and m.provider == s.provider and \
        s.said(m.provider, LISTED % (1 + (m.egress[-1] == "2")))


def dns_dead(s):
    s.truth = {"scope": "all", "cause": "self", "provider": None,
               "advice": "look at yourself first: DNS"}
    return lambda m: (
        None, "Host or domain name not found. Name service error for name=%s "
        "type=MX: Host not found, try again" % PROVIDERS[m.provider][0],
        ("4.4.3", "deferred"))


def provider_dead(s):
    s.provider = s.one_of(PROVIDERS)
    s.truth = {"scope": "isolated", "cause": "provider", "reason": "network",
               "provider": s.provider,
               "advice": "check DNS, route and firewall"}

    def fails(m):
        if m.provider != s.provider:
            return None
        text = "connect to %s[%s]:25: Connection timed out" % s.host(m.provider)
        # after some failures in a row Postfix stops trying for a while
        if (m.at - s.begin) % 300 > 120:
            text = "delivery temporarily suspended: " + text
        return None, text, ("4.4.1", "deferred")
    return fails


def provider_slow(s):
    """It takes the connection and then does not answer in time."""
    s.provider = s.one_of(PROVIDERS)
    s.share = s.random.uniform(0.5, 0.9)
    s.truth = {"scope": "isolated", "cause": "provider", "reason": "network",
               "provider": s.provider,
               "advice": "check DNS, route and firewall"}
    return lambda m: m.provider == s.provider and (
        True, "conversation with %s[%s] timed out while sending end of data "
        "-- message may be sent more than once" % s.host(m.provider),
        ("4.4.2", "deferred"))


def certificate_expired(s):
    """Of a provider to whom mail goes encrypted or not at all."""
    s.provider = s.one_of(PROVIDERS)
    s.truth = {"scope": "isolated", "cause": "provider", "reason": "tls",
               "provider": s.provider, "advice": "certificate"}
    return lambda m: m.provider == s.provider and (
        True, "Server certificate not trusted", ("4.7.5", "deferred"))


def own_tls_broken(s):
    """The file of authorities is gone: no certificate is trusted any more."""
    s.truth = {"scope": "all", "cause": "self", "reason": "tls",
               "provider": None, "advice": "look at yourself first"}
    return lambda m: (True, "Server certificate not trusted",
                      ("4.7.5", "deferred"))


def login_refused(s):
    """A smarthost no longer takes our password: all mail goes that way."""
    s.smarthost = "smtp.relay.example", "198.51.100.25"
    s.truth = {"reason": "login", "severity": "critical",
               "advice": "Mend user, password"}
    return lambda m: (
        True, "SASL authentication failed; server %s[%s] said: %s" %
        (*s.smarthost, LOGIN), ("4.7.8", "deferred"))


def spf_broken(s):
    """One sender's domain: its record no longer names us."""
    s.tenant, s.provider = s.one_of(TENANTS), "google"
    s.truth = {"scope": "isolated", "cause": "tenant", "reason": "auth-fail",
               "provider": "google", "culprit": s.tenant,
               "advice": "SPF"}
    return lambda m: m.tenant == s.tenant and m.provider == s.provider and \
        s.said(m.provider, SPF % m.tenant)


def greylisted(s):
    """A wave of it is worth a note and no more."""
    s.provider = s.one_of(PROVIDERS)
    s.share = s.random.uniform(0.5, 0.8)
    s.truth = {"scope": "isolated", "cause": "provider", "reason": "greylist",
               "provider": s.provider, "severity": "info", "advice": "Wait"}
    return lambda m: m.provider == s.provider and s.said(m.provider, GREY)


def code_changes(s):
    """Throttled; half way the provider finds other words for it."""
    s.provider = "google"
    s.share = s.random.uniform(0.4, 0.8)
    s.truth = {"scope": "isolated", "cause": "provider",
               "reason": "rate-limit", "provider": "google",
               "advice": "Send more slowly"}
    return lambda m: m.provider == "google" and s.said(m.provider, THROTTLE[
        "google"] if m.at < (s.begin + s.end) / 2 else "450-4.2.1 The user you "
        "are trying to contact is receiving mail at a rate that prevents "
        "additional messages. 450 4.2.1 Please resend later")


def on_and_off(s):
    """Throttled for ten minutes, well for ten, and so on."""
    fails = throttled(s)
    s.end = s.begin + 60 * 50
    return lambda m: (m.at - s.begin) % 1200 < 600 and fails(m)


def blast(s):
    s.tenant = s.one_of(TENANTS)
    s.campaign = 10 * s.per_minute
    s.truth = None
    return lambda m: None


def disk_full(s):
    """Our own queue: clients are turned away, no provider has done anything."""
    s.truth = None
    return lambda m: s.turn_away(m)


KINDS = {kind.__name__: kind for kind in (
    throttled, bad_list, egress_listed, egress_listed_at_one, dns_dead,
    provider_dead, provider_slow, certificate_expired, own_tls_broken,
    login_refused, spf_broken, greylisted, code_changes, on_and_off, blast,
    disk_full)}
