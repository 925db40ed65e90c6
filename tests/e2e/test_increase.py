"""What increase() says in a real Prometheus over many kills is the truth.

The agent is killed at random moments while its log is written and a Prometheus
scrapes it; SMTPULSE_INCREASES and SMTPULSE_SEED ask for more kills, or others.
The lives have ports of their own, so that Prometheus asks a door that leads to
the one there is.
"""
import collections
import http.server
import os
import random
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

from conftest import wait_until
from recount import Recount
from test_prometheus import prometheus, query  # noqa: F401
from test_restart import OWN

KILLS = int(os.environ.get("SMTPULSE_INCREASES", "10"))
SEED = int(os.environ.get("SMTPULSE_SEED", "1"))
PATIENCE_S = 120
TABLES = {
    "attempts": ("smtpulse_attempts_total", "provider", "outcome"),
    "replies": ("smtpulse_replies_total", "provider", "class", "code",
                "outcome"),
}


@pytest.fixture
def door():
    """An address that stays, in front of agents that come and go."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                with urllib.request.urlopen(server.behind + self.path,
                                            timeout=5) as answer:
                    body = answer.read()
            except (OSError, ValueError, http.client.HTTPException):
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # who asks may have given up
    server.handle_error = lambda *_: None
    server.behind = ""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def recounted(data):
    r = Recount()
    for line in data.decode().splitlines():
        r.feed(line)
    return {"attempts": r.attempts, "replies": r.replies}


def differences(url, tables):
    """What Prometheus has last, where it is not that."""
    wrong = {}
    for name, (family, *labels) in TABLES.items():
        got = collections.Counter({
            tuple(r["metric"][k] for k in labels): int(r["value"][1])
            for r in query(url, family)})
        wrong.update({(name, *k): (got[k], tables[name][k])
                      for k in got.keys() | tables[name].keys()
                      if got[k] != tables[name][k]})
    return wrong


def never_back(url, family):
    """Every sample of the family; a counter does not fall."""
    series = query(url, family + "[1d]")
    assert series, family
    for s in series:
        values = [float(v) for _, v in s["values"]]
        falls = [(a, b) for a, b in zip(values, values[1:]) if b < a]
        assert not falls, (s["metric"], falls)
    return series


def counters(agent):
    return sorted({name for name, _, _ in agent.metrics().samples
                   if name.startswith("smtpulse_") and
                   name.endswith(("_total", "_count", "_bucket", "_sum"))
                   and not name.startswith(OWN)})


def test_increase_over_kills(agent, door, prometheus,  # noqa: F811
                             gen_postfix, tmp_path):
    rng = random.Random(SEED)
    print(f"seed {SEED}, {KILLS} kills")
    data, _ = gen_postfix("--messages", 1000 + 40 * KILLS, "--seed", SEED,
                          "--rate", 50)
    cut = data.rfind(b"\n", 0, len(data) // 4) + 1
    before, whole = recounted(data[:cut]), recounted(data)
    log = tmp_path / "mail.log"
    log.write_bytes(data[:cut])
    text = (f'state = "{tmp_path}/state.db"\n'
            f'source "mail" {{ path = "{log}" mta = postfix }}')
    a = agent(text)
    door.behind = a.url
    url = prometheus(f"127.0.0.1:{door.server_port}", "500ms")
    wait_until(lambda: not differences(url, before), timeout=PATIENCE_S,
               what="the beginning in Prometheus")
    base = time.time()
    with open(log, "ab", buffering=0) as out:
        at = cut
        for _ in range(KILLS):
            piece = (len(data) - cut) // KILLS
            for _ in range(4):
                step = rng.randrange(piece // 2)
                out.write(data[at:at + step])
                at += step
                try:
                    a.process.wait(0.4 * rng.random())
                except subprocess.TimeoutExpired:
                    pass
            a.stop(signal.SIGKILL)
            a = agent(text)
            door.behind = a.url
        out.write(data[at:])
    wait_until(lambda: not differences(url, whole), timeout=PATIENCE_S,
               what="the whole log in Prometheus")
    for family in counters(a):
        never_back(url, family)
    for name, (family, *labels) in TABLES.items():
        truth = {k: n - before[name][k] for k, n in whole[name].items()}
        check_increase(url, family, labels, truth, base)


def check_increase(url, family, labels, truth, base):
    """
    Of each series from its last sample before base to its last one at all; of
    one that came later from its first sample on, and what it had then is seen
    by nobody. increase() goes on in a line to the ends of its range: here that
    is the millisecond by which the range is longer.
    """
    for s in query(url, family + "[1d]"):
        key = tuple(s["metric"][k] for k in labels)
        samples = [(t, float(v)) for t, v in s["values"]]
        first = [n for n, (t, _) in enumerate(samples) if t <= base]
        samples = samples[first[-1] if first else 0:]
        if len(samples) < 2:    # born with the last lines
            truth.pop(key)
            continue
        (first_at, first_value), (last, last_value) = samples[0], samples[-1]
        want = truth.pop(key, 0) - (0 if first else first_value)
        assert last_value - first_value == want, key
        ms = round((last - first_at) * 1000) + 1
        match = ",".join(f'{k}="{s["metric"][k]}"' for k in labels)
        [r] = query(url, f"increase({family}{{{match}}}[{ms}ms] @ {last:.3f})")
        said = float(r["value"][1])
        assert abs(said - want) <= want * 2 / ms + 1e-6, (key, said, want)
    assert not {k: n for k, n in truth.items() if n}, "series that are not there"
