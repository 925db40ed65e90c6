#!/usr/bin/python3
"""seed.py WHAT DIR: first inputs for one fuzz target, from the saved corpora.

Lines are chosen by shape, so that a few hundred stand for all. Targets of a
parser get one byte in front, which says where the line will be cut. DIR.list
names them in their order, as libFuzzer's -seed_inputs=@FILE takes it.
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


def configs():
    """The example file: whole, and each section on its own and switched on."""
    text = (TESTS.parent / "agent.conf.example").read_bytes()
    yield text
    for part in text.split(b"\n\n"):
        yield re.sub(rb"^#(?! )", b"", part, flags=re.M)


def pieces(what):
    if what == "config":
        yield from configs()
        return
    mtas = [what] if what in ("postfix", "exim", "sendmail") else [""]
    for i, line in enumerate(x for mta in mtas for x in chosen(mta)):
        if what in ("head", "stamp"):
            yield line
        elif what == "reply":
            yield from list(replies(line))[:1]
        elif what == "reason":
            for reply in list(replies(line))[:1]:
                yield bytes([1, (i * 7) % 256, 0]) + reply
        else:
            yield bytes([(i * 37) % 256]) + line


def main():
    what, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    names = []
    for i, piece in enumerate(pieces(what)):
        names.append(out / ("%04d" % i))
        names[-1].write_bytes(piece)
    pathlib.Path(f"{out}.list").write_text(",".join(map(str, names)))


main()
