"""What the classifier says to whole lists of replies.

The lists of tests/corpora/replies are our own. The labelled replies beside
the repository are others' text: read if they are there, never committed.
"""
import csv
import json
import lzma
import os
import pathlib
import subprocess

import pytest

from conftest import PROGRAM, TOP

LISTS = TOP / "tests" / "corpora" / "replies"
SHARED = pathlib.Path(os.environ.get(
    "SMTPULSE_REPLIES", TOP.parent / "shared" / "knowledge" / "replies.tsv"))

ACTIONS = {
    "bad-recipient": "suppress", "inactive-recipient": "suppress",
    "bad-domain": "suppress", "mailbox-full": "resend-later",
    "rate-limit": "slow-down", "greylist": "resend-later",
    "reputation": "check-blocklist", "content": "fix-message",
    "auth-fail": "fix-auth", "bad-sender": "fix-config",
    "login": "fix-config", "routing": "fix-config",
    "too-large": "fix-message", "bad-message": "fix-message",
    "policy": "investigate", "protocol": "fix-config", "tls": "fix-config",
    "network": "resend-later", "server-error": "resend-later",
    "unknown": "investigate"}
WHILE_RETRIED = {"suppress", "resend-later", "investigate"}


def action_of(reason, code, enhanced):
    """The action the issue's table gives to a reason, by its class."""
    action = ACTIONS[reason]
    if (code or enhanced)[0] == "4" and action in WHILE_RETRIED:
        return "retry"
    return action


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


def own(*names):
    return [row for name in names for row in rows_of(LISTS / f"{name}.tsv")]


def ask(rows):
    """(row, reason, action) for each row, without a provider's name."""
    asked = "".join(f"{r['code']}\t{r['enhanced']}\t*\t{r['text']}\n"
                    for r in rows)
    said = subprocess.run([PROGRAM, "explain", "--tsv"], input=asked,
                          capture_output=True, text=True, check=True)
    answers = [line.split("\t")[:2] for line in said.stdout.splitlines()]
    assert len(answers) == len(rows)
    return [(r, *a) for r, a in zip(rows, answers)]


def score(rows):
    """Shares of right reasons, right actions, and right suppressions."""
    right = acted = 0
    suppressed = []
    for row, reason, action in ask(rows):
        want = row.get("action") or action_of(row["reason"], row["code"],
                                              row["enhanced"])
        right += reason == row["reason"]
        acted += action == want
        if action == "suppress":
            suppressed.append(want == "suppress")
        if reason != row["reason"]:
            print(f"{row['reason']}, not {reason}: {row['text']}")
    return (right / len(rows), acted / len(rows),
            sum(suppressed) / max(len(suppressed), 1))


def test_common_and_odd_replies():
    reason, action, suppress = score(own("common", "odd"))
    assert reason >= 0.95
    assert action >= 0.95
    assert suppress >= 0.99


def test_each_language_is_understood():
    by_language = {}
    for row, reason, _ in ask(own("common", "odd")):
        by_language.setdefault(row["language"], []).append(
            reason == row["reason"])
    assert len(by_language) >= 12
    for language, right in by_language.items():
        if len(right) >= 10:
            assert sum(right) / len(right) >= 0.85, language


def test_decoys_suppress_nobody():
    answers = ask(own("decoys"))
    assert [row["text"] for row, _, action in answers
            if action == "suppress"] == []
    assert sum(reason == row["reason"]
               for row, reason, _ in answers) / len(answers) >= 0.85


@pytest.mark.skipif(not SHARED.exists(), reason="no labelled replies here")
def test_labelled_replies_of_others():
    reason, action, suppress = score(rows_of(SHARED))
    assert reason >= 0.9
    assert action >= 0.9
    assert suppress >= 0.98


def test_failures_of_the_lab_have_reasons(tmp_path):
    """Real MTAs' words for all that the lab does to them."""
    failed = unknown = 0
    for packed in sorted((TOP / "tests" / "corpora" / "lab").glob("*.log.xz")):
        log = tmp_path / packed.stem
        log.write_bytes(lzma.decompress(packed.read_bytes()))
        said = subprocess.run(
            [PROGRAM, "replay", "--format", "events", "--mta",
             packed.name.split("-")[0], "--year", "2026", log],
            capture_output=True, check=True)
        for line in said.stdout.splitlines():
            event = json.loads(line)
            if event["event"] != "delivery" or \
                    event["outcome"] == "delivered":
                continue
            failed += 1
            unknown += event["reason"] == "unknown"
    assert failed > 5000
    assert unknown <= failed / 100
