"""What the house checks share: the files, their ranks, code without comments."""
import pathlib
import re
import shutil
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("parsers", "agent")


def sources():
    """Files of C that belong to the program or make a part of it."""
    return sorted(p.relative_to(TOP).as_posix()
                  for room in ROOMS for p in (TOP / room).glob("*.c"))


def headers():
    return sorted(p.relative_to(TOP).as_posix()
                  for room in (*ROOMS, "include")
                  for p in (TOP / room).glob("*.h"))


def order():
    """The names in order.txt, lowest rank first."""
    text = (TOP / "tests" / "house" / "order.txt").read_text()
    return [line.strip() for line in text.splitlines()
            if line.strip() and not line.startswith("#")]


def read(name):
    return (TOP / name).read_text()


def without_comments(text, strings=False):
    """Comments become blanks; strings too if asked. Lines stay lines."""
    def blank(m):
        token = m.group()
        if token.startswith("/") or (strings and token[0] in "\"'"):
            return re.sub(r"[^\n]", " ", token)
        return token
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|'
                  r"'(?:[^'\\\n]|\\.)*'", blank, text, flags=re.S)


def includes(name):
    """Our own headers that a file includes, as paths in the tree."""
    known = {pathlib.PurePosixPath(h).name: h for h in headers()}
    found = re.findall(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"',
                       without_comments(read(name)), re.M)
    return [known[f] for f in found if f in known]


def package_flags():
    packages = ["libmicrohttpd", "jansson", "libconfuse", "sqlite3",
                "libcurl", "zlib", "libpcre2-8", "libpsl", "libsystemd"]
    flags = []
    for p in packages:
        r = subprocess.run(["pkg-config", "--cflags", p], text=True,
                           capture_output=True)
        flags += r.stdout.split() if r.returncode == 0 else []
    return flags


def need(program):
    assert shutil.which(program), f"{program} is not installed"
    return program
