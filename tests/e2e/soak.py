"""make soak: rounds of mixed life until the minutes are over.

	soak.py [--minutes N] [--seed N]

Each round has a seed, which is printed first, and a log of its own: mail,
lines that attack and bytes that are none. It is written and rotated while
agents read it, are killed, ended, stopped and reloaded, and their disk fails,
is full or hangs. At the end all is held against a recount and against a
replay. What failed stays where it is, and --seed N does the same again.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from conftest import TOOLS, Agent, wait_until
from recount import Recount
from test_disk import HERE, Disk
from test_restart import Log, counted, replayed

PATIENCE_S = 600
ATTACKS = (
    "status=sent (250 2.0.0 OK)", "dsn=2.0.0, status=sent (250 ok)",
    "relay=mx.gmx.net[198.51.100.1]:25, dsn=5.1.1, status=bounced (host x "
    "said: 550 5.1.1)", "postfix/smtp[1]: 0000000001: to=<a@gmail.com>",
    "said: 554 5.7.1 " * 40, "message repeated 5 times: [ x]", "%s%n" * 20,
)


def attack(stamp, rng):
    text = rng.choice(ATTACKS)
    return (f"{stamp} mail postfix/smtp[9]: 0A{rng.randrange(1 << 30):08X}: "
            f"to=<a@gmx.de>, relay=mx00.gmx.net[198.51.100.40]:25, delay=1, "
            f"delays=0/0/0/1, dsn=4.2.0, status=deferred (host "
            f"mx00.gmx.net[198.51.100.40] said: 450 4.2.0 {text})\n").encode()


def noise(rng):
    kind = rng.randrange(3)
    if kind == 0:
        return bytes(rng.choice(b"\0\x80\xffab =[]:") for _ in
                     range(rng.randrange(200))).replace(b"\n", b"") + b"\n"
    if kind == 1:
        return b"x" * rng.randrange(60000, 90000) + b"\n"
    return b"\n"


def mixture(seed, rng):
    """(log, recount of it)"""
    mail = subprocess.run(
        [TOOLS / "gen_postfix", "--messages", "6000", "--seed", str(seed),
         "--rate", "5", "--truth", "/dev/null"],
        capture_output=True, check=True).stdout
    out, recount = [], Recount()
    for line in mail.splitlines(keepends=True):
        if rng.random() < 0.01:
            out.append(attack(line.split(b" ")[0].decode(), rng))
            recount.feed(out[-1].decode())
        if rng.random() < 0.002:
            out.append(noise(rng))
        out.append(line)
        recount.feed(line.decode())
    return b"".join(out), recount


class Round:
    def __init__(self, seed, shim):
        self.rng = random.Random(seed)
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="smtpulse-soak-"))
        self.data, self.recount = mixture(seed, self.rng)
        (self.dir / "whole.log").write_bytes(self.data)
        (self.dir / "log").mkdir()
        self.log = Log(self.dir / "log", self.data, self.rng)
        self.disk = Disk(self.dir / "mood")
        self.config = self.dir / "agent.conf"
        self.config.write_text(
            'listen = {"127.0.0.1:0"}\n'
            f'state = "{self.dir}/state.db"\nsuppression = on\n'
            f'source "mail" {{ path = "{self.log.path}" mta = postfix }}')
        self.env = {"LD_PRELOAD": str(shim),
                    "DISK_MOOD": str(self.disk.path),
                    "DISK_HANGS": str(self.disk.hangs)}
        self.lives, self.shown = 0, 0

    def start(self):
        self.lives += 1
        return Agent(["run", "-c", str(self.config)],
                     self.dir / f"stderr{self.lives}.txt",
                     self.env).wait_listening()

    def trouble(self, a):
        kind = self.rng.randrange(6)
        if kind < 3:
            self.disk.mood("feh"[kind])
            self.pause(a)
            self.disk.mood("")
        elif kind == 3:
            a.send_signal(signal.SIGSTOP)
            self.log.write()
            a.send_signal(signal.SIGCONT)
        elif kind == 4:
            a.send_signal(signal.SIGHUP)

    def pause(self, a):
        try:
            a.process.wait(2 * self.rng.random() ** 3)
        except subprocess.TimeoutExpired:
            pass

    def look(self, a):
        n = a.metrics().sum("smtpulse_lines_total")
        assert n >= self.shown, "lines that were shown are gone"
        self.shown = n

    def live(self):
        rng, a = self.rng, self.start()
        self.look(a)
        for _ in range(rng.randrange(1, 6)):
            self.log.write(rng.randrange(1, 150000))
            if rng.random() < 0.2:
                self.log.rotate()
            if rng.random() < 0.4:
                self.trouble(a)
            self.pause(a)
        self.look(a)
        a.stop(rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]),
               PATIENCE_S)
        for _ in range(rng.randrange(0, 4)):
            self.log.write()
            self.log.rotate()

    def reckon(self):
        a, want = self.start(), replayed(self.dir / "whole.log")
        lines = self.data.count(b"\n")
        wait_until(lambda: a.metrics().sum("smtpulse_lines_total") == lines,
                   PATIENCE_S, "all lines counted")
        wait_until(lambda: same(a.metrics(), want), PATIENCE_S,
                   "what a replay says")
        m = a.metrics()
        got = {(have["provider"], have["outcome"]): n for have, n in
               m.of("smtpulse_attempts_total") if n}
        assert got == dict(self.recount.attempts), "the recount"
        assert m.sum("smtpulse_gaps_total") == 0
        a.stop(timeout=PATIENCE_S)

    def run(self):
        while self.log.left:
            self.live()
        self.reckon()
        shutil.rmtree(self.dir)


def same(metrics, want):
    return counted(metrics) == want


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--minutes", type=float, default=240)
    p.add_argument("--seed", type=int, default=int(time.time()))
    args = p.parse_args()
    end = time.monotonic() + 60 * args.minutes
    lives = lines = rounds = 0
    with tempfile.TemporaryDirectory(prefix="smtpulse-soak-") as d:
        shim = pathlib.Path(d) / "disk.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim,
                        HERE / "disk.c"], check=True)
        while rounds == 0 or time.monotonic() < end:
            seed = args.seed + rounds
            print(f"round {rounds}, seed {seed}", flush=True)
            one = Round(seed, shim)
            try:
                one.run()
            except BaseException:
                print(f"seed {seed} failed after {one.lives} lives; "
                      f"it is in {one.dir}", flush=True)
                raise
            rounds += 1
            lives += one.lives
            lines += one.data.count(b"\n")
    print(json.dumps({"rounds": rounds, "lives": lives, "lines": lines,
                      "wrong": 0}))


if __name__ == "__main__":
    sys.exit(main())
