"""The manual pages and the completion say what the tables say."""
import os
import pathlib
import re
import subprocess

import pytest

from source_tree import TOP, need

PROGRAM = os.environ.get("SMTPULSE", str(TOP / "build" / "smtpulse"))
DIST = TOP / "agent" / "dist"
PAGES = ("smtpulse.8", "smtpulse.conf.5")


def help_of(*words):
    return subprocess.run([PROGRAM, *words, "--help"], capture_output=True,
                          text=True, check=True).stdout


def commands():
    return re.findall(r"^  ([a-z]+)  ", help_of(), re.M)


def plain(page):
    """The page as words, without the marks of the terminal."""
    out = subprocess.run([need("mandoc"), "-T", "ascii", DIST / page],
                         capture_output=True, text=True, check=True).stdout
    return re.sub(r".\x08", "", out)


def example():
    """(section, option, value) as in agent.conf.example."""
    section, found = "", []
    for line in (TOP / "agent.conf.example").read_text().splitlines():
        opened = re.match(r'#([a-z]+)(?: "[^"]*")? \{$', line)
        option = re.match(r"#\t?([a-z_]+) = (.*)$", line)
        if opened:
            section = opened[1]
        elif line == "#}":
            section = ""
        elif option and section != "labels":
            found.append((section, option[1], option[2]))
    return found


def manual_options():
    """(section, option) as in smtpulse.conf.5."""
    section, found = "", []
    for line in (DIST / "smtpulse.conf.5").read_text().splitlines():
        if line.startswith(".Ss "):
            section = line.split()[1]
        m = re.match(r"\.It Ic (\S+) No = Ar", line)
        if m:
            found.append((section, m[1]))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_lint(page):
    r = subprocess.run([need("mandoc"), "-T", "lint", "-W", "warning",
                        DIST / page], capture_output=True, text=True)
    assert r.returncode == 0, r.stdout


def test_options_of_the_file():
    assert len(example()) > 50
    assert manual_options() == [(s, o) for s, o, _ in example()]


def test_every_command_is_described():
    page = (DIST / "smtpulse.8").read_text()
    described = re.findall(r"^\.It Cm (\w+)", page, re.M)
    assert sorted(described) == sorted(commands())
    shown = re.findall(r"^\.Nm\n\.Cm (\w+)", page, re.M)
    assert sorted(shown) == sorted(commands())


@pytest.mark.parametrize("command", commands())
def test_every_option_of_a_command(command):
    """Those at the start of a line of --help, or behind a comma there."""
    page = plain("smtpulse.8")
    synopsis = re.search(r"smtpulse %s\b.*?(?=\n +smtpulse |\n[A-Z])"
                         % command, page, re.S)[0]
    wanted = set()
    for line in help_of(command).splitlines():
        if line.startswith("  -"):
            head = re.split(r"\s{2,}", line.strip())[0]
            wanted |= set(re.findall(r"(?:^|, )(--?[a-z-]+)", head))
    lacking = [o for o in sorted(wanted)
               if not re.search(r"%s\b" % re.escape(o.lstrip("-")), synopsis)]
    assert not lacking, f"synopsis of {command} lacks {lacking}"


def test_every_reason_of_a_gap_is_described():
    rows = re.findall(r'^\tX\(\w+,\s*"(\w+)"',
                      (TOP / "agent" / "gap.h").read_text(), re.M)
    assert len(rows) > 5
    page = (DIST / "smtpulse.8").read_text()
    section = re.search(r"^\.Sh GAPS$(.*?)^\.Sh ", page, re.M | re.S)[1]
    assert re.findall(r"^\.It Li (\w+)", section, re.M) == rows


def test_every_region_and_table_of_the_state_is_described():
    agent = TOP / "agent"
    page = (DIST / "smtpulse.8").read_text()
    section = re.search(r"^\.Sh STATE$(.*?)^\.Sh ", page, re.M | re.S)[1]
    made = re.compile(r'(?:region_init|store_init|topk_init)\([^;"]*"(\w+)"')
    regions = {name for file in agent.glob("*.c")
               for name in made.findall(file.read_text())}
    tables = re.findall(r'CREATE TABLE (\w+)',
                        (agent / "state_setup.c").read_text())
    assert len(regions) > 10 and len(tables) > 4
    lacking = [name for name in sorted(regions | set(tables))
               if not re.search(r"\b%s\b" % name, section)]
    assert not lacking


def complete(*words):
    script = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_smtpulse "$PROGRAM" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
    return subprocess.run(
        ["bash", "--norc", "-c", script, "bash", DIST / "smtpulse.bash",
         *words], capture_output=True, text=True, check=True,
        env={**os.environ, "PROGRAM": PROGRAM}).stdout.split()


def test_completion():
    assert set(commands()) <= set(complete("smtpulse", ""))
    assert complete("smtpulse", "repl") == ["replay"]
    assert "--format" in complete("smtpulse", "replay", "--")
    assert complete("smtpulse", "replay", "--mta", "ex") == ["exim"]
    assert "-c" in complete("smtpulse", "check", "-")
