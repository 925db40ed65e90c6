"""Each file has a rank, and looks only at what is below it."""
import os
import pathlib
import re
import subprocess

import pytest

from source_tree import TOP, headers, includes, need, order, sources

ORDER = order()
RANK = {name: i for i, name in enumerate(ORDER)}
OBJECTS = TOP / os.environ.get("BUILD", "build") / "obj"


def header_rank(name):
    """Its own place, else its .c file's; those of include/ come first."""
    if name.startswith("include/"):
        return -1
    return RANK.get(name, RANK.get(name[:-2] + ".c"))


def own_header(source):
    path = pathlib.PurePosixPath(source)
    return {str(path.with_suffix(".h")), f"include/{path.stem}.h"}


def test_every_file_is_listed_once():
    assert len(ORDER) == len(RANK), "a name stands twice in order.txt"
    missing = [s for s in sources() if s not in RANK]
    assert not missing, f"not in order.txt: {missing}"


def test_every_header_has_a_rank():
    missing = [h for h in headers() if header_rank(h) is None]
    assert not missing, f"no .c file of that name, and not listed: {missing}"


@pytest.mark.parametrize("name", sources() + headers())
def test_includes_go_down(name):
    rank = RANK.get(name) if name.endswith(".c") else header_rank(name)
    bad = []
    for h in includes(name):
        if name.endswith(".c") and h in own_header(name):
            continue
        if name.startswith("include/"):
            if not h.startswith("include/"):
                bad.append(h)
        elif header_rank(h) >= rank:
            bad.append(h)
        if name.startswith("parsers/") and h.startswith("agent/"):
            bad.append(h)
    assert not bad, f"{name} looks up at {bad}"


def symbols():
    """(who defines a name, who uses which names) from the objects."""
    defined, used = {}, {}
    for source in sources():
        obj = OBJECTS / (source[:-2] + ".o")
        if not obj.exists():
            continue
        out = subprocess.run([need("nm"), obj], capture_output=True,
                             text=True, check=True).stdout
        for line in out.splitlines():
            m = re.match(r"[0-9a-f ]{8,16} ([A-Za-z]) (\S+)", line)
            if m is None:
                continue
            if m[1] in "TDRBC":
                defined[m[2]] = source
            elif m[1] == "U":
                used.setdefault(source, set()).add(m[2])
    assert len(used) > 50, "build first: make"
    return defined, used


def test_names_are_used_from_below():
    """The graph of uses has no cycle, because every use goes down."""
    defined, used = symbols()
    bad = sorted({(user, defined[name], name)
                  for user, names in used.items() for name in names
                  if name in defined and RANK[defined[name]] > RANK[user]})
    assert not bad, "\n".join(f"{u} uses {n} of {d}, which ranks higher"
                              for u, d, n in bad)
