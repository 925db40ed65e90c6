"""What happens to a process while it reads: stopped, reloaded, ended in a
burst, started twenty times at once, fed with its own messages, far behind.
"""
import random
import signal
import subprocess

import pytest

from conftest import TOOLS
from recount import Recount

PATIENCE_S = 120


def config(tmp_path, log, more=""):
    return (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" mta = postfix }}\n' + more)


def lines(metrics):
    return metrics.sum("smtpulse_lines_total")


FAMILIES = ("replies_total", "egress_replies_total")


def check_sums(metrics):
    """Of one publication, whatever happens meanwhile: what is new in a family
    is shown as 0 first, so that the finer ones may lack something for a moment.
    """
    attempts = metrics.sum("smtpulse_attempts_total")
    for family in FAMILIES:
        assert metrics.sum("smtpulse_" + family) <= attempts, family
    failed = (metrics.sum("smtpulse_attempts_total", outcome="deferred") +
              metrics.sum("smtpulse_attempts_total", outcome="bounced"))
    assert metrics.sum("smtpulse_failures_total") <= failed


def agrees(metrics):
    attempts = metrics.sum("smtpulse_attempts_total")
    return all(metrics.sum("smtpulse_" + family) == attempts
               for family in FAMILIES)


def check_truth(metrics, data):
    r = Recount()
    for line in data.decode().splitlines():
        r.feed(line)
    got = {(have["provider"], have["outcome"]): n for have, n in
           metrics.of("smtpulse_attempts_total") if n}
    assert got == {k: n for k, n in r.attempts.items() if n}


def pieces(data, rng, count):
    cuts = sorted(rng.randrange(len(data)) for _ in range(count - 1))
    return [data[a:b] for a, b in zip([0] + cuts, cuts + [len(data)])]


def test_stopped_and_continued(agent, gen_postfix, tmp_path):
    rng = random.Random(11)
    data, _ = gen_postfix("--messages", 1500, "--seed", 11)
    log = tmp_path / "mail.log"
    log.touch()
    a = agent(config(tmp_path, log))
    for piece in pieces(data, rng, 30):
        if rng.random() < 0.5:
            a.send_signal(signal.SIGSTOP)
        with open(log, "ab") as f:
            f.write(piece)
        a.send_signal(signal.SIGCONT)
    a.wait_until(lambda: lines(a.metrics()) == data.count(b"\n"), PATIENCE_S)
    a.wait_until(lambda: agrees(a.metrics()), PATIENCE_S)
    check_truth(a.metrics(), data)
    assert a.metrics().sum("smtpulse_gaps_total") == 0


def test_reloaded_under_load(agent, gen_postfix, tmp_path):
    """Sources and rules come and go; each scrape adds up."""
    rng = random.Random(12)
    data, _ = gen_postfix("--messages", 1500, "--seed", 12)
    log, other = tmp_path / "mail.log", tmp_path / "other.log"
    log.touch()
    other.touch()
    a = agent(config(tmp_path, log))
    good = a.config.read_text()
    more = good + (f'source "other" {{ path = "{other}" mta = postfix }}\n'
                   'rule "x" { code = 550 per = provider window = 5m '
                   'count = 3 }\n')
    for n, piece in enumerate(pieces(data, rng, 30)):
        with open(log, "ab") as f:
            f.write(piece)
        a.config.write_text([good, more, good + "\nnonsense = 1\n"][n % 3])
        a.send_signal(signal.SIGHUP)
        check_sums(a.metrics())
    a.config.write_text(good)
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: lines(a.metrics()) == data.count(b"\n"), PATIENCE_S)
    a.wait_until(lambda: agrees(a.metrics()), PATIENCE_S)
    check_truth(a.metrics(), data)
    assert a.metrics().sum("smtpulse_gaps_total") == 0


def test_ended_in_a_burst(agent, gen_postfix, tmp_path):
    data, _ = gen_postfix("--messages", 6000, "--seed", 13)
    log = tmp_path / "mail.log"
    log.touch()
    rng = random.Random(13)
    for piece in pieces(data, rng, 10):
        with open(log, "ab") as f:
            f.write(piece)
        assert agent(config(tmp_path, log)).stop(signal.SIGTERM) == 0
    a = agent(config(tmp_path, log))
    a.wait_until(lambda: lines(a.metrics()) == data.count(b"\n"), PATIENCE_S)
    a.wait_until(lambda: agrees(a.metrics()), PATIENCE_S)
    check_truth(a.metrics(), data)
    assert a.metrics().sum("smtpulse_gaps_total") == 0


def test_twenty_at_once(agent, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    all_ = [agent(config(tmp_path, log), wait=False) for _ in range(20)]

    def ended():
        return [a for a in all_ if a.process.poll() is not None]
    all_[0].wait_until(lambda: len(ended()) == 19, PATIENCE_S)
    assert {a.process.returncode for a in ended()} == {75}
    [one] = [a for a in all_ if a.process.poll() is None]
    one.wait_listening()
    assert one.metrics().value("smtpulse_source_up", source="mail") == 1


def test_reads_what_it_says(agent, tmp_path):
    """Its own messages in the log do not make more of them."""
    log = tmp_path / "stderr0.txt"
    a = agent(config(tmp_path, log))
    a.wait_until(lambda: lines(a.metrics()) > 0)
    for _ in range(10):
        a.config.write_text(a.config.read_text() + "\n")
        at = lines(a.metrics())
        a.send_signal(signal.SIGHUP)
        a.wait_until(lambda: lines(a.metrics()) > at)
    assert log.read_text().count("\n") <= 3 + 10 * 3
    assert a.metrics().sum("smtpulse_attempts_total") == 0


@pytest.fixture
def backlog(tmp_path):
    """A log of 400 MB, a week old, that has an incident in it."""
    part = subprocess.run([TOOLS / "gen_postfix", "--messages", "20000",
                           "--seed", "14", "--truth", "/dev/null"],
                          capture_output=True, check=True).stdout
    log = tmp_path / "big.log"
    with open(log, "wb") as f:
        while f.tell() < 400e6:
            f.write(part)
    return log, part.count(b"\n") * (log.stat().st_size // len(part))


def test_far_behind(agent, backlog, gen_postfix, tmp_path):
    """Pages at once, progress to be seen, memory flat, others served."""
    log, want = backlog
    small = tmp_path / "small.log"
    data, _ = gen_postfix("--messages", 50, "--seed", 15)
    small.write_bytes(data)
    a = agent(config(tmp_path, log, f'source "small" {{ path = "{small}" '
                     'mta = postfix }'))
    seen, lags = [], []
    rss = "process_resident_memory_bytes"

    def read():
        m = a.metrics()
        seen.append(lines(m))
        lags.append(m.sum("smtpulse_source_lag_bytes", source="mail"))
        assert m.value(rss) < 64 << 20
        return m.sum("smtpulse_lines_total", source="mail") == want
    a.wait_until(read, 300)
    assert seen == sorted(seen) and lags == sorted(lags, reverse=True)
    assert seen[0] < want and any(0 < n < want for n in seen), "progress"
    assert lags[-1] == 0
    # a source that is new to the metrics is 0 there at first
    a.wait_until(lambda: a.metrics().sum(
        "smtpulse_lines_total", source="small") == data.count(b"\n"))
