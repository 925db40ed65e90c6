"""The example for Alertmanager: of a pushed alert and a rule's, one is sent; two clustered ones agree."""
import json
import pathlib
import shutil
import socket
import subprocess
import urllib.request

import pytest

from conftest import wait_until

EXAMPLE = (pathlib.Path(__file__).resolve().parents[2] / "dashboards" /
           "alertmanager.yml")
PUSHED = {"alertname": "Smtpulse421Spike", "provider": "google"}
RULE = {**PUSHED, "subject": "mail", "instance": "mx1", "job": "smtpulse"}
OTHER = {**RULE, "provider": "yahoo"}
AGENT = {"alertname": "SmtpulseAgentDown", "subject": "agent",
         "instance": "mx1", "job": "smtpulse"}
ALL = {"alertname": "SmtpulseAllProviders"}


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Alertmanager:
    def __init__(self, place, peer=None):
        place.mkdir()
        web, mesh = port(), port()
        self.url, self.mesh = f"http://127.0.0.1:{web}", f"127.0.0.1:{mesh}"
        more = [f"--cluster.peer={peer.mesh}"] if peer else []
        with open(place / "stderr", "w") as err:
            self.process = subprocess.Popen(
                [shutil.which("prometheus-alertmanager"),
                 f"--config.file={EXAMPLE}", f"--storage.path={place}",
                 f"--web.listen-address=127.0.0.1:{web}",
                 f"--cluster.listen-address={self.mesh}",
                 f"--cluster.advertise-address={self.mesh}", *more],
                stderr=err)

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as r:
                return json.load(r)
        except OSError:
            return None

    def post(self, path, what):
        urllib.request.urlopen(urllib.request.Request(
            self.url + path, json.dumps(what).encode(),
            {"Content-Type": "application/json"}), timeout=5).close()

    def alerts(self, *labels):
        """Tell it; then {(alertname, provider, subject): is it muted?}."""
        wait_until(lambda: self.get("/api/v2/status"), what="Alertmanager")
        self.post("/api/v2/alerts", [{"labels": one} for one in labels])

        def judged():
            have = {tuple(a["labels"].get(k, "") for k in
                          ("alertname", "provider", "subject")):
                    a["status"]["state"] for a in self.get("/api/v2/alerts")}
            return len(have) == len(labels) and \
                "unprocessed" not in have.values() and have
        have = wait_until(judged, 60, "all alerts judged")
        return {k[:2] for k, v in have.items() if v == "suppressed"}


@pytest.fixture
def alertmanager(tmp_path):
    started = []

    def start(peer=None):
        started.append(Alertmanager(tmp_path / f"am{len(started)}", peer))
        return started[-1]
    yield start
    for one in started:
        one.process.terminate()
        one.process.wait(20)


def test_example_is_valid():
    subprocess.run([shutil.which("amtool"), "check-config", EXAMPLE],
                   check=True, capture_output=True)


def test_pushed_mutes_the_rule_of_the_same_provider(alertmanager):
    muted = alertmanager().alerts(PUSHED, RULE, OTHER, AGENT)
    assert muted == {("Smtpulse421Spike", "google")}


def test_all_providers_mutes_every_rule_about_mail(alertmanager):
    muted = alertmanager().alerts(ALL, RULE, OTHER, AGENT)
    assert muted == {("Smtpulse421Spike", "google"),
                     ("Smtpulse421Spike", "yahoo")}


def test_rules_alone_are_sent(alertmanager):
    assert alertmanager().alerts(RULE, OTHER, AGENT) == set()


def test_two_in_a_cluster_share_a_silence(alertmanager):
    first = alertmanager()
    second = alertmanager(first)
    wait_until(lambda: (first.get("/api/v2/status") or {}).get(
        "cluster", {}).get("status") == "ready", 60, "the first")
    wait_until(lambda: len((second.get("/api/v2/status") or {}).get(
        "cluster", {}).get("peers", [])) == 2, 60, "two peers")
    first.post("/api/v2/silences", {
        "matchers": [{"name": "provider", "value": "google",
                      "isRegex": False}],
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z",
        "createdBy": "test", "comment": "known"})
    wait_until(lambda: second.get("/api/v2/silences"), 60,
               "the silence on the other")
