"""HTTP: what Prometheus asks for, and what strangers do to it."""
import gzip
import resource
import select
import socket
import subprocess
import time

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

from conftest import wait_until

PROMETHEUS_2 = ("application/openmetrics-text;version=1.0.0,"
                "application/openmetrics-text;version=0.0.1;q=0.75,"
                "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
PROMETHEUS_3 = ("application/openmetrics-text;version=1.0.0;"
                "escaping=allow-utf-8;q=0.6,"
                "application/openmetrics-text;version=0.0.1;q=0.5,"
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                "text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
OPENMETRICS = ("application/openmetrics-text; version=1.0.0; charset=utf-8; "
               "escaping=underscores")
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OWN = ("process_", "smtpulse_http_", "smtpulse_last_commit")


@pytest.fixture
def busy(agent, gen_postfix, tmp_path):
    """An agent that has counted something."""
    data, truth = gen_postfix("--messages", 2000, "--seed", 3)
    log = tmp_path / "mail.log"
    log.write_bytes(data)
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    a.wait_until(lambda: a.metrics().sum("smtpulse_lines_total") ==
                 truth["lines"], what="all lines")
    return a


def strip(body):
    """Without what changes from scrape to scrape."""
    return [line for line in body.decode().splitlines()
            if not line.removeprefix("# HELP ").removeprefix("# TYPE ")
            .removeprefix("# UNIT ").startswith(OWN) and
            "log_time" not in line]


@pytest.mark.parametrize("accept, kind", [
    (PROMETHEUS_2, OPENMETRICS), (PROMETHEUS_3, OPENMETRICS), ("*/*", TEXT),
    (None, TEXT), ("image/png", TEXT)],
    ids=["prometheus2", "prometheus3", "star", "none", "other"])
def test_dialects_parse(busy, accept, kind):
    status, headers, body = busy.get(
        "/metrics", {"Accept": accept} if accept else {})
    assert (status, headers["Content-Type"]) == (200, kind)
    parser = openmetrics if kind == OPENMETRICS else text
    families = list(parser.text_string_to_metric_families(body.decode()))
    assert len(families) > 30
    assert len({f.name for f in families}) == len(families)
    assert body.endswith(b"# EOF\n") == (kind == OPENMETRICS)
    for line in body.decode().splitlines():
        if 'le="' in line:
            bound = line.split('le="')[1].split('"')[0]
            assert "." in bound or "e" in bound or bound == "+Inf", line


def test_promtool_is_silent(busy):
    _, _, body = busy.get("/metrics")
    done = subprocess.run(["promtool", "check", "metrics"], input=body,
                          capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_gzip_says_the_same(busy):
    for path in "/metrics", "/", "/api/v1/status":
        status, headers, packed = busy.get(path, {"Accept-Encoding": "gzip"})
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert "Accept-Encoding" in headers["Vary"]
        plain = busy.get(path)[2]
        assert len(packed) < len(plain) / 3
        if path == "/metrics":
            assert strip(gzip.decompress(packed)) == strip(plain)
        done = subprocess.run(["curl", "-sS", "--compressed",
                               busy.url + path], capture_output=True)
        assert done.returncode == 0 and len(done.stdout) > 1000, done.stderr


def test_port_in_use_is_said(busy, agent, tmp_path):
    address = busy.url.removeprefix("http://")
    other = agent(f'listen = {{"{address}"}}\n'
                  f'source "mail" {{ path = "{tmp_path}/mail.log" }}',
                  wait=False)
    assert other.process.wait(20) == 1
    assert f"cannot listen on {address}: Address already in use" in \
        other.stderr


def honest(a, times):
    """Durations of scrapes, each on a connection of its own."""
    took = []
    for _ in range(times):
        start = time.monotonic()
        status, _, body = a.get("/metrics", timeout=20)
        took.append(time.monotonic() - start)
        assert status == 200 and b"smtpulse_attempts_total" in body
    return sorted(took)


def served_soon(a):
    """Twenty scrapes in a row under 200 ms; a busy machine may need tries."""
    wait_until(lambda: honest(a, 20)[-1] < 0.2, timeout=120,
               what="scrapes under 200 ms")


def rss(a):
    return a.metrics().value("process_resident_memory_bytes")


def address_of(a):
    host, port = a.url.removeprefix("http://").rsplit(":", 1)
    return host, int(port)


def knock(address, number):
    """A connection from one of many addresses of this machine."""
    s = socket.socket()
    s.setblocking(False)
    s.bind((f"127.9.{number // 250}.{1 + number % 250}", 0))
    s.connect_ex(address)
    return s


def test_a_flood_of_connections(busy):
    """10,000 that say nothing, and more all the time."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(10000, hard - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 12000), hard))
    before, address, sockets = rss(busy), address_of(busy), []
    try:
        for i in range(count):
            sockets.append(knock(address, i))
        took = []
        for i in range(60):
            for n in range(20):
                sockets.append(knock(address, i * 20 + n))
                sockets.pop(0).close()
            took += honest(busy, 1)
        took.sort()
        print(f"beside {count} connections: median "
              f"{took[len(took) // 2] * 1000:.1f} ms, "
              f"worst {took[-1] * 1000:.1f} ms")
        served_soon(busy)
        assert rss(busy) < before + 8e6
    finally:
        for s in sockets:
            s.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_byte_now_and_then(busy):
    """Slow senders from many addresses are all gone soon."""
    address = address_of(busy)
    sockets = [knock(address, n) for n in range(100)]
    select.select([], sockets, [], 5)
    alive = set(sockets)

    def drip():
        for s in list(alive):
            try:
                s.send(b"G")
                if s.recv(1) == b"":
                    alive.discard(s)
            except BlockingIOError:
                pass
            except OSError:
                alive.discard(s)
        return not alive
    # a limit on silence would never end them
    wait_until(drip, timeout=60, what="all slow ones are sent away")
    served_soon(busy)
    for s in sockets:
        s.close()


def test_slow_readers_cost_nothing(busy):
    """They share one answer and hold nobody up."""
    before, address = rss(busy), address_of(busy)
    sockets = [knock(address, n) for n in range(100)]
    for s in sockets:
        select.select([], [s], [], 5)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        s.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    served_soon(busy)
    assert rss(busy) < before + 4e6
    for s in sockets:
        s.close()


def test_guessing_passwords_holds_nobody_up(agent, tmp_path):
    token = tmp_path / "token"
    token.write_text("a-token-of-some-length\n")
    token.chmod(0o600)
    hashed = subprocess.run(
        ["python3", "-c", "import crypt, warnings; print(crypt.crypt("
         "'secret', crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1024)))"],
        capture_output=True, text=True).stdout.strip()
    if not hashed.startswith("$2"):
        pytest.skip("no bcrypt in this Python")
    a = agent(f'source "mail" {{ path = "{tmp_path}/mail.log" }}\n'
              f'web {{ token_file = "{token}" users = {{"alice:{hashed}"}} }}')
    bearer = {"Authorization": "Bearer a-token-of-some-length"}
    a.wait_until(lambda: a.get("/metrics", bearer)[0] == 200)
    assert a.get("/metrics")[0] == 401
    assert a.get("/-/healthy")[0] == 200
    seen = set()

    def guessing():
        """The slowest of scrapes between guesses."""
        took = []
        for i in range(300):
            wrong = {"Authorization": "Basic YWxpY2U6d3Jvbmc="}
            seen.add(a.get("/metrics", wrong)[0])
            if i % 10 == 0:
                start = time.monotonic()
                assert a.get("/metrics", bearer)[0] == 200
                took.append(time.monotonic() - start)
        return max(took)
    a.wait_until(lambda: guessing() < 0.2, timeout=120,
                 what="scrapes under 200 ms beside guesses")
    assert seen == {401, 429}
