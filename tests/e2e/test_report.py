"""report: one look at logs; its totals are pflogsumm's."""
import json
import lzma
import os
import pathlib
import pty
import re
import subprocess

import pytest

from conftest import PROGRAM, TOP

LAB = TOP / "tests" / "corpora" / "lab"
LINE = ("{time}+00:00 mx postfix/smtp[1]: {id:X}ABCDE: to=<a{id}@{domain}>, "
        "relay=mx.{domain}[127.20.1.2]:25, delay=0.2, delays=0.1/0/0/0.1, "
        "dsn={dsn}, status={status} ({text})\n")
KINDS = {
    "sent": ("2.0.0", "250 2.0.0 OK"),
    "deferred": ("4.2.0", "host mx.example[127.20.1.2] said: 450 4.2.0 "
                 "Greylisted, try again later (in reply to RCPT TO command)"),
    "bounced": ("5.1.1", "host mx.example[127.20.1.2] said: 550 5.1.1 User "
                "unknown (in reply to RCPT TO command)"),
}


def line(number, minute, status, domain="town.example"):
    dsn, text = KINDS[status]
    time = f"2026-11-22T{4 + minute // 60:02}:{minute % 60:02}:{number % 60:02}"
    return LINE.format(time=time, id=number, domain=domain, dsn=dsn,
                       status=status, text=text)


@pytest.fixture
def log(tmp_path):
    """A hundred minutes of mail: 10 a minute, of these one deferred."""
    path = tmp_path / "mail.log"
    path.write_text("".join(
        line(10 * minute + i, minute, "deferred" if i == 0 else
             "bounced" if (minute, i) == (70, 1) else "sent")
        for minute in range(100) for i in range(10)))
    return path


def as_json(smtpulse, *arguments):
    done = smtpulse("report", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def pflogsumm(path):
    """The messages of pflogsumm's grand totals."""
    out = subprocess.run(["pflogsumm", path], capture_output=True, text=True,
                         check=True).stdout
    found = {name: int(n) for n, name in
             re.findall(r"^ +(\d+) +(delivered|bounced|rejected)\b", out, re.M)}
    found["deferrals"] = int(re.search(r"\((\d+) +deferrals\)", out)[1])
    return found


@pytest.mark.parametrize("corpus", ["postfix-syslog", "postfix-volume"])
def test_totals_are_those_of_pflogsumm(smtpulse, tmp_path, corpus):
    path = tmp_path / "mail.log"
    path.write_bytes(lzma.open(LAB / f"{corpus}.log.xz").read())
    theirs, ours = pflogsumm(path), as_json(smtpulse, "--year", 2026, path)
    total = ours["total"]
    assert theirs["delivered"] > 50
    assert total["delivered"] == theirs["delivered"]
    assert total["bounced"] + total["untried_bounced"] == theirs["bounced"]
    assert total["deferred"] + total["untried"] == theirs["deferrals"]
    assert ours["rejects"] == theirs["rejected"]


def test_sums(smtpulse, log):
    r = as_json(smtpulse, log)
    assert r["total"]["attempts"] == 1000
    for key in r["total"]:
        assert sum(p[key] for p in r["providers"]) == r["total"][key]
    assert sum(one["count"] for one in r["reasons"]) == 101
    assert r["reasons"][0] == {"reason": "greylist", "class": "4xx",
                               "action": "retry", "count": 100,
                               "provider": "town.example"}


def test_span(smtpulse, log):
    def attempts(*arguments):
        return as_json(smtpulse, *arguments, log)["total"]["attempts"]
    assert attempts("--since", "2026-11-22T05:00Z") == 400
    assert attempts("--until", "2026-11-22 04:09:59Z") == 100
    assert attempts("--since", "2026-11-22T04:10Z",
                    "--until", "2026-11-22T04:19:59Z") == 100
    assert attempts("--since", "2020-01-01") == 1000
    assert smtpulse("report", "--since", "90m", log).returncode == 0


@pytest.mark.parametrize("wrong", ["yesterday", "2026", "7", "7w", "",
                                   "99999999999999999999d", "2026-13-01"])
def test_no_such_time(smtpulse, log, wrong):
    done = smtpulse("report", "--since", wrong, log)
    assert done.returncode == 2 and "--since" in done.stderr


def test_even_failures_are_no_alert(smtpulse, tmp_path):
    """From the first line on it is like that: that is its normal."""
    path = tmp_path / "mail.log"
    path.write_text("".join(
        line(10 * minute + i, minute,
             "deferred" if i < 4 and minute < 30 else "sent")
        for minute in range(100) for i in range(10)))
    assert as_json(smtpulse, path)["alerts"] == []


def test_alert_has_its_onset(smtpulse, tmp_path):
    path = tmp_path / "mail.log"
    path.write_text("".join(
        line(20 * minute + i, minute,
             "bounced" if i < 10 and minute >= 80 else "sent")
        for minute in range(100) for i in range(20)))
    alert, = as_json(smtpulse, path)["alerts"]
    first = 1795320000 + 60 * 80    # 2026-11-22 05:20
    assert abs(alert["onset"] - first) <= 60
    text = smtpulse("report", path, env={"TZ": "UTC"}).stdout
    assert "town.example refuses" in text and "2026-11-22 05:20" in text


def test_eighty_columns(smtpulse, log):
    text = smtpulse("report", log).stdout
    assert "\033" not in text
    assert "greylist" in text and "nothing: it is tried again" in text
    for corpus in LAB.glob("*.log.xz"):
        path = log.parent / corpus.stem
        path.write_bytes(lzma.open(corpus).read())
        text = smtpulse("report", "--year", 2026, path).stdout
        assert "PROVIDERS" in text
        assert [x for x in text.splitlines() if len(x) > 80] == []


def test_hostile_text_stays_text(smtpulse, tmp_path):
    path = tmp_path / "mail.log"
    sender = "2026-11-22T04:00:01+00:00 mx postfix/qmgr[1]: {id:X}ABCDE: " \
        "from=<x@\033[2J\u202eevil{id}.example>, size=1, nrcpt=1\n"
    path.write_text("".join(
        sender.format(id=n) + line(n, 0, "bounced", "b\u202e\033]0;x\7.example")
        for n in range(20)))
    text = smtpulse("report", path).stdout
    assert "WHOSE MAIL FAILS" in text
    assert all(c.isprintable() or c == "\n" for c in text)
    as_json(smtpulse, path)


def on_terminal(arguments, env):
    """What the program writes to a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *arguments], stdout=follower, stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", **env})
    os.close(follower)
    out = b""
    try:
        while chunk := os.read(leader, 65536):
            out += chunk
    except OSError:     # the other side is closed
        pass
    os.close(leader)
    assert process.wait(20) == 0
    return out.decode()


def test_colour_on_a_terminal_only(log):
    colour = on_terminal(["report", str(log)], {"NO_COLOR": ""})
    assert "\033[" in colour
    plain = on_terminal(["report", str(log)], {"NO_COLOR": "1"})
    assert "\033" not in plain
    assert re.sub(r"\033\[[\d;]*m", "", colour) == plain


def test_file_that_is_not_there(smtpulse, log, tmp_path):
    done = smtpulse("report", log, tmp_path / "nothing.log")
    assert done.returncode == 1 and "nothing.log" in done.stderr


def test_without_files(smtpulse, log, tmp_path):
    """What the configuration names, each file read to its end once."""
    other = pathlib.Path(tmp_path) / "other.log"
    other.write_text(line(9999, 5, "bounced", "other.example"))
    config = tmp_path / "agent.conf"
    config.write_text(f'source "a" {{ path = "{log}" }}\n'
                      f'source "b" {{ path = "{other}" }}\n')
    r = as_json(smtpulse, "-c", config)
    assert r["total"]["attempts"] == 1001
    assert {p["name"] for p in r["providers"]} == {"town.example",
                                                   "other.example"}


@pytest.fixture
def counting(agent, log, tmp_path):
    """An agent that has read the log, and whose state has it."""
    log.write_text("".join(
        "2026-11-22T04:00:00+00:00 mx postfix/qmgr[1]: "
        f"{n:X}ABCDE: from=<x@shop.example>, size=1, nrcpt=1\n"
        for n in range(1000)) + log.read_text())
    a = agent(f'source "mail" {{ path = "{log}" }}')
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 1000,
                 what="all lines")
    return a


def test_state_says_what_the_log_says(smtpulse, counting, log, tmp_path):
    """Beside the agent that has it open, and after it."""
    state = tmp_path / "state0.db"
    before = {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    read = as_json(smtpulse, log)
    recalled = as_json(smtpulse, "--state", state)
    assert before.keys() == {p: 0 for p in tmp_path.iterdir()}.keys()
    assert recalled["total"] == read["total"]
    assert recalled["total"]["attempts"] == 1000
    assert recalled["reasons"] == read["reasons"]
    assert recalled["providers"] == read["providers"]
    assert recalled["tenants"] == read["tenants"]
    assert recalled["tenants"][0]["name"] == "shop.example"
    assert recalled["lines"] == read["lines"]
    counting.stop()
    os.chmod(state, 0o400)
    assert as_json(smtpulse, "--state", state) == recalled
    text = smtpulse("report", "--state", state, env={"TZ": "UTC"}).stdout
    assert "counted since" in text and "town.example" in text
    assert [x for x in text.splitlines() if len(x) > 80] == []


def test_state_keeps_the_alerts(agent, smtpulse, tmp_path):
    path = tmp_path / "mail.log"
    path.write_text("".join(
        line(20 * minute + i, minute,
             "bounced" if i < 10 and minute >= 80 else "sent")
        for minute in range(100) for i in range(20)))
    a = agent(f'source "mail" {{ path = "{path}" }}')
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 2000,
                 what="all lines")
    alert, = as_json(smtpulse, "--state", tmp_path / "state0.db")["alerts"]
    wanted, = as_json(smtpulse, path)["alerts"]
    assert (alert["onset"], alert["provider"], alert["code"]) == \
        (wanted["onset"], wanted["provider"], wanted["code"])


def test_state_that_is_none(smtpulse, log, tmp_path):
    for path in (tmp_path / "nothing.db", log):
        done = smtpulse("report", "--state", path)
        assert done.returncode == 1 and path.name in done.stderr
        assert done.stdout == ""
    assert not (tmp_path / "nothing.db").exists()
    for more in ([log], ["--since", "7d"]):
        assert smtpulse("report", "--state", log, *more).returncode == 2
