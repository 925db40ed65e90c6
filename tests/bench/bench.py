#!/usr/bin/python3
"""make bench: the CPU time of replay against grep -c on the same Postfix log.

All lines of each message, one status= line in seven. The two are run in turn,
both into a pipe, and the best of each counts; only the ratio means anything.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cpu(command):
    """User and system seconds of one run, its output read from a pipe."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True,
                          env={**os.environ, "LC_ALL": "C"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


PEAK = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""


def peak_kib(command):
    """From a small process: a child's peak starts with its parent's size."""
    return int(subprocess.run([sys.executable, "-c", PEAK, *command],
                              stdout=subprocess.PIPE, check=True).stdout)


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--messages", type=int, default=300000)
    a.add_argument("--failures", type=int, default=12, help="per cent")
    a.add_argument("--runs", type=int, default=7)
    a = a.parse_args()
    build = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "mail.log")
        with open(log, "wb") as f:
            subprocess.run([build / "tests" / "gen_postfix", "--messages", str(a.messages),
                            "--failures", str(a.failures), "--seed", "1"], stdout=f, check=True)
        with open(log, "rb") as f:
            lines = sum(1 for _ in f)
        grep = ["grep", "-c", "status=", log]
        replay = [str(build / "smtpulse"), "replay", "--format", "metrics", log]
        times = [(cpu(grep), cpu(replay)) for _ in range(a.runs)]
        g, s = min(t[0] for t in times), min(t[1] for t in times)
        print(f"{lines} lines, {os.path.getsize(log) >> 20} MiB, {a.failures} % failures")
        print(f"replay takes {s / g:.2f} times the CPU time of grep -c 'status='"
              f" ({lines / s / 1e6:.1f} million lines a second of CPU)")
        print(f"peak memory {peak_kib(replay) / 1024:.1f} MiB")


if __name__ == "__main__":
    sys.exit(main())
