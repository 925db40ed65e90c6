"""The README says what the program does: its metric table is the metric table, its commands run."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
HEADER = (ROOT / "agent" / "metric.h").read_text()


def rows():
    """(name, labels, help) of every row of METRICS(X)."""
    table = HEADER[HEADER.index("#define METRICS(X)"):HEADER.index("enum metric {")]
    table = re.sub(r"\s*\\\n\s*", " ", table)
    found = re.findall(r'X\(\w+, "(\w+)", (\w+), (?:NULL|"\w+"), L\d(?:\(([^)]*)\))?, ((?:"[^"]*"\s*)+)\)', table)
    assert len(found) == len(re.findall(r"X\(\w+, \"", table)), "a row that this test cannot read"
    return [(n, t.lower(), ", ".join(l.strip().lower() for l in labels.split(",")) if labels else "",
             "".join(re.findall(r'"([^"]*)"', h)))
            for n, t, labels, h in found]


def table():
    lines = ["| metric (prefix `smtpulse_`) | type | labels | what |", "|---|---|---|---|"]
    return "\n".join(lines + [f"| {n} | {t} | {l} | {h} |" for n, t, l, h in rows()])


def test_metric_table():
    assert table() in README, "put this into README.md:\n" + table()


def commands():
    return [c.strip() for c in re.findall(r"^    (build/smtpulse .*)$", README, re.M)]


def runs_on(command):
    """Until it is ended, or asks an agent that runs."""
    return command.split()[1] in ("run", "demo", "top")


@pytest.mark.parametrize("command", [c for c in commands() if not runs_on(c)])
def test_command_runs(command, tmp_path):
    log = tmp_path / "mail.log"
    log.write_text("Nov 22 04:57:05 mx postfix/smtp[1]: 3649B263: to=<a@gmail.com>, "
                   "relay=gmail-smtp-in.l.google.com[127.20.1.1]:25, delay=0.2, delays=0.1/0/0/0.1, "
                   "dsn=2.0.0, status=sent (250 2.0.0 OK)\n")
    done = subprocess.run(command.replace("/var/log/mail.log", str(log)), shell=True, cwd=ROOT,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "alerts" in command or "suppressions" in command


def test_two_commands():
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^run:", makefile, re.M) and re.search(r"^test:", makefile, re.M)
    assert "    make run" in README and "    make test" in README


def test_pictures_are_there():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures and all((ROOT / p).is_file() for p in pictures)


def test_what_runs_on(tmp_path):
    """demo, run and top, together; as in the README but for the ports."""
    shown = [c for c in commands() if runs_on(c)]
    assert {c.split()[1] for c in shown} == {"run", "demo", "top"}
    demo = subprocess.Popen(
        [ROOT / "build" / "smtpulse", "demo", "--listen", "127.0.0.1:0"],
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)})
    try:
        url = next(re.search(r"listening on (\S+)", line)[1]
                   for line in demo.stderr if "listening on" in line)
        for command in [c for c in shown if "--once" in c]:
            done = subprocess.run(
                command.replace("http://127.0.0.1:10421", url), shell=True,
                cwd=ROOT, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
            assert "PROVIDER" in done.stdout
    finally:
        demo.terminate()
        demo.communicate(timeout=30)
    assert demo.returncode == 0
