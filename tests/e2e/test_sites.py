"""Several sites: agent-mode Prometheus with remote write, and federation, as fleet.md has them."""
import json
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request

import pytest

from conftest import wait_until

AGENT_MODE = "--enable-feature=agent"
MATCH = '{__name__=~"provider.*:smtpulse_.+"}'


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def query(address, expr):
    try:
        with urllib.request.urlopen(
                f"http://{address}/api/v1/query?" +
                urllib.parse.urlencode({"query": expr}), timeout=5) as r:
            return json.load(r)["data"]["result"]
    except OSError:
        return []


@pytest.fixture
def prometheus(tmp_path):
    started = []

    def start(config, *options):
        place = tmp_path / f"prometheus{len(started)}"
        place.mkdir()
        (place / "prometheus.yml").write_text(
            "global: { scrape_interval: 1s, evaluation_interval: 1s, "
            "external_labels: { site: fra } }\n" + config)
        address = f"127.0.0.1:{port()}"
        with open(place / "stderr", "w") as err:
            started.append(subprocess.Popen(
                [shutil.which("prometheus"), "--log.level=warn",
                 f"--config.file={place}/prometheus.yml",
                 "--storage.agent.path=data" if AGENT_MODE in options
                 else "--storage.tsdb.path=data",
                 f"--web.listen-address={address}", *options],
                cwd=place, stderr=err))
        return address
    yield start
    for p in reversed(started):
        p.terminate()
        p.wait(30)


def test_remote_write_then_federation(agent, prometheus, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    rules = tmp_path / "rules.yml"
    rules.write_text(
        "groups: [ { name: one, rules: [ { record: 'provider:smtpulse_up:sum',"
        " expr: 'sum by (job) (smtpulse_catching_up + 1)' } ] } ]\n")
    central = prometheus(f"rule_files: [ '{rules}' ]\n",
                         "--web.enable-remote-write-receiver")
    prometheus("scrape_configs:\n- job_name: smtpulse\n  static_configs: "
               f"[ {{ targets: ['{a.url.removeprefix('http://')}'] }} ]\n"
               f"remote_write: [ {{ url: 'http://{central}/api/v1/write' }} ]\n",
               AGENT_MODE)
    got = wait_until(lambda: query(central, "smtpulse_build_info"), 60,
                     "the agent's metrics at the centre")
    assert got[0]["metric"]["site"] == "fra"
    above = prometheus(
        "scrape_configs:\n- job_name: sites\n  honor_labels: true\n"
        "  metrics_path: /federate\n"
        f"  params: {{ 'match[]': [ '{MATCH}' ] }}\n"
        f"  static_configs: [ {{ targets: ['{central}'] }} ]\n")
    got = wait_until(lambda: query(above, "provider:smtpulse_up:sum"), 60,
                     "the recorded series one level up")
    assert got[0]["metric"]["job"] == "smtpulse"
    assert not query(above, "smtpulse_build_info")
