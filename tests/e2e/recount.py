"""What a Postfix log means, counted slowly and apart from the agent.

Written from what is promised to users (words, metrics), for the lines of
gen_postfix. recount.py FILE... prints the tables.

    r = Recount()
    r.feed(line)                    one line, with or without its LF
    r.attempts[provider, outcome]   and r.replies, r.windows()
"""
import collections
import datetime
import sys

OUTCOMES = {"sent": "delivered", "deferred": "deferred", "bounced": "bounced"}
# whose a host is, by the end of its name; the longest counts
PROVIDERS = {
    "google.com": "google", "protection.outlook.com": "microsoft365",
    "olc.protection.outlook.com": "outlook", "yahoodns.net": "yahoo",
    "mail.icloud.com": "icloud", "gmx.net": "gmx", "web.de": "gmx",
    "t-online.de": "t-online", "orange.fr": "orange",
}
WINDOWS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3600}
STEP_S = 10     # windows move in steps of so much


def provider_of(host):
    names = host.lower().split(".")
    for at in range(len(names)):
        known = PROVIDERS.get(".".join(names[at:]))
        if known:
            return known
    return ".".join(names[-2:])


def between(text, before, after):
    """What stands behind the first before, up to after; the rest."""
    _, found, rest = text.partition(before)
    assert found, f"no {before!r} in {text!r}"
    value, found, rest = rest.partition(after)
    assert found, f"no {after!r} in {text!r}"
    return value, rest


def code_of(text):
    """sent (250 ...), host X said: 421 ..., or refused to talk to me: 421 ..."""
    if text.startswith("host "):
        for words in (" said: ", " refused to talk to me: "):
            _, found, rest = text.partition(words)
            if found:
                text = rest
                break
    code = text[:3]
    if len(code) == 3 and code.isdigit() and text[3:4] in (" ", "-", ""):
        return code
    return "none"


class Recount:
    def __init__(self):
        self.lines = 0
        self.time = 0
        self.attempts = collections.Counter()
        self.replies = collections.Counter()
        self.steps = collections.Counter()

    def feed(self, line):
        self.lines += 1
        stamp, _, tag, body = line.rstrip("\n").split(" ", 3)
        time = int(datetime.datetime.fromisoformat(stamp).timestamp())
        self.time = max(self.time, time)
        if tag.partition("[")[0] != "postfix/smtp":
            return
        _, _, body = body.partition(": ")
        if not body.startswith("to=<"):
            return
        _, rest = between(body, "to=<", ">, ")
        relay, rest = between(rest, "relay=", ", ")
        enhanced, rest = between(rest, "dsn=", ", ")
        status, text = between(rest, "status=", " (")
        self.delivery(time, relay, enhanced, OUTCOMES[status], text)

    def delivery(self, time, relay, enhanced, outcome, text):
        if relay == "none":
            if not text.startswith("connect to "):
                return      # no host was tried
            relay = text.removeprefix("connect to ")
        provider = provider_of(relay.partition("[")[0])
        code = code_of(text)
        kind = (enhanced if code == "none" else code)[0] + "xx"
        self.attempts[provider, outcome] += 1
        self.replies[provider, kind, code, outcome] += 1
        self.steps[provider, kind, time // STEP_S] += 1

    def windows(self):
        """{(provider, class, window): replies} at the time of the last line."""
        sums = collections.Counter()
        for (provider, kind, step), n in self.steps.items():
            for name, seconds in WINDOWS.items():
                if step > self.time // STEP_S - seconds // STEP_S:
                    sums[provider, kind, name] += n
        return sums


def main():
    r = Recount()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            for line in f:
                r.feed(line)
    for name, table in (("attempts", r.attempts), ("replies", r.replies),
                        ("windows", r.windows())):
        for key, n in sorted(table.items()):
            print(name, *key, n)


if __name__ == "__main__":
    main()
