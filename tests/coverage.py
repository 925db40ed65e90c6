"""Branch coverage by file, from gcov: the table of 'make coverage'.

    coverage.py BUILD [PATTERN...]

Branches of an assert that holds, and of what ends the process for lack of
memory, are not there to be taken; they are left out by their lines.
"""
import fnmatch
import json
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
GROUPS = {
    "parsers": ["parsers/[!r]*.c", "parsers/re[!a]*.c"],
    "reason": ["parsers/reason*.c"],
    "spike": ["agent/spike*.c"],
    "state": ["agent/state*.c"],
    "identity": ["agent/identity.c"],
}
BAR = 95.0


def files(build):
    """{source: [gcov's file record]} of each object of the program."""
    found = {}
    for notes in sorted((build / "obj").rglob("*.gcno")):
        out = subprocess.run(
            ["gcov", "--json-format", "--stdout", "--branch-probabilities",
             str(notes)], capture_output=True, text=True, cwd=TOP).stdout
        for text in out.splitlines():
            for record in json.loads(text)["files"]:
                if not record["file"].startswith("/"):
                    found.setdefault(record["file"], []).append(record)
    return found


def is_counted(source, number):
    line = source[number - 1] if number <= len(source) else ""
    return "assert(" not in line


def measure(name, records):
    """(lines, taken lines, branches, taken branches, missed line numbers)"""
    source = (TOP / name).read_text(errors="replace").splitlines()
    lines, branches = {}, {}
    for record in records:
        for line in record["lines"]:
            number = line["line_number"]
            if not is_counted(source, number):
                continue
            lines[number] = max(lines.get(number, 0), line["count"])
            for i, branch in enumerate(line["branches"]):
                at = (number, line.get("function_name"), i)
                branches[at] = max(branches.get(at, 0), branch["count"])
    missed = sorted({at[0] for at, count in branches.items() if count == 0})
    return (len(lines), sum(c > 0 for c in lines.values()), len(branches),
            sum(c > 0 for c in branches.values()), missed)


def percent(part, whole):
    return 100.0 if whole == 0 else 100.0 * part / whole


def row(name, numbers):
    lines, taken, branches, taken_branches = numbers[:4]
    print(f"{name:34} {percent(taken, lines):7.1f} {branches:8} "
          f"{percent(taken_branches, branches):8.1f}")


def main():
    found = files(pathlib.Path(sys.argv[1]))
    wanted = sys.argv[2:]
    print(f"{'file':34} {'lines %':>7} {'branches':>8} {'taken %':>8}")
    below = []
    for group, patterns in GROUPS.items():
        names = [n for n in sorted(found)
                 if any(fnmatch.fnmatch(n, p) for p in patterns)
                 and n.endswith(".c") and n != "parsers/reason_gen.c"]
        total = [0, 0, 0, 0]
        for name in names:
            numbers = measure(name, found[name])
            total = [a + b for a, b in zip(total, numbers)]
            row(name, numbers)
            if wanted:
                print("    not taken at:", *numbers[4])
        row(f"-- {group}", total)
        if percent(total[3], total[2]) < BAR:
            below.append(group)
    if below:
        print(f"below {BAR:.0f} %:", *below)


if __name__ == "__main__":
    main()
