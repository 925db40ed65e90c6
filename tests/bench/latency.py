#!/usr/bin/python3
"""How long from a line written to its value served, and how long a scrape.

A writer of its own process appends lines at a steady rate and says when; the
page is asked for all the time. Nothing fails by a clock.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from bench import ROOT

BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
STEP_S = 0.01
ASK_S = 0.05
LINES = re.compile(r"^smtpulse_lines_total\{.*\} (\S+)", re.M)


def write(log, data, rate):
    """Append data; a line "time lines-so-far" for each step."""
    lines = pathlib.Path(data).read_bytes().splitlines(keepends=True)
    step, said = max(1, round(rate * STEP_S)), []
    begin = time.monotonic()
    with open(log, "ab", buffering=0) as f:
        for i in range(0, len(lines), step):
            f.write(b"".join(lines[i:i + step]))
            said.append((time.monotonic(), min(i + step, len(lines))))
            ahead = begin + len(said) * STEP_S - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
    for at, count in said:
        print(f"{at:.6f} {count}")


def scrape(url, timeout):
    """(when it was there, how long it took, lines counted)"""
    begin = time.monotonic()
    with urllib.request.urlopen(url + "/metrics", timeout=timeout) as r:
        text = r.read().decode()
    end = time.monotonic()
    return end, end - begin, int(sum(map(float, LINES.findall(text))))


def warm(url, log, text, wait_s=600):
    """A series that is new is served as 0 once: that is not measured."""
    with open(log, "ab") as f:
        f.write(text)
    end = time.monotonic() + wait_s
    while scrape(url, wait_s)[2] < text.count(b"\n"):
        assert time.monotonic() < end, "the first lines are not served"
        time.sleep(ASK_S)


def follow(url, log, data, rate, wait_s=600):
    """(steps written, scrapes) until all that was written is served."""
    count = pathlib.Path(data).read_bytes().count(b"\n")
    with subprocess.Popen([sys.executable, __file__, "--write", log, data,
                           str(rate)], stdout=subprocess.PIPE,
                          text=True) as writer:
        scrapes, end = [scrape(url, wait_s)], time.monotonic() + wait_s
        before = scrapes[0][2]
        while scrapes[-1][2] < before + count:
            if time.monotonic() > end:
                writer.kill()
                raise TimeoutError(f"{scrapes[-1][2]} of {count} lines")
            time.sleep(ASK_S)
            scrapes.append(scrape(url, wait_s))
        steps = [(float(at), before + int(n)) for at, n in
                 map(str.split, writer.stdout)]
        assert writer.wait() == 0
    return steps, scrapes


def delays(steps, scrapes):
    """Seconds from each step to the first scrape that has it, sorted."""
    found, i = [], 0
    for at, count in steps:
        while scrapes[i][2] < count:
            i += 1
        found.append(scrapes[i][0] - at)
    return sorted(found)


def share(values, part):
    return values[min(len(values) - 1, int(len(values) * part))]


def sentence(steps, scrapes):
    late, took = delays(steps, scrapes), sorted(s[1] for s in scrapes)
    pace = (steps[-1][1] - steps[0][1]) / max(steps[-1][0] - steps[0][0], STEP_S)
    return (f"{pace:,.0f} lines a second: written to served "
            f"{share(late, .5):.2f} s in the middle, {share(late, .99):.2f} s "
            f"at the 99th percentile; a scrape "
            f"{1000 * share(took, .5):.1f} ms and "
            f"{1000 * share(took, .99):.1f} ms")


def measure(directory, rate, seconds):
    """One run of the program on a log that grows at that rate."""
    log, data = directory / "steady.log", directory / "steady.txt"
    log.write_bytes(b"")
    text = subprocess.run(
        [BUILD / "tests" / "gen_postfix", "--rfc3164", "--messages",
         str(rate * seconds // 7)], stdout=subprocess.PIPE, check=True).stdout
    data.write_bytes(text)
    config = directory / "latency.conf"
    config.write_text(f'listen = {{"127.0.0.1:0"}}\n'
                      f'state = "{directory / "latency.db"}"\n'
                      f'source "mail" {{ path = "{log}" mta = postfix }}\n')
    said = directory / "stderr"
    with open(said, "wb") as err, subprocess.Popen(
            [str(BUILD / "smtpulse"), "run", "-c", str(config)],
            stderr=err) as process:
        try:
            while not (m := re.search(r"listening on (http://[^/]+)/",
                                      said.read_text())):
                assert process.poll() is None, said.read_text()
                time.sleep(STEP_S)
            warm(m[1], str(log), text[:text.index(b"\n", len(text) // 9) + 1])
            return follow(m[1], str(log), str(data), rate)
        finally:
            process.terminate()


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--rate", type=int, default=100000, help="lines a second")
    a.add_argument("--seconds", type=int, default=20)
    a.add_argument("--write", nargs=3, metavar=("LOG", "FILE", "RATE"))
    a = a.parse_args()
    if a.write:
        write(a.write[0], a.write[1], float(a.write[2]))
        return
    with tempfile.TemporaryDirectory() as name:
        print(sentence(*measure(pathlib.Path(name), a.rate, a.seconds)))


if __name__ == "__main__":
    sys.exit(main())
