"""Functions that nobody calls here, and those that log text must not meet."""
import re

import pytest

from source_tree import headers, read, sources, without_comments

EVERYWHERE = ("strcpy strcat sprintf vsprintf gets strtok strtok_r atoi atol "
              "alloca system popen tmpnam tempnam mktemp signal asctime ctime "
              "gmtime localtime rand srand").split()
ON_LOG_TEXT = ("strlen strstr sscanf strptime strtol strtoul "
               "strtod malloc calloc realloc strdup printf fprintf time "
               "getenv").split()
# makes a table at build time and never sees a log
BUILD_TOOLS = {"parsers/reason_gen.c"}


def calls(name, banned):
    text = without_comments(read(name), strings=True)
    return sorted(set(re.findall(r"(?<![\w.>])(%s)\s*\(" % "|".join(banned),
                                 text)))


@pytest.mark.parametrize("name", sources() + headers())
def test_never(name):
    assert not calls(name, EVERYWHERE)


@pytest.mark.parametrize("name", [s for s in sources()
                                  if s.startswith("parsers/") and
                                  s not in BUILD_TOOLS])
def test_not_on_log_text(name):
    assert not calls(name, ON_LOG_TEXT)
    # a set of bytes of our own may be searched, a text may not
    text = without_comments(read(name))
    ours = set(re.findall(r"static const char\s+(\w+)\[\]", text))
    searched = re.findall(r"\bstrchr\s*\(\s*([^\",\s]+),", text)
    assert set(searched) <= ours


# log.c and clock.c may; the others say in a line why.
STATE = re.compile(
    r"^static (?!const\b|inline\b|_Thread_local\b)[^(){}=;]*?"
    r"(?:\b(?!const\b)\w+)(?:\[[^\]]*\])*(?:\s*=[^;]*|\s*\{[^}]*\}[^;]*)?;",
    re.M)


@pytest.mark.parametrize("name", [s for s in sources()
                                  if s not in BUILD_TOOLS])
def test_no_state_in_files(name):
    if name in ("agent/log.c", "agent/clock.c"):
        return
    text = without_comments(read(name))
    found = []
    for m in STATE.finditer(text):
        line = m.group().split("\n")[0]
        if re.search(r"\*\s*const\b|\bconst\b", line):
            continue
        number = text.count("\n", 0, m.start())
        before = read(name).splitlines()[number - 1]
        if "*/" not in before:
            found.append(f"{name}:{number + 1}: {line}")
    assert not found, "no reason in the line above:\n" + "\n".join(found)
