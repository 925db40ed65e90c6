"""Blanks within a line, as clang-format has them.

    format.py [--check] FILE...

Where a line breaks, and the columns that names and comments stand in, are the
author's: clang-format does not know KNF's. So of what it would change only a
blank too many or too few between two words of a line is taken, and mended or,
with --check, told. Behind a ')' it cannot tell a cast from a call.
"""
import re
import subprocess
import sys
import xml.etree.ElementTree as xml


def changes(text, wanted):
    """(offset, length, blanks) of what clang-format would change in a line."""
    for r in wanted.iter("replacement"):
        at, length = int(r.get("offset")), int(r.get("length"))
        old, new = text[at:at + length], (r.text or "").encode()
        if re.search(rb"[\t\n]", old + new) or bool(old) == bool(new):
            continue
        if text[at - 1:at] in (b")", b"\n") or \
                text[at + length:at + length + 2] == b"/*":
            continue
        yield at, length, new


def main(check, names):
    out = subprocess.run(
        ["clang-format", "--style=file", "--output-replacements-xml", *names], check=True, capture_output=True, text=True).stdout
    wanted = re.split(r"<\?xml[^>]*>", out)[1:]
    assert len(wanted) == len(names)
    found = 0
    for name, part in zip(names, wanted):
        with open(name, "rb") as f:
            text = f.read()
        mended = text
        for at, length, new in sorted(changes(text, xml.fromstring(part)),
                                      reverse=True):
            found += 1
            line = text.count(b"\n", 0, at) + 1
            print(f"{name}:{line}: a blank too {'few' if new else 'many'}: "
                  f"{text.splitlines()[line - 1].decode().strip()}")
            mended = mended[:at] + new + mended[at + length:]
        if not check and mended != text:
            with open(name, "wb") as f:
                f.write(mended)
    return 1 if check and found else 0


if __name__ == "__main__":
    CHECK = "--check" in sys.argv
    sys.exit(main(CHECK, [a for a in sys.argv[1:] if a != "--check"]))
