"""Each header compiles alone, and twice."""
import os
import subprocess

import pytest

from source_tree import TOP, headers, package_flags

FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-DWITH_JOURNAL", "-Wall", "-Wextra",
         "-Werror", "-Iinclude", "-Iagent", "-Iparsers", "-Ibuild/gen",
         *package_flags()]


@pytest.mark.parametrize("name", headers())
def test_alone_and_twice(name):
    line = f'#include "{os.path.basename(name)}"\n'
    r = subprocess.run(["gcc", *FLAGS, "-fsyntax-only", "-x", "c", "-"],
                       input=line * 2, text=True, capture_output=True, cwd=TOP)
    assert r.returncode == 0, r.stderr
