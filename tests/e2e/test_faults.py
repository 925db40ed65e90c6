"""Faults of lines that need the whole program: tests/faults.txt."""
import datetime
import gzip
import os
import random
import subprocess
import time

from conftest import PROGRAM, Metrics

LINE = ("{} mx postfix/smtp[1]: 4F{:04X}: to=<a@gmx.de>, "
        "relay=mx00.gmx.net[198.51.100.40]:25, delay=1, delays=0/0/0/1, "
        "dsn=2.0.0, status=sent (250 2.0.0 OK)\n")


def replay(path):
    out = subprocess.run([PROGRAM, "replay", "--format", "metrics", path],
                         capture_output=True, check=True)
    return Metrics(out.stdout.decode())


def test_bursting_gz(tmp_path):
    """200 MB without a line feed in 200 kB: memory stays flat."""
    path = tmp_path / "mail.log.gz"
    with gzip.open(path, "wb") as f:
        for _ in range(200):
            f.write(b"x" * 1000000)
        f.write(b"\n" + LINE.format("2026-11-01T12:00:00Z", 1).encode())
    out = tmp_path / "metrics"
    with open(out, "wb") as to:
        child = subprocess.Popen([PROGRAM, "replay", "--format", "metrics",
                                  path], stdout=to)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    m = Metrics(out.read_text())
    assert m.sum("smtpulse_lines_total", result="oversize") == 1
    assert m.sum("smtpulse_attempts_total", provider="gmx") == 1
    assert used.ru_maxrss < 64 * 1024


def test_out_of_order(gen_postfix, tmp_path):
    data, _ = gen_postfix("--messages", 1500, "--seed", 21, "--rate", "1")
    lines = data.splitlines(keepends=True)
    straight = tmp_path / "straight.log"
    straight.write_bytes(data)
    tables = [("smtpulse_attempts_total", "provider", "outcome"),
              ("smtpulse_replies_total", "provider", "code")]
    want = [replay(straight).table(*t) for t in tables]
    rng = random.Random(21)
    for block in (3, 100, len(lines)):
        mixed = []
        for at in range(0, len(lines), block):
            part = lines[at:at + block]
            rng.shuffle(part)
            mixed += part
        path = tmp_path / f"mixed{block}.log"
        path.write_bytes(b"".join(mixed))
        m = replay(path)
        assert [m.table(*t) for t in tables] == want


def test_lines_from_the_future(agent, tmp_path):
    """They count, and do not carry the log's time away."""
    log = tmp_path / "mail.log"
    now = datetime.datetime.now(datetime.timezone.utc)
    with open(log, "w", encoding="ascii") as f:
        for n, days in enumerate((0, 1, 400, 0, 9000)):
            at = now + datetime.timedelta(days=days)
            f.write(LINE.format(at.isoformat(timespec="seconds"), n))
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 5)
    assert a.metrics().value("smtpulse_log_time_seconds") <= time.time() + 1
