"""Saved logs of real MTAs, read by replay.

The lab's corpora come with the servers' own record: permanent replies and 250
must agree with it, recipient by recipient. Logs of other people lie beside the
repository (../shared/corpora, or where SMTPULSE_CORPORA says) and are never
part of it; there the lines that we do not understand are counted.
"""
import gzip
import importlib.util
import json
import lzma
import os
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
LAB = TOP / "tests" / "corpora" / "lab"
OTHERS = pathlib.Path(os.environ.get("SMTPULSE_CORPORA",
                                     TOP.parent / "shared" / "corpora"))
PROGRAM = os.environ.get("SMTPULSE", str(TOP / "build" / "smtpulse"))

# Least precision and recall, by MTA. Sendmail's log often holds no code at
# all, or hides at which command it came: that, nobody can recall.
BARS = {"postfix": (0.995, 0.995), "exim": (0.99, 0.99), "sendmail": (0.98, 0.8)}

# Whole, well-formed lines only; bodies get a head of their own.
OTHER_LOGS = {
    "postfix": [
        "alaveteli-postfix.log", "awstats-comments.log", "crowdsec-hub.log",
        "epylog-testcase.log", "fgforrest-year-first.log",
        "homoluctus-maillogger.log", "journald-json.log",
        "lightmeter-scenarios.log", "mail-log-parse-acme.log",
        "moccalotto.log", "pflogsumm-go.log", "postfix-exporter-tests.log",
        "youyo-log-parser.log", "whyscream-bodies-delivery.log",
        "msimerson-bodies.log", "sekoia-delivery.log",
    ],
    "exim": ["alaveteli-exim.log", "crowdsec-hub.log",
             "crowdsec-hub-syslog.log", "exim-2012-10k.log",
             "exim-exporter-mainlog.log", "logstash-exim-spec.log",
             "public-excerpts.log"],
    "sendmail": ["awstats-comments.log", "public-excerpts.log",
                 "ubuntu-forums-archive.log"],
}
BODIES = ("bodies", "sekoia")
UNKNOWN_MOST = 0.002


def load_check():
    path = TOP / "tests" / "corpora" / "check_truth.py"
    spec = importlib.util.spec_from_file_location("check_truth", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = load_check()


def read(path):
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    with opener(path, "rb") as f:
        return f.read()


def replay(mta, form, data):
    done = subprocess.run(
        [PROGRAM, "replay", "--mta", mta, "--format", form, "--year", "2026",
         "--tz", "UTC", "-"],
        input=data, stdout=subprocess.PIPE, check=True, timeout=120)
    return done.stdout


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


def lab_logs():
    return sorted(p for p in LAB.glob("*.log.*") if mta_of(p) in BARS)


def mta_of(path):
    return path.name.split("-")[0]


def truth_path(log):
    return LAB / log.name.replace(".log.", ".truth.jsonl.")


@pytest.mark.parametrize("log", lab_logs(), ids=lambda p: p.name)
def test_lab_truth(log, tmp_path):
    events = tmp_path / "events"
    events.write_bytes(replay(mta_of(log), "events", read(log)))
    seen, _hops = check.events_of(str(events))
    rows = check.compare(seen, check.truth_of([str(truth_path(log))]))
    precision, recall = check.score(rows)
    least_precision, least_recall = BARS[mta_of(log)]
    assert precision >= least_precision, rows
    assert recall >= least_recall, rows


def test_there_are_lab_logs():
    assert len(lab_logs()) >= 4


@pytest.mark.parametrize("log", [p for p in lab_logs()
                                 if mta_of(p) == "postfix"],
                         ids=lambda p: p.name)
def test_lab_temporary(log, tmp_path):
    """Postfix shows each temporary reply once; only a hop at the end of data
    stands for all recipients of the transaction."""
    events = tmp_path / "events"
    events.write_bytes(replay("postfix", "events", read(log)))
    seen, hops = check.events_of(str(events))
    truth = check.truth_of([str(truth_path(log))])
    for code, real, deliveries, hop in check.temporary(seen, hops, truth):
        assert deliveries + hop <= real, code
        if hop == 0:
            assert deliveries == real, code


@pytest.mark.parametrize("log", [p for p in lab_logs() if mta_of(p) == "exim"],
                         ids=lambda p: p.name)
def test_lab_temporary_exim(log, tmp_path):
    """No temporary reply counts twice, though Exim writes some twice; those
    missing are told once for all recipients of a transaction."""
    events = tmp_path / "events"
    events.write_bytes(replay("exim", "events", read(log)))
    seen, hops = check.events_of(str(events))
    rows = check.temporary(seen, hops, check.truth_of([str(truth_path(log))]))
    for code, real, deliveries, hop in rows:
        # one for the host that gave it and did not wait for the others
        assert deliveries + hop <= real + 1, code
    assert sum(r[2] + r[3] for r in rows) >= 0.9 * sum(r[1] for r in rows)


def test_lab_accounting():
    for log in lab_logs():
        data = read(log)
        row = objects(replay(mta_of(log), "accounting", data))[0]
        parts = [row[k] for k in ("event", "ignored", "unknown", "oversize")]
        assert sum(parts) == row["lines"] == data.count(b"\n"), log.name
        assert row["unknown"] == 0, log.name


def with_head(path, data):
    if not any(word in path.name for word in BODIES):
        return data
    head = b"Nov 22 04:59:05 host postfix/smtp[1]: "
    return b"".join(head + line + b"\n" for line in data.splitlines())


@pytest.mark.parametrize("mta", sorted({mta_of(p) for p in lab_logs()}))
def test_other_peoples_logs(mta):
    if not OTHERS.is_dir():
        pytest.skip("no logs of other people here")
    lines, unknown = 0, []
    for name in OTHER_LOGS[mta]:
        path = OTHERS / mta / name
        if not path.exists():
            continue
        out = objects(replay(mta, "accounting", with_head(path, read(path))))
        lines += out[0]["lines"]
        unknown += out[1:]
    assert lines > 0
    count = sum(row["count"] for row in unknown)
    assert count <= UNKNOWN_MOST * lines, unknown
