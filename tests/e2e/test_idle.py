"""An agent that has nothing to do takes little memory and wakes once a second."""
import pathlib
import tempfile

import pytest

MIB = 1024      # in KiB


def of_status(path, name):
    """A number of a status file of /proc."""
    found = dict(line.split(":", 1) for line in path.read_text().splitlines())
    return int(found[name].split()[0])


def naps(a):
    """{thread: how often it went to sleep so far}"""
    return {(task / "comm").read_text().strip():
            of_status(task / "status", "voluntary_ctxt_switches")
            for task in pathlib.Path(f"/proc/{a.pid}/task").iterdir()}


@pytest.fixture
def log():
    """Where nobody else makes files."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        log = pathlib.Path(directory) / "mail.log"
        log.touch()
        yield log


def test_idle(agent, log):
    a = agent(f'source "mail" {{ path = "{log}" }}\n')
    a.wait_until(lambda: a.get("/-/ready")[0] == 200, what="it is ready")
    assert of_status(pathlib.Path(f"/proc/{a.pid}/status"), "RssAnon") <= \
        6 * MIB


def test_only_the_tick_wakes(agent, log):
    a = agent(f'source "mail" {{ path = "{log}" }}\n')
    a.wait_until(lambda: a.get("/-/ready")[0] == 200, what="it is ready")
    seen = [naps(a)]
    assert set(seen[0]) == {"smtpulse", "watch", "http"}

    def quiet():
        """Three ticks in which the others slept on."""
        now = naps(a)
        if now["watch"] != seen[0]["watch"] or now["http"] != seen[0]["http"]:
            seen[0] = now
        return now["smtpulse"] >= seen[0]["smtpulse"] + 3
    a.wait_until(quiet, 120, "three ticks that only the main thread hears")
    before = naps(a)
    log.write_text("a change\n")
    a.wait_until(lambda: naps(a)["watch"] > before["watch"],
                 what="a change wakes the watch")
