"""What the linker and the compiler were asked for is in the program."""
import os
import re
import subprocess

import pytest

from source_tree import TOP, need

PROGRAM = os.environ.get("SMTPULSE", str(TOP / "build" / "smtpulse"))


def readelf(*arguments):
    return subprocess.run([need("readelf"), "-W", *arguments, PROGRAM],
                          capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def dynamic():
    return readelf("-d")


@pytest.fixture(scope="module")
def segments():
    return readelf("-l")


def test_position_independent(dynamic):
    assert re.search(r"Type:\s+DYN", readelf("-h"))
    assert re.search(r"FLAGS_1\).*\bPIE\b", dynamic)


def test_full_relro(dynamic, segments):
    assert "GNU_RELRO" in segments
    assert re.search(r"FLAGS_1\).*\bNOW\b", dynamic)


def test_stack_is_not_executable(segments):
    stack = re.search(r"GNU_STACK.*", segments).group()
    assert re.search(r"\bRW\b", stack) and "RWE" not in stack


def test_no_segment_is_writable_and_executable(segments):
    assert not re.search(r"LOAD.*\bRWE\b", segments)


def test_no_path_to_libraries(dynamic):
    assert "RPATH" not in dynamic and "RUNPATH" not in dynamic


def test_canary_and_fortify():
    symbols = readelf("--dyn-syms")
    assert "__stack_chk_fail" in symbols
    assert len(re.findall(r"__\w+_chk\b", symbols)) > 3


def test_indirect_branches():
    """In our code; Debian's start files do not have the mark."""
    main = subprocess.run([need("objdump"), "-d", "--disassemble=main",
                           PROGRAM], capture_output=True, text=True,
                          check=True).stdout
    assert "endbr64" in main


def test_only_libraries_that_we_name(dynamic):
    named = ("microhttpd", "jansson", "confuse", "sqlite3", "curl-gnutls",
             "z", "pcre2-8", "psl", "systemd", "inotifytools", "crypt",
             "gnutls", "c", "m", "pthread")
    for library in re.findall(r"NEEDED.*\[(\S+)\]", dynamic):
        stem = re.match(r"(?:lib)?(.+?)\.so", library)[1]
        assert stem in named or library.startswith("ld-linux"), library
