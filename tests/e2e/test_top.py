"""top: a running agent seen from a terminal, which is given back as it was."""
import os
import shutil
import subprocess
import uuid

import pytest

from conftest import PROGRAM, wait_until

LINE = ("2026-11-22T04:00:{second:02}+00:00 mx postfix/smtp[1]: {id:X}ABCDE: "
        "to=<a@{domain}>, relay=mx.{domain}[127.20.1.2]:25, delay=0.2, "
        "delays=0.1/0/0/0.1, dsn={dsn}, status={status}\n")
SENT = ("2.0.0", "sent (250 2.0.0 OK)")
REFUSED = ("5.1.1", "bounced (host mx[127.20.1.2] said: 550 5.1.1 User "
           "unknown (in reply to RCPT TO command))")


@pytest.fixture
def watched(agent, tmp_path):
    """An agent that knows two providers: 30 at one, 20 refused at another."""
    log = tmp_path / "mail.log"
    log.write_text("".join(
        LINE.format(second=i % 60, id=i, domain=domain, dsn=dsn, status=status)
        for i, (domain, (dsn, status)) in enumerate(
            [("busy.example", SENT)] * 30 + [("angry.example", REFUSED)] * 20)))
    a = agent(f'source "mail" {{ path = "{log}" }}')
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 50,
                 what="all lines")
    return a


def providers(screen):
    """The providers in the order of their rows."""
    return [line.split()[0] for line in screen.splitlines()
            if line.split()[:1] and line.split()[0].endswith(".example")]


def test_once(smtpulse, watched):
    done = smtpulse("top", "--once", watched.url)
    assert done.returncode == 0, done.stderr
    assert sorted(providers(done.stdout)) == ["angry.example", "busy.example"]
    row = [line for line in done.stdout.splitlines()
           if line.startswith("angry.example")][0].split()
    assert row[-1] == "550" and "20" in row
    assert "\033" not in done.stdout
    assert [x for x in done.stdout.splitlines() if len(x) > 80] == []
    assert smtpulse("top", "--once", watched.url + "/").stdout != ""


def test_nobody_there(smtpulse, watched):
    for url in ("http://127.0.0.1:1", watched.url + "/nowhere",
                "file:///etc/passwd", watched.url + "/" + "x" * 3000):
        done = smtpulse("top", "--once", url)
        assert done.returncode == 1 and done.stderr != "", url
        assert done.stdout == ""
    assert smtpulse("top", "a", "b").returncode == 2


def test_not_on_a_pipe(smtpulse, watched):
    done = smtpulse("top", watched.url)
    assert done.returncode == 1 and "--once" in done.stderr


@pytest.fixture
def terminal(tmp_path):
    """terminal(...) is tmux on a server of its own, 80 by 30, with a shell."""
    assert shutil.which("tmux"), "tmux is not installed"
    socket = str(tmp_path / "tmux")
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    environment.pop("TMUX", None)

    def tmux(*arguments):
        return subprocess.run(
            ["tmux", "-S", socket, "-f", "/dev/null", *arguments],
            capture_output=True, text=True, check=True, timeout=20,
            env=environment).stdout
    tmux("new-session", "-d", "-x", "80", "-y", "30", "env", "PS1=$ ",
         "sh", "-i")
    yield tmux
    tmux("kill-server")


def test_live(watched, terminal, tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    mark = uuid.uuid4().hex

    def shown():
        return terminal("capture-pane", "-p")
    terminal("send-keys", f"clear; echo {mark}; stty -a >{before}; {PROGRAM} "
             f"top {watched.url}; echo rc=$?; stty -a >{after}; echo done",
             "Enter")
    wait_until(lambda: "busy.example" in shown(), what="the table")
    assert mark not in shown()
    terminal("send-keys", "a")
    wait_until(lambda: "[a attempts]" in shown(), what="another order")
    assert providers(shown()) == ["busy.example", "angry.example"]
    terminal("send-keys", "n")
    wait_until(lambda: providers(shown()) == ["angry.example",
                                              "busy.example"],
               what="the order of names")
    terminal("resize-window", "-x", "80", "-y", "12")
    wait_until(lambda: len(shown().splitlines()) <= 12 and
               "busy.example" in shown(), what="a smaller window")
    terminal("send-keys", "q")
    wait_until(lambda: "done" in shown().splitlines(), what="the shell")
    assert mark in shown() and "rc=0" in shown()
    assert before.read_text().splitlines()[1:] == \
        after.read_text().splitlines()[1:]


def test_signal_gives_the_terminal_back(watched, terminal, tmp_path):
    pid, after = tmp_path / "pid", tmp_path / "after"

    def shown():
        return terminal("capture-pane", "-p")
    terminal("send-keys", f"sh -c 'echo $$ >{pid}; exec {PROGRAM} top "
             f"{watched.url}'; stty -a >{after}; echo done", "Enter")
    wait_until(lambda: "busy.example" in shown(), what="the table")
    os.kill(int(pid.read_text()), 15)
    wait_until(lambda: "done" in shown().splitlines(), what="the shell")
    assert " icanon" in after.read_text() and " echo " in after.read_text()


def test_agent_that_goes_away(watched, terminal):
    def shown():
        return terminal("capture-pane", "-p")
    terminal("send-keys", f"{PROGRAM} top {watched.url}", "Enter")
    wait_until(lambda: "busy.example" in shown(), what="the table")
    watched.stop()
    wait_until(lambda: "does not answer" in shown(), what="the news")
    assert "busy.example" in shown()
    terminal("send-keys", "C-c")
    wait_until(lambda: "PROVIDER" not in shown(), what="the shell")
