#!/usr/bin/python3
"""check_truth.py EVENTS TRUTH...: how well the events of a log agree with what
the fake servers really answered.

EVENTS is what `smtpulse replay --format events` wrote (a file, or - for
standard input); TRUTH is the record of the servers (tests/lab), plain or
compressed. Permanent replies and 250 at RCPT, DATA and end of data are
compared one by one, per recipient and code; the result is printed by code.
Temporary replies are compared in sum: a log shows them as deliveries and as
hops, and a hop at the end of data stands for all recipients at once.
"""
import collections
import gzip
import json
import lzma
import sys

STAGES = ("rcpt", "data", "eod")


def lines_of(path):
    if path == "-":
        return sys.stdin.buffer
    opener = {"gz": gzip.open, "xz": lzma.open}.get(path.rsplit(".", 1)[-1], open)
    return opener(path, "rb")


def objects_of(path):
    with lines_of(path) as lines:
        for line in lines:
            yield json.loads(line.decode("utf-8", "replace"))


def address(text):
    return (text or "").strip("<>").replace('"', "").lower()


def truth_of(paths):
    """Counter of (recipient, code), as the servers remember it."""
    seen = collections.Counter()
    for path in paths:
        for entry in objects_of(path):
            if entry.get("ev") != "attempt" or entry["stage"] not in STAGES:
                continue
            # a bare "550" without a text is recorded as text
            code = entry.get("code") or (entry.get("text") or "")[:3]
            if code.isdigit():
                seen[address(entry["rcpt"]), int(code)] += 1
    return seen


def events_of(path):
    """The same as the log tells it, and the codes of hops."""
    seen = collections.Counter()
    hops = collections.Counter()
    for event in objects_of(path):
        code = event.get("code")
        if not code or event.get("stage") not in STAGES:
            continue
        count = event.get("count", 1)
        if event["event"] == "hop" and not event.get("recipient"):
            hops[code] += count
        elif event["event"] == "hop" or event.get("attempt"):
            seen[address(event["recipient"]), code] += count
    return seen, hops


def is_final(code):
    return code == 250 or code // 100 == 5


def compare(events, truth):
    """Rows of (code, truth, log, matched) for the permanent codes and 250."""
    rows = collections.defaultdict(lambda: [0, 0, 0])
    for recipient, code in set(events) | set(truth):
        if is_final(code):
            key = recipient, code
            row = rows[code]
            row[0] += truth[key]
            row[1] += events[key]
            row[2] += min(truth[key], events[key])
    return [(code, *rows[code]) for code in sorted(rows)]


def score(rows):
    """(precision, recall) over all rows."""
    truth, log, matched = (sum(row[i] for row in rows) for i in (1, 2, 3))
    return matched / max(log, 1), matched / max(truth, 1)


def temporary(events, hops, truth):
    """Rows of (code, truth, deliveries, hops) for the temporary codes."""
    rows = collections.defaultdict(lambda: [0, 0, 0])
    for counter, column in ((truth, 0), (events, 1)):
        for (_, code), count in counter.items():
            if code // 100 == 4:
                rows[code][column] += count
    for code, count in hops.items():
        if code // 100 == 4:
            rows[code][2] += count
    return [(code, *rows[code]) for code in sorted(rows)]


def main(argv):
    if len(argv) < 3:
        sys.exit(__doc__)
    truth = truth_of(argv[2:])
    events, hops = events_of(argv[1])
    rows = compare(events, truth)
    print("%6s %8s %8s %8s" % ("code", "truth", "log", "matched"))
    for row in rows:
        print("%6d %8d %8d %8d" % row)
    precision, recall = score(rows)
    print("precision %.2f %%  recall %.2f %%" % (precision * 100, recall * 100))
    print("%6s %8s %8s %8s" % ("code", "truth", "delivery", "hop"))
    for row in temporary(events, hops, truth):
        print("%6d %8d %8d %8d" % row)


if __name__ == "__main__":
    main(sys.argv)
