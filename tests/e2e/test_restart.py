"""Exactly once: whatever happens to the agent and its files, every line of
the log is counted once. The log is cut into pieces and written while agents
come and go; what each of them shows is held against a recount of as many lines
as it has counted, and what the last one says against a replay of the whole.
"""
import os
import random
import signal
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM, Metrics
from recount import Recount

KILLS = int(os.environ.get("SMTPULSE_KILLS", "25"))
COUNTERS = ("_total", "_bucket", "_count", "_sum")
# these count what happened to files, or what the wall clock did: minutes are
# closed by it whenever a life is at the log's end, and spikes are by minutes
OWN = ("smtpulse_rotations_total", "smtpulse_spikes_total",
       "smtpulse_gaps_total", "smtpulse_notifications",
       "smtpulse_state_commit", "smtpulse_http", "process_")


def counted(metrics):
    """Every counter that comes from lines, without the source's name."""
    return {(name, tuple(sorted((k, v) for k, v in labels.items()
                                if k != "source"))): value
            for name, labels, value in metrics.samples
            if name.endswith(COUNTERS) and not name.startswith(OWN) and
            value != 0}


def replayed(path):
    out = subprocess.run([PROGRAM, "replay", "--mta", "postfix", "--format",
                          "metrics", path], capture_output=True, check=True)
    return counted(Metrics(out.stdout.decode()))


class Log:
    """A log that is written in pieces and rotated."""

    KEPT = 200      # rotations; the lines in older ones were counted long ago

    def __init__(self, directory, data, rng):
        self.path = directory / "mail.log"
        self.path.touch()
        self.data, self.at, self.rng = data, 0, rng
        self.open()

    def open(self):
        self.file = open(self.path, "ab", buffering=0)

    @property
    def left(self):
        return len(self.data) - self.at

    def write(self, n=None):
        n = min(self.left, n or self.rng.randrange(1, 40000))
        self.file.write(self.data[self.at:self.at + n])
        self.at += n

    def finish_line(self):
        """A log is rotated between lines."""
        end = self.data.find(b"\n", max(self.at - 1, 0)) + 1
        self.write(end - self.at) if end > self.at else None

    def rotate(self):
        self.finish_line()
        os.utime(self.path)
        older = sorted((int(p.name.split(".")[2]), p)
                       for p in self.path.parent.glob("mail.log.[0-9]*"))
        for n, p in reversed(older):
            if n >= self.KEPT:
                p.unlink()
                continue
            p.rename(p.parent / p.name.replace(f".log.{n}", f".log.{n + 1}"))
        second = self.path.parent / "mail.log.2"
        if second.exists() and self.rng.random() < 0.7:
            subprocess.run(["gzip", second], check=True)
        self.path.rename(self.path.parent / "mail.log.1")
        self.open()


class Truth:
    """The recount of the first lines, as many as an agent has counted."""

    TABLES = {
        "attempts": ("smtpulse_attempts_total", "provider", "outcome"),
        "replies": ("smtpulse_replies_total", "provider", "class", "code",
                    "outcome"),
        "windows": ("smtpulse_window_replies", "provider", "class", "window"),
    }

    def __init__(self, data):
        self.lines = data.decode().splitlines()
        self.recount = Recount()

    def wrong(self, metrics):
        """{(table, label values): (got, want)} of what differs."""
        n = int(metrics.sum("smtpulse_lines_total"))
        assert n >= self.recount.lines, "lines that were shown are gone"
        for line in self.lines[self.recount.lines:n]:
            self.recount.feed(line)
        tables = {"attempts": self.recount.attempts,
                  "replies": self.recount.replies,
                  "windows": self.recount.windows()}
        wrong = {}
        for name, (family, *labels) in self.TABLES.items():
            got = {tuple(have[k] for k in labels): value
                   for have, value in metrics.of(family) if value}
            want = tables[name]
            wrong.update({(name, *k): (got.get(k, 0), want.get(k, 0))
                          for k in got.keys() | want.keys()
                          if got.get(k, 0) != want.get(k, 0)})
        return wrong


def lines_seen(agent):
    return agent.metrics().sum("smtpulse_lines_total")


def want_same(got, want, seed):
    wrong = {k: (got.get(k), want.get(k)) for k in got.keys() | want.keys()
             if got.get(k) != want.get(k)}
    assert not wrong, f"seed {seed}: (got, want) {wrong}"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_killed_at_any_moment(agent, gen_postfix, tmp_path, seed):
    rng = random.Random(seed)
    data, _ = gen_postfix("--messages", max(4000, 100 * KILLS), "--seed",
                          seed, "--rate", 2)
    truth = Truth(data)
    whole = tmp_path / "whole.log"
    whole.write_bytes(data)
    logs = tmp_path / "log"
    logs.mkdir()
    log = Log(logs, data, rng)
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log.path}" mta = postfix }}')
    for _ in range(KILLS):
        a = agent(text)
        for _ in range(rng.randrange(1, 6)):
            log.write()
            if rng.random() < 0.2:
                log.rotate()
            if rng.random() < 0.5:
                # a provider's first count is shown one commit later
                a.wait_until(lambda: not truth.wrong(a.metrics()),
                             what="what is shown equals the recount")
        # from within the first commit to after the second
        try:
            a.process.wait(1.2 * rng.random() ** 3)
        except subprocess.TimeoutExpired:
            pass
        a.stop(rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
        for _ in range(rng.randrange(0, 4)):
            log.write()
            log.rotate()
    log.write(log.left)
    a = agent(text)
    a.wait_until(lambda: lines_seen(a) == data.count(b"\n"))
    a.wait_until(lambda: not truth.wrong(a.metrics()))
    want = replayed(whole)
    try:
        a.wait_until(lambda: counted(a.metrics()) == want)
    except AssertionError:
        want_same(counted(a.metrics()), want, seed)
    assert a.metrics().sum("smtpulse_gaps_total") == 0, f"seed {seed}"


def test_never_back(agent, gen_postfix, tmp_path):
    """What a scrape has shown, the next life shows too."""
    data, _ = gen_postfix("--messages", 3000, "--seed", 9)
    log = tmp_path / "mail.log"
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" mta = postfix }}')
    shown, at, seen = {}, 0, 0
    log.touch()
    for _ in range(6):
        a = agent(text)
        before = lines_seen(a)
        assert before >= seen, "lines that were shown are gone"
        with open(log, "ab") as f:
            f.write(data[at:at + len(data) // 6])
        at += len(data) // 6
        a.wait_until(lambda: lines_seen(a) > before)
        now = counted(a.metrics())
        for key, value in shown.items():
            assert now.get(key, 0) >= value, key
        shown, seen = now, lines_seen(a)
        a.stop(signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_learnt_domains_are_kept(agent, tmp_path, how):
    """Where mail to a domain went is known after a restart: what names no
    server is counted there, also for a provider that has no fixed number."""
    log = tmp_path / "mail.log"
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" }}')
    written = []

    def write(*what):
        with open(log, "a") as f:
            for domain, relay, rest in what:
                written.append(domain)
                f.write(f"2026-11-01T12:00:{len(written):02d}+00:00 mx "
                        f"postfix/smtp[7]: 4F1A{len(written):06X}: "
                        f"to=<a@{domain}>, relay={relay}, delay=1, "
                        f"delays=0/0/0/1, {rest}\n")

    def start():
        a = agent(text)
        a.wait_until(lambda: lines_seen(a) == len(written))
        return a

    sent = "dsn=2.0.0, status=sent (250 2.0.0 Ok)"
    lost = "dsn=4.4.3, status=deferred (Host or domain name not found. " \
           "Name service error for name=x type=MX: Host not found, try again)"
    write(("firm.example", "mx01.mail.icloud.com[17.57.1.10]:25", sent),
          ("club.example", "mx.small.test[192.0.2.7]:25", sent))
    assert start().stop(how) in (0, -how)
    write(("firm.example", "none", lost), ("club.example", "none", lost),
          ("stranger.example", "none", lost))
    assert start().metrics().table(
        "smtpulse_attempts_total", "provider", "outcome") == {
            "icloud": {"delivered": 1, "deferred": 1},
            "small.test": {"delivered": 1, "deferred": 1},
            "other": {"deferred": 1}}


def test_second_instance(agent, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" }}')
    first = agent(text)
    second = agent(text, wait=False)
    assert second.process.wait(20) == 75
    assert f"process {first.pid}" in second.stderr


def test_damaged_state(agent, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    (tmp_path / "state.db").write_bytes(os.urandom(9000))
    a = agent(f'state = "{tmp_path}/state.db"\n'
              f'source "mail" {{ path = "{log}" }}')
    assert "kept as" in a.stderr
    assert len(list(tmp_path.glob("state.db.damaged-*"))) == 1
    assert a.metrics().value("smtpulse_gaps_total", reason="state_lost") == 1


def test_state_of_the_future(agent, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" }}')
    a = agent(text)
    a.stop()
    with sqlite3.connect(tmp_path / "state.db") as db:
        db.execute("PRAGMA user_version = 99")
    b = agent(text, wait=False)
    assert b.process.wait(20) == 1
    assert "newer" in b.stderr


def test_state_that_cannot_be_made(agent, tmp_path):
    a = agent('state = "/proc/nowhere/state.db"\nsource "mail" { path = '
              f'"{tmp_path}/mail.log" }}', wait=False)
    assert a.process.wait(20) == 1
    assert "/proc/nowhere/state.db" in a.stderr


def test_state_removed_while_running(agent, gen_postfix, tmp_path):
    data, _ = gen_postfix("--messages", 300)
    log = tmp_path / "mail.log"
    log.write_bytes(data)
    text = (f'state = "{tmp_path}/st/state.db"\n'
            f'source "mail" {{ path = "{log}" mta = postfix }}')
    a = agent(text)
    lines = data.count(b"\n")
    a.wait_until(lambda: lines_seen(a) == lines)
    for p in (tmp_path / "st").glob("state.db*"):
        p.unlink()
    a.wait_until(lambda: "saved again" in a.stderr)
    shown = counted(a.metrics())
    a.stop(signal.SIGKILL)
    b = agent(text)
    want_same(counted(b.metrics()), shown, "-")

