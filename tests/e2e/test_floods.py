"""Floods: what an attacker can invent stays under its cap and is counted.

Whatever is invented, the mail to a real provider among it is counted exactly.
"""
import collections
import random
import re

import pytest

LINES = 120000          # invented ones
REAL = 600              # deliveries to Google among them
SERIES = 2000           # of a family; the last may be the one for the rest
PAGE_BYTES = 1 << 20
RSS_KB = 64 << 10
HEAD = "Nov 24 09:{:02d}:{:02d} mx postfix/{}[1]: {}: "


def head(i, service, queue_id):
    return HEAD.format(i * 50 // LINES, i // 200 % 60, service, queue_id)


def word(r, n=10):
    return "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=n))


def delivery(i, queue_id, domain, relay, reply, status="bounced"):
    said = f"host {relay}[192.0.2.1] said: " if status != "sent" else ""
    return (head(i, "smtp", queue_id) + f"to=<u@{domain}>, relay={relay}"
            "[192.0.2.1]:25, delay=1, delays=0/0/0/1, "
            f"dsn={reply.split()[1]}, status={status} ({said}{reply})\n")


def domains(r, i):
    """A domain, a host, a code and an enhanced code that nobody has."""
    domain = f"{word(r)}.{word(r, 4)}"
    reply = f"{r.randrange(400, 600)} {r.choice('45')}.{r.randrange(999)}." \
            f"{r.randrange(999)} {word(r, 60)}"
    return delivery(i, f"F{i:08X}", domain, "mx." + domain, reply)


def ids(r, i):
    """A message that enters the queue and is never heard of again."""
    return head(i, "qmgr", f"{r.getrandbits(44):X}") + \
        f"from=<{word(r)}@{word(r)}.example>, size=1, nrcpt=1 (queue active)\n"


def tenants(r, i):
    """A login for each message, and its delivery."""
    queue_id = f"A{i:08X}"
    return (head(i, "smtpd", queue_id) + "client=c[192.0.2.9], sasl_method="
            f"PLAIN, sasl_username={word(r)}@{word(r)}.example\n" +
            delivery(i, queue_id, "other.example", "mx.other.example",
                     "250 2.0.0 OK", "sent"))


def templates(r, i):
    """A line that is no line of Postfix, each of another form."""
    return head(i, word(r, 6), word(r)) + " ".join(
        word(r, r.randrange(2, 9)) for _ in range(8)) + "\n"


def flood(kind):
    r = random.Random(421)
    yield from (kind(r, i) if i % (LINES // REAL) else
                kind(r, i) + delivery(i, f"B{i:08X}", "gmail.com",
                                      "gmail-smtp-in.l.google.com",
                                      "250 2.0.0 OK", "sent")
                for i in range(LINES))


def peak_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read())[1])


@pytest.mark.parametrize("kind", [domains, ids, tenants, templates],
                         ids=lambda kind: kind.__name__)
def test_flood(agent, tmp_path, kind):
    log = tmp_path / "mail.log"
    with open(log, "w", encoding="ascii") as f:
        f.writelines(flood(kind))
    with open(log, "rb") as f:
        count = sum(1 for _ in f)
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    a.wait_until(lambda: a.metrics().sum("smtpulse_lines_total") == count,
                 timeout=120)
    m = a.metrics()
    sizes = collections.Counter(name for name, _, _ in m.samples
                                if not name.endswith(("_bucket", "_sum",
                                                      "_count")))
    print(kind.__name__, peak_kb(a.pid), "kB,", len(m.text), "bytes,",
          sizes.most_common(3))
    assert max(sizes.values()) <= SERIES + 1
    assert len(m.text) <= PAGE_BYTES
    assert len(a.get("/")[2]) <= PAGE_BYTES
    assert peak_kb(a.pid) <= RSS_KB
    assert m.value("smtpulse_attempts_total", provider="google",
                   outcome="delivered") == REAL
    if kind in (domains, tenants):
        total = LINES + REAL
        assert m.sum("smtpulse_attempts_total") == total
        assert m.sum("smtpulse_replies_total") == total
        assert m.sum("smtpulse_tenant_attempts_total") == total
    if kind is domains:
        # too many to have series of their own: folded, and the sums hold
        assert m.sum("smtpulse_attempts_total", provider="other") > \
            LINES * 0.9
        assert m.sum("smtpulse_replies_total", code="other") > 0
        assert m.sum("smtpulse_enhanced_replies_total", enhanced="other") > \
            LINES * 0.9
    if kind is ids:
        assert m.value("smtpulse_correlation_evicted_total") >= LINES // 4
    if kind is templates:
        assert m.sum("smtpulse_lines_total", result="unknown") + \
            m.sum("smtpulse_lines_total", result="ignored") == LINES
