"""Every system call of a commit killed once, and failed once with each of its
errnos; what the next life shows is held against an undisturbed one. See
commit_path.c.
"""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("BUILD", "build") / "tests" / "commit_path"


def test_commit_path():
    done = subprocess.run([PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    made = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert int(made["pwrite"]) > 10 and int(made["fdatasync"]) > 0
    assert int(made["fcntl"]) > 0 and int(made["runs"]) > 100
    assert int(made["checkpoint"]) > 10
