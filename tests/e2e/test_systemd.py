"""The units, and what systemd and we say to each other."""
import ctypes
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import pytest

from conftest import PROGRAM, TOP, Agent, wait_until

DIST = TOP / "agent" / "dist"
PTRACE_SEIZE, PTRACE_DETACH, PTRACE_INTERRUPT = 0x4206, 17, 0x4207
WALL = 0x40000000
PERIOD_S = 0.2     # a sign of life is wanted thus often; we tell each second


@pytest.mark.parametrize("unit,limit", [("smtpulse.service", 1.1),
                                        ("smtpulse-pull.service", 0.3)])
def test_exposure(unit, limit):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager",
         DIST / unit], capture_output=True, text=True, check=True)
    level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(level[1]) <= limit, done.stdout


@pytest.mark.parametrize("unit", ["smtpulse.service", "smtpulse-pull.service",
                                  "smtpulse-pull.socket"])
def test_units_are_sound(unit, tmp_path):
    """Nothing in them that systemd does not know."""
    for file in [*DIST.glob("*.service"), *DIST.glob("*.socket")]:
        text = file.read_text().replace("/usr/bin/smtpulse", "/bin/true")
        (tmp_path / file.name).write_text(re.sub("(?m)^Documentation=.*$",
                                                 "", text))
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit],
                          capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "smtpulse" in line]
    assert not ours, done.stderr


@pytest.fixture
def ears(tmp_path):
    """The socket that systemd would listen on."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(str(tmp_path / "notify"))
    s.settimeout(20)
    yield s
    s.close()


@pytest.fixture
def watched(agent, ears, tmp_path):
    log = tmp_path / "mail.log"
    log.write_text("")

    def start():
        return agent(f'source "mail" {{ path = "{log}" mta = postfix }}',
                     env={"NOTIFY_SOCKET": str(tmp_path / "notify"),
                          "WATCHDOG_USEC": str(int(PERIOD_S * 1e6))})
    return start


def heard(ears, word):
    """Listen until a message has that line; the message."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        message = ears.recv(4096).decode()
        if word in message.split("\n"):
            return message
    raise AssertionError(f"{word} was not said")


def test_tells_how_it_is(watched, ears):
    a = watched()
    heard(ears, "READY=1")
    assert "STATUS=1 source, up to date" in heard(ears, "WATCHDOG=1")
    a.send_signal(signal.SIGHUP)
    heard(ears, "RELOADING=1")
    heard(ears, "READY=1")
    a.send_signal(signal.SIGTERM)
    heard(ears, "STOPPING=1")
    assert a.stop() == 0


def threads(pid):
    return {pathlib.Path(f"/proc/{pid}/task/{tid}/comm").read_text().strip():
            int(tid) for tid in os.listdir(f"/proc/{pid}/task")}


class Held:
    """One thread of another process, stopped."""

    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                            ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long

    def __init__(self, tid):
        self.tid = tid

    def __enter__(self):
        if self.libc.ptrace(PTRACE_SEIZE, self.tid, None, None) == -1:
            pytest.skip("a thread cannot be stopped here: "
                        + os.strerror(ctypes.get_errno()))
        self.libc.ptrace(PTRACE_INTERRUPT, self.tid, None, None)
        os.waitpid(self.tid, WALL)
        return self

    def __exit__(self, *_):
        self.libc.ptrace(PTRACE_DETACH, self.tid, None, None)


@pytest.mark.parametrize("name", ["smtpulse", "http"])
def test_no_sign_of_life_from_a_hung_thread(watched, ears, name):
    a = watched()
    heard(ears, "WATCHDOG=1")
    with Held(threads(a.pid)[name]):
        # what was said before it was held, and the one round trip after it
        ears.settimeout(3)
        late = 0
        with pytest.raises(TimeoutError):
            while late < 3:
                assert "WATCHDOG=1" in ears.recv(4096).decode()
                late += 1
        assert late < 3
    ears.settimeout(20)
    heard(ears, "WATCHDOG=1")


def test_socket_activation(tmp_path):
    """Served on the socket that was there before us, whatever listen says."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    log = tmp_path / "mail.log"
    log.write_text("")
    config = tmp_path / "agent.conf"
    config.write_text(f'listen = {{"127.0.0.1:1"}}\n'
                      f'state = "{tmp_path}/state.db"\n'
                      f'source "mail" {{ path = "{log}" mta = postfix }}\n')
    err = tmp_path / "stderr.txt"
    with open(err, "wb") as out:
        activator = subprocess.Popen(
            ["systemd-socket-activate", f"--listen=127.0.0.1:{port}",
             PROGRAM, "run", "-c", str(config)], stderr=out)
    try:
        wait_until(lambda: "Listening on" in err.read_text())
        a = Agent.__new__(Agent)
        a.process, a.stderr_path = activator, err
        a.url = f"http://127.0.0.1:{port}"
        assert a.get("/-/healthy", timeout=20)[0] == 200
        assert a.metrics().value("smtpulse_build_info") == 1
    finally:
        activator.send_signal(signal.SIGTERM)
        assert activator.wait(20) == 0, err.read_text()


def test_an_open_socket_wants_access_control(tmp_path):
    """0.0.0.0 is refused, wherever it comes from."""
    config = tmp_path / "agent.conf"
    (tmp_path / "mail.log").write_text("")
    config.write_text(f'state = "{tmp_path}/state.db"\nsource "mail" '
                      f'{{ path = "{tmp_path}/mail.log" mta = postfix }}\n')
    with socket.create_server(("0.0.0.0", 0)) as s:
        done = subprocess.run(
            [PROGRAM, "run", "-c", str(config)], capture_output=True,
            text=True, timeout=20, close_fds=False,
            preexec_fn=lambda: os.dup2(s.fileno(), 3),
            env={**os.environ, "LISTEN_FDS": "1"})
    assert done.returncode == 1
    assert "is not loopback" in done.stderr
