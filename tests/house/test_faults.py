"""tests/faults.txt: every fault has a row, and the tests it names are there."""
import re

import pytest

from source_tree import TOP

TESTS = TOP / "tests"
ROWS = 64


def rows():
    """[(number, fault, [test], what is lacking)]"""
    found = []
    for line in (TESTS / "faults.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            number, fault, tests, lacking = map(str.strip, line.split("|"))
            found.append((int(number), fault, tests.split(), lacking))
    return found


def test_no_row_is_missing():
    assert [number for number, *_ in rows()] == list(range(1, ROWS + 1))


@pytest.mark.parametrize("number, fault, tests, lacking", rows())
def test_row(number, fault, tests, lacking):
    assert fault and (tests or lacking)
    for test in tests:
        path, _, name = test.partition("::")
        assert (TESTS / path).is_file(), test
        text = (TESTS / path).read_text()
        if path.endswith(".py"):
            assert re.search(r"^def %s\(" % name, text, re.M), test
        elif path.startswith("fuzz/"):
            assert "LLVMFuzzerTestOneInput" in text or \
                "fuzz_parser.h" in text, test
        else:
            # defined, and in the table of what is run
            assert re.search(r"^%s\(void \*\*" % name, text, re.M), test
            assert re.search(r"\w\(%s[,)]" % name, text), test
