#!/usr/bin/python3
"""seed.py WHAT DIR: first inputs for one fuzz target, from the saved corpora.

Lines are chosen by shape, so that a few hundred stand for all. Targets of a
parser get one byte in front, which says where the line will be cut.
"""
import lzma
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
MOST = 400


def lines(mta):
    for path in sorted((TESTS / "corpora" / "lab").glob(mta + "*.log.xz")):
        if "volume" not in path.name:
            yield from lzma.open(path).read().splitlines()
    for path in sorted((TESTS / "corpora" / "attack").glob(mta + "*.tsv")):
        for line in path.read_bytes().splitlines():
            if not line.startswith(b"# "):
                yield line.rsplit(b"\t", 1)[0]


def shape(line):
    return re.sub(rb"[0-9A-Za-z.@+_-]*[0-9@.][0-9A-Za-z.@+_-]*", b"0", line)[:160]


def chosen(mta):
    seen = {}
    for line in lines(mta):
        seen.setdefault(shape(line), line)
    return list(seen.values())[:MOST]


def replies(line):
    for match in re.finditer(rb"[245]\d\d[ -].*", line):
        yield match.group()


def config(out):
    """The example file: whole, and each section on its own and switched on."""
    text = (TESTS.parent / "agent.conf.example").read_text()
    (out / "whole").write_text(text)
    for i, part in enumerate(text.split("\n\n")):
        (out / f"part{i}").write_text(re.sub(r"^#(?! )", "", part, flags=re.M))


def main():
    what, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    if what == "config":
        config(out)
        return
    mtas = [what] if what in ("postfix", "exim", "sendmail") else [""]
    for i, line in enumerate(x for mta in mtas for x in chosen(mta)):
        if what in ("head", "stamp"):
            pieces = [line]
        elif what == "reply":
            pieces = list(replies(line))[:1]
        elif what == "reason":
            pieces = [bytes([1, (i * 7) % 256, 0]) + r for r in list(replies(line))[:1]]
        else:
            pieces = [bytes([(i * 37) % 256]) + line]
        for piece in pieces:
            (out / ("%04d" % i)).write_bytes(piece)


main()
