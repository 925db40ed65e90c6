"""The caps of the house style: lines of functions, files and headers."""
import json
import re
import subprocess

from source_tree import (TOP, headers, need, read, sources,
                         without_comments)

FUNCTION_LINES = 60
FILE_LINES = 500
HEADER_LINES = 80		# with code in them

# A header may be longer when the reason stands here.
LONG_HEADERS = {
    "agent/config.h": "one struct, with a field for each option",
    "agent/source_file.h": "one struct, the life of a file",
    "include/view.h": "small functions that parsers call in every loop",
    "parsers/exim.h": "the verbs of one parser that is in many files",
}


def is_table(text):
    """Most of it is rows: of a const table or of an X-macro."""
    lines = text.splitlines()
    rows = [line for line in lines if re.match(
        r"\s+[A-Z0-9_]+\(|\s+[{\"]", line)]
    return len(rows) > len(lines) / 2


def functions():
    out = subprocess.run(
        [need("ctags"), "--output-format=json", "--fields=+ne",
         "--kinds-c=f", "-f", "-", *sources()],
        capture_output=True, text=True, check=True, cwd=TOP).stdout
    for line in out.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and "end" in tag:
            yield tag["path"], tag["name"], tag["end"] - tag["line"] + 1


def test_functions():
    found = list(functions())
    assert len(found) > 300, "ctags finds no functions"
    long = [f"{p}: {n} has {lines} lines"
            for p, n, lines in found if lines > FUNCTION_LINES]
    assert not long, "\n".join(long)


def test_files():
    long = []
    for name in sources():
        text = read(name)
        if text.count("\n") > FILE_LINES and not is_table(text):
            long.append(f"{name} has {text.count(chr(10))} lines")
    assert not long, "\n".join(long)


def test_headers():
    long = []
    for name in headers():
        text = read(name)
        lines = [line for line in without_comments(text).splitlines()
                 if line.strip()]
        if len(lines) > HEADER_LINES and name not in LONG_HEADERS and \
                not re.search(r"^\s+X\(", text, re.M):
            long.append(f"{name} has {len(lines)} lines")
    assert not long, "\n".join(long)


def test_lines():
    """80 columns, tabs of 8, nothing behind the last word. A comment beside
    a field may stick out."""
    bad = []
    for name in sources() + headers():
        for number, line in enumerate(read(name).splitlines(), 1):
            code = re.sub(r"\s*/\*.*|^\s+[^;#]*\*/$|\s*\\\\$", "", line)
            if len(code.expandtabs(8)) > 80 or line != line.rstrip():
                bad.append(f"{name}:{number}")
    assert not bad, "\n".join(bad)
