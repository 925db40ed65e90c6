"""A disk that hangs, is full or fails below the state of a running agent."""
import pathlib
import signal
import subprocess
import time

import pytest

HERE = pathlib.Path(__file__).parent
PATIENCE_S = 120


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    path = tmp_path_factory.mktemp("shim") / "disk.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", path,
                    HERE / "disk.c"], check=True)
    return path


class Disk:
    def __init__(self, path):
        self.path = path
        self.hangs = path.with_suffix(".hangs")
        path.touch()

    def mood(self, letter):
        """All at once: nobody reads half of it."""
        new = self.path.with_suffix(".new")
        new.write_text(letter)
        new.rename(self.path)


@pytest.fixture
def scene(agent, gen_postfix, shim, tmp_path):
    """(start, disk, log, data): start() an agent on that disk."""
    data, _ = gen_postfix("--messages", 600, "--seed", 6)
    log = tmp_path / "mail.log"
    log.touch()
    disk = Disk(tmp_path / "mood")
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" mta = postfix }}')
    env = {"LD_PRELOAD": str(shim), "DISK_MOOD": str(disk.path),
           "DISK_HANGS": str(disk.hangs)}
    return lambda: agent(text, env=env), disk, log, data


def lines(a):
    return a.metrics().sum("smtpulse_lines_total")


def append(log, data):
    with open(log, "ab") as f:
        f.write(data)


def halves(data):
    at = data.rfind(b"\n", 0, len(data) // 2) + 1
    return data[:at], data[at:]


def caught_up(start, log, data):
    """An agent that has read and shown so much."""
    a = start()
    append(log, data)
    a.wait_until(lambda: lines(a) == data.count(b"\n"), PATIENCE_S)
    return a


@pytest.mark.parametrize("letter, says", [
    ("f", "database or disk is full"), ("e", "disk I/O error")])
def test_commits_fail_and_recover(scene, letter, says):
    """Nothing new is shown, counting goes on, and the next commit that
    succeeds saves all of it: also for the life after a kill.
    """
    start, disk, log, data = scene
    first, second = halves(data)
    a = caught_up(start, log, first)
    disk.mood(letter)
    append(log, second)
    a.wait_until(lambda: says in a.stderr, PATIENCE_S)
    assert a.get("/-/healthy")[0] == 200
    disk.mood("")
    a.wait_until(lambda: "saved again" in a.stderr, PATIENCE_S)
    a.wait_until(lambda: lines(a) == data.count(b"\n"), PATIENCE_S)
    assert a.stderr.count("cannot save the state") == 1
    a.stop(signal.SIGKILL)
    b = start()
    assert lines(b) == data.count(b"\n")
    assert b.metrics().sum("smtpulse_gaps_total") == 0


def test_shown_at_last(scene):
    """After half a minute of failures it is shown what nobody could save."""
    start, disk, log, data = scene
    first, second = halves(data)
    a = caught_up(start, log, first)
    disk.mood("e")
    append(log, second)
    a.wait_until(lambda: lines(a) == data.count(b"\n"), PATIENCE_S)
    m = a.metrics()
    assert "cannot save the state" in a.stderr
    last = m.value("smtpulse_last_commit_timestamp_seconds")
    assert time.time() - last >= 29
    disk.mood("")
    a.wait_until(lambda: a.metrics().value(
        "smtpulse_last_commit_timestamp_seconds") > last, PATIENCE_S)
    a.stop(signal.SIGKILL)
    assert lines(start()) == data.count(b"\n")


def test_hangs(scene):
    """Pages are served while a sync does not come back; nothing is lost."""
    start, disk, log, data = scene
    first, second = halves(data)
    a = caught_up(start, log, first)
    disk.mood("h")
    append(log, second)
    a.wait_until(disk.hangs.exists, PATIENCE_S)
    for _ in range(50):
        assert lines(a) == first.count(b"\n")
    disk.mood("")
    a.wait_until(lambda: lines(a) == data.count(b"\n"), PATIENCE_S)


def test_reload_while_it_fails(scene):
    """The agent goes on as it was, and can be reloaded when the disk can."""
    start, disk, log, data = scene
    name = "smtpulse_config_last_reload_successful"
    a = start()
    disk.mood("e")
    append(log, data)
    a.wait_until(lambda: "cannot save the state" in a.stderr, PATIENCE_S)
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: "stays as it was" in a.stderr, PATIENCE_S)
    disk.mood("")
    a.wait_until(lambda: lines(a) == data.count(b"\n"), PATIENCE_S)
    assert a.metrics().value(name) == 0
    a.send_signal(signal.SIGHUP)
    a.wait_until(lambda: a.metrics().value(name) == 1, PATIENCE_S)
    assert lines(a) == data.count(b"\n")
