"""Real logrotate under a writer that does not wait: nothing lost, nothing twice."""
import contextlib
import re
import shutil
import subprocess
import threading
import time

import pytest

LOGROTATE = shutil.which("logrotate") or "/usr/sbin/logrotate"
LINE = ("Nov 22 04:57:05 mx postfix/smtp[1]: %08X: to=<a@gmail.com>, "
        "relay=gmail-smtp-in.l.google.com[127.20.1.1]:25, delay=0.2, delays=0.1/0/0/0.1, "
        "dsn=2.0.0, status=sent (250 2.0.0 OK)\n")
LINE_BYTES = re.compile(re.escape(LINE).replace("%08X", "[0-9A-F]{8}").encode())
ROTATIONS, EACH = 12, 400


class Writer(threading.Thread):
    """Opens the log anew for each burst, as syslog does after its HUP."""

    def __init__(self, path, pause_s=0.0):
        super().__init__()
        self.path, self.written, self.go_on = path, 0, True
        self.pause_s, self.burst = pause_s, threading.Lock()

    def run(self):
        while self.go_on:
            with self.burst, open(self.path, "a", encoding="ascii") as log:
                for _ in range(EACH):
                    log.write(LINE % self.written)
                    self.written += 1
            time.sleep(self.pause_s)


def rotate(config, state):
    """The writer may be faster than logrotate in making the new file."""
    done = subprocess.run([LOGROTATE, "-f", "-s", state, config], capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 0 or "File exists" in done.stderr, done.stderr


def scene(agent, tmp_path, how):
    """The log, logrotate's file for it, and an agent that follows it."""
    log = tmp_path / "logs" / "mail.log"
    log.parent.mkdir(mode=0o755)
    log.touch()
    config = tmp_path / "rotate.conf"
    config.write_text(f"{log} {{\n\trotate {ROTATIONS + 2}\n\tmissingok\n\t{how}\n}}\n")
    return log, config, agent(f'source "mail" {{ path = "{log}" mta = postfix tz = "UTC" }}')


@pytest.mark.parametrize("how", ["create 0640 root root", "nocreate"])
def test_rotation_under_load(agent, tmp_path, how):
    log, config, a = scene(agent, tmp_path, how)
    writer = Writer(log)
    writer.start()
    try:
        for n in range(1, ROTATIONS + 1):
            a.wait_until(lambda: writer.written > n * EACH)
            rotate(config, tmp_path / "rotate.state")
    finally:
        writer.go_on = False
        writer.join()
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total", provider="google")
                 == writer.written, timeout=40, what="every line counted once")
    assert a.metrics().sum("smtpulse_gaps_total") == 0
    assert a.metrics().sum("smtpulse_rotations_total") > 0


def complete(path):
    """Whole lines that a file holds."""
    with open(path, "rb") as f:
        return sum(1 for line in f if LINE_BYTES.fullmatch(line))


@pytest.mark.parametrize("rest", [False, True], ids=["under load", "at rest"])
def test_copytruncate(agent, tmp_path, rest):
    """What is written between logrotate's copy and its cut stands nowhere: each
    cut is a declared gap. All else is counted once, and what we read in that
    moment as well.
    """
    log, config, a = scene(agent, tmp_path, "copytruncate")
    writer = Writer(log, pause_s=0.01)
    writer.start()
    try:
        for n in range(1, ROTATIONS + 1):
            at = writer.written
            a.wait_until(lambda: writer.written > at + 4 * EACH)
            with writer.burst if rest else contextlib.nullcontext():
                rotate(config, tmp_path / "rotate.state")
            a.wait_until(lambda: a.metrics().sum("smtpulse_gaps_total") >= n,
                         what=f"cut {n} declared")
    finally:
        writer.go_on = False
        writer.join()
    on_disk = sum(map(complete, log.parent.iterdir()))
    assert on_disk == writer.written or not rest
    a.wait_until(lambda: on_disk <= a.metrics().sum("smtpulse_attempts_total", provider="google")
                 <= writer.written and a.metrics().sum("smtpulse_source_lag_bytes") == 0,
                 timeout=40, what="every line on disk counted once")
    if rest:
        assert a.metrics().sum("smtpulse_gaps_total") == ROTATIONS
        assert a.metrics().sum("smtpulse_rotations_total") == ROTATIONS
