"""Fixtures: a running agent on a port of its own, and the tools of the build.

    def test_it(agent):
        a = agent('source "mail" { path = "%s" }' % log)
        a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 3)

Nothing sleeps to let time pass: wait_until() looks again until its condition
holds. What was started here is ended here, by its own number.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SMTPULSE", str(TOP / "build" / "smtpulse"))
TOOLS = pathlib.Path(PROGRAM).parent / "tests"
WAIT_S = float(os.environ.get("SMTPULSE_WAIT", "20"))

LISTENING = re.compile(r"listening on (https?)://(\S+?)/")
SAMPLE = re.compile(
    r'^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def wait_until(condition, timeout=WAIT_S, what="condition"):
    """The first true value of condition(), looked at until then."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not hold within {timeout} s")
        time.sleep(0.05)


class Metrics:
    """One scrape: samples by name and labels."""

    def __init__(self, text):
        self.text = text
        self.samples = []
        for line in text.splitlines():
            m = SAMPLE.match(line)
            if m is None or line.startswith("#"):
                continue
            labels = {k: re.sub(r'\\[\\"n]', lambda e: ESCAPES[e.group()], v)
                      for k, v in LABEL.findall(m["labels"] or "")}
            self.samples.append((m["name"], labels, float(m["value"])))

    def of(self, name, **labels):
        return [(have, value) for sample, have, value in self.samples
                if sample == name and
                all(have.get(k) == v for k, v in labels.items())]

    def sum(self, name, **labels):
        return sum(value for _, value in self.of(name, **labels))

    def value(self, name, **labels):
        """The only sample that fits; None when there is none."""
        found = self.of(name, **labels)
        assert len(found) <= 1, f"{name}{labels} is not one sample: {found}"
        return found[0][1] if found else None

    def table(self, name, row, column):
        """{row: {column: value}} without zeros."""
        table = {}
        for have, value in self.of(name):
            if value != 0:
                cells = table.setdefault(have[row], {})
                cells[have[column]] = cells.get(have[column], 0) + value
        return table


class Agent:
    """One 'smtpulse run'."""

    def __init__(self, arguments, stderr_path, env=None):
        self.stderr_path = stderr_path
        with open(stderr_path, "ab") as err:
            self.process = subprocess.Popen(
                [PROGRAM, *arguments], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=err,
                env={**os.environ, **(env or {})})
        self.url = None

    @property
    def pid(self):
        return self.process.pid

    @property
    def stderr(self):
        return pathlib.Path(self.stderr_path).read_text(errors="replace")

    def wait_listening(self):
        def listening():
            m = LISTENING.search(self.stderr)
            if m is None and self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode}:"
                                     f"\n{self.stderr}")
            return m
        m = wait_until(listening, what="'listening on' on stderr")
        self.url = f"{m[1]}://{m[2]}"
        return self

    def wait_until(self, condition, timeout=WAIT_S, what="condition"):
        try:
            return wait_until(condition, timeout, what)
        except AssertionError as e:
            raise AssertionError(f"{e}\n--- stderr of the agent\n"
                                 f"{self.stderr[-4000:]}") from None

    def get(self, path, headers=None, timeout=10):
        """(status, headers, body) of one request."""
        request = urllib.request.Request(self.url + path,
                                         headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as r:
                return r.status, r.headers, r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read()

    def metrics(self):
        status, _, body = self.get("/metrics")
        assert status == 200, body
        return Metrics(body.decode())

    def send_signal(self, number):
        os.kill(self.pid, number)

    def stop(self, number=signal.SIGTERM, timeout=WAIT_S):
        """End it; the exit status."""
        if self.process.poll() is None:
            os.kill(self.pid, number)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still there {timeout} s after signal "
                                 f"{number}\n{self.stderr}") from None


@pytest.fixture
def agent(tmp_path, request):
    """agent(config text) starts 'smtpulse run'; more than once if wanted.

    listen and state are set unless the text does. wait=False does not wait
    for the address; arguments replaces 'run -c FILE'.
    """
    started = []

    def start(text="", wait=True, arguments=None, env=None):
        number = len(started)
        config = tmp_path / f"agent{number}.conf"
        if "listen" not in text:
            text = 'listen = {"127.0.0.1:0"}\n' + text
        if not re.search(r"\bstate *=", text):
            text = f'state = "{tmp_path}/state{number}.db"\n' + text
        config.write_text(text)
        a = Agent(arguments or ["run", "-c", str(config)],
                  tmp_path / f"stderr{number}.txt", env)
        a.config = config
        started.append(a)
        return a.wait_listening() if wait else a

    yield start
    failures = []
    for a in started:
        try:
            a.stop()
        except AssertionError as e:
            failures.append(str(e))
    report = getattr(request.node, "report_call", None)
    if report is not None and report.failed:
        for a in started:
            print(f"--- stderr of agent {a.pid}\n{a.stderr[-8000:]}")
    assert not failures, failures


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    setattr(item, "report_" + call.when, outcome.get_result())


@pytest.fixture
def smtpulse():
    """smtpulse(argument, ...) runs a command to its end."""
    def run(*arguments, stdin=None, env=None, timeout=60):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)], input=stdin,
            capture_output=True, text=True, timeout=timeout,
            env={**os.environ, **(env or {})})
    return run


@pytest.fixture
def gen_postfix(tmp_path):
    """gen_postfix("--messages", 100) -> (log as bytes, truth as dict)."""
    def generate(*arguments):
        truth = tmp_path / "truth.json"
        out = subprocess.run(
            [TOOLS / "gen_postfix", *map(str, arguments), "--truth", truth],
            capture_output=True, check=True)
        return out.stdout, json.loads(truth.read_text())
    return generate
