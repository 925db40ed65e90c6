#!/usr/bin/python3
"""seed.py WHAT DIR: first inputs for one fuzz target, from the saved corpora.

Lines are chosen by shape, so that a few hundred stand for all. Targets of a
parser get one byte in front, which says where the line will be cut. DIR.list
names them in their order, as libFuzzer's -seed_inputs=@FILE takes it.
"""
import contextlib
import gzip
import json
import lzma
import pathlib
import re
import sqlite3
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


def compressed():
    """One member, two, stored, with a name, padded, cut and damaged."""
    text = b"\n".join(chosen("exim")[:8]) + b"\n"
    whole = gzip.compress(text, mtime=0)
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    yield from (whole, whole + gzip.compress(b"", mtime=0) + whole[:40],
                gzip.compress(text, 0, mtime=0), whole + bytes(600),
                whole[:8] + whole[9:], whole[:-3], bytes(damaged),
                b"\x1f\x8b\x08\x08" + whole[4:10] + b"mail.log\0" +
                whole[10:], gzip.compress(bytes(1 << 16), mtime=0))


def requests():
    """For each part of a request, after the byte that says which."""
    for part, values in enumerate((
            (b"application/openmetrics-text;version=1.0.0;q=0.5,text/plain",
             b"text/plain;q=\"0\\\".1\", */*;q=0.001", b"gzip;q=0, *"),
            (b"localhost:10421", b"[::1]:80", b"127.0.0.1", b"MX.example.",
             b"a@localhost"),
            (b"/%6detrics%00", b"/%", b"/%2", b"%2e%2E/%zz"),
            (b"Bearer a token long enough to be one", b"Basic YW5uOmFubg==",
             b"Basic " + b"QUFB" * 200, b"bearer  x"))):
        for value in values:
            yield bytes([part]) + value


def states(out):
    """Small databases with a state's tables; and parts of a book."""
    path = out.parent / "state.seed"
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA page_size = 512")
        db.executescript("""
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT, version INTEGER,
 size INTEGER);
CREATE TABLE pages (id INTEGER PRIMARY KEY, data BLOB, sum INTEGER);
CREATE TABLE counters (id INTEGER PRIMARY KEY, family TEXT, labels TEXT,
 value INTEGER, sum INTEGER);
INSERT INTO meta VALUES ('created', x'0102030405060708');
INSERT INTO regions VALUES (1, 'region', 1, 16384);
INSERT INTO pages VALUES (1048576, x'00', 0);
INSERT INTO counters VALUES (1, 'attempts_total', 'google', 5, 6);""")
    yield b"\1" + path.read_bytes()
    path.unlink()
    yield b"\1SQLite format 3\0"
    for i in range(8):
        yield bytes([2 * i]) + bytes(range(i, 200))


def screens():
    status = {"host": "mx", "now": 1795320000, "log_time": 1795319990,
              "version": "1", "catching_up": True,
              "alerts": [{"summary": "Google defers", "advice": "Wait",
                          "state": "firing", "onset": 1, "id": "1"}],
              "providers": [{"name": "google", "firing": True, "waiting": 3,
                             "windows": {"5m": {"attempts": 9, "4xx": 4},
                                         "1h": {"attempts": 99}},
                             "codes": [{"code": 421, "count": 4}]}],
              "sources": [{"name": "mail", "up": False, "lag_bytes": 7}]}
    yield json.dumps(status).encode()
    for key in status:
        yield json.dumps({**status, key: "\u202e\x1b[2J"}).encode()
        yield json.dumps({**status, key: [{}, [], 1e300, None]}).encode()


def wrapped():
    """Lines as collectors wrap them, and heads that are rare."""
    line = "Nov  1 00:00:03 mta postfix/smtp[1]: 3D: to=<a@b>, status=sent (ok)"
    yield from (text.encode() for text in (
        json.dumps({"log": line + "\n", "stream": "stdout",
                    "time": "2026-11-01T00:00:03.123456789Z"}),
        json.dumps({"MESSAGE": "3D: r\u00e9moved \U0001f4a9 \"\\\t",
                    "__REALTIME_TIMESTAMP": "1793491203123456",
                    "SYSLOG_IDENTIFIER": "postfix/qmgr", "_PID": "77",
                    "_HOSTNAME": "mta"}),
        json.dumps({"MESSAGE": list(b"3D: \xe4\xf6"), "pid": 7,
                    "SYSLOG_IDENTIFIER": "postfix/qmgr"}),
        json.dumps({"tls": {"a": "}", "b": [1, {}, None, True]}, "ts": 1.5e9,
                    "data": line, "host": ["no"]}),
        json.dumps({"timestamp": 1793491203, "message": "removed",
                    "program": "postfix/qmgr", "procid": "-"}),
        json.dumps({"date": "1793491203123", "_raw": "",
                    "line": "x", "ident": ""}),
        '{"log":"a\\ud83d\\udca9\\u0000\\/\\b\\f\\r","tag":"x"}',
        '{"log":"\\ud83d","a":-1.5E+3,"b":false,"c":null} ',
        '{ "event" : { "message" : "evil" } , "message" : "' + line + '" }',
        "2026-11-01T00:00:03.123456789Z stdout F " + line,
        "2026-11-01T00:00:03+01:00 stderr P 3D: removed",
        "<22>1 2026-11-01T00:00:03.5Z mta postfix/qmgr 77 - "
        "[a@1 b=\"c\\]\"][d e=\"f\"] \ufeff3D: removed",
        "<22>1 - - - - - - text",
        "<22>Nov  1 00:00:03 mta postfix/qmgr[77]: 3D: removed",
        "Nov  1 00:00:03 2026 mta postfix/qmgr[77]: 3D: removed",
        "Sun 2026-11-01 00:00:03 CET mta postfix/qmgr[77]: 3D: removed",
        "Nov  1 00:00:03 mta last message repeated 3 times",
        "Nov  1 00:00:03 mta x[5]: message repeated 4 times: [ 3D: t]",
        "2026-11-01 00:00:03.123 +0100 [77] 1RwtEg-0002zL-7C => e@r R=dns"))


def pieces(what, out):
    others = {"config": configs, "gz": compressed, "http": requests,
              "state": lambda: states(out), "top": screens}
    if what in others:
        yield from others[what]()
        return
    if what in ("head", "stamp"):
        yield from wrapped()
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
    for i, piece in enumerate(pieces(what, out)):
        names.append(out / ("%04d" % i))
        names[-1].write_bytes(piece)
    pathlib.Path(f"{out}.list").write_text(",".join(map(str, names)))


main()
