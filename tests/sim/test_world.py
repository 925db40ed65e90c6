"""Random lives of a log and of an agent that reads it; see world.h.

SMTPULSE_PROGRAMS and SMTPULSE_SEED ask for more, or for others. A program
that broke a promise once is kept in world/ and runs each time.
"""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORLD = ROOT / os.environ.get("BUILD", "build") / "tests" / "world"
KEPT = sorted((ROOT / "tests" / "sim" / "world").glob("*.txt"))
PROGRAMS = os.environ.get("SMTPULSE_PROGRAMS", "10000")
SEED = os.environ.get("SMTPULSE_SEED", "1")


def test_kept_programs():
    done = subprocess.run([WORLD, *KEPT], capture_output=True, text=True)
    assert KEPT and done.returncode == 0, done.stdout + done.stderr


def test_random_programs():
    done = subprocess.run([WORLD, "--seed", SEED, "--programs", PROGRAMS],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
