#!/usr/bin/python3
"""make bench: smtpulse beside others, and its cost as work grows.

All on the same files and in one run; only ratios mean anything elsewhere.
Writes RESULTS.md and results.svg beside this file.
"""
import argparse
import contextlib
import datetime
import lzma
import os
import pathlib
import platform
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import latency
from bench import ROOT, cpu, peak_kib

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
PROGRAM = str(BUILD / "smtpulse")
LAB = ROOT / "tests" / "corpora" / "lab"
MTAIL = pathlib.Path("/usr/share/doc/mtail/examples/postfix.mtail")
EXPORTER = "prometheus-postfix-exporter"
CODES = (421, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 521, 530, 534,
         535, 550, 551, 552, 553, 554)
SOURCES = (1, 10, 100, 1000)
CORE = {max(os.sched_getaffinity(0))}
TICKS = os.sysconf("SC_CLK_TCK")


def until(condition, seconds=600):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not get through the log")
        time.sleep(0.1)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def value(url, name):
    try:
        with urllib.request.urlopen(url + "/metrics", timeout=10) as r:
            text = r.read().decode()
    except OSError:
        return -1
    return sum(float(v) for v in
               re.findall(r"^%s(?:\{.*\})? (\S+)" % name, text, re.M))


def used(pid):
    """User and system seconds of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
    return sum(int(x) for x in fields.split()[11:13]) / TICKS


def followed(command, url, log, text, name, wanted):
    """CPU seconds of a program that follows a log while it is written."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: value(url, name) == 0 or value(url, "up") == 0
                  or value(url, "process_open_fds") > 0)
            before = used(process.pid)
            with open(log, "ab") as f:
                f.write(text)
            until(lambda: value(url, name) >= wanted)
            return used(process.pid) - before
        finally:
            process.send_signal(signal.SIGTERM)


def configured(directory, logs, mta="auto", state=True):
    """A command that follows logs, one source each, and its address."""
    port, config = free_port(), directory / "agent.conf"
    database = directory / "state.db" if state else ""
    config.write_text(
        f'listen = {{"127.0.0.1:{port}"}}\nstate = "{database}"\n' + "".join(
            f'source "s{i}" {{ path = "{log}" mta = {mta} }}\n'
            for i, log in enumerate(logs)))
    return [PROGRAM, "run", "-c", str(config)], f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def agent(directory, logs):
    command, url = configured(directory, logs)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield process, url
        finally:
            process.terminate()
    for path in directory.glob("state.db*"):
        path.unlink()


def live(directory, text, mta="auto", state=True):
    """smtpulse run on a log that is empty at first."""
    log = directory / "live.log"
    log.write_bytes(b"")
    command, url = configured(directory, [log], mta, state)
    try:
        return followed(command, url, log, text, "smtpulse_lines_total",
                        text.count(b"\n"))
    finally:
        for path in (log, *directory.glob("state.db*")):
            path.unlink()


def exporter(directory, text, messages):
    port, log = free_port(), directory / "exporter.log"
    log.write_bytes(b"")
    return followed([EXPORTER, f"--web.listen-address=127.0.0.1:{port}",
                     f"--postfix.logfile_path={log}",
                     "--postfix.showq_path=/nonexistent"],
                    f"http://127.0.0.1:{port}", log, text,
                    "postfix_cleanup_messages_processed_total", messages)


def replay(*logs, mta="auto"):
    return [PROGRAM, "replay", "--format", "metrics", "--mta", mta,
            *map(str, logs)]


def best(command, runs):
    return min(cpu(command) for _ in range(runs))


def postfix_log(directory, messages, failures):
    log = directory / f"postfix{failures}.log"
    with open(log, "wb") as f:
        subprocess.run([BUILD / "tests" / "gen_postfix", "--messages",
                        str(messages), "--failures", str(failures),
                        "--rfc3164"], stdout=f, check=True)
    return log


def beside_others(directory, a, failures):
    """{program: lines a second of CPU} on one Postfix log."""
    log = postfix_log(directory, a.messages, failures)
    text = log.read_bytes()
    programs = directory / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "postfix.mtail").write_bytes(MTAIL.read_bytes())
    seconds = {
        "wc -l": best(["wc", "-l", str(log)], a.runs),
        "grep -c status=": best(["grep", "-c", "status=", str(log)], a.runs),
        "smtpulse replay": best(replay(log), a.runs),
        "smtpulse run, no state": live(directory, text, state=False),
        "smtpulse run": live(directory, text),
        "pflogsumm": cpu(["pflogsumm", str(log)]),
        "mtail": cpu(["mtail", "-one_shot", "-one_shot_format", "prometheus",
                      "-logs", str(log), "-progs", str(programs)]),
        "postfix_exporter": exporter(directory, text, a.messages),
    }
    lines = text.count(b"\n")
    log.unlink()
    return {name: lines / max(s, 1e-3) for name, s in seconds.items()}


def others(directory, a, mta, corpus):
    """Lines a second of CPU of replay, run without and with a state."""
    text = lzma.open(LAB / corpus).read()
    text *= max(1, 7 * a.messages // text.count(b"\n"))
    log = directory / "other.log"
    log.write_bytes(text)
    lines = text.count(b"\n")
    seconds = (best(replay(log, mta=mta), a.runs),
               live(directory, text, mta, state=False),
               live(directory, text, mta))
    return [lines / s for s in seconds]


def by_sources(directory, a):
    """Nanoseconds of CPU a line, by number of files merged by their times."""
    log = postfix_log(directory, a.messages, 12)
    lines = log.read_bytes().splitlines(keepends=True)
    log.unlink()
    # a message is seven lines in a row
    messages = [b"".join(lines[i:i + 7]) for i in range(0, len(lines), 7)]
    found = {}
    for n in SOURCES:
        logs = [directory / f"part{i}.log" for i in range(n)]
        for i, log in enumerate(logs):
            log.write_bytes(b"".join(messages[i::n]))
        found[n] = 1e9 / len(lines) * best(replay(*logs), a.runs)
        for log in logs:
            log.unlink()
    return found


def idle(directory, seconds=10):
    """Milliseconds of CPU a second that sources take that say nothing."""
    found = {}
    for n in SOURCES:
        home = directory / f"idle{n}"
        home.mkdir()
        logs = [home / f"{i}.log" for i in range(n)]
        for log in logs:
            log.write_bytes(b"")
        with agent(directory, logs) as (process, url):
            until(lambda: value(url, "smtpulse_source_up") == n)
            before, begin = used(process.pid), time.monotonic()
            time.sleep(seconds)
            found[n] = 1e3 * (used(process.pid) - before) / \
                (time.monotonic() - begin)
    return found


def by_open_ids(directory, a):
    """The same by messages that wait in the queue."""
    tail = postfix_log(directory, a.messages, 12).read_bytes()
    lines, found = tail.count(b"\n"), {}
    for n in (10 ** k for k in range(3, a.open + 1)):
        log = directory / "open.log"
        with open(log, "wb") as f:
            for i in range(n):
                f.write(b"Nov  1 11:59:00 mail postfix/qmgr[900]: F%010X: "
                        b"from=<a@shop.example>, size=1, nrcpt=1 "
                        b"(queue active)\n" % i)
        base = best(replay(log), a.runs)
        with open(log, "ab") as f:
            f.write(tail)
        found[n] = 1e9 / lines * (best(replay(log), a.runs) - base)
        log.unlink()
    return found


def by_series(directory, a):
    """The same by series that one family has."""
    found, lines = {}, 7 * a.messages
    for n in (10, 100, 1000, 2000):
        log = directory / "series.log"
        with open(log, "wb") as f:
            for i in range(lines):
                k = i % n
                code = CODES[k // 50 % len(CODES)]
                status = (b"deferred", b"bounced")[k // 1000]
                f.write(b"Nov  1 12:00:00 mail postfix/smtp[12]: %010X: "
                        b"to=<a@d%d.example>, relay=mx.d%d.example"
                        b"[192.0.2.1]:25, delay=1, delays=0/0/0/1, "
                        b"dsn=%d.0.0, status=%s (host mx said: %d "
                        b"Greylisted, please try again later)\n" %
                        (i, k % 50, k % 50, code // 100, status, code))
        found[n] = 1e9 / lines * best(replay(log), a.runs)
        log.unlink()
    return found


def bars(rates):
    """A plot of lines a second, on a logarithmic scale."""
    rows, low, high, width = [], 4, 8, 520
    import math
    for i, (name, rate) in enumerate(rates.items()):
        length = width * (min(max(math.log10(rate), low), high) - low) / \
            (high - low)
        y = 34 + 26 * i
        rows.append(
            f'<text x="170" y="{y + 13}" text-anchor="end">{name}</text>'
            f'<rect x="180" y="{y}" width="{length:.0f}" height="18" '
            f'fill="{"#1b6390" if "smtpulse" in name else "#9aa5ad"}"/>'
            f'<text x="{186 + length:.0f}" y="{y + 13}">{rate:,.0f}</text>')
    lines = "".join(
        f'<path d="M{180 + width * i / 4:.0f} 28v{26 * len(rates) + 6}" '
        f'stroke="#ccc"/>' for i in range(5))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="800" '
            f'height="{50 + 26 * len(rates)}" font-family="sans-serif" '
            f'font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
            f'<text x="180" y="18">lines a second of CPU, 10⁴ to 10⁸, '
            f'logarithmic</text>{lines}{"".join(rows)}</svg>\n')


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |",
                      "|" + "---|" * len(head),
                      *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def growth(title, found, what="ns of CPU a line"):
    return table([title, *(f"{n:,}" for n in found)],
                 [[what, *(f"{n:.0f}" for n in found.values())]])


def report(a, rates, mtas, grown, quiet, peak, delay):
    at = rates[12]
    peers = ("pflogsumm", "mtail", "postfix_exporter")
    ratio = {n: at["smtpulse run"] / at[n] for n in peers}
    names = list(at)
    return f"""# Figures of make bench

{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} CPUs, load \
{os.getloadavg()[0]:.1f} at the end, {7 * a.messages:,} lines a log. CPU time
of one core, all on the same one; only the ratios mean anything elsewhere.

## Postfix, by share of failures: lines a second of CPU

{table(["program", *(f"{f} %" for f in rates)],
       [[n, *(f"{r[n]:,.0f}" for r in rates.values())] for n in names])}
At 12 % replay takes {at["grep -c status="] / at["smtpulse replay"]:.2f} \
times the CPU time of `grep -c status=` and needs {peak / 1024:.1f} MiB;
following the log live with a state it has \
{", ".join(f"{r:.0f} times the throughput of {n}" for n, r in ratio.items())}.

![lines a second of CPU](results.svg)

## Other MTAs

{table(["MTA", "replay", "run, no state", "run"],
       [[m, *(f"{r:,.0f}" for r in found)] for m, found in mtas.items()])}
## As work grows

{growth("sources", grown[0])}
{growth("sources that say nothing", quiet, "ms of CPU a second")}
{growth("messages that wait", grown[1])}
{growth("series in one family", grown[2])}
## While the log grows

{delay}.
"""


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--messages", type=int, default=200000)
    a.add_argument("--runs", type=int, default=3)
    a.add_argument("--open", type=int, default=7,
                   help="up to 10^N messages that wait")
    a.add_argument("--out", type=pathlib.Path, default=HERE)
    a = a.parse_args()
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, CORE)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        rates = {f: beside_others(directory, a, f) for f in (0, 12, 100)}
        peak = peak_kib(replay(postfix_log(directory, a.messages, 12)))
        mtas = {"Exim": others(directory, a, "exim",
                               "exim-mainlog-typical.log.xz"),
                "Sendmail": others(directory, a, "sendmail",
                                   "sendmail-ll9.log.xz")}
        grown = (by_sources(directory, a), by_open_ids(directory, a),
                 by_series(directory, a))
        quiet = idle(directory)
        os.sched_setaffinity(0, everywhere)
        delay = latency.sentence(*latency.measure(directory, 100000, 20))
    text = report(a, rates, mtas, grown, quiet, peak, delay)
    (a.out / "RESULTS.md").write_text(text)
    (a.out / "results.svg").write_text(bars(rates[12]))
    print(text)


if __name__ == "__main__":
    sys.exit(main())
