"""The daemon opens its logs, its state and its configuration, nothing else."""
import os
import shutil
import signal

import pytest

LINE = ("Nov 24 09:00:00 mx postfix/smtp[1]: 4F1A2B: to=<a@gmail.com>, "
        "relay=gmail-smtp-in.l.google.com[142.250.1.26]:25, delay=1, "
        "delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)\n")


def level(a):
    return [have["state"] for have, value
            in a.metrics().of("smtpulse_sandbox") if value == 1]


def source(path, name="mail"):
    return f'source "{name}" {{ path = "{path}" mta = postfix }}\n'


@pytest.fixture
def logs(tmp_path):
    """A directory for each of a and b, with a log in it."""
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "mail.log").write_text(LINE)
    (tmp_path / "etc").mkdir()
    return tmp_path


@pytest.fixture
def housed(agent, logs):
    """The configuration in a directory of its own, away from the logs."""
    def start(text):
        config = logs / "etc" / "agent.conf"
        if text:
            config.write_text(f'listen = {{"127.0.0.1:0"}}\n'
                              f'state = "{logs}/state/state.db"\n' + text)
        a = agent(arguments=["run", "-c", str(config)])
        a.config = config
        if level(a) != ["on"]:
            pytest.skip(f"no Landlock here: {a.stderr}")
        return a
    return start


def no_new_privs(a):
    with open(f"/proc/{a.pid}/status", encoding="ascii") as f:
        return "NoNewPrivs:\t1" in f.read()


def test_reads_on_in_the_sandbox(housed, logs):
    a = housed(source(logs / "a" / "mail.log"))
    assert no_new_privs(a)
    # rotated, and a new one in its place: both are in the directory
    os.rename(logs / "a" / "mail.log", logs / "a" / "mail.log.1")
    (logs / "a" / "mail.log").write_text(LINE.replace("4F1A2B", "4F1A2C"))
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 2)


def test_reload_within(housed, logs):
    a = housed(source(logs / "a" / "mail.log"))
    (logs / "a" / "other.log").write_text(LINE)
    with open(a.config, "a", encoding="ascii") as f:
        f.write(source(logs / "a" / "other.log", "other"))
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 2)


def test_reload_beyond_needs_a_restart(housed, logs):
    a = housed(source(logs / "a" / "mail.log"))
    with open(a.config, "a", encoding="ascii") as f:
        f.write(source(logs / "b" / "mail.log", "other"))
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: "restart needed" in a.stderr)
    assert f"does not reach {logs}/b" in a.stderr
    a.wait_until(lambda: a.metrics().value(
        "smtpulse_config_last_reload_successful") == 0)
    assert a.metrics().sum("smtpulse_attempts_total") == 1


def test_a_path_that_comes_later(housed, logs):
    """Its nearest directory above is open, so that it is found."""
    a = housed(source(logs / "a" / "new" / "mail.log"))
    (logs / "a" / "new").mkdir()
    (logs / "a" / "new" / "mail.log").write_text(LINE)
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 1)


def test_a_directory_made_anew_needs_a_restart(housed, logs):
    """To the kernel it is another one: that is said, not hidden."""
    a = housed(source(logs / "a" / "mail.log"))
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 1)
    shutil.rmtree(logs / "a")
    (logs / "a").mkdir()
    (logs / "a" / "mail.log").write_text(LINE.replace("4F1A2B", "4F1A2C"))
    a.wait_until(lambda: "restart needed" in a.stderr)
    assert f"{logs}/a was made anew" in a.stderr
    a.wait_until(lambda: level(a) == ["stale"])
    assert a.metrics().value("smtpulse_source_up", source="mail") == 0
    a.stop()
    again = housed("")      # the same configuration
    again.wait_until(
        lambda: again.metrics().sum("smtpulse_attempts_total") == 2)
    assert level(again) == ["on"]


def test_a_link_elsewhere(housed, logs):
    (logs / "a" / "mail.log").unlink()
    (logs / "a" / "mail.log").symlink_to(logs / "b" / "mail.log")
    a = housed(source(logs / "a" / "mail.log"))
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 1)


def test_a_link_led_away_stays_closed(housed, logs):
    """What a log's name comes to mean later does not open other files."""
    a = housed(source(logs / "a" / "*.log"))
    secret = logs / "b" / "mail.log"
    secret.write_text(LINE.replace("4F1A2B", "4F1A2C"))
    (logs / "a" / "trap.log").symlink_to(secret)
    (logs / "a" / "honest.log").write_text(LINE.replace("4F1A2B", "4F1A2D"))
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 2)
    with open(logs / "a" / "honest.log", "a", encoding="ascii") as f:
        f.write(LINE.replace("4F1A2B", "4F1A2E"))
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 3)
    assert a.metrics().sum("smtpulse_attempts_total") == 3


def test_switched_off(agent, logs):
    a = agent("sandbox = false\n" + source(logs / "a" / "mail.log"))
    assert level(a) == ["off"]
    assert "sandbox: off: the configuration says so" in a.stderr
    assert no_new_privs(a)
