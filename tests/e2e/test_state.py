"""smtpulse state shows what the last commit saved, beside a running agent or
after its death, and changes nothing.
"""
import json
import os
import signal
import sqlite3

import pytest


def config(tmp_path, log):
    return (f'state = "{tmp_path}/state.db"\nsuppression = on\n'
            f'source "mail" {{ path = "{log}" mta = postfix }}')


@pytest.fixture
def saved(agent, gen_postfix, tmp_path):
    """(agent, log) of an agent that has read and saved all of a log."""
    data, _ = gen_postfix("--messages", 400, "--seed", 3)
    log = tmp_path / "mail.log"
    log.write_bytes(data)
    a = agent(config(tmp_path, log))
    a.wait_until(lambda: a.metrics().sum("smtpulse_lines_total") ==
                 data.count(b"\n"))
    return a, log


def shown(smtpulse, a, *options):
    done = smtpulse("state", "-c", a.config, *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stdout


def same_as_metrics(state, metrics):
    got = {}
    for row in state["counters"]:
        if row["family"] == "attempts_total":
            provider, outcome = row["labels"]
            got[provider, outcome] = row["value"]
    want = {(have["provider"], have["outcome"]): value for have, value in
            metrics.of("smtpulse_attempts_total")}
    assert {k: v for k, v in got.items() if v} == \
           {k: v for k, v in want.items() if v}
    windows = {(w["provider"], w["class"]): w["1h"] for w in state["windows"]}
    want = {(have["provider"], have["class"]): value for have, value in
            metrics.of("smtpulse_window_replies", window="1h") if value}
    assert windows == want


def test_beside_a_running_agent(saved, smtpulse):
    a, log = saved
    state, text = shown(smtpulse, a)
    assert state["process"] == a.pid and state["sound"] is True
    assert state["version"] == 1 and state["this_boot"] is True
    [file] = state["files"]
    there = os.stat(log)
    assert file["path"] == str(log) and file["source"] == "mail"
    assert (file["inode"], file["device"]) == (there.st_ino, there.st_dev)
    assert file["offset"] == file["size"] == there.st_size
    assert state["counters"]["attempts_total"] > 0
    assert state["suppressions"]["count"] > 0
    assert state["correlation"]["waiting"]
    assert state["gaps"] == [] and state["incidents"] == []
    assert "@" not in text, "an address in the short form"
    whole, text = shown(smtpulse, a, "--all")
    same_as_metrics(whole, a.metrics())
    assert {"address", "reason", "provider"} <= set(whole["suppressions"][0])
    assert whole["detector"]["count"] == len(whole["detector"]["series"])
    assert whole["correlation"]["messages"] == \
        len(whole["correlation"]["open"])


def test_after_a_crash(saved, smtpulse):
    """What stands in the write-ahead log only is shown too."""
    a, log = saved
    metrics = a.metrics()
    a.stop(signal.SIGKILL)
    before = {p.name: p.read_bytes() for p in log.parent.glob("state.db")}
    state, _ = shown(smtpulse, a, "--all")
    assert state["process"] is None
    assert state["files"][0]["offset"] == log.stat().st_size
    same_as_metrics(state, metrics)
    assert {p.name: p.read_bytes()
            for p in log.parent.glob("state.db")} == before


def test_a_named_file_and_gaps(agent, smtpulse, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    (tmp_path / "state.db").write_bytes(b"not a database" * 100)
    a = agent(config(tmp_path, log))
    a.wait_until(lambda: a.metrics().sum("smtpulse_gaps_total") == 1)
    done = smtpulse("state", tmp_path / "state.db")
    assert json.loads(done.stdout)["gaps"] == [
        {"source": "mail", "reason": "state_lost", "count": 1}]


@pytest.mark.parametrize("sql, says", [
    ("UPDATE files SET place = place - 1", "the checksum of a file's row"),
    ("UPDATE counters SET value = value + 1", "the checksum of a counter"),
    ("UPDATE pages SET data = zeroblob(16384)", "the checksum of a page"),
    ("UPDATE notes SET body = 'x'", "the checksum of a note"),
    ("DELETE FROM meta", "its head is missing"),
    ("DROP TABLE notes", "no such table"),
    ("PRAGMA user_version = 2", "newer smtpulse"),
    ("PRAGMA application_id = 1", "not a state file"),
])
def test_what_is_wrong_is_said(saved, smtpulse, tmp_path, sql, says):
    a, _ = saved
    a.stop()
    with sqlite3.connect(tmp_path / "state.db") as db:
        db.execute(sql)
    db.close()
    done = smtpulse("state", "-c", a.config)
    assert done.returncode == 1 and done.stdout == ""
    assert says in done.stderr and "state.db" in done.stderr
    assert (tmp_path / "state.db").exists()
    assert not list(tmp_path.glob("state.db.damaged*"))


def test_bytes_that_changed(saved, smtpulse, tmp_path):
    a, _ = saved
    a.stop()
    path = tmp_path / "state.db"
    data = bytearray(path.read_bytes())
    page = 4096
    for at in range(page, len(data), 3 * page):
        data[at:at + 8] = b"\xff" * 8
    path.write_bytes(data)
    done = smtpulse("state", path)
    assert done.returncode == 1 and done.stdout == ""
    assert "is damaged" in done.stderr
    assert path.read_bytes() == data


def test_none_there(smtpulse, tmp_path):
    done = smtpulse("state", tmp_path / "nowhere.db")
    assert done.returncode == 1 and "No such file" in done.stderr
    assert not (tmp_path / "nowhere.db").exists()
    (tmp_path / "empty.db").touch()
    done = smtpulse("state", tmp_path / "empty.db")
    assert done.returncode == 1 and "it is empty" in done.stderr
    assert smtpulse("state", "a", "b").returncode == 2
