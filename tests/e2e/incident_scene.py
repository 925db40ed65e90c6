"""Postfix logs with a known incident in them.

A scene is some hours of ordinary mail of several tenants over two ways out to
several providers, with its usual few failures, and then one piece of trouble.
All numbers come from the seed.
"""
import datetime
import random

START = 1793577600      # 2026-11-02T00:00:00Z
CALM_MIN, TROUBLE_MIN, AFTER_MIN = 240, 25, 60

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
LISTED = "550 5.7.1 Service unavailable; client [192.0.2.%d] blocked using " \
         "zen.spamhaus.org"


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
        self.provider = self.tenant = self.egress = None
        self.lines, self.queue = [], []
        self.sets_up[kind](self)

    # what is true of each kind
    def throttled(self):
        self.provider = self.random.choice(sorted(THROTTLE))
        self.share = self.random.uniform(0.35, 0.8)
        self.truth = {"scope": "isolated", "cause": "provider",
                      "reason": "rate-limit", "provider": self.provider,
                      "advice": "Send more slowly"}

    def bad_list(self):
        self.tenant = self.random.choice(TENANTS)
        self.share = self.random.uniform(0.4, 0.7)
        self.truth = {"cause": "tenant", "reason": "bad-recipient",
                      "culprit": self.tenant,
                      "advice": "Talk to " + self.tenant}

    def egress_listed(self):
        self.egress = self.random.choice(sorted(EGRESS))
        self.share = self.random.uniform(0.7, 0.95)
        name = EGRESS[self.egress]
        self.truth = {"cause": "egress", "reason": "reputation",
                      "culprit": name, "advice": "Take %s out of use" % name}

    def dns_dead(self):
        self.truth = {"scope": "all", "cause": "self", "provider": None,
                      "advice": "look at yourself first: DNS"}

    def provider_dead(self):
        self.provider = self.random.choice(sorted(PROVIDERS))
        self.truth = {"scope": "isolated", "cause": "provider",
                      "reason": "network", "provider": self.provider,
                      "advice": "check DNS, route and firewall"}

    def blast(self):
        self.tenant = self.random.choice(TENANTS)
        self.truth = None

    sets_up = {"throttled": throttled, "bad_list": bad_list,
               "egress_listed": egress_listed, "dns_dead": dns_dead,
               "provider_dead": provider_dead, "blast": blast}

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
        if not self.begin <= at < self.end:
            return 0
        return {"blast": 20 * self.per_minute,
                "bad_list": self.per_minute // 2}.get(self.kind, 0)

    def mail(self, at, tenant):
        r = self.random
        campaign = tenant is not None
        tenant = tenant or self.pick(self.tenant_weight)
        provider = self.pick(self.weight)
        egress = self.pick(self.egress_weight)
        qid = "%X" % r.randrange(1 << 40, 1 << 44)
        self.say(at, egress, "qmgr", "%s: from=<info@%s>, size=%d, nrcpt=1 "
                 "(queue active)" % (qid, tenant, r.randrange(1000, 90000)))
        trouble = self.begin <= at < self.end
        relay, text, status = self.answer(at, provider, tenant, egress,
                                          trouble, campaign)
        domain, mx, ip = PROVIDERS[provider]
        if relay:
            relay = "%s[%s]:25" % (mx, ip)
        seconds = r.uniform(0.3, 8)
        self.say(at + min(1, seconds), egress, "smtp",
                 "%s: to=<user%d@%s>, relay=%s, delay=%.1f, "
                 "delays=0.1/0.01/%.2f/%.2f, dsn=%s, status=%s (%s)" %
                 (qid, r.randrange(10 ** 6), domain, relay or "none", seconds,
                  seconds / 3, seconds / 2, *status, text))
        if status[1] != "deferred":
            self.say(at + min(1, seconds) + 0.01, egress, "qmgr",
                     qid + ": removed")

    def answer(self, at, provider, tenant, egress, trouble, campaign):
        """(was a host spoken to, text, (dsn, status))"""
        r = self.random
        if trouble:
            answer = self.trouble(at, provider, tenant, egress, campaign)
            if answer:
                return answer
        usual = r.random()
        if usual < 0.012:
            return self.said(provider, UNKNOWN)
        if usual < 0.02:
            return self.said(provider, GREY)
        return True, "250 2.0.0 OK", ("2.0.0", "sent")

    def trouble(self, at, provider, tenant, egress, campaign):
        r = self.random
        mx, ip = PROVIDERS[provider][1:]
        if self.kind == "throttled" and provider == self.provider and \
                r.random() < self.share:
            return self.said(provider, THROTTLE[provider])
        if self.kind == "bad_list" and campaign and r.random() < self.share:
            return self.said(provider, UNKNOWN)
        if self.kind == "egress_listed" and egress == self.egress and \
                r.random() < self.share:
            return self.said(provider, LISTED % (1 + (egress[-1] == "2")))
        if self.kind == "dns_dead":
            return None, "Host or domain name not found. Name service error " \
                "for name=%s type=MX: Host not found, try again" % \
                PROVIDERS[provider][0], ("4.4.3", "deferred")
        if self.kind == "provider_dead" and provider == self.provider:
            text = "connect to %s[%s]:25: Connection timed out" % (mx, ip)
            # after some failures in a row Postfix stops trying for a while
            if (at - self.begin) % 300 > 120:
                text = "delivery temporarily suspended: " + text
            return None, text, ("4.4.1", "deferred")
        return None

    def said(self, provider, reply):
        mx, ip = PROVIDERS[provider][1:]
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
