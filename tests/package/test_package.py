"""The Debian package: built, looked at, and lived with in a clean root."""
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.request
import warnings

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
ROOT_TAR = pathlib.Path("/var/cache/smtpulse-package/root.tar")
# what the package depends on, so that installing it needs no network
INSIDE = ("adduser init-system-helpers libconfuse2 libcrypt1 "
          "libcurl3-gnutls libgnutls30 libinotifytools0 libjansson4 "
          "libmicrohttpd12 libpcre2-8-0 libpsl5 libsqlite3-0 libsystemd0 "
          "zlib1g").split()
LINE = ("Nov 24 09:00:00 mx postfix/smtp[1]: 4F1A2B: to=<a@gmail.com>, "
        "relay=gmail-smtp-in.l.google.com[142.250.1.26]:25, delay=1, "
        "delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)\n")
SHIPPED = """
./etc/smtpulse/agent.conf ./lib/systemd/system/smtpulse.service
./lib/systemd/system/smtpulse-pull.service
./lib/systemd/system/smtpulse-pull.socket ./usr/bin/smtpulse
./usr/share/bash-completion/completions/smtpulse
./usr/share/man/man5/smtpulse.conf.5.gz ./usr/share/man/man8/smtpulse.8.gz
""".split()


def run(*command, **how):
    done = subprocess.run(command, capture_output=True, text=True, **how)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The .deb, from the files that git knows; not optimised, for speed."""
    top = tmp_path_factory.mktemp("package")
    tree = top / "smtpulse"
    names = run("git", "ls-files", "-z", cwd=TOP).split("\0")
    for name in filter(None, names):
        if (TOP / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / name, tree / name)
    run("dpkg-buildpackage", "-us", "-uc", "-b", cwd=tree,
        env={**os.environ, "DEB_BUILD_OPTIONS": "noopt parallel=2"})
    return next(top.glob("smtpulse_*.deb"))


def test_lintian(package):
    changes = next(package.parent.glob("*.changes"))
    done = subprocess.run(["lintian", "--fail-on", "error,warning", changes],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert not re.search("^[EW]:", done.stdout, re.M), done.stdout


def test_contents(package):
    listed = run("dpkg-deb", "-c", package).splitlines()
    names = {line.split()[5]: line for line in listed}
    assert not set(SHIPPED) - set(names)
    assert all("root/root" in line for line in listed)
    conffiles = run("dpkg-deb", "-I", package, "conffiles").split()
    assert conffiles == ["/etc/smtpulse/agent.conf"]


@pytest.fixture
def clean_root(tmp_path):
    """A Debian with nothing in it; inside(command, ...) runs there."""
    if os.geteuid() != 0:
        pytest.skip("a clean root needs root")
    if not ROOT_TAR.exists():
        ROOT_TAR.parent.mkdir(parents=True, exist_ok=True)
        part = ROOT_TAR.with_name("part.tar")
        made = subprocess.run(
            ["mmdebstrap", "--variant=minbase",
             "--include=" + ",".join(INSIDE), "bookworm", part],
            capture_output=True, text=True)
        if made.returncode != 0:
            warnings.warn(f"no clean root: {made.stderr[-500:]}")
            pytest.skip("mmdebstrap cannot make a clean root here")
        part.rename(ROOT_TAR)
    root = tmp_path / "root"
    root.mkdir()
    run("tar", "xf", ROOT_TAR, "-C", root, "--exclude=./dev/*")
    (root / "dev" / "null").touch()     # a file will do
    try:
        run("chroot", root, "true")
    except AssertionError as e:
        pytest.skip(f"no chroot here: {e}")

    def inside(*command, **how):
        return run("chroot", root, *command, **how)
    inside.root = root
    yield inside
    shutil.rmtree(root)


def test_life_in_a_clean_root(package, clean_root):
    root = clean_root.root
    shutil.copy(package, root / "tmp" / "it.deb")
    clean_root("dpkg", "-i", "/tmp/it.deb",
               env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    assert "adm" in clean_root("id", "-nG", "smtpulse").split()
    mode = clean_root("stat", "-c", "%a %U:%G", "/etc/smtpulse/agent.conf")
    assert mode.strip() == "640 root:smtpulse"
    clean_root("smtpulse", "--version")

    log = root / "var" / "log" / "mail.log"
    log.write_text(LINE)
    clean_root("chown", "root:adm", "/var/log/mail.log")
    log.chmod(0o640)
    clean_root("install", "-d", "-o", "smtpulse", "-g", "smtpulse", "-m",
               "700", "/var/lib/smtpulse")
    (root / "tmp" / "agent.conf").write_text(
        'listen = {"127.0.0.1:0"}\nstate = "/var/lib/smtpulse/state.db"\n'
        'source "mail" { path = "/var/log/mail.log" mta = postfix }\n')
    with open(root / "tmp" / "stderr", "wb") as out:
        daemon = subprocess.Popen(
            ["chroot", root, "setpriv", "--reuid=smtpulse",
             "--regid=smtpulse", "--init-groups", "smtpulse", "run", "-c",
             "/tmp/agent.conf"], stderr=out)
    try:
        page = scrape(root / "tmp" / "stderr")
    finally:
        daemon.terminate()
        assert daemon.wait(20) == 0
    assert 'smtpulse_attempts_total{provider="google",outcome="delivered"} 1' \
        in page
    state = root / "var" / "lib" / "smtpulse" / "state.db"
    assert state.stat().st_mode & 0o777 == 0o600


def scrape(stderr):
    """The first metrics in which the log's only line was counted."""
    page, end = "", time.monotonic() + 30
    while "smtpulse_attempts_total{" not in page:
        assert time.monotonic() < end, stderr.read_text()
        url = re.search(r"listening on (http\S+)", stderr.read_text())
        if url:
            with urllib.request.urlopen(url[1] + "metrics") as answer:
                page = answer.read().decode()
        time.sleep(0.1)
    return page


def test_purge_leaves_nothing(package, clean_root):
    root = clean_root.root
    shutil.copy(package, root / "tmp" / "it.deb")
    clean_root("dpkg", "-i", "/tmp/it.deb")
    (root / "var" / "lib" / "smtpulse").mkdir(exist_ok=True)
    clean_root("dpkg", "--purge", "smtpulse")
    assert not (root / "var" / "lib" / "smtpulse").exists()
    assert not (root / "etc" / "smtpulse").exists()
    assert not (root / "usr" / "bin" / "smtpulse").exists()
