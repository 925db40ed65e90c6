"""A real Prometheus scrapes a running agent and answers PromQL; promtool is silent."""
import json
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request

import pytest

from conftest import wait_until

openmetrics = pytest.importorskip("prometheus_client.openmetrics.parser")
PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")


def promtool_check(text):
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=text, text=True,
                          capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")


def flood(path, n):
    """n relays of as many domains: more providers and tenants than there are places."""
    with open(path, "a", encoding="ascii") as log:
        for i in range(n):
            log.write(f"Nov 22 04:57:05 mx postfix/qmgr[1]: {i:08X}: from=<a@t{i}.example>, size=1, nrcpt=1 (queue active)\n"
                      f"Nov 22 04:57:05 mx postfix/smtp[1]: {i:08X}: to=<a@d{i}.example>, "
                      f"relay=mx.d{i}.example[127.0.9.1]:25, delay=0.2, delays=0/0/0/0.1, dsn=5.{i % 8}.{i % 99}, "
                      f"status=bounced (host mx.d{i}.example[127.0.9.1] said: {500 + i % 99} 5.{i % 8}.{i % 99} no)\n")


def test_promtool_is_silent_fresh_busy_and_full(agent, gen_postfix, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    promtool_check(a.metrics().text)
    data, truth = gen_postfix("--messages", 2000, "--seed", 3)
    with open(log, "ab") as out:
        out.write(data)
    a.wait_until(lambda: a.metrics().sum("smtpulse_lines_total") == truth["lines"])
    promtool_check(a.metrics().text)
    flood(log, 20000)
    a.wait_until(lambda: a.metrics().sum("smtpulse_lines_total") == truth["lines"] + 40000)
    metrics = a.metrics()
    promtool_check(metrics.text)
    families = {}
    for name, _, _ in metrics.samples:
        families[name] = families.get(name, 0) + 1
    assert max(n for f, n in families.items() if not f.endswith("_bucket")) <= 2600, families
    status, headers, body = a.get("/metrics", {"Accept": "application/openmetrics-text;version=1.0.0"})
    assert status == 200 and headers["Content-Type"].startswith("application/openmetrics-text")
    assert list(openmetrics.text_string_to_metric_families(body.decode()))


@pytest.fixture
def prometheus(tmp_path):
    started = []

    def start(target, interval="1s"):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        config = tmp_path / "prometheus.yml"
        config.write_text(f"global: {{ scrape_interval: {interval}, scrape_timeout: {interval} }}\nscrape_configs:\n- job_name: mail\n"
                          f"  static_configs: [ {{ targets: ['{target}'] }} ]\n")
        with open(tmp_path / "prometheus.err", "w") as err:
            started.append(subprocess.Popen(
                [PROMETHEUS, f"--config.file={config}", f"--storage.tsdb.path={tmp_path}/tsdb",
                 f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"], stderr=err))
        return f"http://127.0.0.1:{port}"

    yield start
    for p in started:
        p.terminate()
        p.wait(20)


def query(url, expression):
    try:
        with urllib.request.urlopen(url + "/api/v1/query?" +
                                    urllib.parse.urlencode({"query": expression}), timeout=5) as r:
            return json.load(r)["data"]["result"]
    except OSError:
        return []


def test_a_real_prometheus(agent, prometheus, gen_postfix, tmp_path):
    data, truth = gen_postfix("--messages", 3000, "--seed", 5)
    log = tmp_path / "mail.log"
    log.write_bytes(data)
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    url = prometheus(a.url.removeprefix("http://"))
    want = sum(truth["attempts"]["google"].values())
    ask = 'sum(smtpulse_attempts_total{provider="google"})'
    got = wait_until(lambda: [r for r in query(url, ask) if float(r["value"][1]) == want], timeout=60,
                     what=f"{ask} == {want}")
    assert len(got) == 1
    assert query(url, 'up{job="mail"}')[0]["value"][1] == "1"
    assert query(url, "sum by (class) (smtpulse_replies_total)")
