"""Faults of lines that need the whole program: tests/faults.txt."""
import datetime
import gzip
import random
import subprocess
import sys
import time

from conftest import PROGRAM, Metrics

LINE = ("{} mx postfix/smtp[1]: 4F{:04X}: to=<a@gmx.de>, "
        "relay=mx00.gmx.net[198.51.100.40]:25, delay=1, delays=0/0/0/1, "
        "dsn=2.0.0, status=sent (250 2.0.0 OK)\n")


# from a small process: the peak of a child starts with its parent's size
PEAK = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
      file=sys.stderr)"""


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
    out = subprocess.run([sys.executable, "-c", PEAK, PROGRAM, "replay",
                          "--format", "metrics", path],
                         capture_output=True, check=True)
    m = Metrics(out.stdout.decode())
    assert m.sum("smtpulse_lines_total", result="oversize") == 1
    assert m.sum("smtpulse_attempts_total", provider="gmx") == 1
    assert int(out.stderr) < 64 * 1024


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
