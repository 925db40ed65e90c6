#!/usr/bin/python3
"""Everything at once that an attacker can do, beside honest mail.

A writer floods the log with invented domains, codes, queue ids, logins and
forms of lines, and renames it as logrotate does; hundreds of connections say
nothing, a byte now and then, or nonsense. At the end the honest mail among it,
counted apart from the agent, must be counted exactly.

    attack.py --seconds 3600

or, for other programs: Attack(address, log, seconds, rate).start(), .join().
"""
import argparse
import collections
import json
import multiprocessing
import os
import pathlib
import random
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from recount import PROVIDERS, Recount      # noqa: E402

BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
STEP_S = 0.05
HONEST = 5              # one line in so many
ROTATE_BYTES = 64 << 20
CONNECTIONS = 2000
GIVE_UP_S = 300
RSS_KB = 64 << 10
SAMPLE = re.compile(r"^(smtpulse_\w+)(?:\{(.*)\})? (\S+)$", re.M)
LABEL = re.compile(r'(\w+)="([^"]*)"')
NONSENSE = (
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /metrics HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"h" * 70000 + b"\r\n\r\n",
    b"\0\1\2\3\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"DELETE /alerts HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /explain?code=%00%ff&text=" + b"%41" * 2000 + b" HTTP/1.1\r\n"
    b"Host: localhost\r\n\r\n")


def word(r):
    """Ten letters that nobody wrote before."""
    return f"{r.getrandbits(50):013x}".translate(LETTERS)[:10]


LETTERS = str.maketrans("0123456789", "ghijklmnop")


def delivery(r, head, queue_id, domain):
    status = r.choice(("bounced", "deferred"))
    host = f"mx.{domain}"
    return (f"{head} postfix/smtp[9]: {queue_id}: to=<u@{domain}>, "
            f"relay={host}[192.0.2.1]:25, delay=1, delays=0/0/0/1, "
            f"dsn={r.choice('45')}.{r.randrange(999)}.{r.randrange(999)}, "
            f"status={status} (host {host}[192.0.2.1] said: "
            f"{r.randrange(400, 600)} {word(r)} {word(r)})\n")


def domains(r, head):
    """A domain, a host, a code and an enhanced code that nobody has."""
    return delivery(r, head, word(r)[:8].upper(), f"{word(r)}.{word(r)[:4]}")


def ids(r, head):
    """A message that enters the queue and is never heard of again."""
    return (f"{head} postfix/qmgr[9]: {r.getrandbits(44):X}: from=<"
            f"{word(r)}@{word(r)}.example>, size=1, nrcpt=1 (queue active)\n")


def tenants(r, head):
    """A login for each message, and its delivery."""
    queue_id = f"{r.getrandbits(44):X}"
    return (f"{head} postfix/smtpd[9]: {queue_id}: client=c[192.0.2.9], "
            f"sasl_method=PLAIN, sasl_username={word(r)}@{word(r)}.example\n" +
            delivery(r, head, queue_id, "other.example"))


def templates(r, head):
    """A line that is no line of Postfix, each of another form."""
    return f"{head} postfix/{word(r)[:6]}[9]: " + " ".join(
        word(r)[:r.randrange(2, 10)] for _ in range(6)) + "\n"


def forged(r, head):
    """A reply that says what only Postfix says."""
    return (f"{head} postfix/smtp[9]: {r.getrandbits(44):X}: to=<u@f.example>"
            ", relay=mx.f.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, "
            "dsn=5.0.0, status=bounced (host mx.f.example[192.0.2.1] said: 550"
            " to=<a@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.2]:25"
            ", dsn=2.0.0, status=sent (250 2.0.0 OK))\n")


def overlong(r, head):
    return f"{head} postfix/smtp[9]: {word(r) * 2000}\n"


KINDS = (domains,) * 6 + (ids,) * 6 + (tenants,) * 4 + (templates,) * 3 + \
    (forged,)


def lines(seed, count):
    """Honest lines of gen_postfix, and between them invented ones."""
    r = random.Random(seed)
    with subprocess.Popen(
            [BUILD / "tests" / "gen_postfix", "--messages",
             str(count // HONEST // 7 + 1), "--failures", "12", "--seed",
             str(seed)], stdout=subprocess.PIPE, text=True) as honest:
        for i, line in enumerate(honest.stdout):
            yield line, True
            head = " ".join(line.split(" ", 2)[:2])
            if i % 1000 == 0:
                yield overlong(r, head), False
            for _ in range(HONEST - 1):
                yield r.choice(KINDS)(r, head), False


class Log:
    """Appended to, and renamed when it is long."""

    def __init__(self, path):
        self.path = path
        self.file = open(path, "ab", buffering=0)

    def write(self, text):
        self.file.write(text)
        if self.file.tell() >= ROTATE_BYTES:
            os.rename(self.path, f"{self.path}.1")
            self.file.close()
            self.file = open(self.path, "ab", buffering=0)


def write(path, seconds, rate, seed, out):
    """The writer: (time, lines so far) for each step, then the recount."""
    log, truth, batch, count = Log(path), Recount(), [], 0
    step, begin, steps = max(1, int(rate * STEP_S)), time.monotonic(), 0
    for line, honest in lines(seed, int(seconds * rate)):
        batch.append(line)
        count += line.count("\n")
        if honest:
            truth.feed(line)
        if len(batch) < step:
            continue
        log.write("".join(batch).encode())
        batch, steps = [], steps + 1
        out.send((time.monotonic(), count))
        ahead = begin + steps * STEP_S - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        if time.monotonic() - begin > seconds:
            break
    log.write("".join(batch).encode())
    out.send((time.monotonic(), count))
    replies = collections.Counter()
    for (provider, _, code, outcome), n in truth.replies.items():
        replies[provider, code, outcome] += n
    out.send((list(truth.attempts.items()), list(replies.items())))


def connect(address, r):
    s = socket.socket()
    s.setblocking(False)
    try:
        s.bind((f"127.9.{r.randrange(8)}.{r.randrange(1, 250)}", 0))
        s.connect_ex(address)
    except OSError:
        pass
    return s


def annoy(address, seconds, count):
    """Connections: silent ones, a byte now and then, nonsense, gone again."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    r, end = random.Random(65), time.monotonic() + seconds
    open_ones = collections.deque()
    while time.monotonic() < end:
        while len(open_ones) < min(count, limit - 100):
            open_ones.append(connect(address, r))
        for s in r.sample(open_ones, 100):
            try:
                s.send(r.choice(NONSENSE) if r.randrange(2) else b"G")
            except OSError:
                pass
        for _ in range(50):
            open_ones.popleft().close()
        time.sleep(0.1)


class Attack:
    """Both at once; said() are the steps that the writer told since then."""

    def __init__(self, address, log, seconds, rate=3000, seed=421,
                 connections=CONNECTIONS):
        self.steps, self.attempts, self.replies = [], None, None
        self.inbox, out = multiprocessing.Pipe(False)
        self.writer = multiprocessing.Process(
            target=write, args=(str(log), seconds, rate, seed, out))
        self.annoyer = multiprocessing.Process(
            target=annoy, args=(address, seconds, connections))

    def start(self):
        self.writer.start()
        self.annoyer.start()
        return self

    def listen(self, wait_s=0):
        """False when all was said."""
        while self.attempts is None and self.inbox.poll(wait_s):
            first, second = self.inbox.recv()
            if isinstance(first, list):
                self.attempts, self.replies = dict(first), dict(second)
            else:
                self.steps.append((first, second))
        return self.attempts is None

    def join(self):
        while self.listen(60):
            pass
        self.writer.join()
        self.annoyer.join()

    def behind(self, counted, now):
        """Seconds since the oldest line that is not counted was written."""
        while self.steps and self.steps[0][1] <= counted:
            self.steps.pop(0)
        return max(0.0, now - self.steps[0][0]) if self.steps else 0.0

    def differences(self, metrics):
        """Of providers that everybody knows: (what, counted, true)."""
        known = set(PROVIDERS.values())
        found = []
        for name, truth, labels in (
                ("smtpulse_attempts_total", self.attempts,
                 ("provider", "outcome")),
                ("smtpulse_replies_total", self.replies,
                 ("provider", "code", "outcome"))):
            counted = collections.Counter()
            for have, value in metrics[name]:
                counted[tuple(have[label] for label in labels)] += int(value)
            found += [(name, *key, counted[key], truth.get(key, 0))
                      for key in {*truth, *counted} if key[0] in known and
                      counted[key] != truth.get(key, 0)]
        return sorted(found)


def scrape(url):
    """(seconds, {name: [(labels, value)]}, bytes)"""
    begin = time.monotonic()
    with urllib.request.urlopen(url + "/metrics", timeout=60) as answer:
        text = answer.read().decode()
    took, metrics = time.monotonic() - begin, collections.defaultdict(list)
    for name, labels, value in SAMPLE.findall(text):
        metrics[name].append((dict(LABEL.findall(labels)), float(value)))
    return took, metrics, len(text)


def rss_kb(pid, what="VmRSS"):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", status)[1])


def counted(metrics):
    return int(sum(v for _, v in metrics["smtpulse_lines_total"]))


def watch(attack, url, pid):
    """Once a second until all that was written is counted: samples."""
    samples, done = [], False
    while not done:
        told = not attack.listen()
        took, metrics, size = scrape(url)
        samples.append((rss_kb(pid), attack.behind(counted(metrics),
                                                   time.monotonic()),
                        took, size, max(map(len, metrics.values()))))
        done = told and not attack.steps
        if samples[-1][1] > GIVE_UP_S:
            raise TimeoutError(f"{counted(metrics)} lines and no more")
        time.sleep(0 if done else 1)
    return samples, metrics


def run(a, directory):
    log, said = directory / "mail.log", directory / "stderr"
    log.write_bytes(b"")
    config = directory / "agent.conf"
    config.write_text('listen = {"127.0.0.1:0"}\n'
                      f'state = "{directory / "state.db"}"\n'
                      f'source "mail" {{ path = "{log}" mta = postfix }}\n')
    with open(said, "wb") as err, subprocess.Popen(
            [str(BUILD / "smtpulse"), "run", "-c", str(config)],
            stderr=err) as agent:
        try:
            while not (m := re.search(r"listening on http://([^/]+)/",
                                      said.read_text())):
                assert agent.poll() is None, said.read_text()
                time.sleep(STEP_S)
            host, port = m[1].split(":")
            attack = Attack((host, int(port)), log, a.seconds, a.rate, a.seed)
            samples, metrics = watch(attack.start(), f"http://{m[1]}",
                                     agent.pid)
            attack.join()
            return samples, attack.differences(metrics), rss_kb(
                agent.pid, "VmHWM"), counted(metrics)
        finally:
            agent.terminate()


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--seconds", type=int, default=600)
    a.add_argument("--rate", type=int, default=3000, help="lines a second")
    a.add_argument("--seed", type=int, default=421)
    a = a.parse_args()
    with tempfile.TemporaryDirectory() as name:
        samples, wrong, peak, count = run(a, pathlib.Path(name))
    warm = samples[len(samples) // 3:]
    took = sorted(s[2] for s in samples)
    report = {
        "lines": count, "scrapes": len(samples),
        "peak_mib": round(peak / 1024, 1),
        "growth_kib": warm[-1][0] - warm[0][0],
        "lag_s": round(max(s[1] for s in samples), 2),
        "scrape_p99_ms": round(1000 * took[int(len(took) * .99)], 1),
        "page_bytes": max(s[3] for s in samples),
        "samples_of_a_family": max(s[4] for s in samples),
        "wrong": wrong}
    print(json.dumps(report))
    return 1 if wrong or peak > RSS_KB else 0


if __name__ == "__main__":
    sys.exit(main())
