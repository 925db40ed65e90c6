"""The recipes of README.md, each tried: a log that is root's alone, read by
ACL; a log directory that is mounted read-only, as in a container."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

import conftest

LINE = ("Nov 22 04:57:05 mx postfix/smtp[1]: %08X: to=<a@gmail.com>, "
        "relay=gmail-smtp-in.l.google.com[127.20.1.1]:25, delay=0.2, "
        "delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 OK)\n")
LOGROTATE = shutil.which("logrotate") or "/usr/sbin/logrotate"
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
          "--no-new-privs")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def house():
    """A directory that everybody may enter, with a state for nobody."""
    with tempfile.TemporaryDirectory(prefix="smtpulse-recipe-") as name:
        top = pathlib.Path(name)
        top.chmod(0o755)
        shutil.copy(conftest.PROGRAM, top / "smtpulse")
        (top / "logs").mkdir(mode=0o755)
        (top / "state").mkdir()
        os.chown(top / "state", 65534, 65534)
        yield top


@pytest.fixture
def start(agent, house, monkeypatch):
    """start(shell command): the agent as that ends, by 'exec "$@"'."""
    def run(shell):
        wrapper = house / "wrapper"
        wrapper.write_text(f'#!/bin/sh -e\nset -- {house}/smtpulse "$@"\n'
                           f"{shell}\n")
        wrapper.chmod(0o755)
        config = house / "agent.conf"
        config.write_text(
            f'listen = {{"127.0.0.1:0"}}\nstate = "{house}/state/state.db"\n'
            f'source "mail" {{ path = "{house}/logs/maillog" }}\n')
        config.chmod(0o644)
        monkeypatch.setattr(conftest, "PROGRAM", str(wrapper))
        return agent(arguments=["run", "-c", str(config)])
    return run


def delivered(a, wanted):
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == wanted,
                 what=f"{wanted} deliveries")


def test_root_only_log_by_acl(start, house):
    """One command lets the agent read; logrotate hands it on to the next."""
    log = house / "logs" / "maillog"
    log.write_text(LINE % 1)
    log.chmod(0o600)
    done = subprocess.run(["setfacl", "-m", "u:65534:r", log],
                          capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no ACLs here: {done.stderr}")
    a = start(f'exec {" ".join(NOBODY)} "$@"')
    delivered(a, 1)
    config = house / "rotate.conf"
    config.write_text(f"{log} {{\n\trotate 3\n\tcreate\n}}\n")
    subprocess.run([LOGROTATE, "-f", "-s", house / "rotate.state", config],
                   check=True, timeout=30)
    assert log.stat().st_size == 0 and log.stat().st_uid == 0
    with open(log, "a", encoding="ascii") as f:
        f.write(LINE % 2)
    delivered(a, 2)
    assert a.metrics().value("smtpulse_source_up", source="mail") == 1
    assert a.metrics().sum("smtpulse_gaps_total") == 0


def test_root_only_log_without_acl(start, house):
    """What the recipe is for."""
    log = house / "logs" / "maillog"
    log.write_text(LINE % 1)
    log.chmod(0o600)
    a = start(f'exec {" ".join(NOBODY)} "$@"')
    a.wait_until(lambda: a.metrics().value("smtpulse_source_up",
                                           source="mail") == 0)
    assert a.metrics().sum("smtpulse_attempts_total") == 0


def test_log_directory_mounted_read_only(start, house):
    """Rotation outside is followed inside, where nothing can be written."""
    logs = house / "logs"
    log = logs / "maillog"
    log.write_text(LINE % 1)
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True)
    if probe.returncode != 0:
        pytest.skip("no mount namespaces here")
    a = start(f"""exec unshare --mount sh -e -c '
mount --bind {logs} {logs}
mount -o remount,bind,ro {logs}
! touch {logs}/inside 2>/dev/null
exec {" ".join(NOBODY)} "$@"' sh "$@" """)
    delivered(a, 1)
    assert not (logs / "inside").exists()
    os.rename(log, logs / "maillog.1")
    log.write_text(LINE % 2)
    delivered(a, 2)
    with open(log, "a", encoding="ascii") as f:
        f.write(LINE % 3)
    delivered(a, 3)
    assert a.metrics().sum("smtpulse_gaps_total") == 0
