"""run: started, watched live, ended and reconfigured by signals."""
import os
import random
import signal
import socket

import pytest

from conftest import Metrics


def counted(metrics):
    return {
        "attempts": metrics.table("smtpulse_attempts_total", "provider",
                                  "outcome"),
        "replies": metrics.table("smtpulse_replies_total", "provider", "code"),
        "enhanced": metrics.table("smtpulse_enhanced_replies_total",
                                  "provider", "enhanced"),
    }


def wanted(truth):
    return {k: truth[k] for k in ("attempts", "replies", "enhanced")}


def write_torn(path, data, seed):
    """Append data in pieces of odd sizes, lines cut anywhere."""
    rng = random.Random(seed)
    with open(path, "ab", buffering=0) as out:
        at = 0
        while at < len(data):
            n = rng.choice((1, 7, 100, 4096, 65537, 300001))
            out.write(data[at:at + n])
            at += n


def test_live_tail_is_exact(agent, smtpulse, gen_postfix, tmp_path):
    data, truth = gen_postfix("--messages", 20000, "--seed", 7)
    log = tmp_path / "mail.log"
    log.touch()
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    write_torn(log, data, seed=7)
    a.wait_until(lambda: a.metrics().sum(
        "smtpulse_lines_total", source="mail") == truth["lines"],
        what="all lines counted")
    # a new row is 0 for one publication before it counts
    a.wait_until(lambda: counted(a.metrics()) == wanted(truth), timeout=5,
                 what="the truth")
    assert counted(a.metrics()) == wanted(truth)
    assert a.metrics().sum("smtpulse_lines_total", result="unknown") == 0

    replayed = smtpulse("replay", "--format", "metrics", log)
    assert replayed.returncode == 0, replayed.stderr
    assert counted(Metrics(replayed.stdout)) == wanted(truth)


def test_sigterm_ends_cleanly(agent, tmp_path):
    a = agent(f'source "mail" {{ path = "{tmp_path}/mail.log" }}')
    assert a.stop(signal.SIGTERM) == 0
    assert "ending on signal 15" in a.stderr


def test_bad_reload_is_refused(agent, tmp_path):
    a = agent(f'source "mail" {{ path = "{tmp_path}/mail.log" }}')
    good = a.config.read_text()
    name = "smtpulse_config_last_reload_successful"
    assert a.metrics().value(name) == 1
    a.config.write_text(good + '\nproviders = 1000\n')
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: a.metrics().value(name) == 0)
    assert "providers: '1000' is wrong, allowed: 0 to 200" in a.stderr
    a.config.write_text(good)
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: a.metrics().value(name) == 1)


def test_port_in_use_says_which(agent, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        a = agent(f'listen = {{"127.0.0.1:{port}"}}\n'
                  f'source "mail" {{ path = "{tmp_path}/mail.log" }}',
                  wait=False)
        assert a.process.wait(20) == 1
    assert f"127.0.0.1:{port}" in a.stderr
    assert os.strerror(98) in a.stderr


@pytest.mark.parametrize("text,where", [
    ('source "m" { path = "/x" mta = qmail }', ":3: source \"m\": mta: 'qmail'"
     " is wrong, allowed: auto, postfix, exim or sendmail"),
    ('sorce "m" { }', ":3: there is no option 'sorce' here; "
     "did you mean 'source'?"),
])
def test_bad_configuration_is_78(agent, text, where):
    a = agent(text, wait=False)
    assert a.process.wait(20) == 78
    assert str(a.config) + where in a.stderr


def test_usage(smtpulse):
    assert smtpulse().returncode == 2
    assert smtpulse("frobnicate").returncode == 2
    assert smtpulse("run", "--frobnicate").returncode == 2
    assert smtpulse("--help").returncode == 0
    version = smtpulse("--version")
    assert version.returncode == 0
    assert version.stdout.startswith("smtpulse ")
    for line in smtpulse("--help").stdout.splitlines():
        if line.startswith("  ") and line[2].islower():
            one = smtpulse(line.split()[0], "--help")
            assert one.returncode == 0
            assert one.stdout.startswith("usage: smtpulse " + line.split()[0])
